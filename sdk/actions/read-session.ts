import { type Address, type PublicClient, isAddressEqual, zeroAddress } from "viem";
import { sessionsAbi } from "../abis.ts";
import { type Deployment, sessionsOf } from "../deployment.ts";
import type { SessionTerms } from "../sessions.ts";

/** The session of a lane, if there is one, and the nonce that the next grant must name. */
export async function readSession(
  client: PublicClient,
  {
    deployment,
    player,
    asset,
    lane,
  }: { deployment: Deployment; player: Address; asset: number; lane: number },
): Promise<{ session: SessionTerms | undefined; nonce: bigint }> {
  const [terms, nonce] = await client.readContract({
    address: sessionsOf(deployment),
    abi: sessionsAbi,
    functionName: "sessionOf",
    args: [player, asset, lane],
  });
  return { session: isAddressEqual(terms.key, zeroAddress) ? undefined : terms, nonce };
}
