/** Every remote or disk read of the server side. Nothing here is decided at build time. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDeployment, type Deployment } from "../sdk/deployment.ts";

/** What the browser needs to know of where it is; safe to serialise. */
export type Settings =
  | {
      ready: true;
      rpcUrl: string;
      apiUrl: string | undefined;
      deployment: Deployment;
      local: boolean;
    }
  | { ready: false; reason: string; hint: string };

const LOCAL_CHAIN = 31337;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Path of the deployment file: named by the environment, else the local chain's. */
export function deploymentPath(): string {
  const chainId = process.env.GLASSHOUSE_CHAIN_ID ?? String(LOCAL_CHAIN);
  return process.env.GLASSHOUSE_DEPLOYMENT ?? join(process.cwd(), "deployments", `${chainId}.json`);
}

/** Whether this server may hand out test coins. */
export function isLocal(chainId: number): boolean {
  return chainId === LOCAL_CHAIN && process.env.GLASSHOUSE_LOCAL === "1";
}

/** Reads the configuration of this request, or says what is missing and what to do. */
export async function readSettings(): Promise<Settings> {
  const path = deploymentPath();
  let text: string;
  try {
    text = await readFile(/* turbopackIgnore: true */ path, "utf8");
  } catch (error) {
    return {
      ready: false,
      reason: `No deployment could be read (${messageOf(error).split(",")[0]}).`,
      hint: "Run npm start for a local stack, or npm run casino -- deploy, or name the file in GLASSHOUSE_DEPLOYMENT.",
    };
  }
  const rpcUrl = process.env.GLASSHOUSE_RPC_URL;
  if (rpcUrl === undefined || rpcUrl === "") {
    return {
      ready: false,
      reason: "No node is configured.",
      hint: "Set GLASSHOUSE_RPC_URL to the JSON-RPC endpoint of the chain; npm start does it for a local one.",
    };
  }
  try {
    const deployment = parseDeployment(JSON.parse(text));
    return {
      ready: true,
      rpcUrl,
      apiUrl: process.env.GLASSHOUSE_API_URL,
      deployment,
      local: isLocal(deployment.chainId),
    };
  } catch (error) {
    return {
      ready: false,
      reason: `The deployment file is not valid: ${messageOf(error)}`,
      hint: "Deploy again with npm run casino -- deploy, or restore the file.",
    };
  }
}

/** A contract's source, cut to one function: what the player reads behind the glass. */
export interface SourceExcerpt {
  file: string;
  firstLine: number;
  lines: string[];
}

/** Lines of `function <name>` in a game's contract, with its one-line reasons. */
export async function readSolidity(file: string, name: string): Promise<SourceExcerpt | undefined> {
  const path = join(process.cwd(), "contracts", "games", file);
  let source: string;
  try {
    source = await readFile(/* turbopackIgnore: true */ path, "utf8");
  } catch {
    return undefined; // The panel says that the file is not shipped with this server.
  }
  const lines = source.split("\n");
  const first = lines.findIndex((line) => line.includes(`function ${name}(`));
  if (first === -1) return undefined;
  const indent = lines[first]?.match(/^ */)?.[0] ?? "";
  const length = lines.slice(first).findIndex((line) => line === `${indent}}`);
  const taken = lines.slice(first, first + length + 1).map((line) => line.slice(indent.length));
  return { file: `contracts/games/${file}`, firstLine: first + 1, lines: taken };
}
