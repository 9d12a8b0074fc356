/** The whole house for a test: chain, deployment, oracle, keeper, indexer and the production app, on free ports. */
import { join } from "node:path";
import { LOCAL_CHAIN_ID } from "../scripts/chain.ts";
import { houseParts, localUrl, selectParts } from "../scripts/start.ts";
import { supervise } from "../scripts/supervisor.ts";
import { scratchFolder } from "./browser.ts";

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
export async function startStack({
  without = [],
  blockMs = 500,
}: StackOptions = {}): Promise<Stack> {
  const folder = scratchFolder("e2e");
  const place = { ...(await freePlaces()), data: folder.path };
  const deploymentFile = join(folder.path, `${LOCAL_CHAIN_ID}.json`);
  const names = houseParts(place)
    .map(({ name }) => name)
    .filter((name) => !without.some((left) => left === name));
  const lines: string[] = [];
  const house = supervise({
    parts: selectParts(houseParts(place, 3), names),
    print: (line) => lines.push(line),
  });
  const stop = async () => {
    await house.stop();
    await house.closed;
    folder.remove();
  };
  try {
    await house.ready;
    await tick(place.rpcUrl, blockMs);
  } catch (error) {
    await stop();
    throw new Error(`The house did not open:\n${lines.slice(-40).join("\n")}`, { cause: error });
  }
  return { ...place, deploymentFile, lines, stop };
}

async function tick(rpcUrl: string, blockMs: number): Promise<void> {
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "evm_setIntervalMining",
    params: [blockMs],
  });
  const response = await fetch(rpcUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  const { error } = (await response.json()) as { error?: { message: string } };
  if (error !== undefined) throw new Error(error.message);
}

/** Three different free ports, apart from those of other test runs. */
async function freePlaces(): Promise<Record<"appUrl" | "rpcUrl" | "apiUrl", string>> {
  const first = 20_000 + (process.pid % 20_000);
  const [rpcUrl, apiUrl, appUrl] = [
    await localUrl(first),
    await localUrl(first + 7),
    await localUrl(first + 14),
  ];
  return { appUrl, rpcUrl, apiUrl };
}
