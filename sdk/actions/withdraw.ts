import type { Address, Hash } from "viem";
import { casinoAbi } from "../abis.ts";
import type { Deployment } from "../deployment.ts";
import { type Call, type Clients, callOf, send } from "./clients.ts";

export type WithdrawParameters = {
  deployment: Deployment;
  asset: number;
  /** Units. */
  amount: bigint;
  /** Who gets the tokens. */
  to: Address;
};

export function prepareWithdraw({ deployment, asset, amount, to }: WithdrawParameters): Call {
  return callOf({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "withdraw",
    args: [asset, amount, to],
  });
}

/** Withdraws from the balance of the wallet's account, to that account unless told otherwise. */
export async function withdraw(
  clients: Clients,
  {
    to = clients.walletClient.account.address,
    ...rest
  }: Omit<WithdrawParameters, "to"> & { to?: Address },
): Promise<{ hash: Hash }> {
  const { transactionHash } = await send(clients, prepareWithdraw({ ...rest, to }));
  return { hash: transactionHash };
}
