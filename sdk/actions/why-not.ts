import type { Address, PublicClient } from "viem";
import { casinoAbi } from "../abis.ts";
import { type CasinoError, decodeError } from "../errors.ts";
import type { PlaceBetParameters } from "./place-bet.ts";

/** Why `place` would be refused now; nothing if it would not. */
export async function whyNot(
  client: PublicClient,
  {
    deployment,
    player,
    asset,
    lane,
    game,
    stake,
    choice,
  }: PlaceBetParameters & { player: Address },
): Promise<CasinoError | undefined> {
  const reason = await client.readContract({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "whyNot",
    args: [player, asset, lane, game, stake, choice],
  });
  if (reason === "0x") return undefined;

  const refusal = decodeError(reason);
  if (!refusal)
    throw new Error(
      `The casino refuses the bet for a reason that this SDK does not know: ${reason}`,
    );
  return refusal;
}
