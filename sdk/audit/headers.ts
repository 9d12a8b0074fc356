import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { type Hex, toRlp } from "viem";
import { type BloomBits, bloomBitsOf, mayHold } from "../bloom.ts";
import type { Header, Log } from "./records.ts";

/** What ties logs to a block's hash: the header's own hash, its filter, and the root of its receipts. */

/** The fields of a header in their order, with the forks that append some: London, Shanghai, Cancun, Prague. */
const FIELDS = [
  "parentHash",
  "sha3Uncles",
  "miner",
  "stateRoot",
  "transactionsRoot",
  "receiptsRoot",
  "logsBloom",
  "difficulty",
  "number",
  "gasLimit",
  "gasUsed",
  "timestamp",
  "extraData",
  "mixHash",
  "nonce",
  "baseFeePerGas",
  "withdrawalsRoot",
  "blobGasUsed",
  "excessBlobGas",
  "parentBeaconBlockRoot",
  "requestsHash",
] as const;
const FIRST_OPTIONAL = FIELDS.indexOf("baseFeePerGas");
const QUANTITIES = new Set([
  "difficulty",
  "number",
  "gasLimit",
  "gasUsed",
  "timestamp",
  "baseFeePerGas",
  "blobGasUsed",
  "excessBlobGas",
]);

/** The hash of a header's RLP; undefined where a field is missing or no hex. */
export function headerHash(header: Header): Hex | undefined {
  const fields: Hex[] = [];
  for (const [index, name] of FIELDS.entries()) {
    const value = header[name];
    if (value === undefined || value === null) {
      if (index < FIRST_OPTIONAL) return undefined;
      break;
    }
    if (typeof value !== "string" || !/^0x[0-9a-f]*$/i.test(value)) return undefined;
    fields.push(QUANTITIES.has(name) ? quantity(value) : (value as Hex));
  }
  return `0x${bytesToHex(keccak_256(toRlp(fields, "bytes")))}`;
}

/** RLP counts in the shortest bytes. */
function quantity(value: string): Hex {
  const digits = value.slice(2).replace(/^0+/, "");
  return `0x${digits.length % 2 === 1 ? "0" : ""}${digits}`;
}

const positions = new Map<string, BloomBits>();
const KEPT_POSITIONS = 20_000;

/** Whether a header's filter has the log's address and each of its topics. */
export function inFilter(
  bloom: string,
  { address, topics }: Pick<Log, "address" | "topics">,
): boolean {
  return [address, ...topics].every((entry) => mayHold(bloom, bitsOf(entry)));
}

function bitsOf(entry: string): BloomBits {
  const known = positions.get(entry);
  if (known) return known;
  const bits = bloomBitsOf(entry as Hex);
  if (positions.size === KEPT_POSITIONS) positions.clear();
  positions.set(entry, bits);
  return bits;
}

/** A receipt as the node gives it. */
export type Receipt = {
  type?: string;
  status?: string;
  root?: string;
  cumulativeGasUsed: string;
  logsBloom: string;
  logs: { address: string; topics: string[]; data: string }[];
  /** Of deposits on the OP stack. */
  depositNonce?: string;
  depositReceiptVersion?: string;
};

/** The root of a block's receipts: EIP-2718 encodings in a Merkle-Patricia tree under the RLP of their numbers. */
export function receiptsRoot(receipts: readonly Receipt[]): Hex {
  const entries = receipts.map((receipt, index): Entry => {
    const key = toRlp(quantity(`0x${index.toString(16)}`), "bytes");
    return {
      path: [...key].flatMap((byte) => [byte >> 4, byte & 15]),
      value: encodeReceipt(receipt),
    };
  });
  const root = entries.length === 0 ? toRlp("0x", "bytes") : encodeNode(nodeOf(entries, 0));
  return `0x${bytesToHex(keccak_256(root))}`;
}

function encodeReceipt(receipt: Receipt): Uint8Array {
  const type = Number(receipt.type ?? 0);
  const status = receipt.status === undefined ? (receipt.root as Hex) : quantity(receipt.status);
  const logs = receipt.logs.map(({ address, topics, data }) => [
    address as Hex,
    topics as Hex[],
    data as Hex,
  ]);
  const deposit = [receipt.depositNonce, receipt.depositReceiptVersion].flatMap((field) =>
    field === undefined ? [] : [quantity(field)],
  );
  const body = toRlp(
    [
      status,
      quantity(receipt.cumulativeGasUsed),
      receipt.logsBloom as Hex,
      logs,
      ...deposit,
    ] as Rlp,
    "bytes",
  );
  return type === 0 ? body : Uint8Array.from([type, ...body]);
}

type Rlp = readonly (Hex | Rlp)[];
type Entry = { path: number[]; value: Uint8Array };
type Node = Uint8Array | Node[];

function nodeOf(entries: readonly Entry[], depth: number): Node {
  const [first] = entries;
  if (!first) return new Uint8Array();
  if (entries.length === 1) return [compact(first.path.slice(depth), true), first.value];
  let shared = depth;
  while (entries.every(({ path }) => path.length > shared && path[shared] === first.path[shared]))
    shared++;
  if (shared > depth)
    return [compact(first.path.slice(depth, shared), false), reference(nodeOf(entries, shared))];
  const children = Array.from({ length: 16 }, (_, nibble) =>
    reference(
      nodeOf(
        entries.filter(({ path }) => path[depth] === nibble),
        depth + 1,
      ),
    ),
  );
  const own = entries.find(({ path }) => path.length === depth);
  return [...children, own?.value ?? new Uint8Array()];
}

/** Nodes below 32 bytes stand in their parent, others by their hash. */
function reference(node: Node): Node {
  if (!Array.isArray(node)) return node;
  const encoded = encodeNode(node);
  return encoded.length < 32 ? node : keccak_256(encoded);
}

function encodeNode(node: Node): Uint8Array {
  return toRlp(node as never, "bytes") as Uint8Array;
}

/** Hex-prefix encoding: a flag for leaf and odd length, then the nibbles. */
function compact(nibbles: number[], leaf: boolean): Uint8Array {
  const odd = nibbles.length % 2 === 1;
  const flagged = [(leaf ? 2 : 0) + (odd ? 1 : 0), ...(odd ? [] : [0]), ...nibbles];
  return Uint8Array.from(
    { length: flagged.length / 2 },
    (_, index) => (flagged[2 * index]! << 4) | flagged[2 * index + 1]!,
  );
}
