import { type Hex, numberToHex } from "viem";
import { SCRATCH_CARD } from "./scratch-tables.ts";
import {
  type Game,
  IllegalChoice,
  type Odds,
  type OutcomeClass,
  WAD,
  choiceBits,
  gameOf,
  oddsOf,
} from "./types.ts";

/**
 * A ticket from a printed run that never runs out: each card is drawn afresh from all of its tickets.
 * Twin of `contracts/games/ScratchCard.sol`. Choice: none, all bytes are 0.
 *
 * The card shows nine symbols, one of them for each prize. A prize is won where its symbol shows three times; no other
 * symbol ever shows more than twice, on any card. The picture is drawn by the same seed and uniformly from all pictures
 * that this leaves for the ticket's prize: a losing card comes no nearer to a prize than chance brings it.
 */

export type ScratchCardChoice = Record<string, never>;
export type ScratchCardOutcome = {
  ticket: number;
  /** Index of the prize in the table, the largest first; null for a card that loses. */
  prize: number | null;
  multiplierWad: bigint;
  /** Nine symbols, row by row: each the index of a prize. */
  grid: readonly number[];
};

const { tickets, prizes } = SCRATCH_CARD;
const TICKETS = BigInt(tickets);
const HUNDREDTH = WAD / 100n;
const CELLS = 9;
const NOTHING = numberToHex(0n, { size: 16 });

function odds(choice: Hex): Odds {
  return oddsOf(distribution(choice));
}

function multiplierWad(choice: Hex, seed: bigint): bigint {
  parse(choice);
  const prize = prizeOf(seed % TICKETS);
  return prize === null ? 0n : BigInt(prizes[prize]!.multiplier) * HUNDREDTH;
}

function distribution(choice: Hex): OutcomeClass[] {
  parse(choice);
  const won = prizes.map(({ winners, multiplier }) => ({
    label: `${multiplier / 100} times the stake`,
    weight: BigInt(winners),
    multiplierWad: BigInt(multiplier) * HUNDREDTH,
  }));
  const lost = won.reduce((left, { weight }) => left - weight, TICKETS);
  return [...won, { label: "no prize", weight: lost, multiplierWad: 0n }];
}

/** Of the tickets from 0, the first win the first prize, and so on; the last ones lose. */
function prizeOf(ticket: bigint): number | null {
  let end = 0n;
  for (const [index, { winners }] of prizes.entries()) {
    end += BigInt(winners);
    if (ticket < end) return index;
  }
  return null;
}

function outcome(seed: bigint, choice: Hex): ScratchCardOutcome {
  const ticket = seed % TICKETS;
  const prize = prizeOf(ticket);
  return {
    ticket: Number(ticket),
    prize,
    multiplierWad: multiplierWad(choice, seed),
    grid: gridOf(prize, seed / TICKETS),
  };
}

/**
 * The picture numbered `draw`, modulo how many there are, of those that show `prize` three times and nothing else more
 * than twice, in alphabetical order. There are under 2^27 of them, so that a uniform draw takes each equally often, but
 * for a bias under 2^-200.
 */
export function gridOf(prize: number | null, draw: bigint): number[] {
  const left = prizes.map((_, symbol): number => (symbol === prize ? 3 : 2));
  let rank = draw % picturesOf(left, prize, CELLS);
  const grid: number[] = [];
  while (grid.length < CELLS) {
    for (const symbol of left.keys()) {
      if (left[symbol] === 0) continue;
      left[symbol]!--;
      const pictures = picturesOf(left, prize, CELLS - grid.length - 1);
      if (rank < pictures) {
        grid.push(symbol);
        break;
      }
      rank -= pictures;
      left[symbol]!++;
    }
  }
  return grid;
}

/** How many ways there are to fill so many cells, if all that is left of the prize's symbol is to be used up. */
function picturesOf(left: readonly number[], prize: number | null, cells: number): bigint {
  // By how many cells the symbols so far fill; each new one is mixed into them.
  let fillings = [1n, ...Array.from({ length: cells }, () => 0n)];
  for (const [symbol, most] of left.entries()) {
    fillings = fillings.map((_, filled) => {
      let sum = 0n;
      for (let uses = symbol === prize ? most : 0; uses <= Math.min(most, filled); uses++) {
        sum += fillings[filled - uses]! * ways(filled, uses);
      }
      return sum;
    });
  }
  return fillings[cells]!;
}

/** How many ways there are to take `k` of `n`, in any order. */
function ways(n: number, k: number): bigint {
  let count = 1n;
  for (let i = 1; i <= k; i++) count = (count * BigInt(n - k + i)) / BigInt(i);
  return count;
}

function parse(choice: Hex): void {
  if (choiceBits(choice) !== 0n) throw new IllegalChoice({ choice });
}

export const scratchCard: Game<ScratchCardChoice, ScratchCardOutcome> = gameOf({
  id: 16,
  key: "scratch-card",
  name: "Scratch card",
  contract: {
    name: "ScratchCard",
    args: [
      TICKETS,
      prizes.map(({ winners }) => BigInt(winners)),
      prizes.map(({ multiplier }) => BigInt(multiplier)),
    ],
  },
  odds,
  multiplierWad,
  distribution,
  choices: () => [NOTHING],
  encode: () => NOTHING,
  decode: (choice) => {
    parse(choice);
    return {};
  },
  outcome,
  describe: (choice) => {
    parse(choice);
    return "One card";
  },
  describeOutcome: (seed, choice) => {
    const { prize, grid } = outcome(seed, choice);
    const won = prize === null ? "No prize" : `${prizes[prize]!.multiplier / 100} times the stake`;
    return `${won}: ${grid.map((symbol) => prizes[symbol]!.multiplier / 100).join(" ")}`;
  },
});
