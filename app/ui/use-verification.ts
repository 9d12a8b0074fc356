"use client";

import { useQuery } from "@tanstack/react-query";
import { useSettings } from "../settings.ts";

/** Collects a bet's evidence from the node and checks it in this browser. `revision` asks anew when the bet moved on. */
export function useVerification(betId: bigint | undefined, revision: string) {
  const { rpcUrl, deployment } = useSettings();
  return useQuery({
    queryKey: ["verification", String(betId), revision],
    enabled: betId !== undefined,
    queryFn: async () => {
      if (betId === undefined) throw new Error("No bet");
      const { checkEvidence, collect } = await import("../verify-browser.ts");
      const evidence = await collect(rpcUrl, deployment, betId);
      const begun = performance.now();
      const verification = checkEvidence(evidence, deployment);
      return { evidence, verification, milliseconds: performance.now() - begun };
    },
    placeholderData: (previous) => (previous?.evidence.betId === betId ? previous : undefined),
    refetchInterval: ({ state }) =>
      state.data?.verification.verdict === "pending" ? 1_500 : false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
