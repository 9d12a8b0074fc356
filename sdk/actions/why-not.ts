import type { Address, PublicClient } from "viem";
import type { CasinoError } from "../errors.ts";
import type { WagerParameters } from "./place-wager.ts";
import { rehearse } from "./rehearse.ts";

/** Why placing the bet would be refused now; nothing if it would not. */
export async function whyNot(
  client: PublicClient,
  parameters: WagerParameters & { player: Address },
): Promise<CasinoError | undefined> {
  const answer = await rehearse(client, parameters);
  return "refusal" in answer ? answer.refusal : undefined;
}
