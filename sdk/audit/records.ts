import {
  type Abi,
  type AbiEvent,
  type ContractEventName,
  type DecodeEventLogReturnType,
  type Hex,
  decodeEventLog,
  parseAbi,
  toEventSelector,
} from "viem";
import { bankrollAbi, casinoAbi, eligibilityAbi, limitsAbi, sessionsAbi } from "../abis.ts";
import { coordinatorAbi } from "../vrf.ts";

/** The stream that an audit reads, and the one place where its logs are decoded. All hex is in lower case. */

export type Log = {
  address: Hex;
  topics: readonly Hex[];
  data: Hex;
  tx: Hex;
  /** Number of the log in its block. */
  index: number;
  /** The block that the log itself names. */
  blockHash: Hex;
};

export type Transaction = { hash: Hex; from: Hex; to: Hex | null; input: Hex };

/** A header as the node gives it: quantities and hashes by their JSON-RPC names. */
export type Header = Readonly<Record<string, unknown>>;

/** A block that holds logs of the house, or closes a range. */
export type Block = {
  number: number;
  hash: Hex;
  header: Header;
  logs: readonly Log[];
  /** Those that a proof, a bet or a privileged call rests on, as far as the node has them. */
  transactions: readonly Transaction[];
  /** Root of the receipts, rebuilt from all receipts of the block, and the logs of the house in them. */
  receipts?: { root: Hex; logs: readonly Log[] };
};

/** OpenZeppelin's AccessManager. */
export const managerAbi = parseAbi([
  "event OperationScheduled(bytes32 indexed operationId, uint32 indexed nonce, uint48 schedule, address caller, address target, bytes data)",
  "event OperationExecuted(bytes32 indexed operationId, uint32 indexed nonce)",
  "event OperationCanceled(bytes32 indexed operationId, uint32 indexed nonce)",
  "event RoleLabel(uint64 indexed roleId, string label)",
  "event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)",
  "event RoleRevoked(uint64 indexed roleId, address indexed account)",
  "event RoleAdminChanged(uint64 indexed roleId, uint64 indexed admin)",
  "event RoleGuardianChanged(uint64 indexed roleId, uint64 indexed guardian)",
  "event RoleGrantDelayChanged(uint64 indexed roleId, uint32 delay, uint48 since)",
  "event TargetClosed(address indexed target, bool closed)",
  "event TargetFunctionRoleUpdated(address indexed target, bytes4 selector, uint64 indexed roleId)",
  "event TargetAdminDelayUpdated(address indexed target, uint32 delay, uint48 since)",
]);

/** Which contract of the house told a log. */
export type Teller = keyof typeof ABIS;

const ABIS = {
  casino: casinoAbi,
  bankroll: bankrollAbi,
  manager: managerAbi,
  coordinator: coordinatorAbi,
  limits: limitsAbi,
  sessions: sessionsAbi,
  gate: eligibilityAbi,
} as const;

export type Abis = typeof ABIS;
export type EventName<teller extends Teller> = ContractEventName<Abis[teller]>;
export type Args<teller extends Teller, name extends EventName<teller>> = Required<
  NonNullable<DecodeEventLogReturnType<Abis[teller], name, Hex[], Hex, true>["args"]>
>;

/** An event with its name and arguments, or why the log is none of this contract. */
export type Decoded = { name: string; args: unknown } | { flaw: string };

type Field = {
  name: string;
  indexed: boolean;
  kind: "number" | "bigint" | "address" | "bool" | "bytes";
  bits: number;
};
type Shape = { name: string; fields: Field[] | undefined; topics: number; words: number };

/** Events by contract and topic; those of static values alone are decoded by `fields`, others by viem. */
const SHAPES = Object.fromEntries(
  Object.entries(ABIS).map(([teller, abi]) => [
    teller,
    new Map(
      (abi as Abi)
        .filter((item) => item.type === "event")
        .map((event) => [toEventSelector(event) as string, shapeOf(event)]),
    ),
  ]),
) as Record<Teller, Map<string, Shape>>;

export function topicOf<teller extends Teller>(teller: teller, name: EventName<teller>): Hex {
  for (const [topic, shape] of SHAPES[teller]) if (shape.name === name) return topic as Hex;
  throw new Error(`The ${teller} has no event ${name}`);
}

/** Decodes a log strictly: a stray bit, a missing topic or a byte too many is a flaw. */
export function decode(teller: Teller, log: Pick<Log, "topics" | "data">): Decoded {
  const shape = SHAPES[teller].get(log.topics[0] ?? "");
  if (!shape) return { flaw: `unknown event ${log.topics[0] ?? "without a name"}` };
  const { name, fields } = shape;
  if (!fields) return decodeRare(teller, name, log);
  if (log.topics.length !== shape.topics)
    return { flaw: `${name} with ${log.topics.length} topics` };
  if (log.data.length !== 2 + 64 * shape.words)
    return { flaw: `${name} with ${log.data.length / 2 - 1} bytes` };

  const args: Record<string, unknown> = {};
  let [topic, offset] = [1, 2];
  for (const field of fields) {
    const text = field.indexed
      ? log.topics[topic++]!.slice(2)
      : log.data.slice(offset, offset + 64);
    if (!field.indexed) offset += 64;
    const value = valueOf(field, text);
    if (value === undefined) return { flaw: `${name}.${field.name} is 0x${text}` };
    args[field.name] = value;
  }
  return { name, args };
}

function decodeRare(teller: Teller, name: string, log: Pick<Log, "topics" | "data">): Decoded {
  try {
    const topics = log.topics as [Hex, ...Hex[]];
    const { args } = decodeEventLog({
      abi: ABIS[teller] as Abi,
      topics,
      data: log.data,
      strict: true,
    });
    return { name, args: lowered(args) };
  } catch (error) {
    return { flaw: `${name}: ${error instanceof Error ? error.name : String(error)}` };
  }
}

function valueOf({ kind, bits }: Field, text: string): unknown {
  if (text.length !== 64) return undefined;
  if (kind === "bytes")
    return /^0*$/.test(text.slice(bits / 4)) ? `0x${text.slice(0, bits / 4)}` : undefined;
  const head = 64 - bits / 4;
  if (head > 0 && !ZEROS.startsWith(text.slice(0, head))) return undefined;
  if (kind === "address") return `0x${text.slice(24)}`;
  if (kind === "number") return Number.parseInt(text.slice(head), 16);
  const value = BigInt(`0x${text}`);
  if (kind === "bigint") return value;
  return value > 1n ? undefined : value === 1n;
}

const ZEROS = "0".repeat(64);

function shapeOf(event: AbiEvent): Shape {
  const fields = event.inputs.map(({ name = "", type, indexed = false }): Field | undefined => {
    if (type === "address") return { name, indexed, kind: "address", bits: 160 };
    if (type === "bool") return { name, indexed, kind: "bool", bits: 8 };
    const uint = /^uint(\d+)$/.exec(type);
    if (uint)
      return {
        name,
        indexed,
        kind: Number(uint[1]) <= 48 ? "number" : "bigint",
        bits: Number(uint[1]),
      };
    const bytes = /^bytes(\d+)$/.exec(type);
    return bytes ? { name, indexed, kind: "bytes", bits: Number(bytes[1]) * 8 } : undefined;
  });
  const indexed = event.inputs.filter((input) => input.indexed).length;
  return {
    name: event.name,
    fields: fields.every((field) => field !== undefined) ? fields : undefined,
    topics: 1 + indexed,
    words: event.inputs.length - indexed,
  };
}

/** viem checksums addresses; an audit compares text. */
function lowered(value: unknown): unknown {
  if (typeof value === "string")
    return /^0x[0-9a-fA-F]{40}$/.test(value) ? value.toLowerCase() : value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, lowered(entry)]));
}

/** Logs whose transaction the audit reads: proofs, orders and signatures, and what only a role may do. */
const WITH_TRANSACTION = new Set<string>([
  topicOf("coordinator", "RandomWordsFulfilled"),
  ...(
    [
      "AssetListed",
      "BetPlaced",
      "OrderSkipped",
      "GameListed",
      "TermsSet",
      "GameDelisted",
      "SourceSet",
      "Paused",
      "FeesClaimed",
    ] as const
  ).map((name) => topicOf("casino", name)),
  topicOf("sessions", "SessionOpened"),
  ...(["AttestorSet", "DefaultSet", "PlayerAttested", "RuleSet"] as const).map((name) =>
    topicOf("gate", name),
  ),
  ...(managerAbi.map((item) => toEventSelector(item)) as string[]),
]);

export function needsTransaction({ topics }: Pick<Log, "topics">): boolean {
  return WITH_TRANSACTION.has(topics[0] ?? "");
}
