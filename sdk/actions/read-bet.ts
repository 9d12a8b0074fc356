import type { Address, Hex, PublicClient } from "viem";
import { casinoAbi } from "../abis.ts";
import type { Deployment } from "../deployment.ts";
import { unpackBetId } from "../layout.ts";
import { type Round, readRound } from "./read-round.ts";

/** An open bet as the casino stores it. */
export type OpenBet = {
  betId: bigint;
  player: Address;
  asset: number;
  lane: number;
  sequence: bigint;
  game: number;
  /** Of one round, units. */
  stake: bigint;
  choice: Hex;
  rounds: bigint;
  /** Units; 0 is off. */
  stopGain: bigint;
  /** Units; 0 is off. */
  stopLoss: bigint;
  /** Units that the house reserved beyond the stakes. */
  reserve: bigint;
  /** 1e-5 of the stakes. */
  feeRate: bigint;
  slot: bigint;
  round: Round;
};

/** A bet that is still open, with its round; nothing where it ended or never was: its events tell the rest. */
export async function readBet(
  client: PublicClient,
  { deployment, betId }: { deployment: Deployment; betId: bigint },
): Promise<OpenBet | undefined> {
  const { open, ...bet } = await client.readContract({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "betOf",
    args: [betId],
  });
  if (!open || bet.sequence !== unpackBetId(betId).sequence) return undefined;
  return { ...bet, betId, round: await readRound(client, { deployment, slot: bet.slot }) };
}
