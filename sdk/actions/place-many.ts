import { type Address, type Hash, type Hex, parseEventLogs } from "viem";
import { casinoAbi } from "../abis.ts";
import type { Deployment } from "../deployment.ts";
import { type CasinoError, decodeError } from "../errors.ts";
import type { SignedOrder } from "../orders.ts";
import { type Call, type Clients, ROUND_GAS, callOf, send } from "./clients.ts";
import { placedIn } from "./place-bet.ts";

export type PlaceManyParameters = {
  deployment: Deployment;
  /** At most 256, of any players. */
  orders: readonly SignedOrder[];
  /** Whose balance gets the fees that the orders name. */
  feeTo: Address;
};

/** An order that was not carried out. */
export type Skipped = {
  player: Address;
  /** The id that the bet would have had. */
  betId: bigint;
  /** Nothing where the reason is not one of the contracts' errors. */
  refusal: CasinoError | undefined;
  /** Revert data. */
  reason: Hex;
};

export function prepareMany({ deployment, orders, feeTo }: PlaceManyParameters): Call {
  return callOf({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "placeMany",
    args: [orders, feeTo],
  });
}

/** Carries out signed orders in one transaction; tells the bets placed, and of the other orders why not. */
export async function placeMany(
  clients: Clients,
  parameters: PlaceManyParameters,
): Promise<{ hash: Hash; placed: bigint[]; skipped: Skipped[] }> {
  const receipt = await send(clients, prepareMany(parameters), { spareGas: ROUND_GAS });
  const skipped = parseEventLogs({
    abi: casinoAbi,
    eventName: "OrderSkipped",
    logs: receipt.logs,
  }).map(({ args: { player, betId, reason } }) => ({
    player,
    betId,
    refusal: decodeError(reason),
    reason,
  }));
  return {
    hash: receipt.transactionHash,
    placed: placedIn(receipt, parameters.deployment),
    skipped,
  };
}
