/** The statistics of an audit. Small, so that they can be read; `number` is exact enough for what is only judged. */

/**
 * How surprising it is that a chi-square variable of `degrees` reaches `value`: the regularised upper incomplete gamma
 * function Q(degrees / 2, value / 2). Series and continued fraction of Numerical Recipes, 6.2.
 */
export function chiSquareTail(value: number, degrees: number): number {
  const [a, x] = [degrees / 2, value / 2];
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let n = a + 1; term > sum * 1e-15; n++) sum += term *= x / n;
    return 1 - front * sum;
  }
  let b = x + 1 - a;
  let [c, d] = [1e300, 1 / b];
  let fraction = d;
  for (let i = 1; i < 1_000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / nonZero(an * d + b);
    c = nonZero(b + an / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** Lanczos' approximation of ln Γ. */
export function logGamma(x: number): number {
  const coefficients = [
    76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155,
    0.1208650973866179e-2, -0.5395239384953e-5,
  ];
  const base = x + 5.5 - (x + 0.5) * Math.log(x + 5.5);
  const series = coefficients.reduce(
    (sum, coefficient, index) => sum + coefficient / (x + 1 + index),
    1.000000000190015,
  );
  return -base + Math.log((2.5066282746310007 * series) / x);
}

/** Counts against the same number expected in each. */
export function chiSquareUniform(counts: readonly number[]): { value: number; degrees: number } {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const value = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return { value, degrees: counts.length - 1 };
}

/** Bets of one kind by their ranks, each uniform on (0, 1) where the game is fair. */
export type Ranks = { count: number; sum: number };

/** Whether the mean rank of any group is off 1/2: the sum of their squared z-scores. Small groups are left out. */
export function chiSquareOfRanks(
  groups: readonly Ranks[],
  least = 30,
): { value: number; degrees: number } {
  let [value, degrees] = [0, 0];
  for (const { count, sum } of groups) {
    if (count < least) continue;
    value += ((sum - count / 2) ** 2 * 12) / count;
    degrees++;
  }
  return { value, degrees };
}

/** Shifts of the return that the e-value bets on. */
export const SHIFTS = [0.005, 0.02, 0.08, 0.3, -0.005, -0.02, -0.08, -0.3] as const;

/**
 * A sequential e-value against "the mean is what the rules say": the wealth, in logarithms, of eight gamblers who bet
 * against it at fair odds, each expecting another shift. Whatever the order and length of the play, the mean of
 * their wealth exceeds k with a probability of at most 1 / k (Ville). Updates `logs` by one payout per stake.
 */
export function wager(
  logs: number[],
  {
    payout,
    mean,
    variance,
    most,
  }: { payout: number; mean: number; variance: number; most: number },
): void {
  for (const [index, shift] of SHIFTS.entries()) {
    // Half of what the worst payout could take, at the most: wealth never ends.
    const bound = 0.5 / (shift > 0 ? mean : most - mean);
    const stake = Math.sign(shift) * Math.min(Math.abs(shift) / variance, bound);
    logs[index] = (logs[index] ?? 0) + Math.log1p(stake * (payout - mean));
  }
}

/** The e-value of the gamblers together, as its decimal logarithm. */
export function logE(logs: readonly number[]): number {
  if (logs.length === 0) return 0;
  const most = Math.max(...logs);
  const sum = logs.reduce((total, log) => total + Math.exp(log - most), 0);
  return (most + Math.log(sum / logs.length)) / Math.LN10;
}

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}
