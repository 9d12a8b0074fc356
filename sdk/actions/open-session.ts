import type { Address, Hash, Hex } from "viem";
import { sessionsAbi } from "../abis.ts";
import { type Deployment, sessionsOf } from "../deployment.ts";
import type { SessionTerms } from "../sessions.ts";
import { type Call, type Clients, callOf, send } from "./clients.ts";

export type OpenSessionParameters = {
  deployment: Deployment;
  player: Address;
  terms: SessionTerms;
  /** What `signGrant` gives; empty, the default, where the player's own account sends it. */
  signature?: Hex;
};

export function prepareOpenSession({
  deployment,
  player,
  terms,
  signature = "0x",
}: OpenSessionParameters): Call {
  return callOf({
    address: sessionsOf(deployment),
    abi: sessionsAbi,
    functionName: "open",
    args: [player, terms, signature],
  });
}

/** Lets a key sign the orders of one lane; the wallet's account is the player, or carries the player's signature. */
export async function openSession(
  clients: Clients,
  parameters: OpenSessionParameters,
): Promise<{ hash: Hash }> {
  const { transactionHash } = await send(clients, prepareOpenSession(parameters));
  return { hash: transactionHash };
}
