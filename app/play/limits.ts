import type { Hex } from "viem";
import type { AnyGame } from "../../sdk/games/index.ts";
import { WAD } from "../../sdk/games/types.ts";

/** A bet that costs more than this on average is marked where it is offered. */
export const HIGH_EDGE_WAD = WAD / 20n;

/** What the open bets may win of the bankroll together, as `Risk` has it. */
const TOTAL_CAP_BPS = 6_000n;

/** The most the house takes on a choice now, from its terms; the casino itself has the last word. */
export function largestStake(
  twin: AnyGame,
  choice: Hex,
  house: { bankroll: bigint; reserved: bigint; mark: bigint },
  terms: { maxStake: bigint; kellyBps: bigint; capBps: bigint },
): bigint {
  const { maxMultiplierWad, rtpWad, varianceWad } = twin.odds(choice);
  const edge = WAD - rtpWad;
  // A bankroll 10% below its mark takes half the stakes, 25% below none.
  if (house.bankroll * 4n < house.mark * 3n) return 0n;
  const kellyBps = house.bankroll * 10n < house.mark * 9n ? terms.kellyBps / 2n : terms.kellyBps;
  const kelly =
    varianceWad === 0n
      ? terms.maxStake
      : (house.bankroll * kellyBps * edge) / (10_000n * varianceWad);
  const cap = (house.bankroll * terms.capBps) / 10_000n;
  const room = (house.bankroll * TOTAL_CAP_BPS) / 10_000n - house.reserved;
  const free = room > 0n ? room : 0n;
  const winnable = cap < free ? cap : free;
  const perStake = maxMultiplierWad - WAD;
  const liability = perStake <= 0n ? terms.maxStake : (winnable * WAD) / perStake;
  return [terms.maxStake, kelly, liability].reduce((least, limit) =>
    limit < least ? limit : least,
  );
}
