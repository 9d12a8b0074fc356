"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { Hex, TransactionReceipt } from "viem";
import { waitForTransactionReceipt } from "viem/actions";
import { useConfig } from "wagmi";
import { writeContract } from "wagmi/actions";
import { type Call, TransactionReverted } from "../../sdk/actions/clients.ts";
import type { Asset } from "../../sdk/deployment.ts";
import { decodeError } from "../../sdk/errors.ts";
import { useNode } from "../data-client.ts";
import { useDeployment } from "../providers.tsx";
import { reasonOf } from "../ui/Unknown.tsx";

export type Sending =
  | { phase: "idle" }
  | { phase: "signing"; what: string }
  | { phase: "sent"; what: string; hash: Hex }
  | { phase: "failed"; what: string; reason: string; declined: boolean };

/** Whether the person, not the contract, said no. */
function isRejection(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at.name === "UserRejectedRequestError" || ("code" in at && at.code === 4001)) return true;
  }
  return false;
}

/** A failure in plain words. */
export function explain(error: unknown, asset: Asset): string {
  if (isRejection(error)) return "You declined in the wallet. Nothing was sent.";
  const refusal = decodeError(error);
  if (refusal === undefined) return reasonOf(error);
  const { message, hint } = refusal.explain({ decimals: asset.ledgerDecimals, symbol: asset.symbol });
  return `${message} ${hint}`;
}

/** Sends calls one at a time through the connected wallet and tells where each stands. */
export function useSender(asset: Asset) {
  const config = useConfig();
  const client = useNode();
  const queries = useQueryClient();
  const { chainId } = useDeployment();
  const [sending, setSending] = useState<Sending>({ phase: "idle" });

  const run = useCallback(
    async (what: string, task: (send: (call: Call) => Promise<TransactionReceipt>) => Promise<void>): Promise<boolean> => {
      const send = async (call: Call) => {
        setSending({ phase: "signing", what });
        const hash = await writeContract(config, { ...call, chainId });
        setSending({ phase: "sent", what, hash });
        const receipt = await waitForTransactionReceipt(client, { hash, pollingInterval: 400 });
        if (receipt.status !== "success") throw new TransactionReverted(hash);
        return receipt;
      };
      setSending({ phase: "signing", what });
      try {
        await task(send);
      } catch (error) {
        setSending({ phase: "failed", what, reason: explain(error, asset), declined: isRejection(error) });
        return false;
      } finally {
        await Promise.all(
          ["lane", "wallet", "house", "bets", "transfers"].map((key) => queries.invalidateQueries({ queryKey: [key] })),
        );
      }
      setSending({ phase: "idle" });
      return true;
    },
    [asset, chainId, client, config, queries],
  );

  const reset = useCallback(() => setSending({ phase: "idle" }), []);
  return { sending, run, reset };
}
