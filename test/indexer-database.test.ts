import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDatabase } from "../indexer/database.ts";
import { takeLock } from "../indexer/lock.ts";
import { startIndexer } from "../indexer/main.ts";
import { type EmitterChain, startEmitterChain } from "./support/emitter-chain.ts";
import { dump, temporaryDirectory, untilAt } from "./support/indexing.ts";

let chain: EmitterChain;
let directory: string;
let remove: () => Promise<void>;

beforeEach(async () => {
  ({ directory, remove } = await temporaryDirectory());
  chain = await startEmitterChain();
  await chain.deposit(3);
  await chain.place(3);
});

afterEach(async () => {
  await chain.close();
  await remove();
});

async function index(): Promise<{ rows: Record<string, string[]>; messages: string[] }> {
  const messages: string[] = [];
  const indexer = await startIndexer({
    rpc: [chain.url],
    deployment: chain.deployment,
    database: { directory },
    log: (message) => messages.push(message),
  });
  await untilAt(indexer, await chain.head());
  const rows = await dump(indexer.database);
  await indexer.stop();
  return { rows, messages };
}

test("a directory that does not open is kept aside and rebuilt from the chain", async () => {
  const before = await index();
  await writeFile(join(directory, "database", "global", "pg_control"), "not a database");
  const after = await index();
  expect(after.messages.some((message) => message.includes("does not open"))).toBe(true);
  expect(after.rows).toEqual(before.rows);
});

test("a database of another version is emptied and rebuilt; one of this version goes on", async () => {
  const before = await index();
  const options = { ...chain.deployment, at: { directory }, log: () => undefined };
  const database = await openDatabase(options);
  await database.read.execute(sql`UPDATE version SET hash = 'older'`);
  await database.read.execute(sql`DELETE FROM bets`);
  await database.close();

  const rebuilt = await index();
  expect(rebuilt.messages.some((message) => message.includes("rebuilding from the chain"))).toBe(
    true,
  );
  expect(rebuilt.rows).toEqual(before.rows);
  const again = await index();
  expect(again.messages).toContainEqual(expect.stringContaining("Goes on after block"));
});

test("a directory belongs to one process; a lock of a dead one is taken over", async () => {
  const path = join(directory, "lock");
  await writeFile(path, "999999999 1 stale\n");
  const lock = await takeLock(path);
  await expect(takeLock(path)).rejects.toMatchObject({
    name: "DirectoryBusy",
    message: expect.stringContaining(String(process.pid)),
  });
  await lock.release();
  await (await takeLock(path)).release();
});
