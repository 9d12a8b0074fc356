import type { Hex } from "viem";
import type { HouseFacts } from "../sdk/audit/state.ts";
import { lower } from "../sdk/audit/state.ts";
import { type Receipt, receiptsRoot } from "../sdk/audit/headers.ts";
import {
  type Block,
  type Header,
  type Log,
  type Transaction,
  decode,
  needsTransaction,
  topicOf,
} from "../sdk/audit/records.ts";
import type { Node } from "./audit-rpc.ts";
import { Refused } from "./audit-rpc.ts";
import { CommandError } from "./command-error.ts";

/** Coordinators and subscriptions of the casino: known from the deployment, and learnt from its events. */
export type Sources = { coordinators: Hex[]; subscriptions: Hex[] };

type RawLog = {
  address: string;
  topics: string[];
  data: string;
  blockNumber: string;
  blockHash: string;
  transactionHash: string;
  logIndex: string;
};
type RawTransaction = { hash: string; from: string; to: string | null; input: string };

const FIRST_RANGE = 128;
const LARGEST_RANGE = 200_000;
/** Logs in one range: fewer than half of it let the next range grow, more than it shrink. */
const WANTED_LOGS = 4_000;
/** How far before the casino its manager and the coordinator's key are looked for. */
const BEFORE = 10_000;

export type StreamOptions = { from: number; to: number; sources: Sources; receipts: boolean };

/** Blocks with logs of the house, in order, one range ahead of whoever reads them, and the last block in any case. */
export async function* streamBlocks(
  node: Node,
  facts: HouseFacts,
  { from, to, sources, receipts }: StreamOptions,
): AsyncGenerator<{ blocks: Block[]; to: number }> {
  let range = FIRST_RANGE;
  const read = async (start: number) => {
    for (;;) {
      const end = Math.min(to, start + range - 1);
      try {
        const { blocks, logs } = await readRange(node, facts, {
          from: start,
          to: end,
          sources,
          receipts,
        });
        if (logs < WANTED_LOGS / 2) range = Math.min(LARGEST_RANGE, range * 2);
        else if (logs > WANTED_LOGS) range = Math.max(1, Math.floor(range / 2));
        if (end === to && blocks.at(-1)?.number !== to) blocks.push(await emptyBlock(node, to));
        return { blocks, to: end };
      } catch (error) {
        if (!(error instanceof Refused) || end === start) throw error;
        range = Math.max(1, Math.floor((end - start + 1) / 2));
      }
    }
  };
  if (from > to) return;
  let next = read(from);
  for (;;) {
    const chunk = await next;
    const done = chunk.to >= to;
    if (!done) {
      next = read(chunk.to + 1);
      // Whoever reads on will hear of it; until then it is no unhandled failure.
      next.catch(() => undefined);
    }
    yield chunk;
    if (done) return;
  }
}

/** Blocks before the casino: the manager's first administrator and the coordinator's keys. */
export async function readPrelude(
  node: Node,
  facts: HouseFacts,
  receipts: boolean,
): Promise<Block[]> {
  const { deployBlock, randomness } = facts.deployment;
  const from = Math.max(0, Math.min(deployBlock, randomness.coordinatorBlock) - BEFORE);
  const keys = await logsIn(node, from, deployBlock - 1, {
    address: [lower(randomness.coordinator)],
    topics: [KEY_TOPICS],
  });
  const roles = await logsIn(node, from, deployBlock - 1, { address: [facts.manager] });
  return blocksOf(node, [...keys, ...roles], receipts, new Set([facts.manager]), sourcesOf(facts));
}

export function sourcesOf({ deployment }: HouseFacts): Sources {
  const { coordinator, subscription } = deployment.randomness;
  return { coordinators: [lower(coordinator)], subscriptions: [word(subscription)] };
}

const KEY_TOPICS = [
  topicOf("coordinator", "ProvingKeyRegistered"),
  topicOf("coordinator", "ProvingKeyDeregistered"),
];
const WORD_TOPICS = [
  topicOf("coordinator", "RandomWordsRequested"),
  topicOf("coordinator", "RandomWordsFulfilled"),
];
const SOURCE_SET = topicOf("casino", "SourceSet");

async function readRange(
  node: Node,
  facts: HouseFacts,
  { from, to, sources, receipts }: StreamOptions,
): Promise<{ blocks: Block[]; logs: number }> {
  const { casino, manager, bankrolls, limits, sessions, gate } = facts;
  const house = [
    casino,
    manager,
    limits,
    sessions,
    ...bankrolls.keys(),
    ...(gate === undefined ? [] : [gate]),
  ];
  const own = await logsIn(node, from, to, { address: house });
  for (const log of own) if (log.topics[0] === SOURCE_SET) learn(sources, log);
  const { coordinators, subscriptions } = sources;
  const [words, keys] = await Promise.all([
    logsIn(node, from, to, { address: coordinators, topics: [WORD_TOPICS, null, subscriptions] }),
    logsIn(node, from, to, { address: coordinators, topics: [KEY_TOPICS] }),
  ]);
  const all = [...own, ...words, ...keys];
  return { blocks: await blocksOf(node, all, receipts, new Set(house), sources), logs: all.length };
}

function learn({ coordinators, subscriptions }: Sources, log: RawLog): void {
  const decoded = decode("casino", { topics: log.topics as Hex[], data: log.data as Hex });
  if ("flaw" in decoded) return;
  const { coordinator, subscription } = decoded.args as { coordinator: Hex; subscription: bigint };
  if (!coordinators.includes(coordinator)) coordinators.push(coordinator);
  if (!subscriptions.includes(word(subscription))) subscriptions.push(word(subscription));
}

async function blocksOf(
  node: Node,
  logs: RawLog[],
  withReceipts: boolean,
  house: Set<string>,
  sources: Sources,
): Promise<Block[]> {
  const perBlock = new Map<number, RawLog[]>();
  for (const log of logs) {
    const number = Number(log.blockNumber);
    const others = perBlock.get(number);
    if (others) others.push(log);
    else perBlock.set(number, [log]);
  }
  const numbers = [...perBlock.keys()].toSorted((a, b) => a - b);
  return Promise.all(
    numbers.map(async (number): Promise<Block> => {
      const own = perBlock.get(number)!.toSorted((a, b) => Number(a.logIndex) - Number(b.logIndex));
      const wanted = new Set(
        own
          .filter((log) => needsTransaction({ topics: log.topics as Hex[] }))
          .map((log) => log.transactionHash),
      );
      const [header, receipts, ...transactions] = await Promise.all([
        headerOf(node, number),
        withReceipts ? receiptsOf(node, number) : undefined,
        ...[...wanted].map((hash) => node.request("eth_getTransactionByHash", [hash])),
      ]);
      return {
        number,
        hash: lower(String(header.hash)),
        header: withoutBody(header),
        logs: own.map(logOf),
        transactions: transactions.flatMap((tx) =>
          tx ? [transactionOf(tx as RawTransaction)] : [],
        ),
        ...(receipts === undefined
          ? {}
          : {
              receipts: {
                root: receiptsRoot(receipts),
                logs: receipts
                  .flatMap(({ logs }) => (logs as RawLog[]).map(logOf))
                  .filter((log) => isWanted(log, house, sources)),
              },
            }),
      };
    }),
  );
}

async function emptyBlock(node: Node, number: number): Promise<Block> {
  const header = await headerOf(node, number);
  return {
    number,
    hash: lower(String(header.hash)),
    header: withoutBody(header),
    logs: [],
    transactions: [],
  };
}

export async function headerOf(
  node: Node,
  number: number | "latest" | "finalized",
): Promise<Header> {
  const header = await node.request("eth_getBlockByNumber", [
    typeof number === "number" ? hex(number) : number,
    false,
  ]);
  if (typeof header !== "object" || header === null) {
    throw new CommandError(
      `The node does not have block ${number}.`,
      "it is not synchronised: wait, or name another one with --rpc",
    );
  }
  return header as Header;
}

/** Answers are kept small: the transactions' hashes are of no use here. */
function withoutBody(header: Header): Header {
  const { transactions: _, uncles: __, withdrawals: ___, ...rest } = header;
  return rest;
}

async function receiptsOf(node: Node, number: number): Promise<Receipt[]> {
  try {
    const receipts = await node.request("eth_getBlockReceipts", [hex(number)]);
    if (Array.isArray(receipts)) return receipts as Receipt[];
  } catch (error) {
    if (
      !(error instanceof Refused) &&
      !(error instanceof Error && /not supported|not found|not exist/i.test(error.message))
    )
      throw error;
  }
  const block = await headerOf(node, number);
  const hashes = block.transactions as string[];
  return (await Promise.all(
    hashes.map((hash) => node.request("eth_getTransactionReceipt", [hash])),
  )) as Receipt[];
}

/** Which logs an audit must be told: all of the house, and the coordinator's about its requests and keys. */
function isWanted(
  { address, topics }: Pick<Log, "address" | "topics">,
  house: Set<string>,
  { coordinators, subscriptions }: Sources,
): boolean {
  if (house.has(address)) return true;
  if (!coordinators.includes(address)) return false;
  const [topic = "0x", , subscription = "0x"] = topics;
  return (
    KEY_TOPICS.includes(topic) ||
    (WORD_TOPICS.includes(topic) && subscriptions.includes(subscription))
  );
}

async function logsIn(
  node: Node,
  from: number,
  to: number,
  filter: { address: Hex[]; topics?: unknown[] },
): Promise<RawLog[]> {
  if (from > to) return [];
  const logs = await node.request("eth_getLogs", [
    { fromBlock: hex(from), toBlock: hex(to), ...filter },
  ]);
  if (!Array.isArray(logs)) throw new Refused("The node's answer is no list of logs.");
  return logs as RawLog[];
}

function logOf(log: RawLog): Log {
  return {
    address: lower(log.address),
    topics: log.topics.map(lower),
    data: lower(log.data),
    tx: lower(log.transactionHash),
    index: Number(log.logIndex),
    blockHash: lower(log.blockHash),
  };
}

function transactionOf({ hash, from, to, input }: RawTransaction): Transaction {
  return {
    hash: lower(hash),
    from: lower(from),
    to: to === null ? null : lower(to),
    input: lower(input),
  };
}

function word(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

function hex(value: number): Hex {
  return `0x${value.toString(16)}`;
}
