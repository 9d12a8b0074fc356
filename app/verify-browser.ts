/** Loaded only when a bet is checked: the curve arithmetic stays out of the first load. */
import { type Evidence, type Verification, checkEvidence, collectEvidence } from "../sdk/verify.ts";
import { type Hex, createPublicClient, http } from "viem";
import type { Deployment } from "../sdk/deployment.ts";

export { checkEvidence };
export type { Evidence, Verification };

/** Fetches the raw chain data of a bet from the configured node. */
export function collect(rpcUrl: string, deployment: Deployment, betId: bigint): Promise<Evidence> {
  const client = createPublicClient({ transport: http(rpcUrl, { batch: { wait: 8 } }) });
  return collectEvidence(client, { deployment, betId });
}

/** The bets that a transaction placed, settled or refunded. */
export async function betsIn(rpcUrl: string, casino: Hex, hash: Hex): Promise<bigint[]> {
  const [{ parseEventLogs }, { casinoAbi }] = await Promise.all([
    import("viem"),
    import("../sdk/abis.ts"),
  ]);
  const client = createPublicClient({ transport: http(rpcUrl) });
  const receipt = await client.getTransactionReceipt({ hash });
  const events = parseEventLogs({
    abi: casinoAbi,
    eventName: ["BetPlaced", "BetSettled", "BetRefunded"],
    logs: receipt.logs,
  });
  const ids = events
    .filter(({ address }) => address.toLowerCase() === casino.toLowerCase())
    .map(({ args }) => args.betId);
  return [...new Set(ids)];
}
