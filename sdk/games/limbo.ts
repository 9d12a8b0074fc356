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
 * Name a multiplier; a result at or above it pays exactly that, at 99% of the fair price.
 * Twin of `contracts/games/Limbo.sol`. Choice: bytes 0-3 are the target in hundredths.
 */

export type LimboChoice = {
  /** In hundredths: 200 is twice the stake. 101 to 100,000,000. */
  target: number;
};

export type LimboOutcome = {
  /** The largest target that wins, in hundredths, rounded down: a choice wins if it is not above. 99 at least. */
  result: bigint;
};

const DRAWS = 1n << 64n;
const PRICE_PERCENT = 99n;
const MIN_TARGET = 101n;
const MAX_TARGET = 100_000_000n;
/** One hundredth of the stake. */
const STEP = WAD / 100n;

function odds(choice: Hex): Odds {
  const target = parse(choice);
  const wins = winsOf(target);
  const multiplier = target * STEP;
  return {
    maxMultiplierWad: multiplier,
    rtpWad: (multiplier * wins) / DRAWS,
    // p (1 - p) m^2, of a payout that is m or nothing.
    varianceWad: divideUp(wins * (DRAWS - wins) * multiplier * multiplier, DRAWS * DRAWS * WAD),
  };
}

function multiplierWad(choice: Hex, seed: bigint): bigint {
  const target = parse(choice);
  return seed % DRAWS < winsOf(target) ? target * STEP : 0n;
}

function distribution(choice: Hex): OutcomeClass[] {
  const target = parse(choice);
  const wins = winsOf(target);
  return [
    { label: "win", weight: wins, multiplierWad: target * STEP },
    { label: "loss", weight: DRAWS - wins, multiplierWad: 0n },
  ];
}

/** The shortest and the longest price, and some usual ones. */
function choices(): Hex[] {
  return [101, 150, 200, 300, 1_000, 10_000, 100_000, 1_234_567, 100_000_000].map((target) =>
    encode({ target }),
  );
}

function encode({ target }: LimboChoice): Hex {
  if (!Number.isInteger(target) || target < 0 || target > 0xffff_ffff) {
    throw new IllegalChoice({ choice: String(target) });
  }
  const choice = numberToHex(BigInt(target) << 96n, { size: 16 });
  parse(choice);
  return choice;
}

function decode(choice: Hex): LimboChoice {
  return { target: Number(parse(choice)) };
}

/**
 * From the same draw as the payout: draw < floor(99 N / target) just when target <= floor(99 N / (draw + 1)), so that the
 * result reaches a target if and only if it wins, exactly.
 */
function outcome(seed: bigint): LimboOutcome {
  return { result: (PRICE_PERCENT * DRAWS) / ((seed % DRAWS) + 1n) };
}

/** How many of the 2^64 draws win. */
function winsOf(target: bigint): bigint {
  return (PRICE_PERCENT * DRAWS) / target;
}

function parse(choice: Hex): bigint {
  const bits = choiceBits(choice);
  const target = bits >> 96n;
  if (target < MIN_TARGET || target > MAX_TARGET || bits !== target << 96n) {
    throw new IllegalChoice({ choice });
  }
  return target;
}

function hundredths(value: bigint): string {
  return `${(value / 100n).toLocaleString("en-US")}.${String(value % 100n).padStart(2, "0")}×`;
}

export const limbo: Game<LimboChoice, LimboOutcome> = gameOf({
  id: 3,
  key: "limbo",
  name: "Limbo",
  contract: { name: "Limbo", args: [] },
  odds,
  multiplierWad,
  distribution,
  choices,
  encode,
  decode,
  outcome,
  describe: (choice) => hundredths(parse(choice)),
  describeOutcome: (seed) => hundredths(outcome(seed).result),
});
