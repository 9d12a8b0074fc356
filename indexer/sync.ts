import { setTimeout as sleep } from "node:timers/promises";
import { desc, sql } from "drizzle-orm";
import { type Address } from "viem";
import { CursorMoved, type Tip, applyBatch, insertAnchor, rollBack } from "./apply.ts";
import { type Header, LogsOmitted, foldEvents } from "./batch.ts";
import { type Database, WriterLost } from "./database.ts";
import { decodeLog } from "./decode.ts";
import { type Chunk, fetchBlocks, fetchHeaders, fetchRange } from "./fetch.ts";
import { Heads } from "./heads.ts";
import { ChainMoved, type Rpc, RpcFailed } from "./rpc.ts";
import { blocks, cursor } from "./schema.ts";
import { sourcesOf } from "./sources.ts";

/** This close to the head blocks are read one by one, each with its own header. */
const LIVE_BLOCKS = 32;
const FIRST_RANGE = 16;
const LARGEST_RANGE = 10_000;
const LOGS_AT_ONCE = 40_000;
/** Headers of blocks without events are kept for this many blocks below the tip. */
const KEPT_HEADERS = 1_024;
const REFRESH_MS = 5_000;
const LONGEST_BACKOFF_MS = 5_000;

/** The chain under the RPC is not the one in the database. */
export class ChainReplaced extends Error {
  override readonly name = "ChainReplaced";
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

export type SyncOptions = {
  database: Database;
  rpc: Rpc;
  chainId: number;
  casino: Address;
  deployBlock: number;
  log: (message: string) => void;
  pollMs?: number;
  /** A head below the tip must last this long to count as a shorter chain and not as a node that lags. */
  shorterAfterMs?: number;
};

/** Keeps the database at the head of the chain. */
export class Sync {
  readonly #options: SyncOptions;
  /** The addresses whose logs are read. */
  readonly #sources: string[];
  readonly #stop = new AbortController();
  #heads: Heads | undefined;
  #tip: Tip = { number: -1, hash: "" };
  #ahead: { from: number; chunk: Promise<Chunk> } | undefined;
  #range = FIRST_RANGE;
  #shorterSince: number | undefined;
  #refreshed = 0;
  /** Up to this block the node's own selection of logs is not trusted: they are read from receipts. */
  #carefulUntil = -1;
  #rewind = LIVE_BLOCKS;
  /** One writer in this process as well: steps and repairs take turns. */
  #turn: Promise<unknown> = Promise.resolve();

  /** The head that the node announced. */
  head = -1;
  finalized: number | undefined;
  /** Why reading stands still, in plain words. */
  problem: string | undefined;
  readonly counts = { blocks: 0, events: 0, reorgs: 0, deepestReorg: 0, failures: 0 };

  constructor(options: SyncOptions) {
    this.#options = options;
    this.#sources = sourcesOf(options.casino);
  }

  get tip(): Tip {
    return this.#tip;
  }

  /** Whether every block that the node announced is in the database. */
  get atHead(): boolean {
    return this.problem === undefined && this.head >= 0 && this.#tip.number >= this.head;
  }

  /** Reads until {@link Sync.stop}. Throws only what nobody but the operator can mend. */
  async run(): Promise<void> {
    const { rpc, log } = this.#options;
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      try {
        if (this.#tip.number < 0) await this.#begin();
        if (this.#heads?.url !== rpc.url) {
          this.#heads?.close();
          this.#heads = new Heads(rpc.url, { pollMs: this.#options.pollMs });
        }
        const busy = await this.#inTurn(() => this.#step());
        if (this.problem !== undefined) log("Reading goes on.");
        this.problem = undefined;
        failures = 0;
        if (busy) continue;
        await this.#inTurn(() => this.#options.database.complete());
        await this.#heads.next();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        failures += 1;
        await this.#recover(error, failures);
      }
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#heads?.close();
    await this.#ahead?.chunk.catch(() => undefined);
    await this.#turn.catch(() => undefined);
  }

  /** Reads everything after this block once more, from receipts, because what was read can't be right. */
  reread(block: number): Promise<void> {
    return this.#inTurn(async () => {
      this.#carefulUntil = Math.max(this.#carefulUntil, this.#tip.number);
      await this.#rollBackTo(await this.#storedAtMost(block));
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #recover(error: unknown, failures: number): Promise<void> {
    const { rpc, log } = this.#options;
    this.#ahead?.chunk.catch(() => undefined);
    this.#ahead = undefined;
    if (
      error instanceof WriterLost ||
      error instanceof CursorMoved ||
      error instanceof ChainReplaced
    )
      throw error;
    if (error instanceof ChainMoved && failures < 5) return;

    this.counts.failures += 1;
    const hint =
      error instanceof Error && "hint" in error ? ` What to do: ${String(error.hint)}.` : "";
    const problem = `${error instanceof Error ? error.message : String(error)}${hint}`;
    if (problem !== this.problem) log(problem);
    this.problem = problem;
    if (error instanceof LogsOmitted) await this.#distrust();
    if (error instanceof LogsOmitted || error instanceof RpcFailed) rpc.rotate();
    this.#range = Math.max(1, this.#range >> 1);
    await this.#pause(Math.min(LONGEST_BACKOFF_MS, 100 * 2 ** Math.min(failures, 10)));
  }

  async #pause(ms: number): Promise<void> {
    try {
      await sleep(ms, undefined, { signal: this.#stop.signal });
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  /** Finds where the last run ended, or enters the anchor. */
  async #begin(): Promise<void> {
    const { database, rpc, chainId, casino, deployBlock, log } = this.#options;
    const found = await rpc.chainId();
    if (found !== chainId) {
      throw new ChainReplaced(
        `The node serves chain ${found}, the deployment is on ${chainId}.`,
        "give the --rpc of the deployment's chain",
      );
    }
    const [row] = await database.read.select().from(cursor);
    if (row) {
      this.finalized = row.finalized ?? undefined;
      this.#tip = { number: row.number, hash: row.hash };
      log(`Goes on after block ${row.number}.`);
      return;
    }
    const number = Math.max(0, deployBlock - 1);
    const anchor = await rpc.header(number);
    if (!anchor)
      throw new RpcFailed(
        `The node has no block ${number}.`,
        "wait until it is synchronised past the deployment",
      );
    this.#tip = await database.write((tx) => insertAnchor(tx, anchor));
    log(`Reads casino ${casino} from block ${number + 1}.`);
  }

  /** Does one piece of work; `false` if there was none. */
  async #step(): Promise<boolean> {
    const { rpc, log } = this.#options;
    await this.#refresh();
    const pushed = this.#heads?.take();
    if (
      pushed &&
      this.#tip.number >= this.#carefulUntil &&
      pushed.number === this.#tip.number + 1 &&
      pushed.parent === this.#tip.hash
    ) {
      this.head = pushed.number;
      await this.#apply(
        await fetchBlocks(rpc, this.#sources, [pushed], { careful: false, log }),
        true,
      );
      return true;
    }

    const head = await rpc.latest();
    if (head.number < this.#tip.number) return this.#considerShorter(head);
    this.#shorterSince = undefined;
    this.head = head.number;
    if (head.number === this.#tip.number) {
      if (head.hash === this.#tip.hash) return false;
      await this.#followFork();
      return true;
    }

    const from = this.#tip.number + 1;
    const lag = head.number - this.#tip.number;
    if (lag <= LIVE_BLOCKS || from <= this.#carefulUntil) {
      const careful = from <= this.#carefulUntil;
      const to = Math.min(head.number, this.#tip.number + LIVE_BLOCKS);
      const headers =
        to === head.number
          ? [...(await fetchHeaders(rpc, from, to - 1)), head]
          : await fetchHeaders(rpc, from, to);
      if (headers[0]!.parent !== this.#tip.hash) await this.#followFork();
      else
        await this.#apply(
          await fetchBlocks(rpc, this.#sources, headers, { careful, log }),
          lag <= LIVE_BLOCKS,
        );
      return true;
    }
    await this.#backfill(head.number);
    return true;
  }

  /** Reads the next range, and asks for the one after it while this one is written. */
  async #backfill(head: number): Promise<void> {
    const from = this.#tip.number + 1;
    const chunk = await (this.#ahead?.from === from
      ? this.#ahead.chunk
      : this.#fetchRange(from, head));
    this.#ahead = undefined;
    if (chunk.parent !== this.#tip.hash) return this.#followFork();

    if (chunk.logs.length > LOGS_AT_ONCE) this.#range = Math.max(1, this.#range >> 1);
    else if (chunk.logs.length < LOGS_AT_ONCE / 2)
      this.#range = Math.min(LARGEST_RANGE, this.#range * 2);
    if (head - chunk.to > LIVE_BLOCKS) {
      this.#ahead = { from: chunk.to + 1, chunk: this.#fetchRange(chunk.to + 1, head) };
      // Whoever takes it sees its failure; if nobody does, it does not matter.
      this.#ahead.chunk.catch(() => undefined);
    }
    await this.#apply(chunk, false);
  }

  #fetchRange(from: number, head: number): Promise<Chunk> {
    const to = Math.min(from + this.#range - 1, head);
    return fetchRange(this.#options.rpc, this.#sources, from, to);
  }

  async #apply(chunk: Chunk, notify: boolean): Promise<void> {
    const batch = foldEvents(chunk.logs.map(decodeLog));
    const tip = this.#tip;
    this.#tip = await this.#options.database.write((tx) =>
      applyBatch(tx, { tip, headers: chunk.headers, batch, notify }),
    );
    this.counts.blocks += chunk.to - chunk.from + 1;
    this.counts.events += chunk.logs.length;
    if (this.#tip.number > this.#carefulUntil) this.#rewind = LIVE_BLOCKS;
  }

  /** A node that lags looks like a chain that got shorter: only time and other nodes tell them apart. */
  async #considerShorter(head: Header): Promise<boolean> {
    const { rpc, shorterAfterMs = 2_000, log } = this.#options;
    const switched = await rpc.compareHeads();
    if (switched) log(switched);
    this.#shorterSince ??= Date.now();
    if (Date.now() - this.#shorterSince < shorterAfterMs) return false;
    this.#shorterSince = undefined;
    this.head = head.number;
    log(`The chain got shorter: its head is block ${head.number}, ${this.#tip.number} were read.`);
    await this.#followFork(head.number);
    return true;
  }

  /** Goes back to the last block that this chain and the database share. */
  async #followFork(atMost = this.#tip.number): Promise<void> {
    const ancestor = await this.#commonAncestor(atMost);
    if (ancestor.number === this.#tip.number)
      throw new ChainMoved("the node answered for two forks at once");
    const depth = this.#tip.number - ancestor.number;
    this.counts.reorgs += 1;
    this.counts.deepestReorg = Math.max(this.counts.deepestReorg, depth);
    const final =
      this.finalized !== undefined && ancestor.number < this.finalized
        ? ` ALARM: block ${this.finalized} was final.`
        : "";
    this.#options.log(
      `The chain forked after block ${ancestor.number}: ${depth} blocks are taken back.${final}`,
    );
    await this.#rollBackTo(ancestor);
  }

  async #commonAncestor(atMost: number): Promise<Tip> {
    const { database, rpc } = this.#options;
    const page = 64;
    let below = atMost + 1;
    for (;;) {
      const stored = await database.read
        .select({ number: blocks.number, hash: blocks.hash })
        .from(blocks)
        .where(sql`${blocks.number} < ${below}::bigint`)
        .orderBy(desc(blocks.number))
        .limit(page);
      const oldest = stored.at(-1);
      if (!oldest) break;
      const isOurs = async ({ number, hash }: Tip) => (await rpc.header(number))?.hash === hash;
      if (await isOurs(oldest)) {
        // Blocks are shared up to the fork: halve the page.
        let [shared, forked] = [stored.length - 1, -1];
        while (shared - forked > 1) {
          const middle = (shared + forked) >> 1;
          if (await isOurs(stored[middle]!)) shared = middle;
          else forked = middle;
        }
        return stored[shared]!;
      }
      below = oldest.number;
    }
    throw new ChainReplaced(
      "The chain shares no block with the database, not even the one before the casino's first.",
      "if the local chain was started anew, delete the --data directory (all of it is rebuilt from the chain); if not, check --rpc",
    );
  }

  async #rollBackTo(ancestor: Tip): Promise<void> {
    this.#ahead = undefined;
    const tip = this.#tip;
    if (ancestor.number < tip.number)
      this.#tip = await this.#options.database.write((tx) => rollBack(tx, tip, ancestor));
  }

  /** What the node left out may lie before the gap it left: goes back further each time, and reads with care. */
  async #distrust(): Promise<void> {
    const careful = this.#tip.number < this.#carefulUntil;
    this.#carefulUntil = Math.max(this.#carefulUntil, this.#tip.number + this.#range);
    if (!careful) return;
    await this.#inTurn(async () =>
      this.#rollBackTo(await this.#storedAtMost(this.#tip.number - this.#rewind)),
    );
    this.#rewind *= 8;
  }

  /** The newest block in the database that is not after this one; the anchor if none. */
  async #storedAtMost(number: number): Promise<Tip> {
    const found = this.#options.database.read
      .select({ number: blocks.number, hash: blocks.hash })
      .from(blocks);
    const [row] = await found
      .where(sql`${blocks.number} <= ${number}::bigint`)
      .orderBy(desc(blocks.number))
      .limit(1);
    if (row) return row;
    const [anchor] = await this.#options.database.read
      .select({ number: blocks.number, hash: blocks.hash })
      .from(blocks)
      .orderBy(blocks.number)
      .limit(1);
    if (!anchor) throw new CursorMoved("The database has no block at all.");
    return anchor;
  }

  /** Now and then: finality, the heads of other nodes, headers that no fork can reach. */
  async #refresh(): Promise<void> {
    if (Date.now() - this.#refreshed < REFRESH_MS) return;
    this.#refreshed = Date.now();
    const { database, rpc, log } = this.#options;
    const switched = await rpc.compareHeads();
    if (switched) log(switched);
    const finalized = await rpc.finalized();
    if (finalized === undefined) return;
    this.finalized = finalized;
    const useless = Math.min(finalized, this.#tip.number - KEPT_HEADERS);
    await database.write(async (tx) => {
      await tx.execute(sql`UPDATE cursor SET finalized = ${finalized}::bigint`);
      await tx.execute(sql`
        DELETE FROM blocks WHERE logs = 0 AND number < ${useless}::bigint AND number > (SELECT min(number) FROM blocks)`);
    });
  }
}
