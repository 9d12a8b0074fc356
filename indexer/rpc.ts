import { type EIP1193RequestFn, createClient, http, webSocket } from "viem";
import { type Header } from "./batch.ts";
import { type RawLog } from "./decode.ts";

type RawBlock = {
  number: string;
  hash: string;
  parentHash: string;
  timestamp: string;
  logsBloom: string;
};
type Request = EIP1193RequestFn;

/** One node. */
type Endpoint = { url: string; label: string; request: Request; head: number; failures: number };

/** A node failed, or answered what can't be: another one may do better. */
export class RpcFailed extends Error {
  override readonly name = "RpcFailed";
  readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }

  /** Whether the node did answer, and refused or answered more than is read: a smaller question may do. */
  get answered(): boolean {
    const { cause } = this;
    if (!(cause instanceof Error)) return false;
    const refused = "code" in cause && typeof cause.code === "number";
    return (
      refused ||
      ("status" in cause && cause.status !== undefined) ||
      cause.name === "ResponseBodyTooLargeError"
    );
  }
}

/** Two answers belong to different forks: ask again. */
export class ChainMoved extends Error {
  override readonly name = "ChainMoved";
}

/** Bytes; viem's own limit of 10 MiB is less than a full range takes. */
const LARGEST_ANSWER = 64 << 20;
/** Behind this many blocks of another node's head, a node is not used. */
const MAX_LAG = 5;

/**
 * Several nodes of one chain, of which one is asked. {@link Rpc.rotate} takes the next after a failure;
 * {@link Rpc.compareHeads} leaves a node that answers, but with an old head: an error would not show that.
 */
export class Rpc {
  readonly #endpoints: Endpoint[];
  #active = 0;
  readonly #timeout: number;

  constructor(urls: string[], { timeoutMs = 10_000 }: { timeoutMs?: number } = {}) {
    if (urls.length === 0) throw new RangeError("at least one RPC URL");
    this.#timeout = timeoutMs;
    this.#endpoints = urls.map((url) => ({
      url,
      label: labelOf(url),
      request: connect(url, timeoutMs),
      head: -1,
      failures: 0,
    }));
  }

  /** The active node's URL. */
  get url(): string {
    return this.#current.url;
  }

  /** The active node without what may be a key in its path. */
  get label(): string {
    return this.#current.label;
  }

  get size(): number {
    return this.#endpoints.length;
  }

  /** Head and failures of each node, for `/metrics`. */
  get endpoints(): { label: string; head: number; failures: number; active: boolean }[] {
    return this.#endpoints.map(({ label, head, failures }, index) => ({
      label,
      head,
      failures,
      active: index === this.#active,
    }));
  }

  /** Takes the next node. */
  rotate(): void {
    this.#current.failures += 1;
    this.#active = (this.#active + 1) % this.#endpoints.length;
  }

  chainId(): Promise<number> {
    return this.#ask<string>("eth_chainId", []).then(Number);
  }

  /** The newest block of the active node. */
  async latest(): Promise<Header> {
    const header = await this.#header("latest");
    if (!header)
      throw new RpcFailed(
        `${this.label} has no latest block.`,
        "check that the node is synchronised",
      );
    this.#current.head = header.number;
    return header;
  }

  /** The newest block that the chain will not undo, if the node knows. */
  async finalized(): Promise<number | undefined> {
    try {
      return (await this.#header("finalized"))?.number;
    } catch (error) {
      // A node that answers with an error does not know the tag; one that does not answer is another matter.
      const cause = error instanceof RpcFailed ? error.cause : undefined;
      if (cause instanceof Error && "code" in cause && typeof cause.code === "number")
        return undefined;
      throw error;
    }
  }

  header(number: number): Promise<Header | undefined> {
    return this.#header(`0x${number.toString(16)}`);
  }

  /** The sources' logs of one block, by hash: of this very block, or an error. */
  logsOfBlock(sources: string[], hash: string): Promise<RawLog[]> {
    return this.#ask("eth_getLogs", [{ address: sources, blockHash: `0x${hash}` }]);
  }

  logs(sources: string[], from: number, to: number): Promise<RawLog[]> {
    const range = { fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` };
    return this.#ask("eth_getLogs", [{ address: sources, ...range }]);
  }

  /** The sources' logs of one block from the receipts of its transactions, where a node's index of logs is in doubt. */
  async logsFromReceipts(sources: string[], number: number, hash: string): Promise<RawLog[]> {
    const block = await this.#ask<{ hash: string; transactions: string[] } | null>(
      "eth_getBlockByNumber",
      [`0x${number.toString(16)}`, false],
    );
    if (block?.hash !== `0x${hash}`)
      throw new ChainMoved(`block ${number} was replaced while it was read`);
    const receipts: { logs: RawLog[]; blockHash: string }[] = [];
    for (const transaction of block.transactions) {
      const receipt = await this.#ask<{ logs: RawLog[]; blockHash: string } | null>(
        "eth_getTransactionReceipt",
        [transaction],
      );
      if (receipt?.blockHash !== block.hash)
        throw new ChainMoved(`block ${number} was replaced while it was read`);
      receipts.push(receipt);
    }
    return receipts
      .flatMap((receipt) => receipt.logs)
      .filter((log) => sources.includes(log.address.toLowerCase()));
  }

  /** Calls a view function in the state after the block of this hash. */
  call(to: string, data: string, hash: string): Promise<string> {
    return this.#ask("eth_call", [{ to, data }, { blockHash: `0x${hash}` }]);
  }

  /** Leaves the active node where another one is well ahead of it. Returns what happened, if anything. */
  async compareHeads(): Promise<string | undefined> {
    if (this.size === 1) return undefined;
    await Promise.all(
      this.#endpoints.map(async (endpoint) => {
        try {
          endpoint.head = Number(
            (await ask<RawBlock>(endpoint, "eth_getBlockByNumber", ["latest", false])).number,
          );
        } catch (error) {
          endpoint.head = -1;
          if (!(error instanceof Error)) throw error;
        }
      }),
    );
    // A head counts only where its block can be fetched: a node may announce what it does not have.
    const byHead = [...this.#endpoints.keys()].toSorted(
      (a, b) => this.#endpoints[b]!.head - this.#endpoints[a]!.head,
    );
    const lagging = this.#current;
    for (const index of byHead) {
      const candidate = this.#endpoints[index]!;
      if (candidate.head <= lagging.head + MAX_LAG) return undefined;
      try {
        await ask<RawBlock>(candidate, "eth_getBlockByNumber", [
          `0x${candidate.head.toString(16)}`,
          false,
        ]).then(headerOf);
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        candidate.head = -1;
        continue;
      }
      lagging.failures += 1;
      this.#active = index;
      return `${lagging.label} is at block ${lagging.head}, ${candidate.label} at ${candidate.head}: using ${candidate.label}.`;
    }
    return undefined;
  }

  async #header(tag: string): Promise<Header | undefined> {
    const block = await this.#ask<RawBlock | null>("eth_getBlockByNumber", [tag, false]);
    return block ? headerOf(block) : undefined;
  }

  async #ask<T>(method: string, params: unknown[]): Promise<T> {
    const endpoint = this.#current;
    try {
      return await ask<T>(endpoint, method, params);
    } catch (error) {
      const timedOut = error instanceof Error && error.name === "TimeoutError";
      const what = timedOut
        ? `does not answer within ${this.#timeout} ms`
        : `failed: ${shorten(error)}`;
      throw new RpcFailed(
        `The node at ${endpoint.label} ${what} (${method}).`,
        "check that the node runs and --rpc names it; reading goes on by itself when it answers",
        { cause: error },
      );
    }
  }

  get #current(): Endpoint {
    return this.#endpoints[this.#active]!;
  }
}

/** A block in the form the indexer keeps. Throws {@link RpcFailed} on anything else. */
export function headerOf(block: RawBlock | null): Header {
  if (
    !block ||
    typeof block.number !== "string" ||
    typeof block.hash !== "string" ||
    typeof block.parentHash !== "string"
  ) {
    throw new RpcFailed(
      "The node answered with something that is no block.",
      "check that --rpc names an Ethereum node",
    );
  }
  return {
    number: Number(block.number),
    hash: block.hash.slice(2),
    parent: block.parentHash.slice(2),
    at: Number(block.timestamp),
    bloom: block.logsBloom,
  };
}

function connect(url: string, timeout: number): Request {
  const transport = /^wss?:/.test(url)
    ? webSocket(url, { timeout, retryCount: 0 })
    : http(url, { timeout, retryCount: 0, maxResponseBodySize: LARGEST_ANSWER });
  return createClient({ transport }).request as Request;
}

function ask<T>({ request }: Endpoint, method: string, params: unknown[]): Promise<T> {
  return request({ method, params } as Parameters<Request>[0]) as Promise<T>;
}

function shorten(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const details =
    "details" in error && typeof error.details === "string" ? error.details : error.message;
  return details.split("\n")[0] ?? error.name;
}

function labelOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}
