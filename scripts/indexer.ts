import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { type IndexerOptions, startIndexer } from "../indexer/main.ts";
import { parseDeployment } from "../sdk/deployment.ts";
import { CommandError } from "./command-error.ts";
import { integer } from "./options.ts";

type Options = {
  rpc: string;
  deployment: string;
  data: string;
  host: string;
  port: number;
  origin: string;
  replica?: boolean;
};

export function register(program: Command): void {
  program
    .command("indexer")
    .description(
      "Read the casino's events into a database and serve them: HTTP at /api, live updates at /api/live",
    )
    .requiredOption(
      "--rpc <urls>",
      "nodes of the chain, http or ws, separated by commas; the first is preferred",
    )
    .requiredOption("--deployment <file>", "the deployment, as deployments/<chain id>.json")
    .option(
      "--data <dir>",
      "directory of the embedded database; DATABASE_URL names a PostgreSQL server instead",
      ".glasshouse/indexer",
    )
    .option("--port <port>", "port of the API, 0 for a free one", integer, 8646)
    .option("--host <address>", "address the API listens on", "127.0.0.1")
    .option(
      "--origin <origins>",
      "pages that may read the API from a browser, separated by commas, or *",
      "*",
    )
    .option("--replica", "serve the API only, beside an indexer elsewhere (PostgreSQL only)")
    .action(runIndexer);
}

async function runIndexer(options: Options): Promise<void> {
  const url = process.env.DATABASE_URL;
  if (options.replica && !url) {
    throw new CommandError(
      "A replica reads the database of another indexer, and DATABASE_URL is not set",
      "set DATABASE_URL",
    );
  }
  const indexer = await explained(
    startIndexer({
      rpc: options.rpc.split(","),
      deployment: await readDeployment(options.deployment),
      database: url ? { url } : { directory: options.data },
      host: options.host,
      port: options.port,
      origins: options.origin.split(","),
      replica: options.replica,
      log: console.log,
    } satisfies IndexerOptions),
  );
  console.log(`Indexer listens on ${indexer.url}`);

  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
  try {
    await explained(Promise.race([indexer.done, stopped]));
  } finally {
    await indexer.stop();
  }
}

async function readDeployment(file: string) {
  try {
    return parseDeployment(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      `Could not read the deployment ${file}: ${reason}`,
      "deploy first, or name the file with --deployment",
      {
        cause: error,
      },
    );
  }
}

/** Turns the indexer's own errors, which say what to do, into the command line's. */
async function explained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && "hint" in error)
      throw new CommandError(error.message, String(error.hint), { cause: error });
    throw error;
  }
}
