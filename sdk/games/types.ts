import type { Hex } from "viem";
import { define } from "../refusal.ts";

/** One stake: ratios of `Odds` are counted in it. */
export const WAD = 10n ** 18n;

/** What a choice can win and what it returns on average; the twin of `IGame.odds`. */
export type Odds = {
  /** The largest payout for one stake. */
  maxMultiplierWad: bigint;
  /** The expected payout for one stake, rounded down. */
  rtpWad: bigint;
  /** The variance of the payout for one stake, rounded up. */
  varianceWad: bigint;
};

/**
 * The rules of one game: the twin of the contract of the same name in `contracts/games/`.
 * A choice on the wire is 16 bytes of hex; every function that takes one throws `IllegalChoice` where the contract
 * reverts with it.
 */
export interface Game<Choice = unknown, Outcome = unknown> {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  odds(choice: Hex): Odds;
  /** What a stake (units) is paid under a seed, the stake included; 0 for a loss. */
  payout(bet: { stake: bigint; choice: Hex; seed: bigint }): bigint;
  /** The choice as the contract wants it. Throws `IllegalChoice`. */
  encode(choice: Choice): Hex;
  decode(choice: Hex): Choice;
  /** What the seed draws, whatever was chosen. */
  outcome(seed: bigint): Outcome;
  /** The choice in a few words: "Under 50.00". */
  describe(choice: Hex): string;
  /** What the seed draws, in a few words: "42.17". */
  describeOutcome(seed: bigint): string;
}

/** The game does not offer this choice. */
export const IllegalChoice = define<{ choice: string }>("IllegalChoice", () => [
  "The game does not offer this choice.",
  "Change the choice.",
]);

/** The 16 bytes of a choice as one number. Throws {@link IllegalChoice}. */
export function choiceBits(choice: Hex): bigint {
  if (!/^0x[0-9a-fA-F]{32}$/.test(choice)) throw new IllegalChoice({ choice });
  return BigInt(choice);
}

/** `numerator / denominator`, rounded up. */
export function divideUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}
