import { type Server } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { serve } from "@hono/node-server";
import { sql } from "drizzle-orm";
import { type Address } from "viem";
import { type Deployment } from "../sdk/deployment.ts";
import { createApi } from "./api.ts";
import { type Database, openDatabase, rowsOf } from "./database.ts";
import { type Health } from "./health.ts";
import { Live } from "./live.ts";
import { ChainMoved, Rpc, RpcFailed } from "./rpc.ts";
import { type SelfCheck, checkAgainstChain } from "./self-check.ts";
import { Sync } from "./sync.ts";

export type IndexerOptions = {
  /** Nodes of one chain; the first is preferred. */
  rpc: string[];
  deployment: Pick<Deployment, "chainId" | "casino" | "deployBlock">;
  /** A directory for PGlite, or a PostgreSQL URL. */
  database: { directory: string } | { url: string };
  host?: string;
  /** 0 for a free one. */
  port?: number;
  /** Pages that may read the API from a browser; `*` for any. */
  origins?: string[];
  /** Serves the API beside a writer elsewhere; PostgreSQL only. */
  replica?: boolean;
  log?: (message: string) => void;
  pollMs?: number;
  rpcTimeoutMs?: number;
  shorterAfterMs?: number;
  selfCheckMs?: number;
};

export type Indexer = {
  url: string;
  /** For reading. */
  database: Database;
  health(): Promise<Health>;
  /** Rejects where the indexer can't go on by itself. */
  done: Promise<void>;
  stop(): Promise<void>;
};

/** Opens the database, serves the API at once and reads the chain until stopped. */
export async function startIndexer(options: IndexerOptions): Promise<Indexer> {
  const {
    deployment,
    log = () => undefined,
    origins = ["*"],
    host = "127.0.0.1",
    port = 0,
    replica = false,
  } = options;
  const { chainId, casino, deployBlock } = deployment;
  const rpc = new Rpc(options.rpc, { timeoutMs: options.rpcTimeoutMs });
  const database = await openDatabase({ chainId, casino, at: options.database, replica, log });
  const { pollMs, shorterAfterMs } = options;
  const sync = new Sync({
    database,
    rpc,
    chainId,
    casino,
    deployBlock,
    log,
    pollMs,
    shorterAfterMs,
  });
  const check = new SelfChecker({
    database,
    rpc,
    sync,
    casino,
    everyMs: options.selfCheckMs ?? 5_000,
    log,
  });
  const live = new Live(database, origins);

  const health = async (): Promise<Health> => {
    const { head, indexed, finalized, problem } = replica
      ? await replicaState(database, rpc)
      : writerState(sync);
    const lag = Math.max(0, head - indexed);
    return {
      chainId,
      casino,
      head,
      finalized,
      indexed,
      lag,
      ready: head >= 0 && lag <= 1 && problem === null && check.last?.ok !== false,
      problem,
      selfCheck: check.last ?? null,
      reorgs: sync.counts.reorgs,
      deepestReorg: sync.counts.deepestReorg,
      failures: sync.counts.failures,
      events: sync.counts.events,
      listeners: live.size,
      database: database.kind,
      role: replica ? "replica" : "writer",
      rpc: rpc.endpoints,
    };
  };
  const api = createApi({ db: database.read, health, origins });

  let server: Server | undefined;
  try {
    server = await listen(api.fetch, host, port);
    await live.start(server);
  } catch (error) {
    server?.close();
    live.close();
    await database.close();
    throw error;
  }
  const address = server.address();
  const bound = typeof address === "object" && address ? address.port : port;
  const done = replica
    ? new Promise<void>(() => undefined)
    : Promise.all([sync.run(), check.run()]).then(() => undefined);
  // Who does not await it hears of a failure from `stop` or `health`.
  done.catch(() => undefined);

  return {
    url: `http://${host}:${bound}`,
    database,
    health,
    done,
    async stop() {
      live.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ("closeAllConnections" in server) server.closeAllConnections();
      });
      await check.stop();
      await sync.stop();
      if (!replica) await done.catch(() => undefined);
      await database.close();
    },
  };
}

type CheckerOptions = {
  database: Database;
  rpc: Rpc;
  sync: Sync;
  casino: Address;
  everyMs: number;
  log: (message: string) => void;
};

/** Runs the self-check again and again, and has the blocks since the last good one reread where it fails. */
class SelfChecker {
  readonly #options: CheckerOptions;
  readonly #stop = new AbortController();
  #resume = "";
  #since = 0;
  #rereads = 0;
  #running: Promise<void> = Promise.resolve();
  last: SelfCheck | undefined;

  constructor(options: CheckerOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#running = this.#once();
      await this.#running;
      await sleep(this.#options.everyMs, undefined, { signal: this.#stop.signal }).catch(
        () => undefined,
      );
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running.catch(() => undefined);
  }

  async #once(): Promise<void> {
    const { database, rpc, sync, casino, log } = this.#options;
    if (!sync.atHead) return;
    try {
      const { result, resume } = await checkAgainstChain({
        database,
        rpc,
        casino,
        since: this.#since,
        resume: this.#resume,
      });
      this.last = result;
      this.#resume = resume;
      if (result.ok) {
        this.#since = result.block;
        this.#rereads = 0;
        return;
      }
      log(`The self-check at block ${result.block} failed: ${describe(result)}.`);
      // First from the last good check, then from the casino's first block; a third time would not help.
      this.#rereads += 1;
      if (this.#rereads === 1) await sync.reread(this.#since);
      else if (this.#rereads === 2) await sync.reread(0);
      else if (this.#rereads === 3)
        log(
          "Rereading does not help: compare the nodes given with --rpc, then delete the database.",
        );
    } catch (error) {
      // The chain moved on, or the node failed: the reader reports that, and the next check comes.
      if (!(error instanceof ChainMoved || error instanceof RpcFailed)) throw error;
    }
  }
}

function describe({ mismatches }: SelfCheck): string {
  const [first] = mismatches;
  return `${mismatches.length} differences, such as the ${first?.what}: ${first?.chain} on chain, ${first?.database} here`;
}

function writerState(sync: Sync) {
  return {
    head: sync.head,
    indexed: sync.tip.number,
    finalized: sync.finalized ?? null,
    problem: sync.problem ?? null,
  };
}

async function replicaState(database: Database, rpc: Rpc) {
  const [row] = await rowsOf(
    database.read,
    sql`SELECT number::text AS number, finalized::text AS finalized FROM cursor`,
  );
  const indexed = row ? Number(row.number) : -1;
  const finalized = row?.finalized ? Number(row.finalized) : null;
  try {
    return { head: (await rpc.latest()).number, indexed, finalized, problem: null };
  } catch (error) {
    if (!(error instanceof RpcFailed)) throw error;
    rpc.rotate();
    return { head: -1, indexed, finalized, problem: `${error.message} What to do: ${error.hint}.` };
  }
}

function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  hostname: string,
  port: number,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname, port }, () => resolve(server as Server));
    server.on("error", reject);
  });
}
