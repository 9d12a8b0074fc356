import { gammaQ } from "../games/gamma.ts";

/** The statistics of an audit. Small, so that they can be read; `number` is exact enough for what is only judged. */

/** How surprising it is that a chi-square variable of `degrees` reaches `value`. */
export function chiSquareTail(value: number, degrees: number): number {
  return gammaQ(degrees / 2, value / 2);
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
