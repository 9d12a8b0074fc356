"use client";

import { useSyncExternalStore } from "react";

function everySecond(onChange: () => void): () => void {
  const timer = setInterval(onChange, 1_000);
  return () => clearInterval(timer);
}

/** The time in whole seconds, once a second; 0 while the server renders. */
export function useNow(): number {
  return useSyncExternalStore(
    everySecond,
    () => Math.floor(Date.now() / 1000),
    () => 0,
  );
}
