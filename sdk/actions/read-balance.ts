import type { Address, PublicClient } from "viem";
import { casinoAbi } from "../abis.ts";
import type { Deployment } from "../deployment.ts";

/** A player's free balance in units; stakes of open bets are not in it. */
export function readBalance(
  client: PublicClient,
  { deployment, player, asset }: { deployment: Deployment; player: Address; asset: number },
): Promise<bigint> {
  return client.readContract({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "balanceOf",
    args: [player, asset],
  });
}
