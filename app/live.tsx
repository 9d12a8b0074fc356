"use client";

import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, createContext, useContext, useEffect, useState } from "react";
import { useSettings } from "./settings.ts";

/** Whether the indexer pushes news; without it the pages poll the node. */
export type LiveState = "connecting" | "live" | "polling";

const LiveContext = createContext<LiveState>("connecting");

export function useLive(): LiveState {
  return useContext(LiveContext);
}

/** Which cached reads a message makes stale. */
const STALE: Record<string, readonly string[]> = {
  head: ["head"],
  betPlaced: ["lane", "bets", "house"],
  roundDrawn: ["lane", "bets"],
  betSettled: ["lane", "bets", "house", "transfers"],
  betRefunded: ["lane", "bets", "house"],
  reorg: ["lane", "bets", "house", "head", "transfers"],
};

/** Listens to the indexer's socket and makes stale what changed; reconnects with a growing pause. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const { apiUrl } = useSettings();
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>(apiUrl === undefined ? "polling" : "connecting");

  useEffect(() => {
    if (apiUrl === undefined) return;
    const url = new URL("/api/live", apiUrl);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    let socket: WebSocket | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pause = 1_000;
    let closed = false;

    const open = () => {
      socket = new WebSocket(url);
      socket.onopen = () => {
        pause = 1_000;
        setState("live");
      };
      socket.onmessage = (event) => {
        const message: { type?: string } = JSON.parse(String(event.data));
        for (const key of STALE[message.type ?? ""] ?? [])
          void queries.invalidateQueries({ queryKey: [key] });
      };
      socket.onclose = () => {
        if (closed) return;
        setState("polling");
        timer = setTimeout(open, pause);
        pause = Math.min(pause * 2, 30_000);
      };
    };
    open();
    return () => {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    };
  }, [apiUrl, queries]);

  return <LiveContext value={state}>{children}</LiveContext>;
}
