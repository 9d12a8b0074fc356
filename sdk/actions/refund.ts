import type { Hash } from "viem";
import { casinoAbi } from "../abis.ts";
import type { Deployment } from "../deployment.ts";
import { type Call, type Clients, callOf, send } from "./clients.ts";

export type RefundParameters = { deployment: Deployment; betId: bigint };

export function prepareRefund({ deployment, betId }: RefundParameters): Call {
  return callOf({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "refund",
    args: [betId],
  });
}

/** Gives the stake of a void bet back to its player; anyone may. */
export async function refund(
  clients: Clients,
  parameters: RefundParameters,
): Promise<{ hash: Hash }> {
  const { transactionHash } = await send(clients, prepareRefund(parameters));
  return { hash: transactionHash };
}
