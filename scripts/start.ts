import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import type { Command } from "commander";
import { LOCAL_CHAIN_ID } from "./chain.ts";
import { CommandError } from "./command-error.ts";
import { DEPLOYMENTS, deploymentFile } from "./connection.ts";
import { integer } from "./options.ts";
import { freePort, type House, type Part, stopOnSignals, supervise } from "./supervisor.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const DATA = join(ROOT, ".glasshouse");

/** What the app is built from. */
const APP_SOURCES = "{app,sdk,public}/**/*";
const APP_CONFIG = "{package-lock.json,next.config.*,proxy.ts,postcss.config.*,tsconfig.json}";

interface Options {
  port: number;
  rpcPort: number;
  apiPort: number;
  blockMs: number;
  parts?: string[];
}

/** Where a house runs. */
export interface Place {
  appUrl: string;
  rpcUrl: string;
  apiUrl: string;
  /** Folder of this run: the deployment's file and the index. */
  data: string;
}

export function register(program: Command): void {
  program
    .command("start")
    .description("Run the whole house on this machine: chain, oracle, keeper, indexer and app")
    .option("--port <port>", "port of the app, if free", integer, 3000)
    .option("--rpc-port <port>", "port of the chain, if free", integer, 8545)
    .option("--api-port <port>", "port of the indexer, if free", integer, 4000)
    .option(
      "--block-ms <ms>",
      "time between blocks; 0 mines each transaction at once",
      integer,
      1_000,
    )
    .option("--parts <names>", "run only these, separated by commas", (names) => names.split(","))
    .action(start);
}

async function start(options: Options): Promise<void> {
  const place: Place = {
    appUrl: await localUrl(options.port),
    rpcUrl: await localUrl(options.rpcPort),
    apiUrl: await localUrl(options.apiPort),
    data: freshDataFolder(),
  };
  const house = supervise({ parts: selectParts(houseParts(place), options.parts) });
  stopOnSignals(house);

  const up = house.ready.then(async () => {
    if (options.blockMs > 0) await mineEvery(options.blockMs, place.rpcUrl);
    // Where other commands look for it, while this house runs.
    mkdirSync(DEPLOYMENTS, { recursive: true });
    copyFileSync(deploymentFile(LOCAL_CHAIN_ID, place.data), deploymentFile(LOCAL_CHAIN_ID));
    console.log(welcome(place, house));
  });
  // Where the house stops before it is up, `closed` has the reason.
  const failure = await Promise.race([
    house.closed,
    up.then(
      () => house.closed,
      () => house.closed,
    ),
  ]);
  rmSync(place.data, { recursive: true, force: true });
  if (failure !== undefined)
    throw new CommandError(failure, "read its lines above, then start again");
}

/**
 * The processes of the house, each after what it needs. Drawn bets are left to their player's next one for
 * `graceSeconds`, the keeper's own default where it is left out.
 */
export function houseParts({ appUrl, rpcUrl, apiUrl, data }: Place, graceSeconds?: number): Part[] {
  const rpc = ["--rpc", rpcUrl];
  // Each house has its own: two can run side by side.
  const file = deploymentFile(LOCAL_CHAIN_ID, data);
  const there = [...rpc, "--deployment", file];
  const build: Part = { ...next("build", "build"), once: true };
  return [
    {
      // In automine until all are up, so that the deployment does not wait for blocks.
      ...casino("chain", ["--port", new URL(rpcUrl).port, "--block-ms", "0"]),
      ready: /listens on/,
      critical: true,
    },
    { ...casino("deploy", [...rpc, "--local", "--out", data]), after: ["chain"], once: true },
    { ...casino("oracle", there), after: ["deploy"] },
    {
      ...casino(
        "keeper",
        graceSeconds === undefined ? there : [...there, "--grace", String(graceSeconds)],
      ),
      after: ["deploy"],
    },
    {
      ...casino("indexer", [
        ...there,
        "--port",
        new URL(apiUrl).port,
        "--data",
        join(data, "index"),
      ]),
      after: ["deploy"],
      ready: () => answers(`${apiUrl}/readyz`),
    },
    ...(appIsBuilt() ? [] : [build]),
    {
      ...next("app", "start", "--hostname", "127.0.0.1", "--port", new URL(appUrl).port),
      env: {
        GLASSHOUSE_RPC_URL: rpcUrl,
        GLASSHOUSE_API_URL: apiUrl,
        GLASSHOUSE_DEPLOYMENT: file,
        GLASSHOUSE_LOCAL: "1",
      },
      after: appIsBuilt() ? ["indexer"] : ["indexer", "build"],
      ready: () => answers(appUrl),
    },
  ];
}

function casino(command: string, args: string[]): Part {
  return {
    name: command,
    command: process.execPath,
    args: [join(ROOT, "scripts/casino.ts"), command, ...args],
  };
}

function next(name: string, ...args: string[]): Part {
  return { name, command: process.execPath, args: [join(ROOT, "node_modules/.bin/next"), ...args] };
}

/** Keeps the parts asked for; their dependencies on the others count as met. */
export function selectParts(parts: Part[], names = parts.map(({ name }) => name)): Part[] {
  const unknown = names.find((name) => parts.every((part) => part.name !== name));
  if (unknown !== undefined) {
    const known = parts.map(({ name }) => name).join(", ");
    throw new CommandError(`The house has no part "${unknown}".`, `choose among ${known}`);
  }
  return parts
    .filter(({ name }) => names.includes(name))
    .map((part) => ({ ...part, after: (part.after ?? []).filter((name) => names.includes(name)) }));
}

/** Whether `.next` holds a build newer than everything it was made from. */
function appIsBuilt(): boolean {
  const build = join(ROOT, ".next/BUILD_ID");
  if (!existsSync(build)) return false;
  const builtAt = statSync(build).mtimeMs;
  return globSync([APP_SOURCES, APP_CONFIG], { cwd: ROOT }).every(
    (path) => statSync(join(ROOT, path)).mtimeMs <= builtAt,
  );
}

/** A folder for what belongs to this run's chain; those that dead runs have left are removed. */
function freshDataFolder(): string {
  mkdirSync(DATA, { recursive: true });
  for (const name of readdirSync(DATA)) {
    const owner = /^run-(\d+)$/.exec(name)?.[1];
    if (owner !== undefined && !isAlive(Number(owner)))
      rmSync(join(DATA, name), { recursive: true });
  }
  const folder = join(DATA, `run-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  return folder;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** From here on a block comes every `blockMs`, and transactions wait for it. */
export async function mineEvery(blockMs: number, rpcUrl: string): Promise<void> {
  await callRpc(rpcUrl, "evm_setAutomine", false);
  await callRpc(rpcUrl, "evm_setIntervalMining", blockMs);
}

async function callRpc(url: string, method: string, ...params: unknown[]): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { error } = (await response.json()) as { error?: { message: string } };
  if (error !== undefined) throw new Error(`${method}: ${error.message}`);
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(url)).ok;
}

/** A free port of loopback, `port` if it can be. */
export async function localUrl(port: number): Promise<string> {
  return `http://127.0.0.1:${await freePort(port)}`;
}

function welcome({ appUrl, rpcUrl, apiUrl }: Place, house: House): string {
  const rows: [string, string, string][] = [
    ["app", "Play at", appUrl],
    ["chain", "Chain (RPC)", rpcUrl],
    ["indexer", "Data (API)", apiUrl],
  ];
  const lines = rows
    .filter(([part]) => house.pid(part) !== undefined)
    .map(([, label, url]) => `  ${label.padEnd(13)}${styleText("cyan", url)}`);
  const title = styleText("bold", "  The house is open.");
  return ["", title, ...lines, "  Ctrl-C stops all of it.", ""].join("\n");
}
