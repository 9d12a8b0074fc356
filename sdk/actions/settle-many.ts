import { type Hash, parseEventLogs } from "viem";
import { casinoAbi } from "../abis.ts";
import type { Deployment } from "../deployment.ts";
import { type Call, type Clients, callOf, send } from "./clients.ts";

export type SettleManyParameters = { deployment: Deployment; betIds: readonly bigint[] };

export function prepareSettleMany({ deployment, betIds }: SettleManyParameters): Call {
  return callOf({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "settleMany",
    args: [betIds],
  });
}

/** Settles or refunds each bet that can be; those that cannot be yet, or no longer, are skipped. */
export async function settleMany(
  clients: Clients,
  parameters: SettleManyParameters,
): Promise<{ hash: Hash; settled: bigint[]; refunded: bigint[] }> {
  const receipt = await send(clients, prepareSettleMany(parameters));
  const ended = parseEventLogs({
    abi: casinoAbi,
    eventName: ["BetSettled", "BetRefunded"],
    logs: receipt.logs,
  });
  const idsOf = (name: string) =>
    ended.filter(({ eventName }) => eventName === name).map(({ args }) => args.betId);
  return {
    hash: receipt.transactionHash,
    settled: idsOf("BetSettled"),
    refunded: idsOf("BetRefunded"),
  };
}
