import { type Hex, numberToHex } from "viem";
import {
  type Game,
  IllegalChoice,
  type Odds,
  type OutcomeClass,
  WAD,
  choiceBits,
  divideUp,
  gameOf,
} from "./types.ts";

/**
 * A roll of 0 to 9,999, shown with two decimals; bet that it falls under or over a target.
 * Twin of `contracts/games/Dice.sol`. Choice: bytes 0-1 the target, byte 2 is 0 for under and 1 for over.
 */

export type DiceChoice = {
  /** In hundredths: 5,000 is shown as 50.00. Under: 1 to 9,800; over: 199 to 9,998. */
  target: number;
  over: boolean;
};

export type DiceOutcome = { roll: number };

const SIDES = 10_000n;
const MAX_WINS = 9_800n;
const RTP_WAD = (WAD * 99n) / 100n;

function odds(choice: Hex): Odds {
  const wins = winsOf(parse(choice));
  const multiplier = multiplierOf(wins);
  return {
    maxMultiplierWad: multiplier,
    rtpWad: (wins * multiplier) / SIDES,
    // p (1 - p) m^2, of a payout that is m or nothing.
    varianceWad: divideUp(wins * (SIDES - wins) * multiplier * multiplier, SIDES * SIDES * WAD),
  };
}

function multiplierWad(choice: Hex, seed: bigint): bigint {
  const { target, over } = parse(choice);
  const roll = seed % SIDES;
  return (over ? roll > target : roll < target) ? multiplierOf(winsOf({ target, over })) : 0n;
}

function distribution(choice: Hex): OutcomeClass[] {
  const wins = winsOf(parse(choice));
  return [
    { label: "win", weight: wins, multiplierWad: multiplierOf(wins) },
    { label: "loss", weight: SIDES - wins, multiplierWad: 0n },
  ];
}

/** Both sides at the shortest, the longest and some usual prices. */
function choices(): Hex[] {
  return [1, 100, 1_000, 2_500, 5_000, 7_500, 9_800].flatMap((wins) => [
    encode({ target: wins, over: false }),
    encode({ target: Number(SIDES) - 1 - wins, over: true }),
  ]);
}

function encode({ target, over }: DiceChoice): Hex {
  if (!Number.isInteger(target) || target < 0 || target > 0xffff) {
    throw new IllegalChoice({ choice: `${over ? "over" : "under"} ${target}` });
  }
  const choice = numberToHex((BigInt(target) << 112n) | ((over ? 1n : 0n) << 104n), { size: 16 });
  parse(choice);
  return choice;
}

function decode(choice: Hex): DiceChoice {
  const { target, over } = parse(choice);
  return { target: Number(target), over };
}

function outcome(seed: bigint): DiceOutcome {
  return { roll: Number(seed % SIDES) };
}

function multiplierOf(wins: bigint): bigint {
  return (RTP_WAD * SIDES) / wins;
}

/** How many of the 10,000 rolls win. */
function winsOf({ target, over }: { target: bigint; over: boolean }): bigint {
  return over ? SIDES - 1n - target : target;
}

function parse(choice: Hex): { target: bigint; over: boolean } {
  const bits = choiceBits(choice);
  const target = bits >> 112n;
  const direction = (bits >> 104n) & 0xffn;
  const rest = bits & ((1n << 104n) - 1n);
  if (direction > 1n || rest !== 0n) throw new IllegalChoice({ choice });

  const wins = winsOf({ target, over: direction === 1n });
  if (wins < 1n || wins > MAX_WINS) throw new IllegalChoice({ choice });

  return { target, over: direction === 1n };
}

function hundredths(value: number): string {
  return (value / 100).toFixed(2);
}

export const dice: Game<DiceChoice, DiceOutcome> = gameOf({
  id: 2,
  key: "dice",
  name: "Dice",
  contract: { name: "Dice", args: [] },
  odds,
  multiplierWad,
  distribution,
  choices,
  encode,
  decode,
  outcome,
  describe: (choice) => {
    const { target, over } = decode(choice);
    return `${over ? "Over" : "Under"} ${hundredths(target)}`;
  },
  describeOutcome: (seed) => hundredths(outcome(seed).roll),
});
