import type { Hex, TypedDataDefinition } from "viem";
import type { Deployment } from "../deployment.ts";
import { type Book, type CheckId, type Place, fail, newBook, pass } from "./checks.ts";
import type {
  Source,
  Request,
  Round,
  Listing,
  Account,
  AssetState,
  EndedBet,
  LaneState,
  LimitState,
  Asked,
  Expectation,
  GateState,
  SessionState,
  ShareBook,
  Governance,
} from "./model.ts";
import type { Header, Transaction } from "./records.ts";
import { type Statistics, newStatistics } from "./counts.ts";

/** What an audit knows of the house at one moment: rebuilt from events alone, and plain data, so that it can be kept. */

export type State = {
  block: number;
  hash: Hex;
  timestamp: number;
  firstBlock: number;
  /** Findings of earlier blocks are only counted. */
  judgedFrom: number;
  failedBefore: number;
  /** The transaction being replayed, and what it owes. */
  tx: {
    hash: string;
    log: number;
    owed: Expectation[];
    /** What `BetExtended` and `RoundsPlayed` told of the bet that comes next. */
    extended?: { betId: bigint; extras: bigint };
    played?: { betId: bigint; rounds: number };
    /** Fees of relayed bets, by asset, until the relayer is paid. */
    relayed: Map<number, bigint>;
    /** What its calldata asks for; read at its first bet. */
    asked?: Asked;
  };
  sources: Source[];
  /** By coordinator and key hash: registered or not; or still to be asked of the coordinator. */
  keys: Map<string, boolean | "asked">;
  requests: Map<bigint, Request>;
  rounds: Map<number, Round>;
  roundCount: number;
  roundsThisEpoch: number;
  roundsLastEpoch: number;
  joinable: { block: number; slot: number };
  epoch: number;
  epochStart: number;
  pausedUntil: number;
  pauses: { from: number; until: number; by: string }[];
  voids: { day: number; count: number };
  games: Hex[];
  listings: Map<string, Listing>;
  assets: AssetState[];
  balances: Map<string, bigint>;
  lanes: Map<string, LaneState>;
  accounts: Map<string, Account>;
  affiliates: Map<string, string>;
  limits: Map<string, LimitState>;
  exclusions: Map<string, number>;
  sessions: Map<string, SessionState>;
  gate: GateState;
  skipped: number;
  shares: ShareBook[];
  governance: Governance;
};

/** What cannot change: the deployment in lower case, and constants of the contracts where they were read. */
export type HouseFacts = {
  chainId: number;
  casino: Hex;
  manager: Hex;
  bankrolls: ReadonlyMap<Hex, number>;
  deployment: Deployment;
  /** The casino's own contracts; the gate only where there is one. */
  limits: Hex;
  sessions: Hex;
  annex: Hex;
  gate: Hex | undefined;
  roundSlots?: number;
  epochSeconds?: number;
};

/** A proof or a signature to verify, a payout or a key to ask a contract for: work that need not be done in order. */
export type Task =
  | SignatureTask
  | { kind: "key"; at: Place; coordinator: Hex; keyHash: Hex }
  | {
      kind: "proof";
      at: Place;
      calldata: Hex;
      requestId: bigint;
      keyHash: Hex;
      preSeed: bigint;
      blockHash: Hex;
      blockNum: number;
      subId: bigint;
      sender: Hex;
      callbackGasLimit: number;
      extraArgs: Hex;
      outputSeed: bigint;
    }
  | {
      kind: "payout";
      at: Place;
      rules: Hex;
      stake: bigint;
      choice: Hex;
      seed: bigint;
      rounds: number;
      stopGain: bigint;
      stopLoss: bigint;
      paid: bigint;
    };

/** Typed data and its signature. Each who may have signed comes with the check that this is an instance of. */
export type SignatureTask = {
  kind: "signature";
  at: Place;
  typedData: TypedDataDefinition;
  signature: Hex;
  signers: { account: string; check: CheckId; flaw?: { expected: string; found: string } }[];
  /** Why it is no finding that none of them signed: a contract may sign in its own way. */
  otherwise?: string;
};

export type Audit = {
  facts: HouseFacts;
  rules: "twin" | "chain";
  state: State;
  book: Book;
  statistics: Statistics;
  tasks: Task[];
  /** Is told of each bet as it ends. */
  onBet?: (bet: EndedBet) => void;
  /** Of the block being replayed. */
  header: Header;
  transactions: ReadonlyMap<string, Transaction>;
};

/** The place of the log being replayed. */
export type At = { block: number; tx: string; log: number; address: Hex };

/** Contracts and constants that the casino's code holds. */
export type Constants = {
  roundSlots?: number;
  epochSeconds?: number;
  limits: Hex;
  sessions: Hex;
  annex: Hex;
  gate: Hex;
};

export function factsOf(
  deployment: Deployment,
  { gate, limits, sessions, annex, ...read }: Constants,
): HouseFacts {
  return {
    chainId: deployment.chainId,
    casino: lower(deployment.casino),
    manager: lower(deployment.accessManager),
    bankrolls: new Map(deployment.assets.map(({ id, bankroll }) => [lower(bankroll), id])),
    deployment,
    limits: lower(limits),
    sessions: lower(sessions),
    annex: lower(annex),
    gate: /^0x0*$/.test(gate) ? undefined : lower(gate),
    ...read,
  };
}

export function newAudit(
  facts: HouseFacts,
  { rules = "twin", judgedFrom = 0 }: { rules?: "twin" | "chain"; judgedFrom?: number } = {},
): Audit {
  return {
    facts,
    rules,
    state: { ...newState(), judgedFrom },
    book: newBook(),
    statistics: newStatistics(),
    tasks: [],
    header: {},
    transactions: new Map(),
  };
}

function newState(): State {
  return {
    block: -1,
    hash: "0x",
    timestamp: 0,
    firstBlock: -1,
    judgedFrom: 0,
    failedBefore: 0,
    tx: { hash: "", log: -1, owed: [], relayed: new Map() },
    sources: [],
    keys: new Map(),
    requests: new Map(),
    rounds: new Map(),
    roundCount: 0,
    roundsThisEpoch: 0,
    roundsLastEpoch: 0,
    joinable: { block: -1, slot: -1 },
    epoch: 0,
    epochStart: 0,
    pausedUntil: 0,
    pauses: [],
    voids: { day: -1, count: 0 },
    games: [],
    listings: new Map(),
    assets: [],
    balances: new Map(),
    lanes: new Map(),
    accounts: new Map(),
    affiliates: new Map(),
    limits: new Map(),
    exclusions: new Map(),
    sessions: new Map(),
    gate: {
      madeIn: "",
      known: false,
      allowed: false,
      rules: new Map(),
      attestors: new Map(),
      records: new Map(),
    },
    skipped: 0,
    shares: [],
    governance: {
      members: new Map(),
      functions: new Map(),
      operations: new Map(),
      executed: [],
      admins: new Map(),
      calls: [],
      callCount: 0,
    },
  };
}

/** Says that the transaction must bring something more; `meet` takes it off, the end of the transaction fails the rest. */
export function expect(audit: Audit, at: At, check: CheckId, key: string, expected: string): void {
  audit.state.tx.owed.push({
    key,
    check,
    at: { block: at.block, tx: at.tx, log: at.log },
    expected,
  });
}

/** Whether the transaction owed this; then it does no longer, and its check has passed. */
export function meet(audit: Audit, key: string): boolean {
  const { owed } = audit.state.tx;
  const index = owed.findIndex((entry) => entry.key === key);
  if (index === -1) return false;
  const [entry] = owed.splice(index, 1);
  pass(audit.book, entry!.check);
  return true;
}

/** Fails all that the transaction still owes. */
export function endTransaction(audit: Audit): void {
  const { tx, governance } = audit.state;
  for (const { check, at, expected } of tx.owed) {
    // A gift of shares to the bankroll asks for nothing.
    if (expected === "") continue;
    fail(audit.book, check, at, expected, "nothing of the kind in the transaction");
  }
  for (const [asset, fees] of tx.relayed) {
    fail(
      audit.book,
      "money.ledger",
      { block: audit.state.block, tx: tx.hash },
      `${fees} units of asset ${asset} paid to the relayer`,
      "nothing",
    );
  }
  const left = tx.asked ? tx.asked.calls.length - tx.asked.next : 0;
  if (left > 0)
    fail(
      audit.book,
      "bets.orders",
      { block: audit.state.block, tx: tx.hash },
      "each order placed, or skipped with its reason",
      `${left} of which nothing is told`,
    );
  tx.owed = [];
  tx.relayed.clear();
  delete tx.asked;
  delete tx.extended;
  delete tx.played;
  governance.executed = [];
}

/** The key of a balance: the player's 20 bytes and the asset's two. */
export function balanceKey(player: string, asset: number): string {
  return player.slice(2) + asset.toString(16).padStart(4, "0");
}

export function placeOf({ block, tx, log }: At): Place {
  return { block, tx, log };
}

/** The transaction that is being replayed; a finding, and nothing, where the node does not have it. */
export function transactionOf({ book, transactions }: Audit, at: At): Transaction | undefined {
  const tx = transactions.get(at.tx);
  if (!tx)
    fail(book, "history.transactions", at, `transaction ${at.tx}`, "the node does not have it");
  return tx;
}

export function accountOf({ state }: Audit, key: string): Account {
  let account = state.accounts.get(key);
  if (!account)
    state.accounts.set(key, (account = { guarded: false, referred: false, accrued: 0n }));
  return account;
}

export function lower(hex: string): Hex {
  return hex.toLowerCase() as Hex;
}
