import type { Hash } from "viem";
import { limitsAbi } from "../abis.ts";
import { type Deployment, limitsOf } from "../deployment.ts";
import { type Call, type Clients, callOf, send } from "./clients.ts";

export type ExcludeParameters = {
  deployment: Deployment;
  /** A cool-off lasts a day to six weeks, a self-exclusion six months to five years. */
  kind: "cool-off" | "self-exclusion";
  seconds: bigint;
};

export function prepareExclude({ deployment, kind, seconds }: ExcludeParameters): Call {
  return callOf({
    address: limitsOf(deployment),
    abi: limitsAbi,
    functionName: kind === "cool-off" ? "coolOff" : "selfExclude",
    args: [seconds],
  });
}

/** Shuts the wallet's account out of betting and depositing for a time that nobody can shorten. */
export async function exclude(
  clients: Clients,
  parameters: ExcludeParameters,
): Promise<{ hash: Hash }> {
  const { transactionHash } = await send(clients, prepareExclude(parameters));
  return { hash: transactionHash };
}
