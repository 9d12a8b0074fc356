import {
  BaseError,
  ContractFunctionRevertedError,
  HttpRequestError,
  SocketClosedError,
  TimeoutError,
  TransactionNotFoundError,
  TransactionReceiptNotFoundError,
  WebSocketRequestError,
  type Account,
  type Address,
  type Chain,
  type Hash,
  type Hex,
  type PublicClient,
  type Transport,
  type WalletClient,
} from "viem";
import {
  coordinatorAbi,
  encodeFulfilment,
  keyHashOf,
  prove,
  publicKeyOf,
  type Proof,
  type RequestCommitment,
} from "../sdk/vrf.ts";

export type OracleOptions = {
  publicClient: PublicClient;
  walletClient: WalletClient<Transport, Chain, Account>;
  coordinator: Address;
  secretKey: Hex;
  /** Ends the oracle; what it has sent stays sent. */
  signal: AbortSignal;
  log: (sentence: string) => void;
  /** The block of the coordinator's deployment, or any before the first request that matters. */
  fromBlock?: bigint;
  pollMs?: number;
  /** A transaction that is not mined for so long is sent anew. */
  lostAfterMs?: number;
};

/** What a transaction may pay a unit of gas, none of it above what the key's lane allows. */
type Fees = { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint; laneMax: bigint };

/** A transaction that is on its way. */
type Sent = { hash: Hash; nonce: number; fees: Fees; at: number };

/** A request that nobody has fulfilled yet, as far as the events read tell. */
type Job = {
  requestId: bigint;
  preSeed: bigint;
  confirmations: bigint;
  commitment: RequestCommitment;
  proof?: Proof;
  sent?: Sent;
  /** A transaction that waits too long in the node's pool, to be replaced. */
  stuck?: Sent;
  notBefore: number;
  failures: number;
};

const LOCAL_CHAIN_ID = 31337;
const LOG_RANGE = 2_000n;
/** A block can read the hashes of this many blocks before it. */
const BLOCK_HASHES = 256n;
const MAX_PAUSE_MS = 30_000;

/**
 * Answers the coordinator's requests for words under our key, until the signal aborts.
 *
 * The chain is its only memory. At each start it reads the requests and fulfilments since `fromBlock`, so it neither
 * loses a request nor repeats a fulfilment, and several may run at once: the slower one finds the request gone. It
 * resolves when aborted; no failure of a request, a transaction or the endpoint ends it.
 */
export async function runOracle({
  publicClient,
  walletClient,
  coordinator,
  secretKey,
  signal,
  log,
  fromBlock = 0n,
  pollMs = 500,
  lostAfterMs = 15_000,
}: OracleOptions): Promise<void> {
  const keyHash = keyHashOf(publicKeyOf(secretKey));
  const jobs = new Map<bigint, Job>();
  const contract = { address: coordinator, abi: coordinatorAbi } as const;

  let nextBlock = fromBlock;
  let head = -1n;
  let headSince = Date.now();
  const said = new Set<string>();

  for (let failures = 0; !signal.aborted;) {
    try {
      await round();
      if (failures > 0) log("It works again.");
      failures = 0;
    } catch (error) {
      const what = isConnectionError(error) ? "The chain does not answer" : "The oracle is held up";
      if (failures === 0) log(`${what}: ${reasonOf(error)} Trying again until it works.`);
      failures += 1;
    }
    await sleep(Math.min(pollMs * 2 ** failures, MAX_PAUSE_MS), signal);
  }

  async function round(): Promise<void> {
    const latest = await publicClient.getBlockNumber({ cacheTime: 0 });
    if (latest !== head) headSince = Date.now();
    head = latest;

    await readEvents();
    dropExpired();
    await followSent();
    await fulfilDue();
  }

  /** Brings `jobs` up to `head`. */
  async function readEvents(): Promise<void> {
    if (head + 1n < nextBlock) {
      log(`The chain went back to block ${head}. Reading it anew.`);
      jobs.clear();
      nextBlock = fromBlock;
    }

    while (nextBlock <= head && !signal.aborted) {
      const toBlock = nextBlock + LOG_RANGE - 1n < head ? nextBlock + LOG_RANGE - 1n : head;
      const logs = await publicClient.getLogs({
        address: coordinator,
        events: EVENTS,
        fromBlock: nextBlock,
        toBlock,
        strict: true,
      });
      for (const { eventName, args, blockNumber, transactionHash } of logs) {
        if (eventName === "RandomWordsRequested") {
          if (args.keyHash !== keyHash) continue;
          const { requestId, preSeed } = args;
          const confirmations = BigInt(args.minimumRequestConfirmations);
          const commitment = { ...args, blockNum: blockNumber };
          const job = { requestId, preSeed, confirmations, commitment };
          jobs.set(requestId, { ...job, notBefore: 0, failures: 0 });
        } else if (eventName === "RandomWordsFulfilled") {
          const ours = jobs.get(args.requestId)?.sent?.hash === transactionHash;
          const outcome = args.success ? "" : ", but the consumer's callback failed";
          if (ours) {
            log(`Fulfilled ${nameOf(args)} in block ${blockNumber}${outcome}.`);
            said.clear();
          }
          jobs.delete(args.requestId);
        }
      }
      nextBlock = toBlock + 1n;
    }
  }

  /** Leaves what the coordinator can't check any more: in block head + 1 the hash of the request's block is gone. */
  function dropExpired(): void {
    const expired = [...jobs.values()].filter(
      ({ commitment }) => head + 1n - commitment.blockNum > BLOCK_HASHES,
    );
    for (const { requestId } of expired) jobs.delete(requestId);

    const [first] = expired;
    if (first === undefined) return;
    const others = expired.length > 1 ? ` and ${expired.length - 1} more` : "";
    log(`The ${nameOf(first)}${others} waited over 256 blocks: too old, left to be voided.`);
  }

  /** Finds out what became of the transactions sent; a success shows as an event. */
  async function followSent(): Promise<void> {
    for (const job of jobs.values()) {
      const { sent } = job;
      if (sent === undefined) continue;

      const asked = publicClient.getTransactionReceipt({ hash: sent.hash });
      const receipt = await orUndefined(asked, TransactionReceiptNotFoundError);
      if (receipt?.status === "reverted") {
        delete job.sent;
        postpone(job, `Transaction ${sent.hash} for ${nameOf(job)} reverted.`);
      } else if (receipt === undefined && Date.now() - sent.at > lostAfterMs) {
        const lookup = publicClient.getTransaction({ hash: sent.hash });
        const known = await orUndefined(lookup, TransactionNotFoundError);
        delete job.sent;
        if (known) job.stuck = sent;
        log(
          `Transaction ${sent.hash} ${known ? "is stuck" : "was dropped"}. Sending ${nameOf(job)} anew.`,
        );
      }
    }
  }

  async function fulfilDue(): Promise<void> {
    const due = [...jobs.values()].filter(
      (job) => !job.sent && job.notBefore <= Date.now() && isConfirmed(job),
    );
    if (due.length === 0) return;

    const fees = await feesWithinLane();
    if (fees === undefined) return;
    const { address } = walletClient.account;
    const mined = await publicClient.getTransactionCount({ address });
    const pending = await publicClient.getTransactionCount({ address, blockTag: "pending" });
    const taken = new Set([...jobs.values()].map(({ sent }) => sent?.nonce));

    for (const job of due) {
      if (signal.aborted) return;
      try {
        if (!(await isOutstanding(job))) continue;
        const refusal = await refusalOf(job, fees);
        if (refusal !== undefined) {
          postpone(job, refusal);
          continue;
        }
        const { stuck } = job;
        if (stuck && mined <= stuck.nonce && stuck.nonce < pending) {
          await send(job, stuck.nonce, raised(stuck.fees, fees));
        } else {
          // The lowest free nonce also fills the gap that a dropped transaction left.
          let nonce = pending;
          while (taken.has(nonce)) nonce += 1;
          await send(job, nonce, fees);
          taken.add(nonce);
        }
      } catch (error) {
        if (isConnectionError(error)) throw error;
        postpone(job, `The ${nameOf(job)} could not be sent: ${reasonOf(error)}`);
        // The nonces may have moved: the others wait for the next round, which asks for them again.
        return;
      }
    }
  }

  /**
   * A proof needs the hash of the request's block, which only a later block can read. A local chain that mines on
   * demand may never make one by itself; there the fulfilment itself, sent blindly, is the later block.
   */
  function isConfirmed({ commitment, confirmations }: Job): boolean {
    const wanted = confirmations > 1n ? confirmations : 1n;
    const idle = walletClient.chain.id === LOCAL_CHAIN_ID && Date.now() - headSince > pollMs * 4;
    return head >= commitment.blockNum + wanted || idle;
  }

  async function isOutstanding({ requestId }: Job): Promise<boolean> {
    const call = { functionName: "s_requestCommitments", args: [requestId] } as const;
    return BigInt(await publicClient.readContract({ ...contract, ...call })) !== 0n;
  }

  /** Proves, and asks the coordinator whether it would accept: a refused proof must not become public. */
  async function refusalOf(job: Job, fees: Fees): Promise<string | undefined> {
    const { commitment, preSeed } = job;
    if (job.proof === undefined) {
      const block = await publicClient.getBlock({ blockNumber: commitment.blockNum });
      job.proof = prove({ secretKey, preSeed, blockHash: block.hash }).proof;
    }
    if (head <= commitment.blockNum) return undefined;

    try {
      await publicClient.simulateContract({
        ...contract,
        functionName: "fulfillRandomWords",
        args: [job.proof, commitment, false],
        account: walletClient.account,
        gas: gasFor(commitment),
        ...bidOf(fees),
      });
      return undefined;
    } catch (error) {
      const revert = revertOf(error);
      if (revert === undefined) throw error;
      // Made for another block if the chain was reorganised: made anew next time.
      delete job.proof;
      return revert === "InsufficientBalance"
        ? `Subscription ${commitment.subId} lacks the funds for ${nameOf(job)}.`
        : `The coordinator refuses ${nameOf(job)}: ${revert}.`;
    }
  }

  async function send(job: Job, nonce: number, fees: Fees): Promise<void> {
    const { proof, commitment } = job;
    if (proof === undefined) throw new Error("There is no proof to send.");

    const hash = await walletClient.sendTransaction({
      to: coordinator,
      data: encodeFulfilment({ proof, commitment }),
      gas: gasFor(commitment),
      nonce,
      ...bidOf(fees),
    });
    job.sent = { hash, nonce, fees, at: Date.now() };
    delete job.stuck;
  }

  /** Today's fees, cut to what the key's gas lane pays; nothing while the chain is dearer or the key unknown. */
  async function feesWithinLane(): Promise<Fees | undefined> {
    const call = { functionName: "s_provingKeys", args: [keyHash] } as const;
    const [registered, laneMax] = await publicClient.readContract({ ...contract, ...call });
    if (!registered) return say(`The coordinator knows no key ${keyHash}. Waiting for it.`);

    const { baseFeePerGas } = await publicClient.getBlock();
    if ((baseFeePerGas ?? 0n) > laneMax)
      return say(`Gas costs more than the lane's ${laneMax} wei. Waiting.`);

    const { maxFeePerGas, maxPriorityFeePerGas } = await publicClient.estimateFeesPerGas();
    return {
      maxFeePerGas: least(maxFeePerGas, laneMax),
      maxPriorityFeePerGas: least(maxPriorityFeePerGas, laneMax),
      laneMax,
    };
  }

  function postpone(job: Job, why: string): void {
    job.failures += 1;
    job.notBefore = Date.now() + Math.min(pollMs * 2 ** job.failures, MAX_PAUSE_MS);
    say(`${why} Trying again later.`);
  }

  /** Says a thing once, not at each attempt; after the next success it is news again. */
  function say(sentence: string): undefined {
    if (!said.has(sentence)) log(sentence);
    said.add(sentence);
  }
}

const EVENTS = coordinatorAbi.filter(
  ({ name }) => name === "RandomWordsRequested" || name === "RandomWordsFulfilled",
);

/** Chainlink's own bound: an estimate would not leave the callback what `_callWithExactGas` insists on. */
function gasFor({ callbackGasLimit, numWords }: RequestCommitment): bigint {
  return 400_000n + (BigInt(callbackGasLimit) * 64n) / 63n + 1_200n * BigInt(numWords);
}

/** Fees that replace `previous` in a node's pool, which asks for an eighth more: all that the lane allows. */
function raised(previous: Fees, { laneMax }: Fees): Fees {
  const tip = (previous.maxPriorityFeePerGas * 9n) / 8n + 1n;
  return { maxFeePerGas: laneMax, maxPriorityFeePerGas: least(tip, laneMax), laneMax };
}

function bidOf({ maxFeePerGas, maxPriorityFeePerGas }: Fees) {
  return { maxFeePerGas, maxPriorityFeePerGas };
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function nameOf({ requestId }: { requestId: bigint }): string {
  return `request ${requestId.toString(16).padStart(64, "0").slice(0, 8)}`;
}

/** The name of the error, or the words, with which a contract reverted; nothing if it did not. */
function revertOf(error: unknown): string | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const revert = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (!(revert instanceof ContractFunctionRevertedError)) return undefined;
  return revert.reason ?? revert.data?.errorName ?? revert.signature ?? revert.shortMessage;
}

function isConnectionError(error: unknown): boolean {
  const kinds = [HttpRequestError, WebSocketRequestError, SocketClosedError, TimeoutError];
  const isOne = (cause: unknown) => kinds.some((kind) => cause instanceof kind);
  return error instanceof BaseError ? error.walk(isOne) !== null : false;
}

/** One line of an error, as a sentence. */
function reasonOf(error: unknown): string {
  const message = error instanceof BaseError ? error.details || error.shortMessage : String(error);
  const [line = ""] = message.split("\n");
  return line.endsWith(".") ? line : `${line}.`;
}

/** The value, or nothing where the node says that it knows of none. */
async function orUndefined<T>(value: Promise<T>, Missing: MissingError): Promise<T | undefined> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof Missing) return undefined;
    throw error;
  }
}

type MissingError = typeof TransactionNotFoundError | typeof TransactionReceiptNotFoundError;

/** Waits; an abort ends the wait at once. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener("abort", wake);
  });
}
