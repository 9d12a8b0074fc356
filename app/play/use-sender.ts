"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Hex } from "viem";
import { useConfig, useConnection } from "wagmi";
import type { Asset } from "../../sdk/deployment.ts";
import { useNode } from "../data-client.ts";
import { useDeployment } from "../settings.ts";
import type { Call } from "./calls.ts";

export type Sending =
  | { phase: "idle" }
  | { phase: "signing"; what: string }
  | { phase: "sent"; what: string; hash: Hex }
  | { phase: "failed"; what: string; reason: string };

/** Cached reads that a transaction makes stale. */
const STALE = ["lane", "wallet", "house", "bets", "transfers"];

/** Sends calls one at a time through the connected wallet and tells where each stands. */
export function useSender(asset: Asset) {
  const config = useConfig();
  const client = useNode();
  const queries = useQueryClient();
  const { chainId } = useDeployment();
  const { address } = useConnection();
  const [sending, setSending] = useState<Sending>({ phase: "idle" });

  useEffect(() => {
    if (address !== undefined) void import("./send.ts");
  }, [address]);

  const run = async (
    what: string,
    task: (send: (call: Call) => Promise<void>) => Promise<void>,
  ): Promise<boolean> => {
    setSending({ phase: "signing", what });
    const { explain, sendCall } = await import("./send.ts");
    const send = async (call: Call) => {
      setSending({ phase: "signing", what });
      await sendCall({
        config,
        client,
        chainId,
        call,
        onHash: (hash) => setSending({ phase: "sent", what, hash }),
      });
    };
    try {
      await task(send);
    } catch (error) {
      setSending({ phase: "failed", what, reason: explain(error, asset).text });
      return false;
    } finally {
      await Promise.all(STALE.map((key) => queries.invalidateQueries({ queryKey: [key] })));
    }
    setSending({ phase: "idle" });
    return true;
  };

  const reset = () => setSending((now) => (now.phase === "failed" ? { phase: "idle" } : now));
  return { sending, run, reset };
}
