import type { Hex } from "viem";
import type { AnyGame } from "../../sdk/games/index.ts";
import { WAD } from "../../sdk/games/types.ts";

/** A bet that costs more than this on average is marked where it is offered. */
export const HIGH_EDGE_WAD = WAD / 20n;

/** The most the house takes on a choice now, from its terms; `place` itself has the last word. */
export function largestStake(
  twin: AnyGame,
  choice: Hex,
  house: { bankroll: bigint; reserved: bigint },
  terms: { maxStake: bigint; kellyBps: bigint; capBps: bigint },
): bigint {
  const { maxMultiplierWad, rtpWad, varianceWad } = twin.odds(choice);
  const edge = WAD - rtpWad;
  const kelly =
    varianceWad === 0n
      ? terms.maxStake
      : (house.bankroll * terms.kellyBps * edge) / (10_000n * varianceWad);
  const cap = (house.bankroll * terms.capBps) / 10_000n;
  const free = house.bankroll - house.reserved;
  const winnable = cap < free ? cap : free;
  const perStake = maxMultiplierWad - WAD;
  const liability = perStake <= 0n ? terms.maxStake : (winnable * WAD) / perStake;
  return [terms.maxStake, kelly, liability].reduce((least, limit) =>
    limit < least ? limit : least,
  );
}
