import { type Hex, numberToHex } from "viem";
import { type PlinkoRisk, plinkoRisks, plinkoTables } from "./plinko-tables.ts";
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
 * A ball falls through rows of pins, left or right at each with even chances; its bucket says what is paid.
 * Twin of `contracts/games/Plinko.sol`. Choice: byte 0 is the number of rows, byte 1 is 0 for low, 1 for medium and 2 for
 * high risk.
 */

export type PlinkoChoice = {
  /** 8 to 16. */
  rows: number;
  risk: PlinkoRisk;
};

export type PlinkoOutcome = {
  /** For each row, from the top, whether the ball goes right. */
  path: boolean[];
  /** From the left: how often it went right. */
  bucket: number;
};

const MIN_ROWS = 8;
const MAX_ROWS = 16;
const LANE_BITS = 24n;
/** One hundredth of the stake. */
const STEP = WAD / 100n;

function odds(choice: Hex): Odds {
  return oddsOf(distribution(choice));
}

function multiplierWad(choice: Hex, seed: bigint): bigint {
  return bucketsOf(choice)[outcome(seed, choice).bucket]! * STEP;
}

/** Of the 2^rows paths, `rows` over `k` end in bucket `k`. */
function distribution(choice: Hex): OutcomeClass[] {
  const { rows } = parse(choice);
  const classes = new Map<bigint, { buckets: number[]; weight: bigint }>();
  let paths = 1n;
  for (const [bucket, hundredths] of bucketsOf(choice).entries()) {
    const known = classes.get(hundredths);
    classes.set(hundredths, {
      buckets: [...(known?.buckets ?? []), bucket],
      weight: (known?.weight ?? 0n) + paths,
    });
    paths = (paths * BigInt(rows - bucket)) / BigInt(bucket + 1);
  }
  return [...classes.entries()]
    .map(([hundredths, { buckets, weight }]) => ({
      label: `bucket ${buckets.join(" or ")}`,
      weight,
      multiplierWad: hundredths * STEP,
    }))
    .toSorted((one, other) => (other.multiplierWad > one.multiplierWad ? 1 : -1));
}

function choices(): Hex[] {
  return rowCounts().flatMap((rows) => plinkoRisks.map((risk) => encode({ rows, risk })));
}

function encode({ rows, risk }: PlinkoChoice): Hex {
  const index = plinkoRisks.indexOf(risk);
  if (!Number.isInteger(rows) || rows < MIN_ROWS || rows > MAX_ROWS || index < 0) {
    throw new IllegalChoice({ choice: `${rows} rows, ${risk} risk` });
  }
  return numberToHex((BigInt(rows) << 120n) | (BigInt(index) << 112n), { size: 16 });
}

function decode(choice: Hex): PlinkoChoice {
  return parse(choice);
}

/** The path is the seed's low bits, from the lowest: a 1 for each step to the right. */
function outcome(seed: bigint, choice: Hex): PlinkoOutcome {
  const { rows } = parse(choice);
  const path = Array.from({ length: rows }, (_, row) => ((seed >> BigInt(row)) & 1n) === 1n);
  return { path, bucket: path.filter((right) => right).length };
}

/** What each bucket pays, in hundredths of the stake, from the left. Throws `IllegalChoice`. */
export function plinkoBuckets(choice: Hex): number[] {
  const { rows, risk } = parse(choice);
  const half = plinkoTables[rows]![risk];
  return Array.from({ length: rows + 1 }, (_, bucket) => half[Math.min(bucket, rows - bucket)]!);
}

function bucketsOf(choice: Hex): bigint[] {
  return plinkoBuckets(choice).map(BigInt);
}

/** The tables as the contract is created with them: by rows and then by risk, a word each, 24 bits to a bucket. */
function words(): bigint[] {
  return rowCounts().flatMap((rows) =>
    plinkoRisks.map((risk) =>
      plinkoTables[rows]![risk].reduceRight(
        (word, hundredths) => (word << LANE_BITS) | BigInt(hundredths),
        0n,
      ),
    ),
  );
}

function rowCounts(): number[] {
  return Array.from({ length: MAX_ROWS - MIN_ROWS + 1 }, (_, index) => MIN_ROWS + index);
}

function parse(choice: Hex): PlinkoChoice {
  const bits = choiceBits(choice);
  const rows = Number(bits >> 120n);
  const risk = plinkoRisks[Number((bits >> 112n) & 0xffn)];
  const rest = bits & ((1n << 112n) - 1n);
  if (rows < MIN_ROWS || rows > MAX_ROWS || risk === undefined || rest !== 0n) {
    throw new IllegalChoice({ choice });
  }
  return { rows, risk };
}

function hundredths(value: number): string {
  return `${(value / 100).toFixed(2)}×`;
}

export const plinko: Game<PlinkoChoice, PlinkoOutcome> = gameOf({
  id: 6,
  key: "plinko",
  name: "Plinko",
  contract: { name: "Plinko", args: [words()] },
  odds,
  multiplierWad,
  distribution,
  choices,
  encode,
  decode,
  outcome,
  describe: (choice) => {
    const { rows, risk } = parse(choice);
    return `${rows} rows, ${risk} risk`;
  },
  describeOutcome: (seed, choice) => {
    const { bucket } = outcome(seed, choice);
    return `Bucket ${bucket}, ${hundredths(plinkoBuckets(choice)[bucket]!)}`;
  },
});
