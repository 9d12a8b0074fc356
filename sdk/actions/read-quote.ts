import type { Address, PublicClient } from "viem";
import type { WagerParameters } from "./place-wager.ts";
import { type Quote, rehearse } from "./rehearse.ts";

export type { Quote } from "./rehearse.ts";

/** What the bet would be placed with now. Throws as a `CasinoError` what placing it would revert with. */
export async function readQuote(
  client: PublicClient,
  parameters: WagerParameters & { player: Address },
): Promise<Quote> {
  const answer = await rehearse(client, parameters);
  if ("refusal" in answer) throw answer.refusal;
  return answer.quote;
}
