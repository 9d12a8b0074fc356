import type { Address, Hash } from "viem";
import { casinoAbi } from "../abis.ts";
import type { Deployment } from "../deployment.ts";
import { type Call, type Clients, callOf, send } from "./clients.ts";

export type ClaimReferralParameters = { deployment: Deployment; player: Address; asset: number };

export function prepareClaimReferral({ deployment, player, asset }: ClaimReferralParameters): Call {
  return callOf({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "claimReferral",
    args: [player, asset],
  });
}

/** Moves what a referred player's bets accrued to the affiliate's balance; anyone may. */
export async function claimReferral(
  clients: Clients,
  parameters: ClaimReferralParameters,
): Promise<{ hash: Hash }> {
  const { transactionHash } = await send(clients, prepareClaimReferral(parameters));
  return { hash: transactionHash };
}
