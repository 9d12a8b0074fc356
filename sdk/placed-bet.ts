import type { Hex } from "viem";
import type { Evidence } from "./evidence.ts";
import { type AnyGame, games } from "./games/index.ts";
import { WAD } from "./games/types.ts";
import {
  type BetIdParts,
  type Extras,
  type Lane,
  decodeExtras,
  decodeLane,
  unpackBetId,
  wholeChoice,
} from "./layout.ts";

/** A bet as its events tell it. */
export type PlacedBet = {
  id: BetIdParts;
  lane: Lane;
  extras: Extras;
  /** All 16 bytes. */
  choice: Hex;
  /** The stakes of all rounds, units. */
  escrow: bigint;
  game: AnyGame | undefined;
};

/** The bet of the evidence; nothing where there is none. */
export function betIn({ betId, placed }: Evidence): PlacedBet | undefined {
  if (!placed) return undefined;
  const lane = decodeLane(placed.bet);
  const extras = decodeExtras(placed.extras);
  return {
    id: unpackBetId(betId),
    lane,
    extras,
    choice: wholeChoice(lane.choice, extras),
    escrow: lane.stake * BigInt(extras.rounds),
    game: games[lane.game],
  };
}

/** What the rules pay under a seed, with the stakes of rounds not played; nothing where they refuse the choice. */
export function dueOf(
  { lane, extras, choice }: PlacedBet,
  game: AnyGame,
  seed: bigint,
): { payout: bigint; played: number } | undefined {
  const { rounds, stopGain, stopLoss } = extras;
  const wager = { stake: lane.stake, choice, seed };
  if (refusalOf(() => game.odds(choice))) return undefined;
  if (rounds === 1) return { payout: game.payout(wager), played: 1 };
  const { paid, played } = game.payouts({ ...wager, rounds, stopGain, stopLoss });
  return { payout: paid + lane.stake * BigInt(rounds - played), played };
}

/** What the house must reserve for a bet, as `Risk` has it: its largest payout and the fee, less the stakes. */
export function reserveOf({ lane, extras, escrow }: PlacedBet, maxMultiplierWad: bigint): bigint {
  const once = (lane.stake * maxMultiplierWad) / WAD;
  const all = once * BigInt(extras.rounds);
  // The last round that is played begins below the stop.
  const stopped = escrow + extras.stopGain + once - lane.stake;
  const isStopped = extras.stopGain !== 0n && once > lane.stake && stopped < all;
  const needed = (isStopped ? stopped : all) + feeOf(escrow, lane) - escrow;
  return needed > 0n ? needed : 0n;
}

/** The operator's fee, rounded down as `Risk` does. */
export function feeOf(staked: bigint, { feeRate }: Lane): bigint {
  return (staked * BigInt(feeRate)) / 100_000n;
}

/** The refusal of a choice by its game, where an attempt meets it. */
export function refusalOf(attempt: () => unknown): Error | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === "IllegalChoice") return error;
    throw error;
  }
}
