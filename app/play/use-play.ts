"use client";

import { useQuery } from "@tanstack/react-query";
import type { Address, Hex } from "viem";
import type { AnyGame } from "../../sdk/games/index.ts";
import { useBets, useLane, useNode } from "../data-client.ts";
import { useDeployment } from "../settings.ts";

/** What the stage shows: a bet of this player, the newest one of anybody, or nothing yet. */
export interface Shown {
  mine: boolean;
  betId: bigint;
  player: Address | undefined;
  stake: bigint;
  choice: Hex;
  stage: "requested" | "drawn" | "settled" | "void" | "refunded";
  seed: bigint | undefined;
  payout: bigint | undefined;
  drawnBlock: bigint | undefined;
}

/**
 * The state of play of one game, derived from the chain: nothing is lost when the page is reloaded.
 * A draw is shown as soon as the round's word is in, through the twin.
 */
export function usePlay(twin: AnyGame, asset: number, player: Address | undefined) {
  const client = useNode();
  const deployment = useDeployment();
  const lane = useLane(player, asset);
  const bet = lane.data?.bet;
  const ofThisGame = bet?.game === twin.id;
  const ended = bet !== undefined && !bet.open;
  const betId = bet?.betId;

  const outcome = useQuery({
    queryKey: ["outcome", String(betId), ended],
    enabled: betId !== undefined && ofThisGame && (ended || bet?.round === "drawn"),
    queryFn: async () => {
      if (betId === undefined) throw new Error("No bet");
      const { readOutcome } = await import("../read-outcome.ts");
      return (await readOutcome(client, deployment, betId)) ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

  const others = useBets({ game: twin.id, limit: 8 });
  const newest = others.data?.find(
    (candidate) =>
      candidate.word !== null && candidate.word !== undefined && candidate.asset === asset,
  );
  const newestId = newest === undefined ? undefined : BigInt(newest.betId);
  const demo = useQuery({
    queryKey: ["outcome", String(newestId), "demo"],
    enabled: newestId !== undefined && !ofThisGame,
    queryFn: async () => {
      if (newestId === undefined) return null;
      const { readOutcome } = await import("../read-outcome.ts");
      return (await readOutcome(client, deployment, newestId)) ?? null;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

  let shown: Shown | undefined;
  if (bet !== undefined && ofThisGame) {
    const seed = bet.seed ?? outcome.data?.seed;
    const refunded = outcome.data?.refunded !== undefined;
    const stage = bet.open
      ? bet.round === "void"
        ? "void"
        : bet.round === "drawn"
          ? "drawn"
          : "requested"
      : refunded
        ? "refunded"
        : "settled";
    const payout =
      seed === undefined
        ? outcome.data?.payout
        : twin.payout({ stake: bet.stake, choice: bet.choice, seed });
    shown = {
      mine: true,
      betId: bet.betId,
      player,
      stake: bet.stake,
      choice: bet.choice,
      stage,
      seed,
      payout,
      drawnBlock: outcome.data?.drawnBlock,
    };
  } else if (newest !== undefined && demo.data?.seed !== undefined) {
    const { seed } = demo.data;
    const stake = BigInt(newest.stake);
    const payout = twin.payout({ stake, choice: newest.choice, seed });
    shown = {
      mine: false,
      betId: demo.data.betId,
      player: newest.player,
      stake,
      choice: newest.choice,
      stage: "settled",
      seed,
      payout,
      drawnBlock: demo.data.drawnBlock,
    };
  }

  /** Credited by the draw but not yet in the ledger: the next bet settles it, or a keeper, or anyone. */
  const unsettled =
    bet?.open === true && bet.seed !== undefined && ofThisGame
      ? twin.payout({ stake: bet.stake, choice: bet.choice, seed: bet.seed })
      : undefined;
  const balance = lane.data?.balance;
  return {
    lane,
    bet,
    ofThisGame,
    shown,
    unsettled,
    available: balance === undefined ? undefined : balance + (unsettled ?? 0n),
  };
}
