import { type Hex, numberToHex } from "viem";
import {
  type Game,
  IllegalChoice,
  type OutcomeClass,
  WAD,
  choiceByte,
  gameOf,
  oddsOf,
} from "./types.ts";

/**
 * Three dice, and every usual bet on them; each returns 35/36 of its stakes.
 * Twin of `contracts/games/SicBo.sol`. Choice: byte 0 is the bet, 0 to 51, in the order of {@link bets}.
 */

export type SicBoChoice =
  | { bet: "small" | "big" | "odd" | "even" | "any triple" }
  /** 4 to 17. */
  | { bet: "total"; total: number }
  /** 1 to 6: shown by a die at least, by two at least, by all three. */
  | { bet: "single" | "double" | "triple"; number: number }
  /** Two numbers from 1 to 6, the lower one first. */
  | { bet: "pair"; numbers: readonly [number, number] };

/** The dice, each 1 to 6. */
export type SicBoOutcome = { dice: [number, number, number]; total: number };

/** A bet as a board offers it. */
export type SicBoBet = {
  choice: Hex;
  name: string;
  maxMultiplierWad: bigint;
  edgeWad: bigint;
  /** Its edge is above 5%: the board must say so. */
  highEdge: boolean;
};

const ROLLS = 216n;
/** What all rolls together pay for a stake on each. */
const RETURNED_WAD = 210n * WAD;
/** What a single number pays if one, two or three dice show it. */
const SHOWN_PAYS_WAD = [0n, 2n * WAD, 3n * WAD, 15n * WAD] as const;
const HIGH_EDGE_WAD = WAD / 20n;

const NUMBERS = [1, 2, 3, 4, 5, 6] as const;

/** Every bet at its number on the wire. */
const BETS: readonly SicBoChoice[] = [
  { bet: "small" },
  { bet: "big" },
  { bet: "odd" },
  { bet: "even" },
  ...Array.from({ length: 14 }, (_, index) => ({ bet: "total" as const, total: 4 + index })),
  { bet: "any triple" },
  ...NUMBERS.map((number) => ({ bet: "single" as const, number })),
  ...NUMBERS.map((number) => ({ bet: "double" as const, number })),
  ...NUMBERS.map((number) => ({ bet: "triple" as const, number })),
  ...NUMBERS.flatMap((low) =>
    NUMBERS.filter((high) => high > low).map((high) => ({
      bet: "pair" as const,
      numbers: [low, high] as const,
    })),
  ),
];

/** All 52 bets, in the order of their numbers on the wire. */
export function bets(): SicBoBet[] {
  return BETS.map((bet) => {
    const choice = encode(bet);
    const { maxMultiplierWad, rtpWad } = oddsOf(distribution(choice));
    const edgeWad = WAD - rtpWad;
    return {
      choice,
      name: nameOf(bet),
      maxMultiplierWad,
      edgeWad,
      highEdge: edgeWad > HIGH_EDGE_WAD,
    };
  });
}

function multiplierWad(choice: Hex, seed: bigint): bigint {
  const bet = parse(choice);
  const { dice } = outcome(seed);
  if (bet.bet === "single") return SHOWN_PAYS_WAD[shown(bet.number, dice)]!;
  return wins(bet, dice) ? RETURNED_WAD / winsOf(bet) : 0n;
}

function distribution(choice: Hex): OutcomeClass[] {
  const bet = parse(choice);
  if (bet.bet === "single") {
    return [
      { label: "on three dice", weight: 1n, multiplierWad: SHOWN_PAYS_WAD[3] },
      { label: "on two dice", weight: 15n, multiplierWad: SHOWN_PAYS_WAD[2] },
      { label: "on one die", weight: 75n, multiplierWad: SHOWN_PAYS_WAD[1] },
      { label: "on no die", weight: 125n, multiplierWad: 0n },
    ];
  }
  const weight = winsOf(bet);
  return [
    { label: "win", weight, multiplierWad: RETURNED_WAD / weight },
    { label: "loss", weight: ROLLS - weight, multiplierWad: 0n },
  ];
}

function encode(bet: SicBoChoice): Hex {
  const index = BETS.findIndex((each) => nameOf(each) === nameOf(bet));
  if (index < 0) throw new IllegalChoice({ choice: nameOf(bet) });
  return numberToHex(BigInt(index) << 120n, { size: 16 });
}

/** The three lowest digits of the seed to the base 6, each plus one. */
function outcome(seed: bigint): SicBoOutcome {
  const roll = Number(seed % ROLLS);
  const dice: SicBoOutcome["dice"] = [
    (roll % 6) + 1,
    (Math.floor(roll / 6) % 6) + 1,
    Math.floor(roll / 36) + 1,
  ];
  return { dice, total: dice[0] + dice[1] + dice[2] };
}

function wins(bet: SicBoChoice, dice: SicBoOutcome["dice"]): boolean {
  const total = dice[0] + dice[1] + dice[2];
  const triple = shown(dice[0], dice) === 3;
  switch (bet.bet) {
    case "small":
      return total <= 10 && !triple;
    case "big":
      return total > 10 && !triple;
    case "odd":
      return total % 2 === 1 && !triple;
    case "even":
      return total % 2 === 0 && !triple;
    case "any triple":
      return triple;
    case "total":
      return total === bet.total;
    case "single":
      return shown(bet.number, dice) >= 1;
    case "double":
      return shown(bet.number, dice) >= 2;
    case "triple":
      return shown(bet.number, dice) === 3;
    case "pair":
      return bet.numbers.every((number) => shown(number, dice) >= 1);
  }
}

/** Of the 216 rolls, those that win. */
function winsOf(bet: SicBoChoice): bigint {
  switch (bet.bet) {
    case "small":
    case "big":
    case "odd":
    case "even":
      return 105n;
    case "any triple":
      return 6n;
    case "single":
      return 91n;
    case "double":
      return 16n;
    case "triple":
      return 1n;
    case "pair":
      return 30n;
    case "total": {
      // Totals are symmetric. Above 8 the sums of three numbers in which one is beyond six are taken off.
      const total = BigInt(bet.total <= 10 ? bet.total : 21 - bet.total);
      const ways = ((total - 1n) * (total - 2n)) / 2n;
      return total <= 8n ? ways : ways - (3n * (total - 7n) * (total - 8n)) / 2n;
    }
  }
}

/** How many of the dice show a number. */
function shown(number: number, dice: SicBoOutcome["dice"]): number {
  return dice.filter((die) => die === number).length;
}

function parse(choice: Hex): SicBoChoice {
  return BETS[Number(choiceByte(choice, BigInt(BETS.length - 1)))]!;
}

function nameOf(bet: SicBoChoice): string {
  switch (bet.bet) {
    case "total":
      return `Total ${bet.total}`;
    case "single":
      return `Number ${bet.number}`;
    case "double":
      return `Double ${bet.number}`;
    case "triple":
      return `Triple ${bet.number}`;
    case "pair":
      return `${bet.numbers.join(" and ")}`;
    default:
      return bet.bet.charAt(0).toUpperCase() + bet.bet.slice(1);
  }
}

export const sicBo: Game<SicBoChoice, SicBoOutcome> = gameOf({
  id: 13,
  key: "sic-bo",
  name: "Sic bo",
  contract: { name: "SicBo", args: [] },
  odds: (choice) => oddsOf(distribution(choice)),
  multiplierWad,
  distribution,
  choices: () => BETS.map(encode),
  encode,
  decode: parse,
  outcome,
  describe: (choice) => nameOf(parse(choice)),
  describeOutcome: (seed) => {
    const { dice, total } = outcome(seed);
    return `${dice.join(" ")}, total ${total}`;
  },
});
