import type { Address, ContractFunctionReturnType, PublicClient } from "viem";
import { casinoAbi } from "../abis.ts";
import { refusable } from "./clients.ts";
import type { PlaceBetParameters } from "./place-bet.ts";

/** What a bet would be placed with, `ICasino.Quote`; amounts in units. */
export type Quote = ContractFunctionReturnType<typeof casinoAbi, "view", "quote">;

/** What the bet would be placed with now. Throws as a `CasinoError` what `place` would revert with. */
export function readQuote(
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
): Promise<Quote> {
  return refusable(
    client.readContract({
      address: deployment.casino,
      abi: casinoAbi,
      functionName: "quote",
      args: [player, asset, lane, game, stake, choice],
    }),
  );
}
