"use client";

import { useCallback, useEffect, useSyncExternalStore } from "react";
import type { Address } from "viem";
import type { Asset } from "../../sdk/deployment.ts";
import { useBets } from "../data-client.ts";
import { useNow } from "../ui/use-now.ts";
import { useTwins } from "../games/twins.ts";
import { useDeployment } from "../settings.ts";
import { seedOf } from "../../sdk/layout.ts";

const START = "glasshouse.session.start";
const BUDGET = "glasshouse.session.budget";
const CHANGED = "glasshouse:session";

function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  return () => window.removeEventListener(CHANGED, onChange);
}

/** Reads a value of this tab's session; empty while the server renders. */
function useStored(key: string): string {
  return useSyncExternalStore(
    subscribe,
    () => sessionStorage.getItem(key) ?? "",
    () => "",
  );
}

/** Time and result of this visit, and the loss the player allows themselves in it. Money figures come from the indexer. */
export function useSession(player: Address | undefined, asset: Asset) {
  const { casino, chainId } = useDeployment();
  const start = Number(useStored(START));
  const budgetText = useStored(`${BUDGET}.${asset.id}`);
  const budget = budgetText === "" ? undefined : BigInt(budgetText);
  const now = useNow();
  const bets = useBets(
    { ...(player === undefined ? {} : { player }), asset: asset.id, limit: 100 },
    player !== undefined,
  );

  useEffect(() => {
    if (sessionStorage.getItem(START) === null) {
      sessionStorage.setItem(START, String(Math.floor(Date.now() / 1000)));
      window.dispatchEvent(new Event(CHANGED));
    }
  }, []);

  const setBudget = useCallback(
    (units: bigint | undefined) => {
      if (units === undefined) sessionStorage.removeItem(`${BUDGET}.${asset.id}`);
      else sessionStorage.setItem(`${BUDGET}.${asset.id}`, units.toString());
      window.dispatchEvent(new Event(CHANGED));
    },
    [asset.id],
  );

  const mine = start === 0 ? undefined : bets.data?.filter((bet) => bet.placedAt >= start);
  // Drawn but not settled: their results are in the word already.
  const drawn = mine?.filter((bet) => bet.word && (bet.payout ?? undefined) === undefined) ?? [];
  const { ready, twinOf } = useTwins(drawn.map(({ game }) => game));
  const known = drawn.length === 0 || ready ? mine : undefined;
  const net = known?.reduce((sum, bet) => {
    const stake = BigInt(bet.stake);
    if (bet.status === "refunded" || bet.status === "void") return sum;
    if (bet.payout !== null && bet.payout !== undefined) return sum + BigInt(bet.payout) - stake;
    const twin = twinOf(bet.game);
    if (bet.word === null || bet.word === undefined || twin === undefined) return sum - stake;
    const seed = seedOf({ word: BigInt(bet.word), chainId, casino, betId: BigInt(bet.betId) });
    return sum + twin.payout({ stake, choice: bet.choice, seed }) - stake;
  }, 0n);
  const left = budget === undefined || net === undefined ? budget : budget + net;
  return {
    seconds: start === 0 || now === 0 ? undefined : now - start,
    count: mine?.length,
    net,
    budget,
    left,
    setBudget,
    error: bets.error,
    retry: bets.refetch,
  };
}
