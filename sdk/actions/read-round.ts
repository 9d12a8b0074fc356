import type { PublicClient } from "viem";
import { casinoAbi } from "../abis.ts";
import type { Deployment } from "../deployment.ts";

/** The states of a round, in the order of `ICasino.RoundState`. */
export const ROUND_STATES = ["free", "pending", "drawn", "void"] as const;

export type Round = {
  state: (typeof ROUND_STATES)[number];
  epoch: bigint;
  /** Seconds; 0 once drawn. */
  requestedAt: bigint;
  /** The low 224 bits of the VRF word; 0 until drawn. */
  word: bigint;
};

/** The round stored in a slot. */
export async function readRound(
  client: PublicClient,
  { deployment, slot }: { deployment: Deployment; slot: number | bigint },
): Promise<Round> {
  const { state, ...round } = await client.readContract({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "roundAt",
    args: [BigInt(slot)],
  });
  return { ...round, state: ROUND_STATES[state] ?? unknownState(state) };
}

function unknownState(state: number): never {
  throw new Error(`The casino knows a state of rounds that this SDK does not: ${state}`);
}
