/** The whole house for a test: chain, deployment, oracle, keeper, indexer and the production app, on free ports. */
import { existsSync, globSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Part, freePort, supervise } from "../scripts/supervisor.ts";
import { scratchFolder } from "./browser.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const CLI = join(ROOT, "scripts/casino.ts");
const CHAIN_ID = 31337;

export interface Stack {
  appUrl: string;
  rpcUrl: string;
  apiUrl: string;
  deploymentFile: string;
  /** What the parts printed, for a failed test to show. */
  lines: string[];
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Parts that do not run: a test without an oracle sees bets wait, one without a keeper sees them unsettled. */
  without?: readonly ("oracle" | "keeper" | "indexer")[];
  /** An empty block comes this often, so that the chain's clock runs; transactions are mined at once all the same. */
  blockMs?: number;
}

/** Starts all parts and waits until the app answers. */
export async function startStack({ without = [], blockMs = 500 }: StackOptions = {}): Promise<Stack> {
  const folder = scratchFolder("e2e");
  const [rpcUrl, apiUrl, appUrl] = await localUrls();
  const deploymentFile = join(folder.path, `${CHAIN_ID}.json`);
  const rpc = ["--rpc", rpcUrl];
  const deployed = [...rpc, "--deployment", deploymentFile];
  const parts: Part[] = [
    { ...casino("chain", ["--port", portOf(rpcUrl), "--block-ms", "0"]), ready: /listens on/, critical: true },
    { ...casino("deploy", [...rpc, "--local", "--out", folder.path]), after: ["chain"], once: true },
    { ...casino("oracle", deployed), after: ["deploy"] },
    { ...casino("keeper", [...deployed, "--grace", "3"]), after: ["deploy"] },
    {
      ...casino("indexer", [...deployed, "--port", portOf(apiUrl), "--data", join(folder.path, "index")]),
      after: ["deploy"],
      ready: () => answers(`${apiUrl}/readyz`),
    },
    ...(appIsBuilt() ? [] : [{ ...next("build", "build"), once: true as const }]),
    {
      ...next("app", "start", "--hostname", "127.0.0.1", "--port", portOf(appUrl)),
      env: { GLASSHOUSE_RPC_URL: rpcUrl, GLASSHOUSE_API_URL: apiUrl, GLASSHOUSE_DEPLOYMENT: deploymentFile, GLASSHOUSE_LOCAL: "1" },
      after: ["deploy", ...(appIsBuilt() ? [] : ["build"])],
      ready: () => answers(appUrl),
    },
  ];
  const lines: string[] = [];
  const house = supervise({
    parts: parts.filter(({ name }) => !without.some((left) => left === name)),
    print: (line) => lines.push(line),
  });
  const stop = async () => {
    await house.stop();
    await house.closed;
    folder.remove();
  };
  try {
    await house.ready;
    await tick(rpcUrl, blockMs);
  } catch (error) {
    await stop();
    throw new Error(`The house did not open:\n${lines.slice(-40).join("\n")}`, { cause: error });
  }
  return { appUrl, rpcUrl, apiUrl, deploymentFile, lines, stop };
}

function casino(command: string, args: string[]): Part {
  return { name: command, command: process.execPath, args: [CLI, command, ...args] };
}

function next(name: string, command: string, ...args: string[]): Part {
  return { name, command: process.execPath, args: [join(ROOT, "node_modules/next/dist/bin/next"), command, ROOT, ...args], env: { NEXT_TELEMETRY_DISABLED: "1" } };
}

/** Whether `.next` holds a build newer than everything it was made from. */
function appIsBuilt(): boolean {
  const build = join(ROOT, ".next/BUILD_ID");
  if (!existsSync(build)) return false;
  const builtAt = statSync(build).mtimeMs;
  return globSync(["{app,sdk}/**/*.{ts,tsx,css,svg}", "next.config.ts", "proxy.ts"], { cwd: ROOT }).every((path) => statSync(join(ROOT, path)).mtimeMs <= builtAt);
}

async function tick(rpcUrl: string, blockMs: number): Promise<void> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "evm_setIntervalMining", params: [blockMs] });
  const response = await fetch(rpcUrl, { method: "POST", headers: { "content-type": "application/json" }, body });
  const { error } = (await response.json()) as { error?: { message: string } };
  if (error !== undefined) throw new Error(error.message);
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(url)).ok;
}

/** Three different free ports. */
async function localUrls(): Promise<[string, string, string]> {
  const ports = new Set<number>();
  while (ports.size < 3) ports.add(await freePort(20_000 + process.pid % 20_000 + ports.size * 7));
  const [rpc, api, app] = [...ports].map((port) => `http://127.0.0.1:${port}`);
  return [rpc!, api!, app!];
}

function portOf(url: string): string {
  return new URL(url).port;
}
