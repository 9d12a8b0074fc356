import { type Address, type Hash, erc20Abi, isAddressEqual, zeroAddress } from "viem";
import { casinoAbi } from "../abis.ts";
import { type Deployment, assetOf } from "../deployment.ts";
import { type Call, type Clients, callOf, send } from "./clients.ts";

export type DepositParameters = {
  deployment: Deployment;
  asset: number;
  /** Units. */
  amount: bigint;
  /** Whose balance it becomes. */
  to: Address;
  /** Who shares in the fees of the player's bets, for good: only with the account's first deposit, for itself. */
  affiliate?: Address;
};

/** The deposit's call. A token must have been approved for `amount * unit` before. */
export function prepareDeposit({
  deployment,
  asset,
  amount,
  to,
  affiliate,
}: DepositParameters): Call {
  const { token, unit } = assetOf(deployment, asset);
  const casino = { address: deployment.casino, abi: casinoAbi } as const;
  const coins = token === zeroAddress ? { value: amount * unit } : {};
  if (affiliate === undefined)
    return callOf({ ...casino, functionName: "deposit", args: [asset, amount, to], ...coins });
  return callOf({
    ...casino,
    functionName: "depositReferred",
    args: [asset, amount, affiliate],
    ...coins,
  });
}

/** The call that lets the casino take exactly this deposit of a token. */
export function prepareApproval({
  deployment,
  asset,
  amount,
}: Omit<DepositParameters, "to" | "affiliate">): Call {
  const { token, unit } = assetOf(deployment, asset);
  return callOf({
    address: token,
    abi: erc20Abi,
    functionName: "approve",
    args: [deployment.casino, amount * unit],
  });
}

/**
 * Deposits from the wallet's account, approving a token first where its allowance is too small.
 * With an affiliate, to that account alone.
 */
export async function deposit(
  clients: Clients,
  {
    deployment,
    asset,
    amount,
    to = clients.walletClient.account.address,
    affiliate,
  }: Omit<DepositParameters, "to"> & { to?: Address },
): Promise<{ hash: Hash }> {
  if (affiliate && !isAddressEqual(to, clients.walletClient.account.address))
    throw new Error("An affiliate is bound by a deposit to one's own account only");
  const { token, unit } = assetOf(deployment, asset);
  if (token !== zeroAddress) {
    const allowance = await clients.publicClient.readContract({
      address: token,
      abi: erc20Abi,
      functionName: "allowance",
      args: [clients.walletClient.account.address, deployment.casino],
    });
    if (allowance < amount * unit)
      await send(clients, prepareApproval({ deployment, asset, amount }));
  }
  const { transactionHash } = await send(
    clients,
    prepareDeposit({ deployment, asset, amount, to, ...(affiliate ? { affiliate } : {}) }),
  );
  return { hash: transactionHash };
}
