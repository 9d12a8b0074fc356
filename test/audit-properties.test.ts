import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Recording,
  find,
  recordHistory,
  rememberingVerifier,
} from "../scripts/audit-recording.ts";
import { auditBlocks } from "../sdk/audit/audit.ts";
import type { Block } from "../sdk/audit/records.ts";
import type { Report } from "../sdk/audit/report.ts";
import type { State } from "../sdk/audit/state.ts";

/** A random change of one field of a small history is caught, or provably without effect. */

const RUNS = Number(process.env.AUDIT_PROPERTY_RUNS ?? 40);

let recording: Recording;
const verify = rememberingVerifier();

beforeAll(async () => {
  recording = await recordHistory(
    { bets: 168, players: 8, perRound: 8, roundsPerEpoch: 5 },
    { receipts: true },
  );
});

const count = ({ checks }: Report, id: string) => checks.find((check) => check.id === id)!;

/** What `compareState` reads of a state, beside its roles and its source. */
const COMPARED = [
  "assets",
  "balances",
  "lanes",
  "rounds",
  "shares",
  "listings",
  "epoch",
  "epochStart",
  "roundCount",
  "pausedUntil",
] as const;

function stored(state: State): string {
  const kept = [
    ...COMPARED.map((name) => state[name]),
    state.governance.members,
    state.sources.at(-1),
  ];
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
      // Calldata of proofs and bets: see below.
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

test("a random change of the calldata that a player sent is caught", () => {
  const sent = find(recording.blocks, "casino", "BetPlaced").flatMap(({ block, log }) => {
    const tx = block.transactions.find(({ hash }) => hash === log.tx)!;
    return tx.to === recording.facts.casino && tx.input.length === 2 + 8 + 5 * 64
      ? [{ block, tx }]
      : [];
  });
  const caught = fc.property(
    fc.nat(sent.length - 1),
    fc.integer({ min: 2, max: 2 + 8 + 5 * 64 - 1 }),
    fc.integer({ min: 1, max: 15 }),
    (which, at, by) => {
      const { block: original, tx } = sent[which]!;
      const altered = structuredClone(original);
      const digit = (Number.parseInt(tx.input[at]!, 16) ^ by).toString(16);
      const input = `${tx.input.slice(0, at) as "0x"}${digit}${tx.input.slice(at + 1)}` as const;
      altered.transactions.find(({ hash }) => hash === tx.hash)!.input = input;
      const blocks = recording.blocks.map((block) => (block === original ? altered : block));
      const { report } = auditBlocks(recording.facts, blocks, verify);
      return count(report, "bets.orders").failed > 0;
    },
  );
  expect(fc.check(caught, { numRuns: RUNS, seed: 13 })).toMatchObject(HOLDS);
});
