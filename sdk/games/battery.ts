import { gammaQ } from "./gamma.ts";

/**
 * Statistical tests of a stream of outcomes against the law that its game declares.
 *
 * An outcome is a symbol, 0 to k - 1, and a law is the probability of each; the null hypothesis is that outcomes are
 * independent and follow it. Nothing is estimated from the stream, so every statistic has a known distribution.
 * Tests and their names: D. E. Knuth, The Art of Computer Programming, volume 2, section 3.3.2.
 *
 * A fit that is too good is as suspicious as a bad one: p-values have two sides, except of chi-squares of few degrees, whose
 * steps are too coarse for it. A battery makes many tests, some of which fail by chance: judge them together, by
 * {@link holm}.
 */

export type Assessment = {
  test: string;
  statistic: number;
  /** Of a chi-square; a statistic without is standard normal. */
  degrees?: number;
  /** How often chance alone gives a statistic as far out as this one. */
  pValue: number;
};

/** One test that follows a stream. */
export type Watch = {
  readonly test: string;
  /** All that it has seen; those of two stretches of a stream, each with a watch of its own, add up. */
  readonly counts: Float64Array<ArrayBuffer>;
  record(symbol: number): void;
  /** Nothing, where the stream is too short for the test or its law too plain. */
  assess(): Assessment | undefined;
};

/** Least expected count of a cell, for chi-square to be what it is compared with. */
const LEAST_EXPECTED = 10;
/** For a sum to be as good as normal. */
const LEAST_VARIANCE = 100;
/** Of a chi-square whose p-value has two sides. */
const LEAST_DEGREES = 10;
const MOST_PAIRED = 256;
const BLOCK = 8;
const MOST_COUPONS = 8;
const LONGEST = 4_096;

/** Every test for streams of this law with about so many outcomes. Throws RangeError where the law is none. */
export function watchesOf(law: readonly number[], rounds: number): Watch[] {
  const total = law.reduce((sum, probability) => sum + probability, 0);
  if (
    law.length < 2 ||
    law.some((probability) => !(probability > 0)) ||
    Math.abs(total - 1) > 1e-9
  ) {
    throw new RangeError("A law is two probabilities or more, each above 0, that sum up to 1.");
  }
  return [
    watchOutcomes(law),
    watchPairs(law, rounds),
    watchRuns(law),
    watchSerialCorrelation(law),
    watchGaps(law),
    watchCoupons(law),
    watchMaxima(law),
  ];
}

/** Adds what the watches of another stretch have seen. */
export function absorb(watches: readonly Watch[], counts: readonly Float64Array[]): void {
  for (const [index, { counts: own }] of watches.entries()) {
    for (const [cell, count] of counts[index]!.entries()) own[cell]! += count;
  }
}

/**
 * Which p-values to reject so that a family in which every hypothesis holds sees any rejection with a probability of
 * `level` at the most, however the tests depend on each other.
 * S. Holm, A simple sequentially rejective multiple test procedure, 1979.
 */
export function holm(pValues: readonly number[], level: number): boolean[] {
  const rejected = pValues.map(() => false);
  const ascending = [...pValues.keys()].toSorted((a, b) => pValues[a]! - pValues[b]!);
  for (const [rank, index] of ascending.entries()) {
    if (pValues[index]! > level / (pValues.length - rank)) break;
    rejected[index] = true;
  }
  return rejected;
}

/** How often each symbol comes. */
function watchOutcomes(law: readonly number[]): Watch {
  const counts = new Float64Array(law.length);
  return {
    test: "outcomes",
    counts,
    record: (symbol) => void counts[symbol]!++,
    assess: () => chiSquare("outcomes", counts, law),
  };
}

/** How often each symbol follows each, in pairs that do not overlap. */
function watchPairs(law: readonly number[], rounds: number): Watch {
  const least = Math.max(Math.sqrt((2 * LEAST_EXPECTED) / rounds), 1 / MOST_PAIRED);
  const { groupOf, probabilities } = coarsened(law, least);
  const size = probabilities.length;
  const counts = new Float64Array(size * size);
  let first = -1;
  return {
    test: "pairs",
    counts,
    record: (symbol) => {
      const group = groupOf[symbol]!;
      if (first < 0) {
        first = group;
        return;
      }
      counts[first * size + group]!++;
      first = -1;
    },
    assess: () =>
      chiSquare(
        "pairs",
        counts,
        probabilities.flatMap((one) => probabilities.map((other) => one * other)),
      ),
  };
}

/** How often the stream changes between the symbols up to the median and those above. */
function watchRuns(law: readonly number[]): Watch {
  const { least, probability: p } = lowerPart(law, 1 / 2);
  const q = 1 - p;
  // Changes, outcomes, stretches.
  const counts = new Float64Array(3);
  let previous: boolean | undefined;
  return {
    test: "runs",
    counts,
    record: (symbol) => {
      const lower = symbol <= least;
      if (previous === undefined) counts[2]!++;
      else if (lower !== previous) counts[0]!++;
      counts[1]!++;
      previous = lower;
    },
    assess: () => {
      const [changes, outcomes, stretches] = counts as unknown as [number, number, number];
      // A change at one place and one at the next share an outcome: only neighbours are correlated.
      const places = outcomes - stretches;
      const neighbours = places - stretches;
      const variance =
        places * 2 * p * q * (1 - 2 * p * q) + neighbours * 2 * p * q * (1 - 4 * p * q);
      return normal("runs", changes - places * 2 * p * q, variance);
    },
  };
}

/** The correlation of each outcome's rank with the next one's. */
function watchSerialCorrelation(law: readonly number[]): Watch {
  const scores = Float64Array.from(cumulative(law), (upTo, symbol) => upTo - law[symbol]! / 2);
  // Of ranks in the middle of their steps, the mean is one half whatever the law.
  const variance = law.reduce((sum, each, symbol) => sum + each * (scores[symbol]! - 0.5) ** 2, 0);
  // Sum of products, products.
  const counts = new Float64Array(2);
  let previous = Number.NaN;
  return {
    test: "serial correlation",
    counts,
    record: (symbol) => {
      const score = scores[symbol]! - 0.5;
      if (!Number.isNaN(previous)) {
        counts[0]! += previous * score;
        counts[1]!++;
      }
      previous = score;
    },
    assess: () => normal("serial correlation", counts[0]!, counts[1]! * variance ** 2),
  };
}

/** How long it takes until one of the first symbols, about a quarter of all draws, comes again. */
function watchGaps(law: readonly number[]): Watch {
  const { least, probability } = lowerPart(law, 1 / 4);
  const counts = new Float64Array(LONGEST);
  let gap = -1;
  return {
    test: "gaps",
    counts,
    record: (symbol) => {
      if (symbol > least) {
        if (gap >= 0) gap++;
        return;
      }
      if (gap >= 0) counts[Math.min(gap, LONGEST - 1)]!++;
      gap = 0;
    },
    assess: () => {
      const lasts = Array.from({ length: LONGEST }, (_, length) => (1 - probability) ** length);
      return chiSquare(
        "gaps",
        counts,
        lasts.map((last, length) => (length < LONGEST - 1 ? last * probability : last)),
      );
    },
  };
}

/** How many draws it takes to see each of up to eight groups of symbols. */
function watchCoupons(law: readonly number[]): Watch {
  const { groupOf, probabilities } = coarsened(law, 1 / MOST_COUPONS);
  const complete = 2 ** probabilities.length - 1;
  const counts = new Float64Array(LONGEST);
  let seen = 0;
  let draws = 0;
  return {
    test: "coupon collector",
    counts,
    record: (symbol) => {
      draws++;
      seen |= 1 << groupOf[symbol]!;
      if (seen !== complete) return;
      counts[Math.min(draws, LONGEST - 1)]!++;
      seen = 0;
      draws = 0;
    },
    assess: () => {
      // Of those sets of groups that miss something, by inclusion and exclusion; none are missed with 1, all with 0.
      const missing = Array.from({ length: complete }, (_, set) => {
        const missed = probabilities.filter((_probability, group) => ((set + 1) >> group) & 1);
        const sign = missed.length % 2 === 1 ? -1 : 1;
        return { sign, others: Math.max(0, 1 - missed.reduce((sum, each) => sum + each, 0)) };
      });
      const within = Array.from({ length: LONGEST }, (_, length) =>
        missing.reduce((sum, { sign, others }) => sum + sign * others ** length, 1),
      );
      return chiSquare(
        "coupon collector",
        counts,
        within.map((upTo, length) => {
          const before = length === 0 ? 0 : within[length - 1]!;
          return Math.max(0, length < LONGEST - 1 ? upTo - before : 1 - before);
        }),
      );
    },
  };
}

/** The highest symbol of each eight. */
function watchMaxima(law: readonly number[]): Watch {
  const counts = new Float64Array(law.length);
  let highest = 0;
  let drawn = 0;
  return {
    test: "maximum of eight",
    counts,
    record: (symbol) => {
      highest = drawn === 0 ? symbol : Math.max(highest, symbol);
      drawn++;
      if (drawn < BLOCK) return;
      counts[highest]!++;
      drawn = 0;
    },
    assess: () => {
      const powers = cumulative(law).map((upTo) => upTo ** BLOCK);
      return chiSquare(
        "maximum of eight",
        counts,
        powers.map((power, symbol) => power - (powers[symbol - 1] ?? 0)),
      );
    },
  };
}

/** Pearson's statistic; neighbouring cells share one where few are expected. */
function chiSquare(
  test: string,
  counts: Float64Array,
  probabilities: readonly number[],
): Assessment | undefined {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const cells: { observed: number; expected: number }[] = [];
  let cell = { observed: 0, expected: 0 };
  for (const [index, probability] of probabilities.entries()) {
    cell.observed += counts[index]!;
    cell.expected += total * probability;
    if (cell.expected < LEAST_EXPECTED) continue;
    cells.push(cell);
    cell = { observed: 0, expected: 0 };
  }
  const last = cells.at(-1);
  if (last === undefined || cells.length < 2) return undefined;
  last.observed += cell.observed;
  last.expected += cell.expected;

  const statistic = cells.reduce(
    (sum, { observed, expected }) => sum + (observed - expected) ** 2 / expected,
    0,
  );
  const degrees = cells.length - 1;
  const above = gammaQ(degrees / 2, statistic / 2);
  const pValue = degrees < LEAST_DEGREES ? above : Math.min(1, 2 * Math.min(above, 1 - above));
  return { test, statistic, degrees, pValue };
}

function normal(test: string, deviation: number, variance: number): Assessment | undefined {
  if (variance < LEAST_VARIANCE) return undefined;
  const statistic = deviation / Math.sqrt(variance);
  return { test, statistic, pValue: gammaQ(0.5, statistic ** 2 / 2) };
}

/**
 * Symbols in groups that have at least a probability of `least` each, neighbours together; where that would leave one
 * group, the likeliest symbol against all others.
 */
function coarsened(
  law: readonly number[],
  least: number,
): { groupOf: Uint16Array; probabilities: number[] } {
  const groupOf = new Uint16Array(law.length);
  const probabilities: number[] = [];
  let open = 0;
  for (const [symbol, probability] of law.entries()) {
    groupOf[symbol] = probabilities.length;
    open += probability;
    if (open < least) continue;
    probabilities.push(open);
    open = 0;
  }
  // What is left at the end joins the last group.
  if (probabilities.length > 0) probabilities[probabilities.length - 1]! += open;
  for (const symbol of groupOf.keys()) {
    groupOf[symbol] = Math.min(groupOf[symbol]!, probabilities.length - 1);
  }
  if (probabilities.length > 1) return { groupOf, probabilities };

  const likeliest = law.indexOf(Math.max(...law));
  return {
    groupOf: Uint16Array.from(law, (_probability, symbol) => (symbol === likeliest ? 0 : 1)),
    probabilities: [law[likeliest]!, 1 - law[likeliest]!],
  };
}

/** The first symbols, up to `least`, whose probability is nearest to the one wanted: some, but not all. */
function lowerPart(law: readonly number[], wanted: number): { least: number; probability: number } {
  const parts = cumulative(law).slice(0, -1);
  const distances = parts.map((probability) => Math.abs(probability - wanted));
  const least = distances.indexOf(Math.min(...distances));
  return { least, probability: parts[least]! };
}

function cumulative(law: readonly number[]): number[] {
  let sum = 0;
  const sums = law.map((probability) => (sum += probability));
  sums[sums.length - 1] = 1;
  return sums;
}
