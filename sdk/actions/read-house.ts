import type { ContractFunctionReturnType, PublicClient } from "viem";
import { casinoAbi } from "../abis.ts";
import type { Deployment } from "../deployment.ts";

/** The accounting of one asset, `ICasino.Books`; amounts in units. */
export type House = ContractFunctionReturnType<typeof casinoAbi, "view", "houseOf">;

export function readHouse(
  client: PublicClient,
  { deployment, asset }: { deployment: Deployment; asset: number },
): Promise<House> {
  return client.readContract({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "houseOf",
    args: [asset],
  });
}
