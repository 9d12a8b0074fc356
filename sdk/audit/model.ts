import type { Hex } from "viem";
import type { Order } from "../orders.ts";
import type { CheckId, Place } from "./checks.ts";

/** What the state of a house is made of: plain data. */

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
  /** Who made its block. */
  producer: string;
  fulfilled: boolean;
  /** Bets that wait for its word. */
  bets: WaitingBet[];
};

/** A bet with the group of players it is counted in, which is decided before its word can be known. */
export type WaitingBet = { betId: bigint; asset: number; bet: OpenBet; tenth: number };

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
  /** Gas of each further round. */
  roundGas: bigint;
  kellyBps: bigint;
  capBps: bigint;
  shareBps: bigint;
  gameCapBps: bigint;
  lossBps: bigint;
};

/** What a game's counted bets reserve and lost on a day; the twin of `GameBook`. */
export type GameBook = { reserved: bigint; loss: bigint; day: number; listedAt: number };
export type Listing = { listed: boolean; terms: Terms; young: boolean; book: GameBook };

/** What a player's account in an asset carries besides its balance. */
export type Account = { guarded: boolean; referred: boolean; accrued: bigint };

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
  /** Of affiliates, not claimed yet. */
  accrued: bigint;
  /** The bankroll that a drawdown is measured from, as stored. */
  mark: bigint;
  /** What the bets of the current round reserve, in 2^-17 of the bankroll. */
  round: { block: number; share: bigint };
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
  rounds: number;
  stopGain: bigint;
  stopLoss: bigint;
  /** In the game's book; by `Limits`. */
  counted: boolean;
  noted: boolean;
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
  rounds: number;
  paid: bigint;
  end: "settled" | "refunded";
};

export type LaneState = { sequence: number; bet?: OpenBet };

export type Windows = { day: bigint; week: bigint; month: bigint };
export type LimitTerms = {
  stakes: Windows;
  losses: Windows;
  deposits: Windows;
  pauseSeconds: bigint;
};
/** A player's limits in an asset, and what counts against them since they were set. */
export type LimitState = {
  terms: LimitTerms;
  later: { terms: LimitTerms; from: number } | undefined;
  /** By window: its number and the sums in it. */
  sums: Record<keyof Windows, { number: number; staked: bigint; lost: bigint; deposited: bigint }>;
  open: bigint;
  lastBet: number;
};

/** What a session key may do in a lane, as stored: amounts rounded down. */
export type Session = {
  key: string;
  expiry: bigint;
  maxStake: bigint;
  lastSequence: bigint;
  feeTo: string;
  maxFee: bigint;
  games: bigint;
  /** Without it no fee, and any game. */
  bounded: boolean;
};
/** `nonce` counts what was opened and revoked in the lane. */
export type SessionState = { nonce: number; session?: Session };

/** The eligibility gate. */
export type GateState = {
  /** The transaction that made it; where that was not read, nothing is known of whom it lets in. */
  madeIn: string;
  known: boolean;
  allowed: boolean;
  rules: Map<string, number>;
  attestors: Map<string, boolean>;
  records: Map<string, Attestation>;
};
export type Attestation = {
  attestor: string;
  jurisdiction: string;
  issuedAt: bigint;
  expiresAt: bigint;
};

/** What a transaction asked the casino to place, in order, and how much of it was told of. */
export type Asked = {
  calls: AskedBet[];
  next: number;
  /** Of relayed orders. */
  feeTo?: string;
  /** Why it can't be read. */
  hidden?: string;
};
export type AskedBet = {
  player: string;
  asset: number;
  lane: number;
  game: number;
  stake: bigint;
  choice: Hex;
  rounds: number;
  stopGain: bigint;
  stopLoss: bigint;
  fee: bigint;
  /** Of a relayed order; without its signature where bits are set that no field has. */
  betId?: bigint;
  signed?: { order: Order; signature: Hex };
};

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
