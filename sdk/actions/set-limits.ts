import type { Hash } from "viem";
import { limitsAbi } from "../abis.ts";
import { type Deployment, limitsOf } from "../deployment.ts";
import { type Call, type Clients, callOf, send } from "./clients.ts";

/** One amount for each window of time, units; 0 is no limit. */
export type Windows = { day: bigint; week: bigint; month: bigint };

/** All that a player can limit in one asset, `ILimits.Terms`. */
export type LimitTerms = {
  stakes: Windows;
  losses: Windows;
  deposits: Windows;
  /** The least number of seconds between two bets; 0 is none. */
  pauseSeconds: bigint;
};

export type SetLimitsParameters = { deployment: Deployment; asset: number; terms: LimitTerms };

export function prepareSetLimits({ deployment, asset, terms }: SetLimitsParameters): Call {
  return callOf({
    address: limitsOf(deployment),
    abi: limitsAbi,
    functionName: "setLimits",
    args: [asset, terms],
  });
}

/** Sets the account's own limits: what is tighter holds at once, what is looser a day later. */
export async function setLimits(
  clients: Clients,
  parameters: SetLimitsParameters,
): Promise<{ hash: Hash }> {
  const { transactionHash } = await send(clients, prepareSetLimits(parameters));
  return { hash: transactionHash };
}
