import { type Hex, numberToHex } from "viem";
import { KENO_PAYTABLES_HUNDREDTHS } from "./keno-tables.ts";
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
 * Pick 1 to 10 of the numbers 1 to 40; ten are drawn without replacement; the more are hit, the more is paid.
 * Twin of `contracts/games/Keno.sol`. Choice: bytes 0-4 the picks, number n bit n - 1 from the right; byte 5 the risk, 0
 * low, 1 medium, 2 high.
 */

export type KenoRisk = "low" | "medium" | "high";
export type KenoChoice = {
  /** 1 to 10 different numbers of 1 to 40, rising. */
  picks: readonly number[];
  risk: KenoRisk;
};
export type KenoOutcome = {
  /** The ten numbers, in the order in which they are drawn. */
  drawn: readonly number[];
  hits: number;
};

const NUMBERS = 40;
const DRAWN = 10;
const MAX_PICKS = 10;
const RISKS = ["low", "medium", "high"] as const;
const HUNDREDTH = WAD / 100n;
const ENTRY_BITS = 23n;

function odds(choice: Hex): Odds {
  return oddsOf(distribution(choice));
}

function multiplierWad(choice: Hex, seed: bigint): bigint {
  const { picks, risk } = parse(choice);
  return BigInt(paytable(risk, picks.length)[hitsOf(picks, draw(seed))]!) * HUNDREDTH;
}

/** Of all draws, C(picks, hits) C(40 - picks, 10 - hits) hit as many. */
function distribution(choice: Hex): OutcomeClass[] {
  const { picks, risk } = parse(choice);
  return paytable(risk, picks.length)
    .map((pays, hits) => ({
      label: `${hits} of ${picks.length} hit`,
      weight: ways(picks.length, hits) * ways(NUMBERS - picks.length, DRAWN - hits),
      multiplierWad: BigInt(pays) * HUNDREDTH,
    }))
    .toReversed();
}

/** The first 1 to 10 numbers at each risk: which numbers they are changes nothing. */
function choices(): Hex[] {
  return RISKS.flatMap((risk) =>
    Array.from({ length: MAX_PICKS }, (_, last) =>
      encode({ picks: Array.from({ length: last + 1 }, (_entry, index) => index + 1), risk }),
    ),
  );
}

function encode({ picks, risk }: KenoChoice): Hex {
  const illegal = () => new IllegalChoice({ choice: `${risk} ${picks.join(" ")}` });
  let bits = 0n;
  for (const pick of picks) {
    if (!Number.isInteger(pick) || pick < 1 || pick > NUMBERS) throw illegal();
    bits |= 1n << BigInt(pick - 1);
  }
  const level = RISKS.indexOf(risk);
  if (level < 0 || new Set(picks).size !== picks.length) throw illegal();

  const choice = numberToHex((bits << 88n) | (BigInt(level) << 80n), { size: 16 });
  parse(choice);
  return choice;
}

function decode(choice: Hex): KenoChoice {
  return parse(choice);
}

function outcome(seed: bigint, choice: Hex): KenoOutcome {
  const drawn = draw(seed);
  return { drawn, hits: hitsOf(parse(choice).picks, drawn) };
}

/** The first ten steps of a Fisher-Yates shuffle, by the digits of the seed in the radices 40, 39, ... 31. */
function draw(seed: bigint): number[] {
  const balls = Array.from({ length: NUMBERS }, (_, index) => index + 1);
  const drawn: number[] = [];
  let rest = seed;
  for (let left = NUMBERS; left > NUMBERS - DRAWN; left--) {
    const index = Number(rest % BigInt(left));
    rest /= BigInt(left);
    drawn.push(balls[index]!);
    // The last ball left takes the place of the one drawn.
    balls[index] = balls[left - 1]!;
  }
  return drawn;
}

function hitsOf(picks: readonly number[], drawn: readonly number[]): number {
  return picks.filter((pick) => drawn.includes(pick)).length;
}

function paytable(risk: KenoRisk, picks: number): readonly number[] {
  return KENO_PAYTABLES_HUNDREDTHS[risk][picks - 1]!;
}

/** How many ways there are to take `k` of `n`, in any order. */
function ways(n: number, k: number): bigint {
  let count = 1n;
  for (let i = 1; i <= k; i++) count = (count * BigInt(n - k + i)) / BigInt(i);
  return count;
}

function parse(choice: Hex): KenoChoice {
  const bits = choiceBits(choice);
  const chosen = bits >> 88n;
  const risk = RISKS[Number((bits >> 80n) & 0xffn)];
  const picks: number[] = [];
  for (let pick = 1; pick <= NUMBERS; pick++) {
    if ((chosen >> BigInt(pick - 1)) & 1n) picks.push(pick);
  }
  const rest = bits & ((1n << 80n) - 1n);
  if (!risk || picks.length < 1 || picks.length > MAX_PICKS || rest !== 0n) {
    throw new IllegalChoice({ choice });
  }
  return { picks, risk };
}

/** A table as the contract takes it: 23 bits for each number of hits, the first lowest. */
function packed(table: readonly number[]): bigint {
  return table.reduce(
    (word, pays, hits) => word | (BigInt(pays) << (ENTRY_BITS * BigInt(hits))),
    0n,
  );
}

export const keno: Game<KenoChoice, KenoOutcome> = gameOf({
  id: 7,
  key: "keno",
  name: "Keno",
  contract: {
    name: "Keno",
    args: [RISKS.flatMap((risk) => KENO_PAYTABLES_HUNDREDTHS[risk].map(packed))],
  },
  odds,
  multiplierWad,
  distribution,
  choices,
  encode,
  decode,
  outcome,
  describe: (choice) => {
    const { picks, risk } = decode(choice);
    return `${picks.join(", ")} at ${risk} risk`;
  },
  describeOutcome: (seed, choice) => {
    const { drawn, hits } = outcome(seed, choice);
    return `${drawn.join(", ")}: ${hits} of ${decode(choice).picks.length} hit`;
  },
});
