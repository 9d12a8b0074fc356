import { type Address, type PublicClient, encodeFunctionData } from "viem";
import { casinoAbi } from "../abis.ts";
import { type CasinoError, Rehearsed, decodeError } from "../errors.ts";
import { type WagerParameters, wagerOf } from "./place-wager.ts";

/** What a bet would be placed with; amounts in units. */
export type Quote = {
  /** The most that all its rounds together are paid, the stakes included. */
  maxPayout: bigint;
  /** What the house would reserve beyond the stakes. */
  reserve: bigint;
  /** The operator's fee, 1e-5 of the stakes. */
  feeRate: bigint;
  /** The largest stake of one round that the house takes on this choice now. */
  maxStake: bigint;
};

/** Has the casino place the bet and take all of it back; throws what is neither of its two answers. */
export async function rehearse(
  client: PublicClient,
  { player, ...wager }: WagerParameters & { player: Address },
): Promise<{ quote: Quote } | { refusal: CasinoError }> {
  const data = encodeFunctionData({
    abi: casinoAbi,
    functionName: "rehearse",
    args: [player, wagerOf(wager)],
  });
  try {
    await client.call({ to: wager.deployment.casino, data });
  } catch (error) {
    const answer = decodeError(error);
    if (answer instanceof Rehearsed) return { quote: answer.args };
    if (answer) return { refusal: answer };
    throw error;
  }
  throw new Error(`${wager.deployment.casino} does not rehearse bets`);
}
