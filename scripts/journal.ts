import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import {
  type Account,
  type Address,
  type ContractFunctionParameters,
  type DeployContractParameters,
  type Abi,
  type Hash,
  type Hex,
  type PublicClient,
  type TransactionReceipt,
  TransactionNotFoundError,
  TransactionReceiptNotFoundError,
  encodeDeployData,
  encodeFunctionData,
  getAddress,
  keccak256,
  stringToHex,
} from "viem";
import { CommandError } from "./command-error.ts";
import { type Wallet } from "./connection.ts";

/** One transaction, signed and written down before it was sent. */
type Entry = {
  hash: Hash;
  /** Exactly what was signed, so that it can be sent again but never twice. */
  raw: Hex;
  nonce: number;
  /** Of recipient, data and value: tells whether a restart wants the same thing. */
  digest: Hash;
};

type Contents = { chainId: number; genesis: Hash; deployer: Address; steps: Record<string, Entry> };

type Transaction = { to?: Address; data?: Hex; value?: bigint };

/**
 * Transactions that survive the process that sends them. Each has a name; the one signed under a name is written to
 * a file before it is sent, so that a restart finds it on chain, waits for it, or sends the same one again.
 */
export class Journal {
  readonly #path: string;
  readonly #client: PublicClient;
  readonly #wallet: Wallet;
  readonly #onStep: StepListener;
  readonly #contents: Contents;

  private constructor(options: JournalOptions, contents: Contents) {
    this.#path = options.path;
    this.#client = options.publicClient;
    this.#wallet = options.walletClient;
    this.#onStep = options.onStep ?? (() => {});
    this.#contents = contents;
  }

  /** Opens the journal of this chain and deployer; one of an earlier chain of the same number is begun anew. */
  static async open(options: JournalOptions): Promise<Journal> {
    const { path, publicClient, walletClient } = options;
    const [chainId, block] = await Promise.all([
      publicClient.getChainId(),
      publicClient.getBlock({ blockNumber: 0n }),
    ]);
    const fresh: Contents = {
      chainId,
      genesis: block.hash,
      deployer: walletClient.account.address,
      steps: {},
    };
    if (!existsSync(path)) return new Journal(options, fresh);

    const found = JSON.parse(readFileSync(path, "utf8")) as Contents;
    if (found.chainId !== chainId || found.genesis !== fresh.genesis)
      return new Journal(options, fresh);
    if (found.deployer !== fresh.deployer) {
      throw new CommandError(
        `${found.deployer} began this deployment, not ${fresh.deployer}.`,
        `continue with its key, or delete ${path} to begin anew`,
      );
    }
    return new Journal(options, found);
  }

  /** How many transactions are written down. */
  get length(): number {
    return Object.keys(this.#contents.steps).length;
  }

  /** Sends a transaction once, whatever happens in between, and gives its receipt. */
  async transact(name: string, transaction: Transaction): Promise<TransactionReceipt> {
    const digest = keccak256(
      stringToHex(`${transaction.to} ${transaction.data} ${transaction.value ?? 0n}`),
    );
    const known = this.#contents.steps[name];
    if (known && known.digest !== digest) {
      throw new CommandError(
        `The step "${name}" was begun with other contracts or options.`,
        `go back to those, or delete ${this.#path} to deploy anew`,
      );
    }

    const settled = known && (await this.#resume(known));
    await this.#onStep(name, settled !== undefined);
    const receipt = settled ?? (await this.#send(name, transaction, digest));
    if (receipt.status !== "success") {
      delete this.#contents.steps[name];
      this.#save();
      throw new CommandError(
        `The step "${name}" reverted in ${receipt.transactionHash}.`,
        "run the command again",
      );
    }
    return receipt;
  }

  /** As `transact`, for a contract; checks that its code is there. */
  async deploy(
    name: string,
    parameters: { abi: Abi; bytecode: Hex; args?: readonly unknown[] },
  ): Promise<{ address: Address; blockNumber: bigint }> {
    const receipt = await this.transact(name, {
      data: encodeDeployData(parameters as Parameters<typeof encodeDeployData>[0]),
    });
    const address = receipt.contractAddress;
    if (!address || !(await this.#client.getCode({ address }))) {
      throw new CommandError(
        `The step "${name}" left no contract.`,
        `delete ${this.#path} and deploy anew`,
      );
    }
    return { address: getAddress(address), blockNumber: receipt.blockNumber };
  }

  /** As `transact`, for a function. */
  call<
    const abi extends Abi,
    functionName extends ContractFunctionParameters<abi, "nonpayable" | "payable">["functionName"],
  >(
    name: string,
    {
      address,
      value,
      ...call
    }: ContractFunctionParameters<abi, "nonpayable" | "payable", functionName> & { value?: bigint },
  ): Promise<TransactionReceipt> {
    const data = encodeFunctionData(call as Parameters<typeof encodeFunctionData>[0]);
    return this.transact(name, { to: address, data, ...(value === undefined ? {} : { value }) });
  }

  /** A wallet whose transactions, in the order in which they are sent, are the steps `prefix 1`, `prefix 2` and so on. */
  walletFor(prefix: string): Wallet {
    let count = 0;
    const next = () => `${prefix} ${++count}`;
    const sent = async (name: string, transaction: Transaction) =>
      (await this.transact(name, transaction)).transactionHash;
    return {
      ...this.#wallet,
      deployContract: (parameters: DeployContractParameters) =>
        sent(next(), {
          data: encodeDeployData(parameters as Parameters<typeof encodeDeployData>[0]),
        }),
      writeContract: (call: ContractFunctionParameters & { value?: bigint }) =>
        sent(next(), {
          to: call.address,
          data: encodeFunctionData(call as Parameters<typeof encodeFunctionData>[0]),
          ...(call.value === undefined ? {} : { value: call.value }),
        }),
    } as Wallet;
  }

  /** The receipt of a transaction written down earlier; nothing where it can never be included any more. */
  async #resume({ hash, nonce, raw }: Entry): Promise<TransactionReceipt | undefined> {
    const receipt = await absentAs(this.#client.getTransactionReceipt({ hash }));
    // One that reverted is tried again with a fresh one.
    if (receipt) return receipt.status === "success" ? receipt : undefined;

    const pending = await absentAs(this.#client.getTransaction({ hash }));
    if (!pending) {
      const used = await this.#client.getTransactionCount({ address: this.#account.address });
      if (used > nonce) return undefined;
      await this.#client.sendRawTransaction({ serializedTransaction: raw });
    }
    return this.#client.waitForTransactionReceipt({ hash });
  }

  async #send(name: string, transaction: Transaction, digest: Hash): Promise<TransactionReceipt> {
    const account = this.#account;
    const request = await this.#wallet.prepareTransactionRequest({ ...transaction, account });
    const raw = await this.#wallet.signTransaction(
      request as Parameters<Wallet["signTransaction"]>[0],
    );
    const hash = keccak256(raw);
    this.#contents.steps[name] = { hash, raw, nonce: request.nonce, digest };
    this.#save();
    await this.#client.sendRawTransaction({ serializedTransaction: raw });
    return this.#client.waitForTransactionReceipt({ hash });
  }

  get #account(): Account {
    return this.#wallet.account;
  }

  #save(): void {
    writeAtomically(this.#path, `${JSON.stringify(this.#contents, null, 2)}\n`);
  }
}

/** Told before each step, and whether an earlier run did it. */
export type StepListener = (name: string, resumed: boolean) => void | Promise<void>;

export type JournalOptions = {
  path: string;
  publicClient: PublicClient;
  /** With an account that signs by itself. */
  walletClient: Wallet;
  onStep?: StepListener;
};

/** Writes a file so that a reader, or a crash, sees the old or the new one and nothing between. */
export function writeAtomically(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

async function absentAs<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (
      error instanceof TransactionReceiptNotFoundError ||
      error instanceof TransactionNotFoundError
    )
      return undefined;
    throw error;
  }
}
