/** What the tests of forgeries share: a recorded history, ways to its events, ways to alter them. */
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Found,
  type Recording,
  find,
  recordHistory,
  rememberingVerifier,
} from "../scripts/audit-recording.ts";
import { auditBlocks } from "../sdk/audit/audit.ts";
import type { CheckId } from "../sdk/audit/checks.ts";
import type { Block, Log, Transaction } from "../sdk/audit/records.ts";
import { bits, packBetId } from "../sdk/layout.ts";
import type { HistoryOptions } from "../scripts/audit-history.ts";

/** The recording of the test file that runs, and the copy of its blocks that a forgery alters. */
export let recording: Recording;
export let blocks: Block[];

export type Forgery = [name: string, check: CheckId, forge: () => void];

const HISTORY: HistoryOptions = { bets: 192, players: 8, perRound: 8, roundsPerEpoch: 6 };
const verify = rememberingVerifier();

/** Each forgery must be found, and named by its own check; what was recorded, and not altered, is clean. */
export function testForgeries(
  who: string,
  forgeries: Forgery[],
  history: Partial<HistoryOptions> = {},
): void {
  beforeAll(async () => {
    recording = await recordHistory({ ...HISTORY, ...history });
  });

  test("what was recorded and not altered is clean", () => {
    const { report } = auditBlocks(recording.facts, recording.blocks, verify);
    expect(report.checks.filter(({ failed }) => failed > 0)).toEqual([]);
    expect(report.verdict).toBe("clean");
  });

  describe(`an audit finds ${who} that`, () => {
    test.each(forgeries)("%s, by %s", (_name, check, forge) => {
      blocks = structuredClone(recording.blocks);
      forge();
      const { report } = auditBlocks(recording.facts, blocks, verify);
      const failed = report.checks.filter(({ failed: count }) => count > 0);

      expect(report.verdict).toBe("findings");
      expect(failed.map(({ id }) => id)).toContain(check);
      expect(failed.find(({ id }) => id === check)?.failures[0]?.expected).not.toBe("");
    });
  });
}

// -- Ways to events --

export const placed = (at = 20) => find(blocks, "casino", "BetPlaced")[at]!;
export const settled = (at = 20) => find(blocks, "casino", "BetSettled")[at]!;
export const winner = () =>
  find(blocks, "casino", "BetSettled").find(({ args }) => args.payout > 0n)!;
export const refunded = () => find(blocks, "casino", "BetRefunded")[0]!;
export const requested = (at = 3) => find(blocks, "casino", "RoundRequested")[at]!;
export const asked = (at = 3) => find(blocks, "coordinator", "RandomWordsRequested").at(at)!;
export const drawn = (at = 3) => find(blocks, "casino", "RoundDrawn")[at]!;
export const fulfilled = (at = 3) => find(blocks, "coordinator", "RandomWordsFulfilled").at(at)!;
export const extended = () =>
  find(blocks, "casino", "BetExtended").find(
    ({ args }) => (args.extras >> 72n) % (1n << 16n) > 0n,
  )!;
/** The first terms that were set among bets. */
export const termsSet = () =>
  find(blocks, "casino", "TermsSet").find(
    ({ block, args }) => args.asset === 0 && block.number > placed(0).block.number,
  )!;

export const calldata = (block: Block, tx: string): Transaction =>
  block.transactions.find(({ hash }) => hash === tx)!;

const ORDER_WORDS = 5;

/** The first relayed order that was placed and signed by the lane's session key, or by the player; with a fee if asked. */
export function ordered(
  by: "key" | "player",
  paying = false,
): {
  placed: Found<"casino", "BetPlaced">;
  tx: Transaction;
  /** The number of its first word among those of the calldata. */
  word: number;
} {
  for (const { block, log } of find(blocks, "casino", "OrderSkipped")) {
    const tx = calldata(block, log.tx);
    // Orders are signed by the key and by the player in turns: see `signedOrder` in the history.
    for (let index = by === "key" ? 0 : 1; ; index += 2) {
      const word = 3 + ORDER_WORDS * index;
      const [head, terms] = [wordOf(tx, word), wordOf(tx, word + 1)];
      if (head === undefined || terms === undefined) break;
      if (paying && bits(terms, 168n, 40n) === 0n) continue;
      const betId = packBetId({
        player: `0x${bits(head, 0n, 160n).toString(16).padStart(40, "0")}`,
        asset: Number(bits(head, 160n, 16n)),
        lane: Number(bits(head, 176n, 16n)),
        sequence: bits(terms, 208n, 28n),
      });
      const placed = find([block], "casino", "BetPlaced").find(({ args }) => args.betId === betId);
      if (placed) return { placed, tx, word };
    }
  }
  throw new Error(`no order signed by the ${by} was placed`);
}

/** The opening of the session that `ordered("key")` rests on. */
export function sessionOf(found: Found<"casino", "BetPlaced">) {
  return find(blocks, "sessions", "SessionOpened").findLast(
    ({ block, args }) => args.player === found.args.player && block.number < found.block.number,
  )!;
}

// -- Ways to alter them --

function wordOf({ input }: Transaction, word: number): bigint | undefined {
  const at = 10 + 64 * word;
  return at + 64 <= input.length ? BigInt(`0x${input.slice(at, at + 64)}`) : undefined;
}

/** Adds to a word of a call's arguments. */
export function changeWord(tx: Transaction, word: number, by: bigint): void {
  const at = 10 + 64 * word;
  const value = ((wordOf(tx, word) ?? 0n) + by).toString(16).padStart(64, "0");
  tx.input = `0x${tx.input.slice(2, at)}${value}${tx.input.slice(at + 64)}`;
}

/** Adds to a word of a log's data. */
export function changed(log: Log, word: number, by: bigint): void {
  const at = 2 + 64 * word;
  const value = BigInt(`0x${log.data.slice(at, at + 64)}`) + by;
  log.data = `0x${log.data.slice(2, at)}${value.toString(16).padStart(64, "0")}${log.data.slice(at + 64)}`;
}

/** A field of the lane's slot, the first word that `BetPlaced` carries. */
export function laneField(
  log: Log,
  bit: bigint,
  width: bigint,
  to: (value: bigint) => bigint,
): void {
  const word = BigInt(log.data.slice(0, 66));
  const mask = (1n << width) - 1n;
  const value = to((word >> bit) & mask) & mask;
  const altered = ((word & ~(mask << bit)) | (value << bit)).toString(16).padStart(64, "0");
  log.data = `0x${altered}${log.data.slice(66)}`;
}

/** Alters a word of a fulfilment's calldata: the proof's 13 words begin at 0. */
export function proofWord(word: number): void {
  const { block, log } = fulfilled();
  const tx = calldata(block, log.tx);
  const at = 10 + 64 * word + 62;
  const byte = Number.parseInt(tx.input.slice(at, at + 2), 16) ^ 1;
  tx.input = `0x${tx.input.slice(2, at)}${byte.toString(16).padStart(2, "0")}${tx.input.slice(at + 2)}`;
}

/** Moves the time of a block and of all after it. */
export function later(block: Block, seconds: number): void {
  for (const other of blocks.slice(blocks.indexOf(block))) {
    other.header = {
      ...other.header,
      timestamp: `0x${(Number(other.header.timestamp) + seconds).toString(16)}`,
    };
  }
}

export const STRANGER = `0x${"ab".repeat(20)}` as const;
