import type { PublicClient } from "viem";
import { casinoAbi } from "../abis.ts";
import type { Deployment } from "../deployment.ts";

export type Head = {
  epoch: bigint;
  /** Seconds. */
  epochStart: bigint;
  /** Rounds requested ever. */
  rounds: bigint;
  /** Seconds; no new round is opened before it. */
  pausedUntil: bigint;
  /** Requests that are known to be funded. */
  credits: bigint;
};

export async function readHead(
  client: PublicClient,
  { deployment }: { deployment: Deployment },
): Promise<Head> {
  const [epoch, epochStart, rounds, pausedUntil, credits] = await client.readContract({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "head",
  });
  return { epoch, epochStart, rounds, pausedUntil, credits };
}
