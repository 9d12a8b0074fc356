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
    // Manager, casino, limits, sessions, annex, gate and the second source.
    expect(count(report, "code.bytecode")).toMatchObject({
      passed: 7 + deployment.assets.length + deployment.games.length,
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

describe("an audit from a block on", () => {
  const middle = () => Math.floor((recording.report.blocks.from + recording.report.blocks.to) / 2);
  /** A log says that it is of another block. */
  const forged = (at: number) => ({
    through: (block: Block) =>
      block.number === at
        ? { ...block, logs: block.logs.map((log) => ({ ...log, blockHash: "0x77" as const })) }
        : block,
  });
  const withBet = (from: number) =>
    find(recording.blocks, "casino", "BetPlaced").find(({ block }) => block.number >= from)!.block;

  test("judges the later blocks, with their bets, proofs and statistics alone", async () => {
    const from = middle();
    const report = await audit({ from, receipts: true });
    const bets = find(recording.blocks, "casino", "BetPlaced");
    expect(failures(report)).toEqual([]);
    expect(report.blocks).toMatchObject({ judgedFrom: from, failedBefore: 0 });
    expect(report.bets.placed).toBe(bets.filter(({ block }) => block.number >= from).length);
    expect(count(report, "history.headers").passed).toBeLessThan(
      count(recording.report, "history.headers").passed,
    );
    expect(count(report, "randomness.proof").passed).toBeLessThan(
      count(recording.report, "randomness.proof").passed,
    );
    expect(count(report, "money.state")).toEqual(count(recording.report, "money.state"));
  });

  test("counts what failed before and lists what failed since", async () => {
    const from = middle();
    const before = await audit({ from, ...forged(withBet(0).number) });
    expect(before.verdict).toBe("clean");
    expect(before.blocks.failedBefore).toBeGreaterThan(0);
    const since = await audit({ from, ...forged(withBet(from).number) });
    expect(failures(since).map(({ id }) => id)).toEqual(["history.order"]);
    expect(since.blocks.failedBefore).toBe(0);
  });
});

describe("what an audit can't see", () => {
  test("of bets that another contract placed is counted and no finding", () => {
    const blocks = structuredClone(recording.blocks);
    const { block, log } = find(blocks, "casino", "BetPlaced")[0]!;
    block.transactions.find(({ hash }) => hash === log.tx)!.to = `0x${"ab".repeat(20)}`;
    const { report } = auditBlocks(recording.facts, blocks, verify);
    expect(failures(report)).toEqual([]);
    expect(count(report, "bets.orders")).toMatchObject({ failed: 0, unchecked: 1 });
    expect(count(report, "bets.orders").reason).toContain("another contract");
  });

  test("of keys that were registered before is asked of their coordinator", async () => {
    const [, second] = find(recording.blocks, "casino", "SourceSet");
    expect(count(recording.report, "randomness.key")).toMatchObject({ failed: 0, unchecked: 0 });
    const report = await audit({
      node: {
        request: (method, params = []) => {
          const [call] = params as [{ to?: string }];
          return method === "eth_call" && call.to === second!.args.coordinator
            ? Promise.resolve(`0x${"0".repeat(128)}`)
            : recording.request(method, [...params]);
        },
      },
    });
    expect(failures(report).map(({ id }) => id)).toEqual(["randomness.key"]);
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

test("each log of the recording is an event that the auditor knows", () => {
  const logs: Log[] = recording.blocks.flatMap((block) => [...block.logs]);
  expect(count(recording.report, "history.events").passed).toBe(logs.length);
});

function span(params: readonly unknown[]): number {
  const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
  return Number(toBlock) - Number(fromBlock) + 1;
}
