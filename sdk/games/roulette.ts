import { type Hex, numberToHex } from "viem";
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
 * One spin, up to eight chips, on a wheel with one zero or with two.
 * Twin of `contracts/games/Roulette.sol`. Choice: two bytes for each chip, in ascending order of the first: the bet's
 * code, and its share of the stake, 1 to 255.
 */

export type RouletteKind =
  | "straight"
  | "split"
  | "trio"
  | "street"
  | "first-four"
  | "basket"
  | "corner"
  | "six-line"
  | "column"
  | "dozen"
  | "even-money";

/** A place on the table where a chip can lie. */
export type RouletteBet = {
  code: number;
  kind: RouletteKind;
  /** In a few words: "Split 17, 20". */
  name: string;
  /** The pockets that it covers; 37 is the double zero. */
  pockets: readonly number[];
  /** What a hit pays for one stake, the stake included: 36 divided by the pockets, rounded down. */
  payoff: number;
  edgeWad: bigint;
  /** The house keeps more than 5% of it. */
  steep: boolean;
};

export type RouletteChip = {
  /** The code of its bet. */
  bet: number;
  /** Its share of the stake, 1 to 255, of the sum over all chips. */
  weight: number;
};

/** One to eight chips, each on a bet of its own, in any order. */
export type RouletteChoice = { chips: readonly RouletteChip[] };

export type RouletteOutcome = {
  /** 0 to 36, and 37 for the double zero. */
  pocket: number;
  /** As written on the wheel: "17", "00". */
  name: string;
  colour: "red" | "black" | "green";
};

const PAID = 36;
const DOUBLE_ZERO = 37;
const MAX_CHIPS = 8;
const RED = [1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36];

/** Every bet of the wheel with one zero or with two, in the order of their codes. */
export function rouletteBets(zeros: 1 | 2): RouletteBet[] {
  return [...inside(zeros), ...onZero(zeros), ...outside()].map(
    ({ code, kind, pockets, name }): RouletteBet => {
      const space = 36 + zeros;
      const payoff = Math.floor(PAID / pockets.length);
      const kept = space - payoff * pockets.length;
      return {
        code,
        kind,
        name: name ?? `${capitalised(kind)} ${pockets.map(pocketName).join(", ")}`,
        pockets,
        payoff,
        edgeWad: (BigInt(kept) * WAD) / BigInt(space),
        steep: 20 * kept > space,
      };
    },
  );
}

type Place = { code: number; kind: RouletteKind; pockets: number[]; name?: string };

function inside(zeros: 1 | 2): Place[] {
  const numbers = range(1, 36);
  const neighboured = numbers.filter((n) => n % 3 !== 0);
  return [
    ...range(0, zeros === 1 ? 36 : DOUBLE_ZERO).map((n): Place => ({
      code: n,
      kind: "straight",
      pockets: [n],
    })),
    ...range(1, 33).map((n): Place => ({ code: 40 + n, kind: "split", pockets: [n, n + 3] })),
    ...neighboured.map((n): Place => ({ code: 80 + n, kind: "split", pockets: [n, n + 1] })),
    ...neighboured
      .filter((n) => n <= 32)
      .map((n): Place => ({ code: 120 + n, kind: "corner", pockets: [n, n + 1, n + 3, n + 4] })),
    ...range(1, 12).map((k): Place => ({
      code: 160 + k,
      kind: "street",
      pockets: range(3 * k - 2, 3 * k),
    })),
    ...range(1, 11).map((k): Place => ({
      code: 180 + k,
      kind: "six-line",
      pockets: range(3 * k - 2, 3 * k + 3),
    })),
  ];
}

/** The bets on a zero and some of 1, 2 and 3: the wheels share codes where they share bets. */
function onZero(zeros: 1 | 2): Place[] {
  const places: Place[] = [
    { code: 200, kind: "split", pockets: [0, 1] },
    { code: 201, kind: "split", pockets: [0, 2] },
    { code: 202, kind: "split", pockets: [0, 3] },
    { code: 203, kind: "split", pockets: [DOUBLE_ZERO, 2] },
    { code: 204, kind: "split", pockets: [DOUBLE_ZERO, 3] },
    { code: 205, kind: "split", pockets: [0, DOUBLE_ZERO] },
    { code: 206, kind: "trio", pockets: [0, 1, 2] },
    { code: 207, kind: "trio", pockets: [0, 2, 3] },
    { code: 208, kind: "trio", pockets: [0, DOUBLE_ZERO, 2] },
    { code: 209, kind: "trio", pockets: [DOUBLE_ZERO, 2, 3] },
    { code: 210, kind: "first-four", pockets: [0, 1, 2, 3] },
    { code: 211, kind: "basket", pockets: [0, DOUBLE_ZERO, 1, 2, 3] },
  ];
  const others = zeros === 1 ? [203, 204, 205, 208, 209, 211] : [202, 207, 210];
  return places.filter(({ code }) => !others.includes(code));
}

function outside(): Place[] {
  const numbers = range(1, 36);
  const halves: [string, (n: number) => boolean][] = [
    ["Red", (n) => RED.includes(n)],
    ["Black", (n) => !RED.includes(n)],
    ["Odd", (n) => n % 2 === 1],
    ["Even", (n) => n % 2 === 0],
    ["1 to 18", (n) => n <= 18],
    ["19 to 36", (n) => n > 18],
  ];
  return [
    ...range(1, 3).map((k): Place => ({
      code: 220 + k,
      kind: "column",
      pockets: numbers.filter((n) => n % 3 === k % 3),
      name: `Column ${k}`,
    })),
    ...range(1, 3).map((k): Place => ({
      code: 230 + k,
      kind: "dozen",
      pockets: range(12 * k - 11, 12 * k),
      name: `${12 * k - 11} to ${12 * k}`,
    })),
    ...halves.map(([name, has], index): Place => ({
      code: 240 + index,
      kind: "even-money",
      pockets: numbers.filter(has),
      name,
    })),
  ];
}

function rouletteOf(
  { id, key, name }: { id: number; key: string; name: string },
  zeros: 1 | 2,
): Game<RouletteChoice, RouletteOutcome> {
  const pockets = 36 + zeros;
  const bets = new Map(rouletteBets(zeros).map((bet) => [bet.code, bet]));

  function odds(choice: Hex): Odds {
    return oddsOf(distribution(choice));
  }

  function multiplierWad(choice: Hex, seed: bigint): bigint {
    return multiplierOf(parse(choice), Number(seed % BigInt(pockets)));
  }

  /** Pockets that pay alike are one class. */
  function distribution(choice: Hex): OutcomeClass[] {
    const chips = parse(choice);
    const classes = new Map<bigint, number[]>();
    for (const pocket of range(0, pockets - 1)) {
      const multiplier = multiplierOf(chips, pocket);
      classes.set(multiplier, [...(classes.get(multiplier) ?? []), pocket]);
    }
    return [...classes.entries()]
      .map(([multiplier, members]) => ({
        label: multiplier === 0n ? "loss" : members.map(pocketName).join(", "),
        weight: BigInt(members.length),
        multiplierWad: multiplier,
      }))
      .toSorted((one, other) => (other.multiplierWad > one.multiplierWad ? 1 : -1));
  }

  /** One chip of each kind, and some spins of several. */
  function choices(): Hex[] {
    const kinds = new Map([...bets.values()].map((bet) => [bet.kind, bet.code]));
    const spread = [...kinds.values()].toSorted((one, other) => one - other);
    return [
      ...spread.map((bet) => [{ bet, weight: 1 }]),
      [17, 44, 240].map((bet, index) => ({ bet, weight: index + 1 })),
      [0, 221, 233].map((bet) => ({ bet, weight: 5 })),
      spread.slice(-MAX_CHIPS).map((bet, index) => ({ bet, weight: 255 - 32 * index })),
      [0, 17, 20, 57, 97, 137, 166, 240].map((bet) => ({ bet, weight: 1 })),
    ].map((chips) => encode({ chips }));
  }

  function encode({ chips }: RouletteChoice): Hex {
    const bytes = chips
      .toSorted((one, other) => one.bet - other.bet)
      .flatMap(({ bet, weight }) => [bet, weight]);
    const whole = bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
    if (!whole || bytes.length > 2 * MAX_CHIPS) {
      throw new IllegalChoice({
        choice: chips.map(({ bet, weight }) => `${bet} × ${weight}`).join(),
      });
    }
    const choice = numberToHex(
      bytes.reduce((bits, byte, at) => bits | (BigInt(byte) << BigInt(120 - 8 * at)), 0n),
      { size: 16 },
    );
    parse(choice);
    return choice;
  }

  function outcome(seed: bigint): RouletteOutcome {
    const pocket = Number(seed % BigInt(pockets));
    return { pocket, name: pocketName(pocket), colour: colourOf(pocket) };
  }

  function describe(choice: Hex): string {
    const chips = parse(choice);
    if (chips.length === 1) return bets.get(chips[0]!.bet)!.name;
    return chips.map(({ bet, weight }) => `${bets.get(bet)!.name} × ${weight}`).join("; ");
  }

  function describeOutcome(seed: bigint): string {
    const { name: drawn, colour } = outcome(seed);
    return colour === "green" ? drawn : `${drawn} ${colour}`;
  }

  function multiplierOf(chips: readonly RouletteChip[], pocket: number): bigint {
    let [paid, weights] = [0n, 0n];
    for (const { bet, weight } of chips) {
      const { pockets: covered, payoff } = bets.get(bet)!;
      if (covered.includes(pocket)) paid += BigInt(weight * payoff);
      weights += BigInt(weight);
    }
    return (paid * WAD) / weights;
  }

  function parse(choice: Hex): RouletteChip[] {
    let bits = choiceBits(choice) << 128n;
    const chips: RouletteChip[] = [];
    for (; bits !== 0n || chips.length === 0; bits = BigInt.asUintN(256, bits << 16n)) {
      const bet = Number(bits >> 248n);
      const weight = Number((bits >> 240n) & 0xffn);
      const last = chips.at(-1);
      if (!bets.has(bet) || weight === 0 || (last !== undefined && bet <= last.bet)) {
        throw new IllegalChoice({ choice });
      }
      chips.push({ bet, weight });
    }
    return chips;
  }

  return gameOf({
    id,
    key,
    name,
    contract: { name: "Roulette", args: [BigInt(zeros)] },
    odds,
    multiplierWad,
    distribution,
    choices,
    encode,
    decode: (choice) => ({ chips: parse(choice) }),
    outcome,
    describe,
    describeOutcome,
  });
}

function colourOf(pocket: number): RouletteOutcome["colour"] {
  if (pocket === 0 || pocket === DOUBLE_ZERO) return "green";
  return RED.includes(pocket) ? "red" : "black";
}

function pocketName(pocket: number): string {
  return pocket === DOUBLE_ZERO ? "00" : String(pocket);
}

function capitalised(kind: RouletteKind): string {
  return (kind.charAt(0).toUpperCase() + kind.slice(1)).replace("-", " ");
}

/** `from` to `to`, both included. */
function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

export const europeanRoulette = rouletteOf(
  { id: 4, key: "european-roulette", name: "European roulette" },
  1,
);

export const americanRoulette = rouletteOf(
  { id: 5, key: "american-roulette", name: "American roulette" },
  2,
);
