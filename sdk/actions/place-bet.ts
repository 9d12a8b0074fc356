import { type Hash, type Hex, type TransactionReceipt, isAddressEqual, parseEventLogs } from "viem";
import { casinoAbi } from "../abis.ts";
import type { Deployment } from "../deployment.ts";
import { type Call, type Clients, ROUND_GAS, callOf, send } from "./clients.ts";

export type PlaceBetParameters = {
  deployment: Deployment;
  asset: number;
  /** Which of the player's lanes; an open bet blocks its lane until its word is in. */
  lane: number;
  game: number;
  /** Units. */
  stake: bigint;
  /** 16 bytes: what the game's `encode` gives. */
  choice: Hex;
};

/** The call of a bet of one round; the cheapest way to place one. */
export function preparePlace({
  deployment,
  asset,
  lane,
  game,
  stake,
  choice,
}: PlaceBetParameters): Call {
  return callOf({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "bet",
    args: [asset, lane, game, stake, choice],
  });
}

/** Places a bet of the wallet's account and waits until it is in a block. */
export function placeBet(
  clients: Clients,
  parameters: PlaceBetParameters,
): Promise<{ hash: Hash; betId: bigint }> {
  return placeBy(clients, preparePlace(parameters), parameters.deployment);
}

/** Sends a call that places one bet. */
export async function placeBy(
  clients: Clients,
  call: Call,
  deployment: Deployment,
): Promise<{ hash: Hash; betId: bigint }> {
  const receipt = await send(clients, call, { spareGas: ROUND_GAS });
  const [betId] = placedIn(receipt, deployment);
  if (betId === undefined) throw new Error(`${receipt.transactionHash} tells of no bet`);
  return { hash: receipt.transactionHash, betId };
}

/** The ids of the bets that a transaction placed. */
export function placedIn(receipt: TransactionReceipt, { casino }: Deployment): bigint[] {
  return parseEventLogs({ abi: casinoAbi, eventName: "BetPlaced", logs: receipt.logs })
    .filter(({ address }) => isAddressEqual(address, casino))
    .map(({ args }) => args.betId);
}
