import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate as nextTurn } from "node:timers/promises";
import { WebSocket } from "ws";
import { connectEmitter } from "../test/support/emitter-chain.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { type IndexerOptions, startIndexer } from "./main.ts";

type Node = { url: string; deployment: IndexerOptions["deployment"]; events: number; head: number };

/** Events per second of a backfill into an empty, open database, with the chain in a process of its own. */
export async function benchBackfill({
  events,
  database,
}: {
  events: number;
  database: "pglite" | "postgres";
}): Promise<number> {
  return withNode(events, (node) =>
    withDatabase(database, async (at) => {
      const indexer = await startIndexer({
        rpc: [node.url],
        deployment: node.deployment,
        database: at,
      });
      const started = performance.now();
      try {
        while ((await indexer.health()).indexed < node.head)
          await new Promise((resolve) => setTimeout(resolve, 10));
        return node.events / ((performance.now() - started) / 1000);
      } finally {
        await indexer.stop();
      }
    }),
  );
}

/** Medians from the moment the node announces a block to its rows, and to its push to a listener. */
export async function benchLive({ blocks = 40 }: { blocks?: number } = {}): Promise<{
  blockToRowMs: number;
  blockToPushMs: number;
}> {
  return withNode(0, (node) =>
    withDatabase("pglite", async (at) => {
      const chain = await connectEmitter(node.url);
      const indexer = await startIndexer({
        rpc: [node.url],
        deployment: chain.deployment,
        database: at,
      });
      const announced = new Map<number, number>();
      const pushed = new Map<number, number>();
      const heads = await listen(node.url.replace("http", "ws"), (message) => {
        const number = (message.params as { result?: { number?: string } } | undefined)?.result
          ?.number;
        if (number) announced.set(Number(number), performance.now());
      });
      heads.send(
        JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] }),
      );
      const live = await listen(`${indexer.url.replace("http", "ws")}/api/live`, (message) => {
        if (message.type === "head") pushed.set(Number(message.block), performance.now());
      });
      try {
        await chain.deposit(50);
        const [toRow, toPush]: [number[], number[]] = [[], []];
        for (let turn = 0; turn < blocks; turn++) {
          const next = (await chain.head()) + 1;
          while ((await indexer.health()).indexed < next - 1) await nextTurn();
          const placed = chain.place(10, (turn * 10) % 50);
          while ((await indexer.health()).indexed < next) await nextTurn();
          const row = performance.now();
          while (!pushed.has(next) || !announced.has(next)) await nextTurn();
          await placed;
          toRow.push(Math.max(0, row - announced.get(next)!));
          toPush.push(pushed.get(next)! - announced.get(next)!);
        }
        return { blockToRowMs: median(toRow), blockToPushMs: median(toPush) };
      } finally {
        heads.terminate();
        live.terminate();
        await indexer.stop();
      }
    }),
  );
}

/** The middle value. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

async function withNode<T>(events: number, work: (node: Node) => Promise<T>): Promise<T> {
  const script = new URL("../test/support/emitter-node.ts", import.meta.url).pathname;
  const child: ChildProcess = spawn(process.execPath, [script, String(events)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const lines = createInterface({ input: child.stdout! });
    const [line] = (await Promise.race([once(lines, "line"), failed(child)])) as [string];
    return await work(JSON.parse(line) as Node);
  } finally {
    child.stdin?.end();
    if (child.exitCode === null) await once(child, "exit");
  }
}

async function failed(child: ChildProcess): Promise<never> {
  const [code] = await once(child, "exit");
  throw new Error(`the chain's process ended with ${code}`);
}

async function withDatabase<T>(
  kind: "pglite" | "postgres",
  work: (at: IndexerOptions["database"]) => Promise<T>,
): Promise<T> {
  if (kind === "postgres") {
    const server = await startPostgres();
    try {
      return await work({ url: server.url });
    } finally {
      await server.stop();
    }
  }
  const directory = await mkdtemp(join(tmpdir(), "glasshouse-bench-"));
  try {
    return await work({ directory });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function listen(
  url: string,
  receive: (message: Record<string, unknown>) => void,
): Promise<WebSocket> {
  const socket = new WebSocket(url);
  socket.on("message", (data) => receive(JSON.parse(String(data)) as Record<string, unknown>));
  await once(socket, "open");
  return socket;
}
