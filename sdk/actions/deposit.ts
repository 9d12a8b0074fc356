import { type Address, type Hash, erc20Abi, zeroAddress } from "viem";
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
};

/** The deposit's call. A token must have been approved for `amount * unit` before. */
export function prepareDeposit({ deployment, asset, amount, to }: DepositParameters): Call {
  const { token, unit } = assetOf(deployment, asset);
  return callOf({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "deposit",
    args: [asset, amount, to],
    ...(token === zeroAddress ? { value: amount * unit } : {}),
  });
}

/** The call that lets the casino take exactly this deposit of a token. */
export function prepareApproval({
  deployment,
  asset,
  amount,
}: Omit<DepositParameters, "to">): Call {
  const { token, unit } = assetOf(deployment, asset);
  return callOf({
    address: token,
    abi: erc20Abi,
    functionName: "approve",
    args: [deployment.casino, amount * unit],
  });
}

/** Deposits from the wallet's account, approving a token first where its allowance is too small. */
export async function deposit(
  clients: Clients,
  {
    deployment,
    asset,
    amount,
    to = clients.walletClient.account.address,
  }: Omit<DepositParameters, "to"> & { to?: Address },
): Promise<{ hash: Hash }> {
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
    prepareDeposit({ deployment, asset, amount, to }),
  );
  return { hash: transactionHash };
}
