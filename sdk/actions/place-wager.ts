import type { Hash } from "viem";
import { casinoAbi } from "../abis.ts";
import { type Call, type Clients, callOf } from "./clients.ts";
import { type PlaceBetParameters, placeBy, preparePlace } from "./place-bet.ts";

export type WagerParameters = PlaceBetParameters & {
  /** 1 to 1,000, 1 by default; each has the stake. */
  rounds?: number;
  /** Units of net win that end the bet after the round that reaches them; 0, the default, is off. */
  stopGain?: bigint;
  /** Units of net loss that end the bet after the round that reaches them; 0, the default, is off. */
  stopLoss?: bigint;
};

/** `ICasino.Wager`. */
export function wagerOf({
  asset,
  lane,
  game,
  stake,
  choice,
  rounds = 1,
  stopGain = 0n,
  stopLoss = 0n,
}: WagerParameters) {
  return { asset, lane, game, stake, choice, rounds: BigInt(rounds), stopGain, stopLoss };
}

/** The call of a bet of one or several rounds: `bet` where that says it all, `placeWager` otherwise. */
export function prepareWager(parameters: WagerParameters): Call {
  const wager = wagerOf(parameters);
  if (wager.rounds === 1n) return preparePlace(parameters);
  return callOf({
    address: parameters.deployment.casino,
    abi: casinoAbi,
    functionName: "placeWager",
    args: [wager],
  });
}

/** Places a bet of one or several rounds of the wallet's account and waits until it is in a block. */
export function placeWager(
  clients: Clients,
  parameters: WagerParameters,
): Promise<{ hash: Hash; betId: bigint }> {
  return placeBy(clients, prepareWager(parameters), parameters.deployment);
}
