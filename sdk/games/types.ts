import type { Hex } from "viem";
import { encodeAbiParameters, hexToBigInt, keccak256 } from "viem";
import { define } from "../refusal.ts";

/** One stake: ratios of `Odds` are counted in it. */
export const WAD = 10n ** 18n;

/** What a choice can win and what it returns on average; the twin of `IGame.odds`. */
export type Odds = {
  /** The largest payout for one stake. */
  maxMultiplierWad: bigint;
  /** The expected payout for one stake, rounded down. */
  rtpWad: bigint;
  /** The variance of the payout for one stake, exact or an upper bound, rounded up. */
  varianceWad: bigint;
};

/** Draws that pay alike. */
export type OutcomeClass = {
  /** In a few words: "win", "3 of 5 hit". */
  label: string;
  /** How many of all equally likely draws; the weights of a choice's classes sum up to the size of its space. */
  weight: bigint;
  multiplierWad: bigint;
};

/** The contract that holds the rules, and what it is created with. */
export type GameContract = {
  /** Name of the contract and of its file in `contracts/games/`. */
  name: string;
  args: readonly (Hex | bigint | readonly Hex[] | readonly bigint[])[];
};

/**
 * The rules of one game: the twin of its contract in `contracts/games/`, function by function.
 * A choice on the wire is 16 bytes of hex; every function that takes one throws `IllegalChoice` where the contract
 * reverts with it.
 */
export interface Rules<Choice = unknown, Outcome = unknown> {
  /** Its number in the casino. */
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly contract: GameContract;
  odds(choice: Hex): Odds;
  /** What a draw multiplies the stake by, WAD; 0 for a loss. */
  multiplierWad(choice: Hex, seed: bigint): bigint;
  /** All that a choice can come to, exactly, largest multiplier first; it never lists a weight of 0. */
  distribution(choice: Hex): readonly OutcomeClass[];
  /** One choice, or a few, of each kind that has odds of its own: what sheets, batteries and benchmarks walk through. */
  choices(): readonly Hex[];
  /** The choice as the contract wants it. Throws `IllegalChoice`. */
  encode(choice: Choice): Hex;
  decode(choice: Hex): Choice;
  /** What the seed draws for a choice. */
  outcome(seed: bigint, choice: Hex): Outcome;
  /** The choice in a few words: "Under 50.00". */
  describe(choice: Hex): string;
  /** What the seed draws, in a few words: "42.17". */
  describeOutcome(seed: bigint, choice: Hex): string;
}

/** Units. */
export type Wager = { stake: bigint; choice: Hex; seed: bigint };

/** Several rounds of the same bet; a stop of 0 is off. */
export type Series = Wager & { rounds: number; stopGain: bigint; stopLoss: bigint };

/** Rules, and the money that they decide. */
export interface Game<Choice = unknown, Outcome = unknown> extends Rules<Choice, Outcome> {
  /** What a stake is paid under a seed, the stake included; 0 for a loss. */
  payout(wager: Wager): bigint;
  /** What the rounds played are paid together, and how many were played; the twin of `IGame.payouts`. */
  payouts(series: Series): { paid: bigint; played: number };
}

/** A game of its rules: the twin of `contracts/games/Game.sol`. */
export function gameOf<Choice, Outcome>(rules: Rules<Choice, Outcome>): Game<Choice, Outcome> {
  // Rounds down: the dust of a win stays with the bankroll.
  const payout = ({ stake, choice, seed }: Wager) =>
    (stake * rules.multiplierWad(choice, seed)) / WAD;
  return {
    ...rules,
    payout,
    payouts({ stake, choice, seed, rounds, stopGain, stopLoss }) {
      let paid = 0n;
      let played = 0;
      while (played < rounds) {
        paid += payout({ stake, choice, seed: roundSeed(seed, played) });
        played++;
        const net = paid - stake * BigInt(played);
        if ((stopGain !== 0n && net >= stopGain) || (stopLoss !== 0n && -net >= stopLoss)) break;
      }
      return { paid, played };
    },
  };
}

/** The seed of one of several rounds, from 0: `keccak256(abi.encode(seed, index))`. */
export function roundSeed(seed: bigint, index: number): bigint {
  return hexToBigInt(
    keccak256(
      encodeAbiParameters([{ type: "uint256" }, { type: "uint256" }], [seed, BigInt(index)]),
    ),
  );
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

/** The first byte of a choice that has nothing else, at most `most`. Throws {@link IllegalChoice}. */
export function choiceByte(choice: Hex, most: bigint): bigint {
  const bits = choiceBits(choice);
  const byte = bits >> 120n;
  if (byte > most || bits !== byte << 120n) throw new IllegalChoice({ choice });
  return byte;
}

/** `numerator / denominator`, rounded up. */
export function divideUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}

/** Odds of a distribution: RTP rounded down, variance rounded up, both exact before. */
export function oddsOf(distribution: readonly OutcomeClass[]): Odds {
  let [space, first, second, maxMultiplierWad] = [0n, 0n, 0n, 0n];
  for (const { weight, multiplierWad } of distribution) {
    space += weight;
    first += weight * multiplierWad;
    second += weight * multiplierWad * multiplierWad;
    if (multiplierWad > maxMultiplierWad) maxMultiplierWad = multiplierWad;
  }
  return {
    maxMultiplierWad,
    rtpWad: first / space,
    varianceWad: divideUp(second * space - first * first, space * space * WAD),
  };
}
