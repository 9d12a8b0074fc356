import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Recording,
  find,
  recordHistory,
  rememberingVerifier,
} from "../scripts/audit-recording.ts";
import { Refused } from "../scripts/audit-rpc.ts";
import { type RunOptions, type Standing, runAudit } from "../scripts/audit-run.ts";
import { artifactOf } from "../scripts/audit.ts";
import { auditBlocks } from "../sdk/audit/audit.ts";
import { formatCheckpoint, parseCheckpoint } from "../sdk/audit/checkpoint.ts";
import type { Block, Log } from "../sdk/audit/records.ts";
import { type Report, hashOf } from "../sdk/audit/report.ts";
import type { State } from "../sdk/audit/state.ts";

const RUNS = Number(process.env.AUDIT_PROPERTY_RUNS ?? 40);

let recording: Recording;
const verify = rememberingVerifier();

beforeAll(async () => {
  recording = await recordHistory(
    { bets: 168, players: 8, perRound: 8, roundsPerEpoch: 5 },
    { receipts: true },
  );
});

const failures = ({ checks }: Report) => checks.filter(({ failed }) => failed > 0);
const count = ({ checks }: Report, id: string) => checks.find((check) => check.id === id)!;
const audit = (options: Partial<RunOptions> = {}) =>
  runAudit({ node: { request: recording.request }, deployment: recording.deployment, ...options });

describe("an honest history", () => {
  test("is clean, and every receipt is among those that the headers commit to", () => {
    const { report } = recording;
    expect(failures(report)).toEqual([]);
    expect(report.verdict).toBe("clean");
    expect(report.bets).toMatchObject({ placed: 168, open: 0, faulty: 0 });
    expect(report.bets.settled + report.bets.refunded).toBe(168);
    expect(report.rounds.voided).toBeGreaterThan(0);
    expect(report.rounds.late).toBeGreaterThan(0);
    expect(count(report, "history.receipts")).toMatchObject({ failed: 0, unchecked: 0 });
    expect(count(report, "history.receipts").passed).toBeGreaterThan(50);
    for (const id of [
      "randomness.proof",
      "bets.payout",
      "money.state",
      "money.tokens",
      "money.price",
      "governance.delay",
      "players.exits",
    ]) {
      expect(count(report, id).passed, id).toBeGreaterThan(0);
    }
  });

  test("gives two auditors the same report, whatever their ranges and threads", async () => {
    const [first, second] = [
      await audit({ receipts: true }),
      await audit({ receipts: true, verify: undefined as never }),
    ];
    expect(first.hash).toBe(recording.report.hash);
    expect(second.hash).toBe(first.hash);
    expect(hashOf(first)).toBe(first.hash);
  });

  test("gives the same report after each stop and resumption", async () => {
    const { deployment, request, report } = recording;
    let resume: Standing | undefined;
    let stops = 0;
    let last: Report;
    for (;;) {
      let text = "";
      last = await runAudit({
        // A node that serves few blocks at a time, so that there are stops.
        node: {
          request: (method, params = []) =>
            method === "eth_getLogs" && span(params) > 20
              ? Promise.reject(new Refused("too many"))
              : request(method, [...params]),
        },
        deployment,
        receipts: true,
        ...(resume ? { resume } : {}),
        onCheckpoint: async ({ audit: standing, sources, next }) => {
          text = formatCheckpoint(standing, { sources, next });
          return true;
        },
      });
      const { audit: restored, rest } = parseCheckpoint(text, deployment);
      const { sources, next } = rest as Pick<Standing, "sources" | "next">;
      resume = { audit: restored, sources, next };
      if (next > report.blocks.to) break;
      expect(last.verdict).toBe("incomplete");
      stops++;
    }
    expect(stops).toBeGreaterThan(3);
    last = await runAudit({ node: { request }, deployment, receipts: true, resume });
    expect(last.verdict).toBe("clean");
    expect(last.hash).toBe(report.hash);
  });

  test("is paid by the contracts as by the twins, and its books agree at every epoch", async () => {
    const report = await audit({ rules: "chain", everyState: true });
    expect(failures(report)).toEqual([]);
    expect(count(report, "bets.rules").passed).toBe(report.bets.settled);
    expect(count(report, "money.state").passed).toBeGreaterThan(
      count(recording.report, "money.state").passed,
    );
  });

  test("runs on the code that these sources compile to, and on no other", async () => {
    const { request, deployment } = recording;
    const codeAt = async (address: string) =>
      (await request("eth_getCode", [address, "latest"])) as `0x${string}`;
    const report = await audit({ code: { codeAt, artifact: artifactOf } });
    expect(failures(report)).toEqual([]);
    expect(count(report, "code.bytecode")).toMatchObject({
      passed: 5 + deployment.assets.length + deployment.games.length,
      unchecked: 0,
    });

    const forged = await audit({
      code: {
        artifact: artifactOf,
        codeAt: async (address) => {
          const code = await codeAt(address);
          return address === deployment.casino
            ? `${code.slice(0, 200) as "0x"}f4${code.slice(202)}`
            : code;
        },
      },
    });
    expect(failures(forged).map(({ id }) => id)).toEqual(["code.bytecode", "code.opcodes"]);
  });

  test("of which the node no longer keeps the state is judged by its events, and says so", async () => {
    const { request } = recording;
    const report = await audit({
      node: {
        request: (method, params = []) =>
          method === "eth_call" && params[1] !== "latest"
            ? Promise.reject(new Refused("missing trie node"))
            : request(method, [...params]),
      },
    });
    expect(failures(report)).toEqual([]);
    expect(count(report, "money.state").unchecked).toBeGreaterThan(0);
  });
});

describe("storage that differs from the events is found", () => {
  test.each([
    ["houseOf", "0x9dbe5e15"],
    ["any read", ""],
  ])("in %s", async () => {
    const { request, blocks, deployment } = recording;
    const first = find(blocks, "casino", "BetSettled")[0]!;
    const report = await runAudit({
      node: { request },
      deployment,
      // The log's loss is small enough that nothing but the state tells of it in the end.
      through: (block) =>
        block.number === first.block.number
          ? { ...block, logs: block.logs.filter(({ index }) => index !== first.log.index) }
          : block,
    });
    expect(failures(report).map(({ id }) => id)).toContain("money.state");
  });
});

/** What `compareState` reads of a state. */
function stored({
  assets,
  balances,
  lanes,
  rounds,
  shares,
  listings,
  epoch,
  epochStart,
  roundCount,
  pausedUntil,
  governance,
  sources,
}: State): string {
  const kept = {
    assets,
    balances,
    lanes,
    rounds,
    shares,
    listings,
    epoch,
    epochStart,
    roundCount,
    pausedUntil,
    members: governance.members,
    source: sources.at(-1),
  };
  return JSON.stringify(kept, (_, value: unknown) =>
    typeof value === "bigint" ? `${value}` : value instanceof Map ? [...value] : value,
  );
}

type Change = { block: number; log: number; field: number; nibble: number; by: number };

function alter(blocks: Block[], { block: at, log: which, field, nibble, by }: Change): string {
  const withLogs = blocks.filter(({ logs }) => logs.length > 0);
  const block = withLogs[at % withLogs.length]!;
  const log = block.logs[which % block.logs.length]!;
  const flip = (hex: string) => {
    const index = 2 + (nibble % (hex.length - 2));
    const digit = (Number.parseInt(hex[index]!, 16) ^ (1 + (by % 15))).toString(16);
    return `${hex.slice(0, index)}${digit}${hex.slice(index + 1)}` as `0x${string}`;
  };
  const fields: [string, () => void][] = [
    ["address", () => (log.address = flip(log.address))],
    ["data", () => (log.data = flip(log.data))],
    ["tx", () => (log.tx = flip(log.tx))],
    ["blockHash", () => (log.blockHash = flip(log.blockHash))],
    ["index", () => (log.index += 1 + by)],
    ["hash", () => (block.hash = flip(block.hash))],
    ...log.topics.map((_, index): [string, () => void] => [
      `topic ${index}`,
      () =>
        (log.topics = log.topics.map((topic, other) => (other === index ? flip(topic) : topic))),
    ]),
    ...["timestamp", "number", "parentHash", "logsBloom", "receiptsRoot", "miner", "stateRoot"].map(
      (name): [string, () => void] => [
        `header's ${name}`,
        () => (block.header = { ...block.header, [name]: flip(String(block.header[name])) }),
      ],
    ),
    ...block.transactions.map((tx): [string, () => void] => [
      "calldata",
      () => (tx.input = flip(tx.input)),
    ]),
  ].filter(([name]) => name !== "data" || log.data.length > 2) as [string, () => void][];
  const [name, change] = fields[field % fields.length]!;
  change();
  return `${name} of log ${log.index} in block ${block.number}`;
}

const changes = fc.record({
  block: fc.nat(),
  log: fc.nat(),
  field: fc.nat(),
  nibble: fc.nat(),
  by: fc.nat(14),
});

/** Nothing but this may come of a property: its counterexample is shown otherwise. */
const HOLDS = { failed: false, counterexample: null };

describe("a random change of a single field", () => {
  test("of what a node tells with receipts is caught, but for calldata that decides nothing", () => {
    const caught = fc.property(changes, (change) => {
      const blocks = structuredClone(recording.blocks);
      const what = alter(blocks, change);
      const { report } = auditBlocks(recording.facts, blocks, verify);
      // Of calldata only proofs decide anything: see below.
      return report.verdict === "findings" || what.startsWith("calldata");
    });
    expect(fc.check(caught, { numRuns: RUNS, seed: 5 })).toMatchObject(HOLDS);
  });

  test("of what a node tells without receipts is caught, or the storage would tell, or it changes nothing", () => {
    const bare = recording.blocks.map((block): Block => {
      const { receipts: _, ...rest } = block;
      return rest;
    });
    const honest = auditBlocks(recording.facts, structuredClone(bare), verify);
    const caught = fc.property(changes, (change) => {
      const blocks = structuredClone(bare);
      alter(blocks, change);
      const { report, audit: altered } = auditBlocks(recording.facts, blocks, verify);
      if (report.verdict === "findings" || stored(altered.state) !== stored(honest.audit.state))
        return true;
      // Nothing that the report says may have moved either.
      const said = (of: Report) => JSON.stringify({ ...of, hash: "", checks: [] });
      return said(report) === said(honest.report);
    });
    expect(fc.check(caught, { numRuns: RUNS, seed: 7 })).toMatchObject(HOLDS);
  });

  test("of a proof's calldata is caught, all of it but what only the oracle's bill depends on", () => {
    const fulfilments = find(recording.blocks, "coordinator", "RandomWordsFulfilled");
    const { block: original, log } = fulfilments[5]!;
    const { input } = original.transactions.find(({ hash }) => hash === log.tx)!;
    const premium = 10 + 64 * 14;
    const nibbles = fc
      .integer({ min: 10, max: input.length - 1 })
      .filter((at) => at < premium || at >= premium + 64);
    const caught = fc.property(nibbles, fc.integer({ min: 1, max: 15 }), (at, by) => {
      const altered = structuredClone(original);
      const tx = altered.transactions.find(({ hash }) => hash === log.tx)!;
      const digit = (Number.parseInt(input[at]!, 16) ^ by).toString(16);
      tx.input = `${input.slice(0, at) as "0x"}${digit}${input.slice(at + 1)}`;
      const blocks = recording.blocks.map((block) => (block === original ? altered : block));
      return auditBlocks(recording.facts, blocks, verify).report.verdict === "findings";
    });
    expect(fc.check(caught, { numRuns: RUNS, seed: 11 })).toMatchObject(HOLDS);
  });
});

test("each log of the recording is an event that the auditor knows", () => {
  const logs: Log[] = recording.blocks.flatMap((block) => [...block.logs]);
  expect(count(recording.report, "history.events").passed).toBe(logs.length);
});

function span(params: readonly unknown[]): number {
  const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
  return Number(toBlock) - Number(fromBlock) + 1;
}
