import { type CountedHeader } from "./apply.ts";
import { type Header, LogsOmitted } from "./batch.ts";
import { bloomBitsOf, mayHold } from "../sdk/bloom.ts";
import { type RawLog, topics } from "./decode.ts";
import { ChainMoved, type Rpc, RpcFailed } from "./rpc.ts";

/** Blocks of one fork with all logs of the sources in them, in order. */
export type Chunk = {
  from: number;
  to: number;
  headers: CountedHeader[];
  logs: RawLog[];
  parent: string;
};

const HEADERS_AT_ONCE = 16;
/** A filter with more bits set than this says yes to almost anything. */
const CROWDED_BLOOM = 1024;

/**
 * Reads a range with one query for its logs. Headers of blocks with logs must match their hashes, and the last block
 * must be the same before and after: then the logs are those of one fork. Throws {@link ChainMoved} otherwise.
 */
export async function fetchRange(
  rpc: Rpc,
  sources: string[],
  from: number,
  to: number,
): Promise<Chunk> {
  const before = await requireHeader(rpc, to);
  const first = from === to ? before : await requireHeader(rpc, from);
  const logs = ordered(await logsOfRange(rpc, sources, from, to));
  const counts = new Map<number, number>();
  for (const log of logs) {
    const number = Number(log.blockNumber);
    if (number < from || number > to)
      throw new LogsOmitted(`asked for blocks ${from} to ${to}, got one of ${number}`);
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }

  const numbers = [...counts.keys()];
  const known = new Map([
    [first.number, first],
    [before.number, before],
  ]);
  for (let at = 0; at < numbers.length; at += HEADERS_AT_ONCE) {
    const missing = numbers.slice(at, at + HEADERS_AT_ONCE).filter((number) => !known.has(number));
    for (const header of await Promise.all(missing.map((number) => requireHeader(rpc, number))))
      known.set(header.number, header);
  }
  for (const log of logs) {
    const header = known.get(Number(log.blockNumber));
    if (`0x${header?.hash}` !== log.blockHash)
      throw new ChainMoved(`a log of block ${header?.number} is of another fork`);
  }
  const after = await requireHeader(rpc, to);
  if (after.hash !== before.hash)
    throw new ChainMoved(`block ${to} was replaced while it was read`);

  if (!counts.has(to)) numbers.push(to);
  const headers = numbers.map((number) => ({
    ...known.get(number)!,
    logs: counts.get(number) ?? 0,
  }));
  return { from, to, headers, logs, parent: first.parent };
}

/** Halves a range that the node refuses: it holds more than one answer may. A node that is silent is another matter. */
async function logsOfRange(
  rpc: Rpc,
  sources: string[],
  from: number,
  to: number,
): Promise<RawLog[]> {
  try {
    return await rpc.logs(sources, from, to);
  } catch (error) {
    if (!(error instanceof RpcFailed && error.answered && from < to)) throw error;
    const middle = (from + to) >> 1;
    const lower = await logsOfRange(rpc, sources, from, middle);
    return lower.concat(await logsOfRange(rpc, sources, middle + 1, to));
  }
}

/**
 * Reads blocks one by one: each links to the one before, and its logs are asked for by its hash. With `careful` the logs
 * come from receipts alone, because the node was found to leave out some.
 */
export async function fetchBlocks(
  rpc: Rpc,
  sources: string[],
  headers: Header[],
  { careful, log }: { careful: boolean; log: (message: string) => void },
): Promise<Chunk> {
  const [first] = headers;
  const last = headers.at(-1);
  if (!first || !last) throw new RangeError("at least one block");
  headers.reduce((parent, header) => {
    if (header.number !== parent.number + 1 || header.parent !== parent.hash) {
      throw new ChainMoved(
        `block ${header.number} does not follow the block ${parent.number} that was read before it`,
      );
    }
    return header;
  });

  const perBlock = await Promise.all(
    headers.map((header) => logsOf(rpc, sources, header, { careful, log })),
  );
  return {
    from: first.number,
    to: last.number,
    headers: headers.map((header, index) => ({ ...header, logs: perBlock[index]!.length })),
    logs: perBlock.flat(),
    parent: first.parent,
  };
}

/** Headers of a range. Throws {@link RpcFailed} where the node lacks one below the head it announced. */
export async function fetchHeaders(rpc: Rpc, from: number, to: number): Promise<Header[]> {
  return Promise.all(
    Array.from({ length: to - from + 1 }, (_, index) => requireHeader(rpc, from + index)),
  );
}

async function requireHeader(rpc: Rpc, number: number): Promise<Header> {
  const header = await rpc.header(number);
  if (!header || header.number !== number) {
    throw new RpcFailed(
      `The node at ${rpc.label} announced block ${number} and does not have it.`,
      "the node is not synchronised or lies about its head: name another one with --rpc",
    );
  }
  return header;
}

async function logsOf(
  rpc: Rpc,
  sources: string[],
  header: Header,
  { careful, log }: { careful: boolean; log: (message: string) => void },
): Promise<RawLog[]> {
  const expected = kindsOf(sources, header.bloom);
  if (!expected) return [];
  const logs = ordered(await rpc.logsOfBlock(sources, header.hash));
  for (const entry of logs) {
    if (entry.blockHash !== `0x${header.hash}`)
      throw new ChainMoved(`a log of block ${header.number} is of another fork`);
  }
  const held = new Set(logs.map((entry) => entry.topics[0]));
  const doubtful =
    careful ||
    (logs.length === 0 ? expected.certain : expected.kinds.some((kind) => !held.has(kind)));
  if (!doubtful) return logs;

  // The filter in the header says that there is more, rightly or by chance: the receipts know.
  const complete = ordered(await rpc.logsFromReceipts(sources, header.number, header.hash));
  if (complete.length !== logs.length) {
    log(
      `The node at ${rpc.label} left out ${complete.length - logs.length} logs of block ${header.number}; its receipts have them.`,
    );
  }
  return complete;
}

/** What the header's filter says of the sources: nothing at all, or which kinds of events there may be. */
function kindsOf(
  sources: string[],
  bloom: string,
): { certain: boolean; kinds: string[] } | undefined {
  if (!sources.some((source) => mayHold(bloom, bitsOf(source)))) return undefined;
  let ones = 0;
  for (const nibble of bloom.slice(2))
    ones += parseInt(nibble, 16).toString(2).replaceAll("0", "").length;
  if (ones > CROWDED_BLOOM) return { certain: false, kinds: [] };
  return {
    certain: true,
    kinds: topicBits.filter(([, topic]) => mayHold(bloom, topic)).map(([kind]) => kind),
  };
}

function bitsOf(source: string): number[] {
  let bits = bloomBits.get(source);
  if (!bits) bloomBits.set(source, (bits = bloomBitsOf(source as `0x${string}`)));
  return bits;
}

const bloomBits = new Map<string, number[]>();
const topicBits = Object.values(topics).map(
  (topic) => [topic as string, bloomBitsOf(topic)] as const,
);

function ordered(logs: RawLog[]): RawLog[] {
  if (!Array.isArray(logs))
    throw new RpcFailed("The node answered with something that is no list of logs.", "check --rpc");
  const place = (log: RawLog) => Number(log.blockNumber) * 2 ** 20 + Number(log.logIndex);
  return logs.toSorted((a, b) => place(a) - place(b));
}
