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
import { type WheelRisk, wheelRisks, wheelTables } from "./wheel-tables.ts";

/**
 * A wheel of equal segments stops at one of them, which says what is paid.
 * Twin of `contracts/games/Wheel.sol`. Choice: byte 0 is the number of segments, byte 1 is 0 for low, 1 for medium and 2
 * for high risk.
 */

export type WheelChoice = {
  /** 10, 20, 30, 40 or 50. */
  segments: number;
  risk: WheelRisk;
};

export type WheelOutcome = {
  /** In their order on the wheel, from 0. */
  segment: number;
};

const SEGMENTS = [10, 20, 30, 40, 50];
const MAX_SEGMENTS = 50;
const SEGMENT_BITS = 3;
const PRIZE_BITS = 16;
const PRIZES = 6;
/** One hundredth of the stake. */
const STEP = WAD / 100n;

function odds(choice: Hex): Odds {
  return oddsOf(distribution(choice));
}

function multiplierWad(choice: Hex, seed: bigint): bigint {
  return BigInt(wheelSegments(choice)[outcome(seed, choice).segment]!) * STEP;
}

function distribution(choice: Hex): OutcomeClass[] {
  const table = wheelSegments(choice);
  return prizesOf(table)
    .toReversed()
    .map((prize) => ({
      label: hundredths(prize),
      weight: BigInt(table.filter((segment) => segment === prize).length),
      multiplierWad: BigInt(prize) * STEP,
    }));
}

function choices(): Hex[] {
  return SEGMENTS.flatMap((segments) => wheelRisks.map((risk) => encode({ segments, risk })));
}

function encode({ segments, risk }: WheelChoice): Hex {
  const index = wheelRisks.indexOf(risk);
  if (!SEGMENTS.includes(segments) || index < 0) {
    throw new IllegalChoice({ choice: `${segments} segments, ${risk} risk` });
  }
  return numberToHex((BigInt(segments) << 120n) | (BigInt(index) << 112n), { size: 16 });
}

function decode(choice: Hex): WheelChoice {
  return parse(choice);
}

function outcome(seed: bigint, choice: Hex): WheelOutcome {
  return { segment: Number(seed % BigInt(parse(choice).segments)) };
}

/** What each segment pays, in hundredths of the stake, in their order on the wheel. Throws `IllegalChoice`. */
export function wheelSegments(choice: Hex): readonly number[] {
  const { segments, risk } = parse(choice);
  return wheelTables[segments]![risk];
}

/**
 * The tables as the contract is created with them: by segments and then by risk, a word each. From the lowest bit, 3 bits
 * to a segment for the number of its prize, and from bit 150 on 16 bits to a prize.
 */
function words(): bigint[] {
  return SEGMENTS.flatMap((segments) =>
    wheelRisks.map((risk) => word(wheelTables[segments]![risk])),
  );
}

function word(table: readonly number[]): bigint {
  const prizes = prizesOf(table);
  if (prizes.length > PRIZES) throw new Error(`A wheel has at most ${PRIZES} prizes.`);
  const numbers = table.map(
    (prize, at) => BigInt(prizes.indexOf(prize)) << BigInt(SEGMENT_BITS * at),
  );
  const values = prizes.map(
    (prize, at) => BigInt(prize) << BigInt(SEGMENT_BITS * MAX_SEGMENTS + PRIZE_BITS * at),
  );
  return [...numbers, ...values].reduce((sum, part) => sum | part, 0n);
}

/** The different prizes of a wheel, the least first. */
function prizesOf(table: readonly number[]): number[] {
  return [...new Set(table)].toSorted((one, other) => one - other);
}

function parse(choice: Hex): WheelChoice {
  const bits = choiceBits(choice);
  const segments = Number(bits >> 120n);
  const risk = wheelRisks[Number((bits >> 112n) & 0xffn)];
  const rest = bits & ((1n << 112n) - 1n);
  if (!SEGMENTS.includes(segments) || risk === undefined || rest !== 0n) {
    throw new IllegalChoice({ choice });
  }
  return { segments, risk };
}

function hundredths(value: number): string {
  return `${(value / 100).toFixed(2)}×`;
}

export const wheel: Game<WheelChoice, WheelOutcome> = gameOf({
  id: 8,
  key: "wheel",
  name: "Wheel",
  contract: { name: "Wheel", args: [words()] },
  odds,
  multiplierWad,
  distribution,
  choices,
  encode,
  decode,
  outcome,
  describe: (choice) => {
    const { segments, risk } = parse(choice);
    return `${segments} segments, ${risk} risk`;
  },
  describeOutcome: (seed, choice) =>
    hundredths(wheelSegments(choice)[outcome(seed, choice).segment]!),
});
