import type { Hex } from "viem";
import type { Deployment } from "../deployment.ts";
import { type Book, type CheckId, type Place, fail, newBook, pass } from "./checks.ts";
import { type Header, type Transaction } from "./records.ts";
import { type Statistics, newStatistics } from "./counts.ts";

/** What an audit knows of the house at one moment: rebuilt from events alone, and plain data, so that it can be kept. */

export type Source = {
  coordinator: Hex;
  keyHash: Hex;
  subscription: bigint;
  confirmations: number;
  /** Rounds requested of earlier sources. */
  firstRound: number;
};

/** A request of the casino, from its event until its word was taken; where it never was, for good. */
export type Request = {
  round: number;
  /** Where its round is stored. */
  slot: number;
  source: number;
  keyHash: Hex;
  preSeed: bigint;
  block: number;
  blockHash: Hex;
  requestedAt: number;
  callbackGasLimit: number;
  extraArgs: Hex;
  /** The word of a fulfilment that the casino did not take. */
  word?: bigint;
  fulfilled: boolean;
  /** Bets that were refunded before a word was known. */
  voided: { betId: bigint; game: number; choice: Hex }[];
};

export type Round = {
  requestId: bigint;
  round: number;
  epoch: number;
  block: number;
  requestedAt: number;
  state: "pending" | "drawn" | "void";
  /** Low 224 bits. */
  word: bigint;
};

export type Terms = {
  minStake: bigint;
  maxStake: bigint;
  stipend: bigint;
  kellyBps: bigint;
  capBps: bigint;
  shareBps: bigint;
};

export type AssetState = {
  token: Hex;
  unit: bigint;
  bankrollContract: Hex;
  /** Units deposited less units withdrawn. */
  held: bigint;
  /** Sum of all balances. */
  ledger: bigint;
  escrow: bigint;
  bankroll: bigint;
  reserved: bigint;
  fees: bigint;
  openBets: number;
  closing: { equity: bigint; openBets: number; closed: boolean };
  turnover: bigint;
  paid: bigint;
  feesEarned: bigint;
};

export type OpenBet = {
  game: number;
  stake: bigint;
  choice: Hex;
  slot: number;
  reserve: bigint;
  feeRate: number;
};

/** A bet and its end; amounts are units. */
export type EndedBet = {
  betId: bigint;
  block: number;
  tx: string;
  asset: number;
  game: number;
  choice: Hex;
  stake: bigint;
  paid: bigint;
  end: "settled" | "refunded";
};

export type LaneState = { sequence: number; bet?: OpenBet };

/** The first place in a transaction that asks for another, and what would be wrong without it. */
export type Expectation = { key: string; check: CheckId; at: Place; expected: string };

export type Mark = { era: number; survival: bigint; paid: bigint };
export type LpRequest = { epoch: number; assets: bigint; shares: bigint };
export type LpAccount = {
  paidAssets: bigint;
  boughtShares: bigint;
  soldAssets: bigint;
  soldShares: bigint;
  unfilled: bigint;
  mark: Mark;
  even: LpRequest;
  odd: LpRequest;
};
export type LpEpoch = {
  deposits: bigint;
  redemptions: bigint;
  refunded: boolean;
  priceAssets: bigint;
  priceShares: bigint;
  mark: Mark;
};

/** One bankroll's shares; the twin of `Bankroll`'s storage. */
export type ShareBook = {
  supply: bigint;
  balances: Map<string, bigint>;
  pool: { shares: bigint; era: number; survival: bigint; paid: Map<number, bigint> };
  equity: bigint;
  nextToClose: number;
  epochs: Map<number, LpEpoch>;
  accounts: Map<string, LpAccount>;
  /** Units asked to be deposited and not executed yet; units paid for redemptions and not claimed yet. */
  pendingAssets: bigint;
  claimableAssets: bigint;
  /** What the close that is going on must do. */
  close?: {
    epoch: number;
    equity: bigint;
    price: bigint;
    refunded: boolean;
    minted: bigint;
    bought: bigint;
    due: bigint;
    filled: bigint;
    paid: bigint;
  };
};

/** A holder of a role: from when, and the delay of their calls from `changes` on and before. */
export type Member = { active: number; changes: number; delay: number; before: number };
export type Operation = { ready: number; scheduledAt: number; caller: Hex; target: Hex; data: Hex };

export type Governance = {
  /** By role and account. */
  members: Map<string, Member>;
  /** By target and selector; the administrator's role where missing. */
  functions: Map<string, string>;
  operations: Map<string, Operation>;
  /** Operations executed in the transaction being replayed. */
  executed: Operation[];
  admins: Map<string, string>;
  /** The latest privileged calls. */
  calls: { block: number; tx: string; name: string; by: string; role: string; waited: number }[];
  callCount: number;
};

export type State = {
  block: number;
  hash: Hex;
  parent: Hex;
  timestamp: number;
  firstBlock: number;
  /** The transaction being replayed, and what it owes. */
  tx: { hash: string; log: number; owed: Expectation[] };
  authority: string;
  sources: Source[];
  keys: Map<string, boolean>;
  requests: Map<bigint, Request>;
  lastRequest: { requestId: bigint; log: number } | undefined;
  rounds: Map<number, Round>;
  roundCount: number;
  roundsThisEpoch: number;
  roundsLastEpoch: number;
  joinable: { block: number; slot: number };
  epoch: number;
  epochStart: number;
  pausedUntil: number;
  pauses: { from: number; until: number; by: string }[];
  pauseOwed: number;
  voids: { day: number; count: number };
  games: Hex[];
  listings: Map<string, { listed: boolean; terms: Terms }>;
  assets: AssetState[];
  balances: Map<string, bigint>;
  lanes: Map<string, LaneState>;
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
  roundSlots?: number;
  epochSeconds?: number;
};

/** A proof to verify, or a payout to ask the game's contract for: work that need not be done in order. */
export type Task =
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
      paid: bigint;
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

export function factsOf(
  deployment: Deployment,
  read: { roundSlots?: number; epochSeconds?: number } = {},
): HouseFacts {
  return {
    chainId: deployment.chainId,
    casino: lower(deployment.casino),
    manager: lower(deployment.accessManager),
    bankrolls: new Map(deployment.assets.map(({ id, bankroll }) => [lower(bankroll), id])),
    deployment,
    ...read,
  };
}

export function newAudit(
  facts: HouseFacts,
  { rules = "twin" }: { rules?: "twin" | "chain" } = {},
): Audit {
  return {
    facts,
    rules,
    state: newState(),
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
    parent: "0x",
    timestamp: 0,
    firstBlock: -1,
    tx: { hash: "", log: -1, owed: [] },
    authority: "",
    sources: [],
    keys: new Map(),
    requests: new Map(),
    lastRequest: undefined,
    rounds: new Map(),
    roundCount: 0,
    roundsThisEpoch: 0,
    roundsLastEpoch: 0,
    joinable: { block: -1, slot: -1 },
    epoch: 0,
    epochStart: 0,
    pausedUntil: 0,
    pauses: [],
    pauseOwed: 0,
    voids: { day: -1, count: 0 },
    games: [],
    listings: new Map(),
    assets: [],
    balances: new Map(),
    lanes: new Map(),
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
  tx.owed = [];
  governance.executed = [];
}

/** The key of a balance: the player's 20 bytes and the asset's two. */
export function balanceKey(player: string, asset: number): string {
  return player.slice(2) + asset.toString(16).padStart(4, "0");
}

export function lower(hex: string): Hex {
  return hex.toLowerCase() as Hex;
}

export function asset(audit: Audit, id: number): AssetState | undefined {
  return audit.state.assets[id];
}
