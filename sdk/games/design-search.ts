import { Stream, settled } from "./design-walk.ts";

/**
 * The search of the payout designer: shapes first, in floating point, then whole numbers near them. Whether a table meets
 * its targets is never decided here but on exact fractions, in design.ts.
 */

/** What is wanted, for the search: ratios per unit staked, multipliers in hundredths of the stake. */
export type Goal = {
  rtp: number;
  hit: number | undefined;
  sigma: number | undefined;
  tolerance: number;
  leastWin: number;
  maxWin: number;
  /** The largest share of draws that may return something and less than the stake. */
  ldw: number;
  /** The least chance that the top award may have. */
  topChance: number;
};

/** What is not asked for stays near the table in service. */
export type Habits = { hit: number; sigma: number };

/** Draws that the game's rules fix, from the least paid to the best; what they pay is searched. */
export type FixedFrame<Draft> = {
  kind: "fixed";
  /** All draws; what the weights leave of it pays nothing. */
  space: number;
  weights: readonly number[];
  /** Whether the least paid may be paid nothing. */
  mayPayNothing: boolean;
  habits: Habits;
  build(multipliers: readonly number[]): Draft;
};

/** Both weights and multipliers are searched, from the least paid to the best. */
export type FreeFrame<Draft> = {
  kind: "free";
  space: number;
  maxClasses: number;
  habits: Habits;
  build(multipliers: readonly number[], weights: readonly number[]): Draft;
};

/** A game that sketches its tables itself. */
export type MadeFrame<Draft> = {
  kind: "made";
  /** One in how many draws its rarest award is. */
  rarest: number;
  sketches(goal: Goal): Sketch<Draft>[];
};

export type Frame<Draft> = FixedFrame<Draft> | FreeFrame<Draft> | MadeFrame<Draft>;

/** A shape to round: whole-number variables, and what they come to. */
export type Sketch<Draft> = {
  miss: number;
  strangeness: number;
  start: readonly number[];
  measure(values: readonly number[]): Measure;
  legal(values: readonly number[]): boolean;
  build(values: readonly number[]): Draft;
};

type Measure = { rtp: number; hit: number; sigma: number };

const SKETCHES = 12;
/** Significant digits of what is searched: round numbers first. */
const DIGITS = [2, 3, 12] as const;
const RTP_FIRST = 1_000;
/** Within this part of the tolerance, so that floating point can't pass for exactness. */
const MARGIN = 0.95;
/** The least a disguised loss pays, in hundredths. */
const LEAST_RETURN = 10;

/** Whole-number tables near the goal, the most promising first. The same seed gives the same ones. */
export function* drafts<Draft>(
  frames: readonly Frame<Draft>[],
  goal: Goal,
  seed: bigint,
): Generator<Draft> {
  const stream = new Stream(seed);
  const sketches = frames
    .flatMap((frame) => sketched(frame, goal))
    .toSorted((a, b) => a.miss - b.miss || a.strangeness - b.strangeness)
    .slice(0, SKETCHES);
  for (const sketch of sketches) {
    const miss = (values: readonly number[]) => missOf(sketch.measure(values), goal);
    for (const digits of DIGITS) {
      const values = settled({ ...sketch, miss }, digits, stream);
      if (values !== undefined) yield sketch.build(values);
    }
  }
}

function sketched<Draft>(frame: Frame<Draft>, goal: Goal): Sketch<Draft>[] {
  if (frame.kind === "made") return frame.sketches(goal);
  return frame.kind === "fixed" ? fixed(frame, goal) : free(frame, goal);
}

/** How far a measure is from the goal, in tolerances beyond the first. */
export function missOf({ rtp, hit, sigma }: Measure, goal: Goal): number {
  const beyond = (distance: number) => Math.max(0, distance / goal.tolerance - MARGIN);
  return (
    RTP_FIRST * beyond(Math.abs(rtp - goal.rtp)) +
    (goal.hit === undefined ? 0 : beyond(Math.abs(hit - goal.hit))) +
    (goal.sigma === undefined ? 0 : beyond(Math.abs(sigma / goal.sigma - 1)))
  );
}

// -- Given weights: what each class pays --

function fixed<Draft>(frame: FixedFrame<Draft>, goal: Goal): Sketch<Draft>[] {
  const { space, habits } = frame;
  const { weights, copies } = mergedTop(frame, goal.topChance);
  const chances = weights.map((weight) => weight / space);
  const sum = (from: number, to: number) => chances.slice(from, to).reduce((a, b) => a + b, 0);
  // The chance to be paid as well or better: what the pay rises with.
  const tails = chances.map((_, at) => sum(at, chances.length));
  const sketches: Sketch<Draft>[] = [];

  for (let zeros = 0; zeros < (frame.mayPayNothing ? weights.length : 1); zeros++) {
    for (let low = 0; low < weights.length - zeros; low++) {
      if (sum(zeros, zeros + low) > goal.ldw) break;
      const least = chances.map((_, at) =>
        at < zeros ? 0 : at < zeros + low ? LEAST_RETURN : goal.leastWin,
      );
      const most = chances.map((_, at) => (at < zeros ? 0 : at < zeros + low ? 99 : goal.maxWin));
      const start = shaped({
        chances,
        tails,
        least,
        most,
        goal,
        sigma: goal.sigma ?? habits.sigma,
      });
      if (start === undefined) continue;

      const measure = (multipliers: readonly number[]) => moments(chances, multipliers);
      const measured = measure(start);
      sketches.push({
        miss: missOf(measured, goal),
        strangeness: Math.abs(measured.hit - habits.hit) + low / 100,
        start,
        measure,
        legal: (values) =>
          values.every(
            (value, at) =>
              value >= least[at]! && value <= most[at]! && (at === 0 || value >= values[at - 1]!),
          ),
        build: (values) =>
          frame.build(values.flatMap((value, at) => Array(copies[at]!).fill(value))),
      });
    }
  }
  return sketches;
}

/** The best paid classes that are too rare alone share the top award. */
function mergedTop(
  { weights, space }: { weights: readonly number[]; space: number },
  topChance: number,
): { weights: number[]; copies: number[] } {
  const merged = [...weights];
  const copies = merged.map(() => 1);
  while (merged.length > 1 && merged.at(-1)! < topChance * space) {
    const weight = merged.pop()!;
    const copied = copies.pop()!;
    merged[merged.length - 1]! += weight;
    copies[copies.length - 1]! += copied;
  }
  return { weights: merged, copies };
}

type Shape = {
  chances: readonly number[];
  tails: readonly number[];
  least: readonly number[];
  most: readonly number[];
  goal: Goal;
  sigma: number;
};

/** Pays that rise with a power of their rarity: the power gives the volatility, their scale the RTP. */
function shaped({ chances, tails, least, most, goal, sigma }: Shape): number[] | undefined {
  const returned = (pays: readonly number[]) =>
    pays.reduce((all, pay, at) => all + (pay * chances[at]!) / 100, 0);
  if (returned(least) > goal.rtp + goal.tolerance || returned(most) < goal.rtp - goal.tolerance) {
    return undefined;
  }
  const scaled = (scale: number, power: number) =>
    tails.map((tail, at) =>
      Math.min(most[at]!, Math.max(least[at]!, Math.exp(scale - power * Math.log(tail)))),
    );
  const ofPower = (power: number) =>
    scaled(
      bisected(-60, 30, (scale) => returned(scaled(scale, power)) < goal.rtp, 60),
      power,
    );
  return ofPower(bisected(0, 6, (power) => moments(chances, ofPower(power)).sigma < sigma, 36));
}

/** Where `below` turns from true to false. */
export function bisected(
  low: number,
  high: number,
  below: (at: number) => boolean,
  steps: number,
): number {
  for (let step = 0; step < steps; step++) {
    const middle = (low + high) / 2;
    if (below(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

// -- Free weights: a ladder of round prizes, and how many win each --

function free<Draft>(frame: FreeFrame<Draft>, goal: Goal): Sketch<Draft>[] {
  const { space, maxClasses, habits } = frame;
  const least = goal.leastWin / 100;
  const wanted = goal.hit ?? habits.hit;
  // Where wins alone would return too much, some hits return less than the stake, if that is allowed.
  const low = wanted * least > 0.9 * goal.rtp ? Math.min(goal.ldw, wanted * 0.9) : 0;
  const rtp = goal.rtp - low / 2;
  const wins = Math.min(wanted - low, (0.995 * rtp) / least);
  const spare = rtp - wins * least;
  const square = (goal.sigma ?? habits.sigma) ** 2 + goal.rtp ** 2 - low / 4;
  // All that is spare in one award gives the second moment: no smaller award can.
  const smallest = Math.max((square - wins * least ** 2) / spare - least, rtp / wins);
  const largest = Math.min(goal.maxWin / 100, least + spare / goal.topChance);
  const tops = [1.1, 1.2, 1.4, 1.7, 2, 3, 5, 10, 30].map((factor) =>
    roundNumber(smallest * factor),
  );
  const usable = [...new Set([...tops, largest])].filter((top) => top > least && top <= largest);

  return usable.flatMap((top) =>
    Array.from({ length: maxClasses - 2 }, (_, fewer) => maxClasses - fewer - (low > 0 ? 1 : 0))
      .filter((count) => count >= 3)
      .flatMap((count) => {
        const prizes = ladder(least, top, count);
        const most = wins * least ** 2 + spare * (top + least);
        const held = Math.min(Math.max(square, 1.001 * (rtp ** 2 / wins)), 0.995 * most);
        const found = projected(prizes, wins, rtp, held);
        if (found === undefined) return [];
        const { chances, divergence } = found;
        const pays = (low > 0 ? [0.5, ...prizes] : prizes).map((prize) => Math.round(prize * 100));
        const shares = low > 0 ? [low, ...chances] : chances;
        const rarest = Math.max(1, Math.ceil(goal.topChance * space));
        const measure = (weights: readonly number[]) =>
          moments(
            weights.map((weight) => weight / space),
            pays,
          );
        const exact = shares.map((share) => share * space);
        return [
          {
            miss: missOf(measure(exact), goal) + (exact.at(-1)! < rarest ? 1 : 0),
            strangeness: divergence + (maxClasses - count) / 10,
            start: exact.map((weight) => Math.max(1, weight)),
            measure,
            legal: (weights: readonly number[]) =>
              weights.every((weight) => weight >= 1) &&
              weights.at(-1)! >= rarest &&
              weights.reduce((sum, weight) => sum + weight, 0) < space &&
              (low === 0 || weights[0]! <= goal.ldw * space),
            build: (weights: readonly number[]) => frame.build(pays, weights),
          },
        ];
      }),
  );
}

/** Prizes that grow by about the same factor, as round as they can be and all different. */
function ladder(least: number, top: number, count: number): number[] {
  const between = Array.from({ length: count - 2 }, (_, at) =>
    roundNumber(least * (top / least) ** ((at + 1) / (count - 1))),
  );
  return [...new Set([least, ...between.filter((each) => each > least && each < top), top])];
}

function roundNumber(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const digits = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
  const near = digits.toSorted((a, b) => Math.abs(a * power - value) - Math.abs(b * power - value));
  return Math.round(near[0]! * power * 100) / 100;
}

/**
 * Chances of the prizes with the given sum, mean and second moment that are closest (in relative entropy) to falling with
 * the power 1.5 of the prize: `exp(a + b x + c x^2)` times that, by Newton's method on the convex dual.
 */
function projected(
  prizes: readonly number[],
  wins: number,
  mean: number,
  square: number,
): { chances: number[]; divergence: number } | undefined {
  const top = prizes.at(-1)!;
  const x = prizes.map((prize) => prize / top);
  const target = [mean / (wins * top), square / (wins * top * top)] as const;
  let [b, c] = [0, 0];
  const at = (b: number, c: number) => {
    const logs = x.map((each) => -1.5 * Math.log(each) + b * each + c * each * each);
    const highest = Math.max(...logs);
    const parts = logs.map((log) => Math.exp(log - highest));
    const total = parts.reduce((sum, part) => sum + part, 0);
    const chances = parts.map((part) => part / total);
    return { chances, dual: highest + Math.log(total) - b * target[0] - c * target[1] };
  };
  for (let step = 0; step < 200; step++) {
    const { chances, dual } = at(b, c);
    const [m1, m2, m3, m4] = [1, 2, 3, 4].map((power) =>
      chances.reduce((sum, chance, i) => sum + chance * x[i]! ** power, 0),
    ) as [number, number, number, number];
    const [g1, g2] = [m1 - target[0], m2 - target[1]];
    if (Math.abs(g1 / target[0]) < 1e-9 && Math.abs(g2 / target[1]) < 1e-9) {
      return { chances: chances.map((chance) => chance * wins), divergence: at(0, 0).dual - dual };
    }
    const [h11, h12, h22] = [m2 - m1 * m1, m3 - m1 * m2, m4 - m2 * m2];
    const determinant = h11 * h22 - h12 * h12;
    if (!(determinant > 0)) return undefined;
    const [db, dc] = [(h12 * g2 - h22 * g1) / determinant, (h12 * g1 - h11 * g2) / determinant];
    let part = 1;
    while (part > 1e-9 && !(at(b + part * db, c + part * dc).dual < dual)) part /= 2;
    if (part <= 1e-9) return undefined;
    b += part * db;
    c += part * dc;
  }
  return undefined;
}

function moments(chances: readonly number[], hundredths: readonly number[]): Measure {
  let [rtp, square, hit] = [0, 0, 0];
  for (const [at, chance] of chances.entries()) {
    const pays = hundredths[at]! / 100;
    rtp += chance * pays;
    square += chance * pays * pays;
    if (pays > 0) hit += chance;
  }
  return { rtp, hit, sigma: Math.sqrt(Math.max(0, square - rtp * rtp)) };
}
