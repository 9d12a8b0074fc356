import { type Hash, parseEventLogs } from "viem";
import { casinoAbi } from "../abis.ts";
import type { Deployment } from "../deployment.ts";
import { type Call, type Clients, callOf, send } from "./clients.ts";

export type SettleParameters = { deployment: Deployment; betId: bigint };

export function prepareSettle({ deployment, betId }: SettleParameters): Call {
  return callOf({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "settle",
    args: [betId],
  });
}

/** Settles a bet whose word is in; anyone may. `payout` is in units; nothing where the game failed and refunded. */
export async function settle(
  clients: Clients,
  parameters: SettleParameters,
): Promise<{ hash: Hash; payout: bigint | undefined }> {
  const receipt = await send(clients, prepareSettle(parameters));
  const settled = parseEventLogs({ abi: casinoAbi, eventName: "BetSettled", logs: receipt.logs });
  const payout = settled.find(({ args }) => args.betId === parameters.betId)?.args.payout;
  return { hash: receipt.transactionHash, payout };
}
