/** Loaded once a wallet is connected: what it takes to send a transaction and to explain a refusal. */
import type { Client, Hex, TransactionReceipt } from "viem";
import {
  type WaitForTransactionReceiptReturnType,
  estimateContractGas,
  simulateContract,
  waitForTransactionReceipt,
} from "viem/actions";
import type { Config } from "wagmi";
import { getConnection, writeContract } from "wagmi/actions";
import { ROUND_GAS } from "../../sdk/actions/clients.ts";
import type { Asset } from "../../sdk/deployment.ts";
import { decodeError } from "../../sdk/errors.ts";
import { reasonOf } from "../ui/Unknown.tsx";
import type { Call } from "./calls.ts";

/** The transaction was included but failed. */
class TransactionReverted extends Error {
  override readonly name = "TransactionReverted";
}

/** Simulates a call at the node, so that a refusal has a name, then has the wallet send it and waits for its block. */
export async function sendCall({
  config,
  client,
  chainId,
  call,
  onHash,
}: {
  config: Config;
  client: Client;
  chainId: number;
  call: Call;
  onHash(hash: Hex): void;
}): Promise<TransactionReceipt> {
  const { address } = getConnection(config);
  const asPlayer = { ...call, ...(address === undefined ? {} : { account: address }) };
  await simulateContract(client, asPlayer as Parameters<typeof simulateContract>[1]);
  const estimate = await estimateContractGas(
    client,
    asPlayer as Parameters<typeof estimateContractGas>[1],
  );
  const gas = estimate + (call.functionName === "bet" ? ROUND_GAS : 0n);
  const hash = await writeContract(config, { ...call, chainId, gas } as Parameters<
    typeof writeContract
  >[1]);
  onHash(hash);
  const receipt: WaitForTransactionReceiptReturnType = await waitForTransactionReceipt(client, {
    hash,
    pollingInterval: 400,
  });
  if (receipt.status !== "success")
    throw new TransactionReverted(
      "The transaction was included but refused: the state changed in between. Nothing was taken but its gas.",
    );
  return receipt;
}

/** Whether the person, not the contract, said no. */
export function isRejection(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at.name === "UserRejectedRequestError" || ("code" in at && at.code === 4001)) return true;
  }
  return false;
}

/** Revert data or a failure in plain words. */
export function explain(error: unknown, asset: Asset): { name: string; text: string } {
  if (isRejection(error))
    return { name: "Declined", text: "You declined in the wallet. Nothing was sent." };
  const refusal = decodeError(error);
  if (refusal === undefined) return { name: "Unknown", text: reasonOf(error) };
  const { message, hint } = refusal.explain({
    decimals: asset.ledgerDecimals,
    symbol: asset.symbol,
  });
  return { name: refusal.name, text: `${message} ${hint}` };
}
