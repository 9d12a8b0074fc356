import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { type Database, openDatabase, rowsOf } from "../../indexer/database.ts";
import { type Indexer, type IndexerOptions, startIndexer } from "../../indexer/main.ts";
import { type TestPostgres } from "./postgres.ts";

type At = IndexerOptions["database"];
type Deployment = IndexerOptions["deployment"];

/** Everything that events decide, in order; not which empty blocks were seen on the way. */
export async function dump(database: Database): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {};
  for (const [table, query] of Object.entries(queries)) {
    const rows = await rowsOf(
      database.read,
      sql.raw(`SELECT row_to_json(t)::text AS row FROM (${query}) t`),
    );
    tables[table] = rows.map((row) => String(row.row));
  }
  return tables;
}

const queries = {
  blocks: "SELECT * FROM blocks WHERE logs > 0 ORDER BY number",
  rounds: "SELECT * FROM rounds ORDER BY round",
  bets: "SELECT * FROM bets ORDER BY placed",
  transfers: "SELECT * FROM transfers ORDER BY position",
  players: "SELECT * FROM players ORDER BY player, asset",
  houses: "SELECT * FROM houses ORDER BY asset",
  referrals: "SELECT * FROM referrals ORDER BY player, asset",
  events: "SELECT * FROM events ORDER BY position",
  cursor: "SELECT number, hash FROM cursor",
};

/** The dump of a database that nobody has open. */
export async function dumpClosed(
  deployment: Deployment,
  at: At,
): Promise<Record<string, string[]>> {
  const database = await openDatabase({ ...deployment, at, log: () => undefined });
  try {
    return await dump(database);
  } finally {
    await database.close();
  }
}

/** A new PGlite directory, gone after `remove`. */
export async function temporaryDirectory(): Promise<{
  directory: string;
  remove(): Promise<void>;
}> {
  const directory = await mkdtemp(join(tmpdir(), "glasshouse-indexer-"));
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** Waits until the condition holds; the time limit is only there to end a test that fails. */
export async function until(
  what: string,
  condition: () => Promise<boolean> | boolean,
): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits until the indexer has read block `head` and sees nothing beyond it. */
export async function untilAt(indexer: Indexer, head: number): Promise<void> {
  await until(`block ${head} is indexed`, async () => {
    const { indexed, head: announced, problem } = await indexer.health();
    return indexed === head && announced === head && problem === null;
  });
}

/** What an undisturbed indexer makes of the chain as it is now, on PostgreSQL. */
export async function freshDump(
  chain: { url: string; deployment: Deployment; head(): Promise<number> },
  postgres: TestPostgres,
) {
  const url = await postgres.createDatabase();
  const indexer = await startIndexer({
    rpc: [chain.url],
    deployment: chain.deployment,
    database: { url },
  });
  try {
    await untilAt(indexer, await chain.head());
    return await dump(indexer.database);
  } finally {
    await indexer.stop();
  }
}
