import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { type SQL, sql } from "drizzle-orm";
import { type PgDatabase, type PgQueryResultHKT, getTableConfig } from "drizzle-orm/pg-core";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { drizzle as drizzlePostgres } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { type Lock, takeLock } from "./lock.ts";
import { readersIndexes, tables } from "./schema.ts";

export type Queries = PgDatabase<PgQueryResultHKT, Record<string, never>>;

/** An open database: PGlite inside this process, or PostgreSQL. */
export type Database = {
  kind: "pglite" | "postgres";
  /** For reads, any number at once. */
  read: Queries;
  /** Runs one transaction as the only writer. Throws {@link WriterLost} if another took over. */
  write<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
  /** Makes the indexes that readers need, where they are missing. */
  complete(): Promise<void>;
  /** Calls back with each payload that a writer, here or in another process, notified. */
  onNotify(callback: (payload: string) => void): Promise<void>;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** Names the schema: one database can hold several casinos. */
  chainId: number;
  casino: string;
  /** A directory for PGlite, or a PostgreSQL URL. */
  at: { directory: string } | { url: string };
  /** A reader beside the writer; PostgreSQL only. */
  replica?: boolean;
  log: (message: string) => void;
};

/** The channel that tells readers what was written. */
export const CHANNEL = "glasshouse";

/** Another process writes to this database. */
export class WriterLost extends Error {
  override readonly name = "WriterLost";
  readonly hint =
    "stop the other indexer, or run this one as a reader with --replica (PostgreSQL only)";
}

/** A reader found no tables that match its version. */
export class SchemaMissing extends Error {
  override readonly name = "SchemaMissing";
  readonly hint = "start a writer of the same version first: the same command without --replica";
}

/** Opens the database, and empties it for a rebuild where its tables or the code that fills them have changed. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return "url" in options.at
    ? openPostgres(options, options.at.url)
    : openPglite(options, options.at.directory);
}

/** The rows of a raw query, whatever the driver. */
export async function rowsOf(queries: Queries, query: SQL): Promise<Record<string, unknown>[]> {
  const result: unknown = await queries.execute(query);
  if (Array.isArray(result)) return result as Record<string, unknown>[];
  return (result as { rows: Record<string, unknown>[] }).rows;
}

async function openPglite(options: DatabaseOptions, directory: string): Promise<Database> {
  if (options.replica)
    throw new SchemaMissing(
      "A PGlite directory belongs to one process and has no readers beside it.",
    );
  await mkdir(directory, { recursive: true });
  const lock = await takeLock(join(directory, "indexer.lock"));
  try {
    const client = await openClient(join(directory, "database"), options.log);
    await client.exec("SET synchronous_commit = off");
    const read = drizzlePglite(client) as unknown as Queries;
    await prepareSchema(read, options);
    return {
      kind: "pglite",
      read,
      write: (work) => read.transaction(work),
      complete: once(() => read.transaction(createReadersIndexes)),
      onNotify: async (callback) => {
        await client.listen(CHANNEL, callback);
      },
      close: () => closePglite(client, lock),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function closePglite(client: PGlite, lock: Lock): Promise<void> {
  try {
    await client.close();
  } finally {
    await lock.release();
  }
}

/** A directory that does not open is set aside: the chain has it all. */
async function openClient(directory: string, log: (message: string) => void): Promise<PGlite> {
  try {
    return await PGlite.create(directory);
  } catch (error) {
    const aside = `${directory}.broken-${Date.now()}`;
    log(
      `The database in ${directory} does not open (${String(error)}). It is kept as ${aside} and rebuilt from the chain.`,
    );
    await rename(directory, aside);
    return PGlite.create(directory);
  }
}

async function openPostgres(options: DatabaseOptions, url: string): Promise<Database> {
  const quiet = {
    onnotice: () => undefined,
    connection: { search_path: schemaName(options), application_name: "glasshouse" },
  };
  const readers = postgres(url, { ...quiet, max: 8 });
  // One connection holds the lock and does all writing, so that losing one is losing the other.
  const writer = postgres(url, {
    ...quiet,
    max: 1,
    connection: { ...quiet.connection, synchronous_commit: "off" },
  });
  const read = drizzlePostgres(readers) as unknown as Queries;
  const write = drizzlePostgres(writer) as unknown as Queries;
  const close = async () => {
    await Promise.all([readers.end({ timeout: 5 }), writer.end({ timeout: 5 })]);
  };

  try {
    if (options.replica) {
      await requireSchema(read, options);
    } else {
      const key = lockKey(options);
      const [row] = await rowsOf(
        write,
        sql`SELECT pg_try_advisory_lock(${key}::text::bigint) AS held`,
      );
      if (row?.held !== true) throw new WriterLost("Another indexer writes to this database.");
      await prepareSchema(write, options);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const writeAlone: Database["write"] = (work) => {
    if (options.replica) throw new WriterLost("This process reads only.");
    return write.transaction(async (tx) => {
      // Our own session holds the lock and may take it again; after a reconnection only if nobody else did.
      const [row] = await rowsOf(
        tx,
        sql`SELECT pg_try_advisory_xact_lock(${lockKey(options)}::text::bigint) AS held`,
      );
      if (row?.held !== true)
        throw new WriterLost("Another indexer took over writing to this database.");
      return work(tx);
    });
  };
  return {
    kind: "postgres",
    read,
    write: writeAlone,
    complete: once(() => writeAlone(createReadersIndexes)),
    onNotify: async (callback) => {
      await readers.listen(CHANNEL, callback);
    },
    close,
  };
}

async function prepareSchema(queries: Queries, options: DatabaseOptions): Promise<void> {
  const name = sql.identifier(schemaName(options));
  await queries.execute(sql`SET client_min_messages = warning`);
  const found = await versionOf(queries, options);
  if (found !== version()) {
    if (found !== undefined)
      options.log("The tables or the code that fills them changed: rebuilding from the chain.");
    await queries.transaction(async (tx) => {
      await tx.execute(sql`DROP SCHEMA IF EXISTS ${name} CASCADE`);
      await tx.execute(sql`CREATE SCHEMA ${name}`);
      await tx.execute(sql`SET LOCAL search_path TO ${name}`);
      for (const statement of createStatements()) await tx.execute(sql.raw(statement));
      await tx.execute(sql`INSERT INTO version VALUES (${version()})`);
    });
  }
  await queries.execute(sql`SET search_path TO ${name}`);
}

async function requireSchema(queries: Queries, options: DatabaseOptions): Promise<void> {
  if ((await versionOf(queries, options)) !== version()) {
    throw new SchemaMissing("This database holds no tables of this version for this casino.");
  }
}

async function versionOf(queries: Queries, options: DatabaseOptions): Promise<string | undefined> {
  const name = schemaName(options);
  const [table] = await rowsOf(
    queries,
    sql`SELECT to_regclass(${`${name}.version`}::text)::text AS found`,
  );
  if (!table?.found) return undefined;
  const [row] = await rowsOf(queries, sql`SELECT hash FROM ${sql.identifier(name)}.version`);
  return row ? String(row.hash) : "";
}

function schemaName({ chainId, casino }: DatabaseOptions): string {
  return `glasshouse_${chainId}_${casino.slice(2, 10).toLowerCase()}`;
}

function lockKey(options: DatabaseOptions): string {
  return createHash("sha256").update(schemaName(options)).digest().readBigInt64BE().toString();
}

/** Does the work at the first call that succeeds, and nothing at later ones. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done = false;
  return async () => {
    if (done) return;
    await work();
    done = true;
  };
}

async function createReadersIndexes(queries: Queries): Promise<void> {
  for (const { name, statement } of indexStatements())
    if (readersIndexes.includes(name)) await queries.execute(sql.raw(statement));
}

let versionCache: string | undefined;

/** A hash of the tables and of every file whose code decides what is in them. */
function version(): string {
  if (versionCache !== undefined) return versionCache;
  const hash = createHash("sha256").update(createStatements().join("\n"));
  for (const file of ["decode.ts", "batch.ts", "apply.ts", "aggregate.ts", "../sdk/abis.ts"]) {
    hash.update(readFileSync(new URL(file, import.meta.url)));
  }
  versionCache = hash.digest("hex");
  return versionCache;
}

function createStatements(): string[] {
  const statements = ["CREATE TABLE version (hash text NOT NULL)"];
  for (const table of tables) {
    const { name, columns, primaryKeys } = getTableConfig(table);
    const lines = columns.map(
      (column) =>
        `${column.name} ${column.getSQLType()}${column.primary ? " PRIMARY KEY" : ""}${column.isUnique ? " UNIQUE" : ""}${column.notNull ? " NOT NULL" : ""}`,
    );
    for (const key of primaryKeys)
      lines.push(`PRIMARY KEY (${key.columns.map((column) => column.name).join(", ")})`);
    statements.push(`CREATE TABLE ${name} (${lines.join(", ")})`);
  }
  for (const { name, statement } of indexStatements())
    if (!readersIndexes.includes(name)) statements.push(statement);
  return statements;
}

function indexStatements(): { name: string; statement: string }[] {
  return tables.flatMap((table) => {
    const { name: on, indexes } = getTableConfig(table);
    return indexes.map(({ config }) => {
      const name = String(config.name);
      const keys = config.columns.map((column) => ("name" in column ? column.name : ""));
      const statement = `CREATE INDEX IF NOT EXISTS ${name} ON ${on} (${keys.join(", ")})`;
      return { name, statement };
    });
  });
}
