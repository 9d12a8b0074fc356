import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import connect from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Health } from "../indexer/health.ts";
import { type IndexerOptions, startIndexer } from "../indexer/main.ts";
import { type EmitterChain, startEmitterChain } from "./support/emitter-chain.ts";
import {
  dump,
  dumpClosed,
  freshDump,
  temporaryDirectory,
  until,
  untilAt,
} from "./support/indexing.ts";
import { type TestPostgres, startPostgres } from "./support/postgres.ts";

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(async () => {
  await postgres?.stop();
});

describe.each(["pglite", "postgres"] as const)("kill -9 on %s", (kind) => {
  let chain: EmitterChain;
  let at: { directory: string } | { url: string };
  let remove: () => Promise<void>;

  beforeAll(async () => {
    chain = await startEmitterChain();
    await chain.deposit(100);
    // Blocks that are far apart from the head keep the backfill busy for some steps.
    for (let turn = 0; turn < 150; turn++) await chain.place(100);
    const temporary = await temporaryDirectory();
    remove = temporary.remove;
    at = kind === "pglite" ? { directory: temporary.directory } : { url: postgres.url };
  });

  afterAll(async () => {
    await chain?.close();
    await remove?.();
  });

  const options = (): IndexerOptions => ({
    rpc: [chain.url],
    deployment: chain.deployment,
    database: at,
    shorterAfterMs: 200,
  });

  async function expectSameAsFresh(): Promise<void> {
    const indexer = await spawnIndexer(options());
    const head = await chain.head();
    await until(
      `block ${head} is indexed`,
      async () =>
        (await indexer.health()).indexed === head && (await indexer.health()).head === head,
    );
    await indexer.end("SIGTERM");
    expect(await dumpClosed(chain.deployment, at)).toEqual(await freshDump(chain, postgres));
  }

  test("in a backfill loses and doubles nothing", async () => {
    const head = await chain.head();
    let killedBeforeTheEnd = 0;
    for (let kill = 0; kill < 3; kill++) {
      const indexer = await spawnIndexer(options());
      const start = (await indexer.health()).indexed;
      await until(
        "it has begun",
        async () => (await indexer.health()).indexed > start || start === head,
      );
      await indexer.end("SIGKILL");
      if ((await indexedOf(chain, at)) < head) killedBeforeTheEnd += 1;
    }
    expect(killedBeforeTheEnd).toBeGreaterThan(0);
    await expectSameAsFresh();
  });

  test("while following live loses and doubles nothing", async () => {
    for (let kill = 0; kill < 3; kill++) {
      const indexer = await spawnIndexer(options());
      const head = await chain.head();
      await until("it follows", async () => (await indexer.health()).indexed >= head);
      const acting = (async () => {
        for (let turn = 0; turn < 12; turn++) await chain.place(20, turn);
      })();
      await until("blocks come in", async () => (await indexer.health()).indexed > head + 2);
      await indexer.end("SIGKILL");
      await acting;
    }
    await expectSameAsFresh();
  });

  test("during a reorganisation leaves nothing of the dead blocks", async () => {
    for (let kill = 0; kill < 3; kill++) {
      const snapshot = await chain.client.snapshot();
      const forkedAfter = await chain.head();
      for (let turn = 0; turn < 20; turn++) await chain.place(30, turn);
      const indexer = await spawnIndexer(options());
      await until("it follows", async () => (await indexer.health()).indexed >= forkedAfter + 20);
      await chain.client.revert({ id: snapshot });
      const acting = (async () => {
        for (let turn = 0; turn < 22; turn++) await chain.settle(10, turn * 2);
      })();
      // Killed somewhere from before the fork is seen to after it was followed.
      await new Promise((resolve) => setTimeout(resolve, kill * 40));
      await indexer.end("SIGKILL");
      await acting;
    }
    await expectSameAsFresh();
  });
});

describe("kill -9 in the middle of a transaction", () => {
  let chain: EmitterChain;
  let url: string;

  beforeAll(async () => {
    chain = await startEmitterChain();
    url = await postgres.createDatabase();
    await chain.deposit(10);
    for (let turn = 0; turn < 40; turn++) await chain.place(10);
  });

  afterAll(async () => {
    await chain?.close();
  });

  const options = (): IndexerOptions => ({
    rpc: [chain.url],
    deployment: chain.deployment,
    database: { url },
    shorterAfterMs: 200,
  });

  /** Kills an indexer while its transaction waits for a table that the test has locked. */
  async function killAt(table: string, act: () => Promise<unknown>): Promise<void> {
    const indexer = await spawnIndexer(options());
    const head = await chain.head();
    await until("it follows", async () => (await indexer.health()).indexed >= head);
    const [tables, watcher] = [connect(url, { max: 1 }), connect(url, { max: 1 })];
    const schema = `glasshouse_31337_${chain.casino.slice(2, 10).toLowerCase()}`;
    await tables
      .begin(async (tx) => {
        await tx.unsafe(`LOCK TABLE ${schema}.${table} IN EXCLUSIVE MODE`);
        await act();
        await until("its transaction waits", async () => {
          const waiting =
            await watcher`SELECT 1 FROM pg_locks WHERE NOT granted AND relation = ${`${schema}.${table}`}::regclass`;
          return waiting.length > 0;
        });
        await indexer.end("SIGKILL");
      })
      .finally(() => Promise.all([tables.end(), watcher.end()]));
  }

  async function expectSameAsFresh(): Promise<void> {
    const indexer = await startIndexer(options());
    await untilAt(indexer, await chain.head());
    expect(await dump(indexer.database)).toEqual(await freshDump(chain, postgres));
    await indexer.stop();
  }

  test("leaves nothing of a block half written", async () => {
    await killAt("players", () => chain.place(10));
    await expectSameAsFresh();
  });

  test("leaves nothing of a range half written", async () => {
    await killAt("players", async () => {
      for (let turn = 0; turn < 45; turn++) await chain.place(3, turn % 7);
    });
    await expectSameAsFresh();
  });

  test("leaves nothing of a fork half taken back", async () => {
    const snapshot = await chain.client.snapshot();
    const forkedAfter = await chain.head();
    for (let turn = 0; turn < 5; turn++) await chain.place(10);
    await killAt("transfers", async () => {
      await chain.client.revert({ id: snapshot });
      for (let turn = 0; turn < 7; turn++) await chain.place(4, turn);
    });
    expect(await chain.head()).toBe(forkedAfter + 7);
    await expectSameAsFresh();
  });
});

async function indexedOf(
  chain: EmitterChain,
  at: { directory: string } | { url: string },
): Promise<number> {
  const { cursor } = await dumpClosed(chain.deployment, at);
  const [row] = cursor ?? [];
  return row ? (JSON.parse(row) as { number: number }).number : -1;
}

async function spawnIndexer(options: IndexerOptions) {
  const script = new URL("support/indexer-process.ts", import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr!.on("data", (text) => (errors += String(text)));
  const failure = once(child, "exit").then(([code]) =>
    Promise.reject(new Error(`the indexer ended with ${code}: ${errors}`)),
  );
  failure.catch(() => undefined);
  const [url] = (await Promise.race([
    once(createInterface({ input: child.stdout! }), "line"),
    failure,
  ])) as [string];
  return {
    health: async () => (await (await fetch(`${url}/api/status`)).json()) as Health,
    async end(signal: "SIGKILL" | "SIGTERM") {
      const exited = once(child, "exit");
      child.kill(signal);
      await exited;
    },
  };
}
