import type { Hash } from "viem";
import { sessionsAbi } from "../abis.ts";
import { type Deployment, sessionsOf } from "../deployment.ts";
import { type Call, type Clients, callOf, send } from "./clients.ts";

export type RevokeSessionsParameters = {
  deployment: Deployment;
  lanes: readonly { asset: number; lane: number }[];
};

export function prepareRevokeSessions({ deployment, lanes }: RevokeSessionsParameters): Call {
  return callOf({
    address: sessionsOf(deployment),
    abi: sessionsAbi,
    functionName: "revoke",
    args: [lanes],
  });
}

/** Ends the sessions of these lanes of the wallet's account, and voids grants that were signed and not yet opened. */
export async function revokeSessions(
  clients: Clients,
  parameters: RevokeSessionsParameters,
): Promise<{ hash: Hash }> {
  const { transactionHash } = await send(clients, prepareRevokeSessions(parameters));
  return { hash: transactionHash };
}
