import type {
  Abi,
  Account,
  Address,
  Chain,
  ContractFunctionParameters,
  Hash,
  PublicClient,
  TransactionReceipt,
  Transport,
  WalletClient,
} from "viem";
import { decodeError } from "../errors.ts";

/** What an action that sends a transaction needs: a client to read and wait with, and a wallet with its account. */
export type Clients = {
  publicClient: PublicClient;
  walletClient: WalletClient<Transport, Chain | undefined, Account>;
};

/** A call ready for `simulateContract`, `writeContract` or wagmi's hooks. */
export type Call = {
  address: Address;
  abi: Abi;
  functionName: string;
  args: readonly unknown[];
  value?: bigint;
};

/** The transaction was included but failed. */
export class TransactionReverted extends Error {
  override readonly name = "TransactionReverted";
  readonly hash: Hash;

  constructor(hash: Hash) {
    super(`The transaction ${hash} was included but reverted`);
    this.hash = hash;
  }
}

/**
 * Simulates a call, sends it and waits for its receipt. `spareGas` goes on top of the node's estimate, for a call that
 * may find more to do when it is included than when it was estimated.
 * Throws the contract's refusal as a `CasinoError` before anything is sent; {@link TransactionReverted} where the
 * state changed in between; viem's own errors for the wallet and the connection.
 */
export async function send(
  { publicClient, walletClient }: Clients,
  call: Call,
  { spareGas = 0n }: { spareGas?: bigint } = {},
): Promise<TransactionReceipt> {
  const { account, chain } = walletClient;
  await refusable(publicClient.simulateContract({ ...call, account }));
  const gas =
    spareGas === 0n
      ? undefined
      : (await refusable(publicClient.estimateContractGas({ ...call, account }))) + spareGas;
  const hash = await walletClient.writeContract({ ...call, account, chain, gas });
  const receipt = await publicClient.waitForTransactionReceipt({ hash });
  if (receipt.status !== "success") throw new TransactionReverted(hash);
  return receipt;
}

/** A bet estimated as one that joins a round, and included a block later, opens a round of its own. */
export const ROUND_GAS = 200_000n;

/** Turns a contract's refusal into its `CasinoError`; everything else passes through. */
export async function refusable<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw decodeError(error) ?? error;
  }
}

/** Keeps the types of a call's ABI while it is written, then forgets them: what the clients take. */
export function callOf<
  const abi extends Abi,
  name extends ContractFunctionParameters<abi, "nonpayable" | "payable">["functionName"],
>(
  call: ContractFunctionParameters<abi, "nonpayable" | "payable", name> & { value?: bigint },
): Call {
  return call as Call;
}
