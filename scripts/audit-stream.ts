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

/**
 * Coordinators and subscriptions of the casino: known from the deployment, and learnt from its events. `since` has the
 * place of the event that brought a coordinator: what it told of its keys before is not the casino's.
 */
export type Sources = {
  coordinators: Hex[];
  subscriptions: Hex[];
  since: Record<Hex, [block: number, log: number]>;
};

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

const FIRST_RANGE = 16;
const LARGEST_RANGE = 200_000;
/**
 * Logs in one range: fewer than half of it let the next range grow, more than it shrink. What an audit holds at its peak
 * is two ranges and what it left behind of them, whatever the length of the history.
 */
const WANTED_LOGS = 1_500;
/** How far before the casino its manager and the coordinator's key are looked for. */
const BEFORE = 10_000;
/** Transactions of a block that are asked for one by one; where more are wanted, all of the block are. */
const SINGLE_TRANSACTIONS = 4;

export type StreamOptions = {
  from: number;
  to: number;
  sources: Sources;
  /** The first block whose receipts are read; none are where it is left out. */
  receiptsFrom: number | undefined;
};

/** Blocks with logs of the house, in order, one range ahead of whoever reads them, and the last block in any case. */
export async function* streamBlocks(
  node: Node,
  facts: HouseFacts,
  { from, to, sources, receiptsFrom }: StreamOptions,
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
          receiptsFrom,
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

/** Blocks before the casino: the manager's first administrator, the gate's first rules, the coordinator's keys. */
export async function readPrelude(
  node: Node,
  facts: HouseFacts,
  receiptsFrom: number | undefined,
): Promise<Block[]> {
  const { deployBlock, randomness } = facts.deployment;
  const from = Math.max(0, Math.min(deployBlock, randomness.coordinatorBlock) - BEFORE);
  const keys = await logsByHalves(node, from, deployBlock - 1, {
    address: [lower(randomness.coordinator)],
    topics: [KEY_TOPICS],
  });
  const { manager, gate } = facts;
  const governed = gate === undefined ? [manager] : [manager, gate];
  const roles = await logsByHalves(node, from, deployBlock - 1, { address: governed });
  return blocksOf(node, [...keys, ...roles], receiptsFrom, new Set(governed), sourcesOf(facts));
}

export function sourcesOf({ deployment }: HouseFacts): Sources {
  const { coordinator, subscription } = deployment.randomness;
  return {
    coordinators: [lower(coordinator)],
    subscriptions: [word(subscription)],
    since: {},
  };
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
  { from, to, sources, receiptsFrom }: StreamOptions,
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
  const [words, allKeys] = await Promise.all([
    logsIn(node, from, to, { address: coordinators, topics: [WORD_TOPICS, null, subscriptions] }),
    logsIn(node, from, to, { address: coordinators, topics: [KEY_TOPICS] }),
  ]);
  const keys = allKeys.filter((log) => isSince(log, sources));
  const all = [...own, ...words, ...keys];
  return {
    blocks: await blocksOf(node, all, receiptsFrom, new Set(house), sources),
    logs: all.length,
  };
}

/** Whether the coordinator was the casino's when it told this. */
function isSince(
  { address, blockNumber, logIndex }: Pick<RawLog, "address" | "blockNumber" | "logIndex">,
  { since }: Sources,
): boolean {
  const from = since[lower(address)];
  if (!from) return true;
  const [block, log] = from;
  return Number(blockNumber) > block || (Number(blockNumber) === block && Number(logIndex) > log);
}

function learn({ coordinators, subscriptions, since }: Sources, log: RawLog): void {
  const decoded = decode("casino", { topics: log.topics as Hex[], data: log.data as Hex });
  if ("flaw" in decoded) return;
  const { coordinator, subscription } = decoded.args as { coordinator: Hex; subscription: bigint };
  if (!coordinators.includes(coordinator)) {
    coordinators.push(coordinator);
    since[coordinator] = [Number(log.blockNumber), Number(log.logIndex)];
  }
  if (!subscriptions.includes(word(subscription))) subscriptions.push(word(subscription));
}

async function blocksOf(
  node: Node,
  logs: RawLog[],
  receiptsFrom: number | undefined,
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
      // One answer with all transactions is lighter on the node than many with one.
      const whole = wanted.size > SINGLE_TRANSACTIONS;
      const [header, receipts, ...single] = await Promise.all([
        headerOf(node, number, whole),
        number >= (receiptsFrom ?? Infinity) ? receiptsOf(node, number) : undefined,
        ...[...(whole ? [] : wanted)].map((hash) =>
          node.request("eth_getTransactionByHash", [hash]),
        ),
      ]);
      const transactions = whole
        ? (header.transactions as RawTransaction[]).filter(({ hash }) => wanted.has(hash))
        : single;
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
                  .flatMap(({ logs }) => logs as RawLog[])
                  .filter((log) => isWanted(log, house, sources))
                  .map(logOf),
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
  withTransactions = false,
): Promise<Header> {
  const header = await node.request("eth_getBlockByNumber", [
    typeof number === "number" ? hex(number) : number,
    withTransactions,
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
function isWanted(log: RawLog, house: Set<string>, sources: Sources): boolean {
  const address = lower(log.address);
  if (house.has(address)) return true;
  if (!sources.coordinators.includes(address)) return false;
  const [topic = "0x", , subscription = "0x"] = log.topics.map(lower);
  return KEY_TOPICS.includes(topic)
    ? isSince(log, sources)
    : WORD_TOPICS.includes(topic) && sources.subscriptions.includes(subscription);
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

/** As `logsIn`; a range that the node finds too large is asked for in halves. */
async function logsByHalves(
  node: Node,
  from: number,
  to: number,
  filter: Parameters<typeof logsIn>[3],
): Promise<RawLog[]> {
  try {
    return await logsIn(node, from, to, filter);
  } catch (error) {
    if (!(error instanceof Refused) || from >= to) throw error;
    const middle = Math.floor((from + to) / 2);
    return [
      ...(await logsByHalves(node, from, middle, filter)),
      ...(await logsByHalves(node, middle + 1, to, filter)),
    ];
  }
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
