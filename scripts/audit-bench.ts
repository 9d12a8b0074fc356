/**
 * Measures the auditor: makes a history of `--bets` bets, serves its chain over HTTP and audits it in a process of its
 * own. `node scripts/audit-bench.ts --bets 10000,100000 --workers 1`
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { network } from "hardhat";
import { formatDeployment } from "../sdk/deployment.ts";
import { type Request, makeHistory } from "./audit-history.ts";

/**
 * Prints the peak memory of a process as it ends. Linux counts into `maxRSS` what the parent held when it forked, and
 * the parent holds a whole chain: `VmHWM` begins with the program itself.
 */
const TELL_MEMORY = `data:text/javascript,${encodeURIComponent(`
  import { readFileSync } from "node:fs";
  const peak = () => process.platform === "linux"
    ? /VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]
    : process.resourceUsage().maxRSS;
  process.on("exit", () => console.error("peak", peak()));
`)}`;

const { values } = parseArgs({
  options: {
    bets: { type: "string", default: "10000,100000" },
    players: { type: "string", default: "200" },
    "per-round": { type: "string", default: "50" },
    workers: { type: "string", default: "1" },
    /** Keeps serving the last history, for audits by hand. */
    serve: { type: "boolean", default: false },
  },
});

for (const bets of values.bets.split(",").map(Number)) await measure(bets);

async function measure(bets: number): Promise<void> {
  const { provider } = await network.create();
  const request: Request = (method, params = []) => provider.request({ method, params });
  const begun = performance.now();
  const { deployment } = await makeHistory(request, {
    bets,
    players: Number(values.players),
    perRound: Number(values["per-round"]),
    onProgress: (made) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${made} of ${bets} bets made`);
    },
  });
  console.log(`\n${bets} bets made in ${seconds(begun)} s`);

  const folder = mkdtempSync(join(tmpdir(), "glasshouse-"));
  const file = join(folder, "31337.json");
  writeFileSync(file, formatDeployment(deployment));
  const { url, close } = await serve(request);
  const started = performance.now();
  const args = ["--import", TELL_MEMORY, fileURLToPath(new URL("audit.ts", import.meta.url))];
  const options = [
    "--rpc",
    url,
    "--deployment",
    file,
    "--workers",
    values.workers,
    "--html",
    join(folder, "audit.html"),
    "--json",
    join(folder, "audit.json"),
  ];
  const child = spawn(process.execPath, [...args, ...options], {
    stdio: ["ignore", "inherit", "pipe"],
  });
  let told = "";
  child.stderr.on("data", (chunk: Buffer) => (told += chunk.toString()));
  const [code] = (await once(child, "exit")) as [number];
  const taken = Number(seconds(started));
  const peak = Number(/peak (\d+)/.exec(told)?.[1] ?? 0) / 1_024;
  console.log(
    `${bets} bets audited in ${taken} s: ${Math.round(bets / taken)} bets/s, peak ${peak.toFixed(0)} MB, exit ${code}`,
  );
  if (code !== 0) console.log(told);
  if (values.serve) {
    console.log(`Serving ${url}; deployment ${file}`);
    await new Promise(() => {});
  }
  await close();
  rmSync(folder, { recursive: true, force: true });
}

/** Serves a provider over HTTP, batches too, with receipts of whole blocks. */
async function serve(request: Request): Promise<{ url: string; close(): Promise<void> }> {
  type Asked = { id: number; method: string; params: unknown[] };
  const answer = async ({ id, method, params }: Asked) => {
    const outcome = await request(method, params).then(
      (result) => ({ result }),
      (error: unknown) => ({
        error: { code: -32_000, message: error instanceof Error ? error.message : String(error) },
      }),
    );
    return { jsonrpc: "2.0", id, ...outcome };
  };
  const server = createServer((incoming, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const asked = JSON.parse(Buffer.concat(chunks).toString()) as Asked | Asked[];
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify(
          Array.isArray(asked) ? await Promise.all(asked.map(answer)) : await answer(asked),
        ),
      );
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1_000).toFixed(1);
}
