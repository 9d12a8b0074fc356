import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Recording, find, recordHistory } from "../scripts/audit-recording.ts";
import { htmlOf } from "../scripts/audit-report.ts";
import { runAudit } from "../scripts/audit-run.ts";
import { type Report, hashOf } from "../sdk/audit/report.ts";
import { formatDeployment } from "../sdk/deployment.ts";
import { dice } from "../sdk/games/dice.ts";
import { decodeLane, encodeReserve, seedOf, storedWordOf, unpackBetId } from "../sdk/layout.ts";
import { preSeedOf, requestIdOf, wordOf } from "../sdk/vrf.ts";
import { serveProvider } from "./support/serve-provider.ts";

let recording: Recording;
let server: Awaited<ReturnType<typeof serveProvider>>;
let folder: string;

beforeAll(async () => {
  recording = await recordHistory({ bets: 96, players: 6, perRound: 6, roundsPerEpoch: 6 });
  server = await serveProvider((method, params) => intercept(method, params));
  folder = mkdtempSync(join(tmpdir(), "glasshouse-"));
  writeFileSync(join(folder, "house.json"), formatDeployment(recording.deployment));
});

afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the node at `server` does with a request; tests make it lie. */
let intercept = (method: string, params?: unknown[]): Promise<unknown> =>
  recording.request(method, params);

function lying(lie: (method: string, answer: unknown, params: unknown[]) => unknown) {
  intercept = async (method, params = []) =>
    lie(method, await recording.request(method, params), params);
}

async function run(...options: string[]): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [
    "scripts/audit.ts",
    "--rpc",
    server.url,
    "--deployment",
    join(folder, "house.json"),
    "--workers",
    "1",
    ...options,
  ]);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, "exit")) as [number];
  return { code, said };
}

const failedIds = ({ checks }: Report) =>
  checks.filter(({ failed }) => failed > 0).map(({ id }) => id);

describe("the command", () => {
  test("says that an honest house is clean, exits 0 and writes what was asked for", async () => {
    intercept = recording.request;
    const [json, html, csv] = ["report.json", "report.html", "bets.csv"].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    const { code, said } = await run(
      "--json",
      json,
      "--html",
      html,
      "--csv",
      csv,
      "--rules",
      "chain",
    );
    expect(said).toContain("Verdict: clean");
    expect(code).toBe(0);

    const report = JSON.parse(readFileSync(json, "utf8")) as Report;
    expect(hashOf(report)).toBe(report.hash);
    expect(said).toContain(report.hash);
    expect(readFileSync(html, "utf8")).toContain(report.hash);
    const rows = readFileSync(csv, "utf8").trim().split("\n");
    expect(rows).toHaveLength(1 + 96);
    expect(rows[0]).toBe("bet,block,transaction,asset,game,choice,stake,rounds,paid,end");
  });

  test("finds the same from the casino's address alone", async () => {
    intercept = recording.request;
    const json = join(folder, "address.json");
    const { code } = await run("--deployment", recording.facts.casino, "--json", json);
    expect(code).toBe(0);
    const report = JSON.parse(readFileSync(json, "utf8")) as Report;
    expect(report.bets).toEqual(recording.report.bets);
    expect(report.rounds).toEqual(recording.report.rounds);
    expect(report.blocks.toHash).toBe(recording.report.blocks.toHash);
  });

  test("names what a forging node changed and exits 1", async () => {
    lying((method, answer) => {
      if (method !== "eth_getTransactionByHash") return answer;
      const tx = answer as { input: string };
      return { ...tx, input: tx.input.replace(/(.{900})./, "$1f") };
    });
    const { code, said } = await run();
    expect(code).toBe(1);
    expect(said).toContain("✗ randomness.proof");
    expect(said).toContain("Verdict: findings");
  });

  test("exits 2 where no node answers, and says what to do", async () => {
    const { code, said } = await run("--rpc", "http://127.0.0.1:1");
    expect(code).toBe(2);
    expect(said).toContain("check --rpc");
  });
});

describe("a node that", () => {
  type Raw = { blockNumber: string; logIndex: string; topics: string[]; address: string };
  const audited = async (receipts = false) => {
    const request = (method: string, params: readonly unknown[] = []) =>
      intercept(method, [...params]);
    return failedIds(
      await runAudit({ node: { request }, deployment: recording.deployment, receipts }),
    );
  };
  const withdrawal = () => find(recording.blocks, "casino", "Withdrawn").at(-1)!;

  test("drops a log that nothing depends on is found by the receipts", async () => {
    const { block, log } = withdrawal();
    lying((method, answer) =>
      method === "eth_getLogs"
        ? (answer as Raw[]).filter(
            (raw) => Number(raw.blockNumber) !== block.number || Number(raw.logIndex) !== log.index,
          )
        : answer,
    );
    expect(await audited(true)).toContain("history.receipts");
    expect(await audited()).toContain("money.state");
  });

  test("changes an amount in a log and in the receipt is found by the receipts' root", async () => {
    const { log } = withdrawal();
    lying(
      (_method, answer) =>
        JSON.parse(
          JSON.stringify(answer ?? null).replaceAll(log.data.slice(2), `${log.data.slice(2, -1)}9`),
        ) as unknown,
    );
    expect(await audited(true)).toContain("history.receipts");
  });

  test("hides a transaction is found", async () => {
    const { log } = find(recording.blocks, "coordinator", "RandomWordsFulfilled")[2]!;
    lying((method, answer, params) =>
      method === "eth_getTransactionByHash" && params[0] === log.tx ? null : answer,
    );
    expect(await audited()).toEqual(["history.transactions"]);
  });

  test("moves to another fork while it is read is found", async () => {
    const last = recording.report.blocks.to;
    let reads = 0;
    lying((method, answer, params) =>
      method === "eth_getBlockByNumber" && Number(params[0]) === last && ++reads > 1
        ? { ...(answer as object), hash: `0x${"77".repeat(32)}` }
        : answer,
    );
    expect(await audited()).toContain("history.order");
  });

  test("answers with too much at once is asked for less", async () => {
    lying((method, answer, params) => {
      const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock: string; toBlock: string };
      if (method === "eth_getLogs" && Number(toBlock) - Number(fromBlock) > 7)
        return Promise.reject(new Error("query returned more than 10000 results"));
      return answer;
    });
    const { code } = await run();
    expect(code).toBe(0);
  });
});

describe("the report", () => {
  test("has the form that its schema says", () => {
    const schema = JSON.parse(readFileSync("docs/schemas/audit.schema.json", "utf8")) as Schema;
    expect(flawsOf(JSON.parse(JSON.stringify(recording.report)), schema, schema, "report")).toEqual(
      [],
    );
    expect(flawsOf({ ...recording.report, verdict: "fine" }, schema, schema, "report")).toEqual([
      "report.verdict is none of clean, findings, incomplete",
    ]);
  });

  test("is one page that fetches nothing and shows its curves", () => {
    const page = htmlOf(recording.report);
    expect(page).not.toMatch(/<script|<link|<img|src=|url\(|https?:/);
    expect(page.match(/<svg/g)!.length).toBeGreaterThanOrEqual(4);
    expect(page).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("shows what was found as text, whatever it contains", () => {
    const { report } = recording;
    const [first, ...rest] = report.checks;
    const failure = { block: 1, expected: "<script>alert(1)</script>", found: '"><img src=x>' };
    const page = htmlOf({
      ...report,
      verdict: "findings",
      checks: [{ ...first!, failed: 1, failures: [failure] }, ...rest],
    });
    expect(page).not.toContain("<script>");
    expect(page).not.toContain("<img");
  });
});

test("the example of docs/AUDIT.md adds up", () => {
  const text = readFileSync("docs/AUDIT.md", "utf8");
  const told = (value: bigint | number | string) =>
    expect(text.replaceAll(/[\s,]/g, "")).toContain(String(value));
  const casino = "0xa513e6e4b8f2a923d98304ec87f64353c4d5c853";
  const betId = 0xe2d0ffda61c77d205aaaedd36c050d7f8fbbd2b5000000050000000000000001n;
  const bet = 0x00050c81f7c002000000100a9e09c30100000000000005cf3900000000000000n;
  told(betId.toString(16));
  told(bet.toString(16).padStart(64, "0"));
  const lane = decodeLane(bet);
  expect(unpackBetId(betId)).toMatchObject({ asset: 0, lane: 5, sequence: 1n });
  expect(lane).toMatchObject({
    game: dice.id,
    stake: 380_729n,
    feeRate: 200,
    slot: 2_718,
    open: true,
  });
  expect(lane.choice).toBe(dice.encode({ target: 2_499, over: true }));
  const { maxMultiplierWad, rtpWad } = dice.odds(lane.choice);
  expect([maxMultiplierWad, rtpWad]).toEqual([
    1_320_000_000_000_000_000n,
    990_000_000_000_000_000n,
  ]);
  expect(((10n ** 18n - rtpWad) * 2_000n) / 10n ** 17n).toBe(200n);
  const most = (lane.stake * maxMultiplierWad) / 10n ** 18n;
  const fee = (lane.stake * 200n) / 100_000n;
  for (const value of [most, fee, most + fee - lane.stake, lane.reserve]) told(value);
  expect(encodeReserve(most + fee - lane.stake)).toBe(0x1f7cn);

  const keyHash = "0x969b0a11b8a56bacf1ac18f219e7e376e7c213b7e7e7e46cc70a5dd086daff2a";
  const subId = 10209808916202996248498251917644303379507874654876220598823817129193841061921n;
  const preSeed = preSeedOf({ keyHash, sender: casino, subId, nonce: 2n });
  told(preSeed);
  const requestId = requestIdOf({ keyHash, preSeed });
  told(requestId);
  expect(requestId % 8_192n).toBe(2_718n);
  const output = 107813168537303749787877690906050005967374291029506869272977825802863936476194n;
  const word = wordOf(output, 0);
  told(output);
  told(word.toString(16).padStart(64, "0"));
  told(`0x${storedWordOf(word).toString(16).padStart(56, "0")}`);
  const seed = seedOf({ word, chainId: 31_337, casino, betId });
  told(seed);
  expect(seed % 10_000n).toBe(4_234n);
  expect(dice.payout({ stake: lane.stake, choice: lane.choice, seed })).toBe(most);
  expect(lane.stake - fee - most).toBe(-122_594n);
});

type Schema = {
  $ref?: string;
  $defs?: Record<string, Schema>;
  enum?: unknown[];
  type?: string;
  pattern?: string;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
};

/** As much of JSON Schema as ours uses. */
function flawsOf(value: unknown, schema: Schema, root: Schema, at: string): string[] {
  if (schema.$ref)
    return flawsOf(value, root.$defs![schema.$ref.replace("#/$defs/", "")]!, root, at);
  if (schema.enum)
    return schema.enum.includes(value) ? [] : [`${at} is none of ${schema.enum.join(", ")}`];
  const kind = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  const wanted = schema.type === "integer" ? "number" : schema.type;
  if (wanted !== undefined && kind !== wanted) return [`${at} is no ${schema.type}`];
  if (schema.type === "integer" && !Number.isInteger(value)) return [`${at} is no integer`];
  if (schema.pattern && !new RegExp(schema.pattern).test(value as string))
    return [`${at} does not match ${schema.pattern}`];
  if (Array.isArray(value))
    return value.flatMap((entry, index) =>
      schema.items ? flawsOf(entry, schema.items, root, `${at}[${index}]`) : [],
    );
  if (kind !== "object") return [];
  const fields = value as Record<string, unknown>;
  const missing = (schema.required ?? [])
    .filter((name) => !(name in fields))
    .map((name) => `${at}.${name} is missing`);
  const inside = Object.entries(fields).flatMap(([name, entry]) => {
    const own = schema.properties?.[name] ?? schema.additionalProperties;
    if (own === undefined || own === true) return [];
    return own === false
      ? [`${at}.${name} is unknown`]
      : flawsOf(entry, own, root, `${at}.${name}`);
  });
  return [...missing, ...inside];
}
