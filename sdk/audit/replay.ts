import type { Hex } from "viem";
import { FieldOverflow } from "../layout.ts";
import { newShares } from "./accounts.ts";
import {
  affiliateBound,
  exclusionSet,
  limitsSet,
  looseningScheduled,
  playerGuarded,
  referralClaimed,
  relayerPaid,
} from "./players.ts";
import { betPlaced, betRefunded, betSettled } from "./bets.ts";
import { fail, holds, newBook, pass, skip } from "./checks.ts";
import {
  administered,
  authorityUpdated,
  functionRoleUpdated,
  operationCanceled,
  operationExecuted,
  operationScheduled,
  privileged,
  roleAdminChanged,
  roleGranted,
  roleRevoked,
} from "./governance.ts";
import {
  attestationRevoked,
  attestorSet,
  defaultSet,
  gateMade,
  playerAttested,
  ruleSet,
} from "./gate.ts";
import { inFilter } from "./headers.ts";
import { checkHeader } from "./links.ts";
import { orderSkipped } from "./orders.ts";
import { checkBooks, checkTotals } from "./invariants.ts";
import {
  assetListed,
  bankrollDrawn,
  bankrollFunded,
  deposited,
  epochClosed,
  epochRolled,
  feesClaimed,
  gameDelisted,
  gameListed,
  termsSet,
  withdrawn,
} from "./house.ts";
import { type Args, type Block, type EventName, type Log, type Teller, decode } from "./records.ts";
import { paused, roundVoided } from "./pauses.ts";
import {
  keyDeregistered,
  keyRegistered,
  randomnessRequested,
  roundDrawn,
  roundRequested,
  sourceSet,
  wordsFulfilled,
} from "./rounds.ts";
import {
  assetsClaimed,
  closeBegun,
  depositRequested,
  depositsRefunded,
  epochPriced,
  redeemRequested,
  shareMoved,
  sharesClaimed,
} from "./shares.ts";
import { sessionOpened, sessionRevoked } from "./sessions.ts";
import { type At, type Audit, type Task, endTransaction } from "./state.ts";
import { addPoint, newSeries, newStatistics } from "./counts.ts";

/** The replay: each event changes the state as the contracts did, and is checked against it before. */

type Handlers<teller extends Teller> = {
  [name in EventName<teller>]?: (audit: Audit, args: Args<teller, name>, at: At) => void;
};

/** What needs no check beyond its form. */
const nothing = () => {};

const CASINO: Handlers<"casino"> = {
  AssetListed(audit, args, at) {
    assetListed(audit, args, at);
    privileged(audit, "casino", "listAsset", at);
  },
  AuthorityUpdated: authorityUpdated,
  BankrollDrawn: bankrollDrawn,
  BankrollFunded: bankrollFunded,
  AffiliateBound: affiliateBound,
  BetExtended: (audit, args) => void (audit.state.tx.extended = args),
  BetPlaced: betPlaced,
  BetRefunded: betRefunded,
  BetSettled: betSettled,
  Deposited: deposited,
  EpochClosed(audit, args, at) {
    if (epochClosed(audit, args, at))
      closeBegun(audit, args.asset, Number(args.epoch), args.equity, at);
  },
  EpochRolled(audit, args, at) {
    checkTotals(audit);
    epochRolled(audit, args, at);
  },
  FeesClaimed(audit, args, at) {
    feesClaimed(audit, args, at);
    privileged(audit, "casino", "claimFees", at);
  },
  OrderSkipped: orderSkipped,
  PlayerGuarded: playerGuarded,
  ReferralClaimed: referralClaimed,
  RelayerPaid: relayerPaid,
  RoundsPlayed: (audit, { betId, played }) =>
    void (audit.state.tx.played = { betId, rounds: Number(played) }),
  GameDelisted(audit, args, at) {
    if (gameDelisted(audit, args, at)) privileged(audit, "casino", "delist", at);
  },
  GameListed(audit, args, at) {
    gameListed(audit, args, at);
    privileged(audit, "casino", "listGame", at);
  },
  Paused(audit, args, at) {
    if (paused(audit, args, at)) privileged(audit, "casino", "pause", at, args.by);
  },
  RoundDrawn: roundDrawn,
  RoundRequested: roundRequested,
  RoundVoided: roundVoided,
  SourceSet(audit, args, at) {
    sourceSet(audit, args, at);
    // The first is the constructor's.
    if (args.sourceId !== 0n) privileged(audit, "casino", "setSource", at);
  },
  TermsSet(audit, args, at) {
    termsSet(audit, args, at);
    privileged(audit, "casino", "setTerms", at);
  },
  Withdrawn: withdrawn,
};

const LIMITS: Handlers<"limits"> = {
  ExclusionSet: exclusionSet,
  LimitsSet: limitsSet,
  LooseningScheduled: looseningScheduled,
};

const SESSIONS: Handlers<"sessions"> = {
  SessionOpened: sessionOpened,
  SessionRevoked: sessionRevoked,
};

const GATE: Handlers<"gate"> = {
  AttestationRevoked: attestationRevoked,
  AttestorSet: attestorSet,
  AuthorityUpdated(audit, args, at) {
    authorityUpdated(audit, args, at);
    gateMade(audit, at);
  },
  DefaultSet: defaultSet,
  PlayerAttested: playerAttested,
  RuleSet: ruleSet,
};

const COORDINATOR: Handlers<"coordinator"> = {
  ProvingKeyDeregistered: keyDeregistered,
  ProvingKeyRegistered: keyRegistered,
  RandomWordsFulfilled: wordsFulfilled,
  RandomWordsRequested: randomnessRequested,
};

const MANAGER: Handlers<"manager"> = {
  OperationCanceled: operationCanceled,
  OperationExecuted: operationExecuted,
  OperationScheduled: operationScheduled,
  RoleAdminChanged: roleAdminChanged,
  RoleGrantDelayChanged: (audit, _, at) => administered(audit, "setGrantDelay", at),
  RoleGranted: roleGranted,
  RoleGuardianChanged: (audit, _, at) => administered(audit, "setRoleGuardian", at),
  RoleLabel: (audit, _, at) => administered(audit, "labelRole", at),
  RoleRevoked: roleRevoked,
  TargetAdminDelayUpdated: (audit, _, at) => administered(audit, "setTargetAdminDelay", at),
  TargetClosed: (audit, _, at) => administered(audit, "setTargetClosed", at),
  TargetFunctionRoleUpdated: functionRoleUpdated,
};

/** As `Handlers`, with the number of the bankroll's asset. */
const BANKROLL: {
  [name in EventName<"bankroll">]?: (
    audit: Audit,
    asset: number,
    args: Args<"bankroll", name>,
    at: At,
  ) => void;
} = {
  Approval: nothing,
  Deposit: sharesClaimed,
  DepositRequest: depositRequested,
  DepositsRefunded: depositsRefunded,
  EpochPriced: epochPriced,
  OperatorSet: nothing,
  RedeemRequest: redeemRequested,
  Transfer: shareMoved,
  Withdraw: assetsClaimed,
};

/** Replays a block; `takeTasks` gives what it left to be done in any order. */
export function replayBlock(audit: Audit, block: Block): void {
  const { state, book } = audit;
  if (block.number >= state.judgedFrom && state.block < state.judgedFrom) beginJudging(audit);
  checkHeader(audit, block);
  audit.header = block.header;
  audit.transactions = new Map(block.transactions.map((tx) => [tx.hash, tx]));
  state.block = block.number;
  state.hash = block.hash;
  state.timestamp = Number(block.header.timestamp);
  if (state.firstBlock < 0) state.firstBlock = block.number;
  state.tx = { hash: "", log: -1, owed: [], relayed: new Map() };

  for (const log of block.logs) replayLog(audit, block, log);
  endTransaction(audit);
  if (block.logs.length === 0) return;
  checkBooks(audit);
  addHousePoints(audit);
  pass(book, "history.order");
}

/** What came before is only needed to know the state: its findings are counted and no longer listed. */
function beginJudging({ state, book, statistics }: Audit): void {
  if (state.judgedFrom === 0) return;
  state.failedBefore = Object.values(book).reduce((sum, { failed }) => sum + failed, 0);
  Object.assign(book, newBook());
  // Their answers would be of the earlier part.
  for (const [key, known] of state.keys) if (known === "asked") state.keys.delete(key);
  const { turnovers, spreads } = statistics;
  Object.assign(statistics, newStatistics(), { turnovers, spreads });
}

/** Work that the replay left, to be done in any order; it is handed out once. */
export function takeTasks(audit: Audit): Task[] {
  return audit.tasks.splice(0);
}

/** The last checks, once no block is left. */
export function endReplay(audit: Audit): void {
  checkTotals(audit);
  const { state, book } = audit;
  const left = state.governance.operations.size;
  if (left > 0)
    skip(book, "governance.delay", "operations that were announced and not executed", left);
}

function replayLog(audit: Audit, block: Block, log: Log): void {
  const { state, book } = audit;
  const at: At = { block: block.number, tx: log.tx, log: log.index, address: log.address };
  if (log.tx !== state.tx.hash) {
    endTransaction(audit);
    state.tx.hash = log.tx;
  }
  if (log.index <= state.tx.log)
    fail(book, "history.order", at, `a log after ${state.tx.log}`, log.index);
  state.tx.log = log.index;
  if (log.blockHash !== block.hash)
    fail(book, "history.order", at, `block ${block.hash}`, log.blockHash, "block of the log");
  const bloom = block.header.logsBloom;
  if (typeof bloom !== "string" || bloom.length !== 514)
    skip(book, "history.filter", "the header has no filter");
  else
    holds(
      book,
      "history.filter",
      at,
      inFilter(bloom, log),
      "a log in the block's filter",
      `${log.address} ${log.topics.join(" ")}`,
    );

  const teller = tellerOf(audit, log.address);
  if (!teller) return fail(book, "history.events", at, "a contract of the house", log.address);
  const decoded = decode(teller, log);
  if ("flaw" in decoded)
    return fail(book, "history.events", at, `an event of the ${teller}`, decoded.flaw);
  try {
    const handled = handle(audit, teller, decoded.name, decoded.args, at);
    holds(
      book,
      "history.events",
      at,
      handled,
      "an event that this auditor knows",
      `${teller}: ${decoded.name}`,
    );
  } catch (error) {
    // Numbers that no contract could have computed with: a division by zero, a field that overflows.
    if (!(error instanceof RangeError || error instanceof FieldOverflow)) throw error;
    fail(
      book,
      "history.events",
      at,
      "an event that can be replayed",
      `${teller}: ${decoded.name}: ${error.message}`,
    );
  }
}

function handle(audit: Audit, teller: Teller, name: string, args: unknown, at: At): boolean {
  if (teller === "bankroll") {
    const asset = audit.facts.bankrolls.get(at.address)!;
    const handler = BANKROLL[name as EventName<"bankroll">] as
      ((audit: Audit, asset: number, args: unknown, at: At) => void) | undefined;
    audit.state.shares[asset] ??= newShares();
    handler?.(audit, asset, args, at);
    return handler !== undefined;
  }
  const handlers = {
    casino: CASINO,
    coordinator: COORDINATOR,
    gate: GATE,
    limits: LIMITS,
    manager: MANAGER,
    sessions: SESSIONS,
  }[teller] as Record<string, ((audit: Audit, args: unknown, at: At) => void) | undefined>;
  const handler = handlers[name];
  handler?.(audit, args, at);
  return handler !== undefined;
}

function tellerOf({ facts, state }: Audit, address: Hex): Teller | undefined {
  if (address === facts.casino) return "casino";
  if (address === facts.manager) return "manager";
  if (facts.bankrolls.has(address)) return "bankroll";
  if (address === facts.limits) return "limits";
  if (address === facts.sessions) return "sessions";
  if (address === facts.gate) return "gate";
  const known = facts.deployment.randomness.coordinator.toLowerCase() === address;
  return known || state.sources.some(({ coordinator }) => coordinator === address)
    ? "coordinator"
    : undefined;
}

function addHousePoints({ state, statistics }: Audit): void {
  for (const [id, asset] of state.assets.entries()) {
    const series = (statistics.houses[id] ??= newSeries());
    addPoint(series, () => [
      state.block,
      state.timestamp,
      Number(asset.bankroll),
      Number(asset.reserved),
    ]);
  }
}
