import { type Hex } from "viem";
import { storedWordOf } from "../layout.ts";
import { VOID_AFTER_SECONDS } from "../verify.ts";
import { preSeedOf, requestIdOf, wordOf } from "../vrf.ts";
import { equal, fail, holds, pass } from "./checks.ts";
import type { Args } from "./records.ts";
import { type At, type Audit, expect, meet, placeOf, transactionOf } from "./state.ts";
import { tallyDrawn, tallyRound, tallyVoid } from "./tally.ts";

/** Randomness: requests, words and voids. The twin of `Rounds`. */

const VOID_AFTER = Number(VOID_AFTER_SECONDS);
const PROBES = 12;
/** `Rounds.CALLBACK_GAS`, and extra arguments that say: paid in the native coin. */
const CALLBACK_GAS = 50_000;
const PAID_IN_NATIVE: Hex = `0x92fd1338${"0".repeat(63)}1`;
const MAX_CONFIRMATIONS = 200;

export function sourceSet(audit: Audit, args: Args<"casino", "SourceSet">, at: At): void {
  const { state, book } = audit;
  equal(
    book,
    "history.order",
    at,
    state.sources.length,
    Number(args.sourceId),
    "number of the source",
  );
  holds(
    book,
    "governance.bounds",
    at,
    args.confirmations <= MAX_CONFIRMATIONS,
    `confirmations <= ${MAX_CONFIRMATIONS}`,
    args.confirmations,
  );
  holds(
    book,
    "governance.bounds",
    at,
    args.worstPrice > 0n,
    "a worst price above 0",
    args.worstPrice,
  );
  state.sources.push({
    coordinator: args.coordinator,
    keyHash: args.keyHash,
    subscription: args.subscription,
    confirmations: args.confirmations,
    firstRound: state.roundCount,
  });
  if (state.sources.length === 1) {
    const { randomness } = audit.facts.deployment;
    equal(
      book,
      "history.deployment",
      at,
      randomness.coordinator.toLowerCase(),
      args.coordinator,
      "coordinator",
    );
    equal(
      book,
      "history.deployment",
      at,
      randomness.keyHash.toLowerCase(),
      args.keyHash,
      "key hash",
    );
    // The constructor's: the first epoch began with it.
    state.epochStart = state.timestamp;
  }
}

export function keyRegistered(audit: Audit, { keyHash }: { keyHash: Hex }, at: At): void {
  audit.state.keys.set(`${at.address}:${keyHash}`, true);
}

export function keyDeregistered(audit: Audit, { keyHash }: { keyHash: Hex }, at: At): void {
  audit.state.keys.set(`${at.address}:${keyHash}`, false);
}

/** A key that was registered before the blocks that are read is asked of its coordinator, once. */
function checkKey({ state, book, tasks }: Audit, keyHash: Hex, at: At): void {
  const key = `${at.address}:${keyHash}`;
  const known = state.keys.get(key);
  if (known === undefined) {
    state.keys.set(key, "asked");
    tasks.push({ kind: "key", at: placeOf(at), coordinator: at.address, keyHash });
  } else
    holds(book, "randomness.key", at, known !== false, "a registered key", "deregistered before");
}

/** The coordinator's word about a request; the casino's must follow. */
export function randomnessRequested(
  audit: Audit,
  args: Args<"coordinator", "RandomWordsRequested">,
  at: At,
): void {
  const { state, book, facts } = audit;
  const source = state.sources.at(-1);
  if (!source) return fail(book, "randomness.request", at, "a source that was set", "none");
  const id = args.requestId;
  equal(book, "randomness.request", at, facts.casino, args.sender, "sender");
  equal(book, "randomness.request", at, source.coordinator, at.address, "coordinator");
  equal(book, "randomness.request", at, source.keyHash, args.keyHash, "key hash");
  equal(book, "randomness.request", at, source.subscription, args.subId, "subscription");
  equal(
    book,
    "randomness.request",
    at,
    source.confirmations,
    args.minimumRequestConfirmations,
    "confirmations",
  );
  equal(book, "randomness.request", at, 1, args.numWords, "words");
  equal(book, "randomness.request", at, CALLBACK_GAS, args.callbackGasLimit, "gas of the callback");
  equal(book, "randomness.request", at, PAID_IN_NATIVE, args.extraArgs, "extra arguments");
  checkKey(audit, args.keyHash, at);

  const nonce = state.roundCount + 1 - source.firstRound;
  const preSeed = preSeedOf({
    keyHash: source.keyHash,
    sender: facts.casino,
    subId: source.subscription,
    nonce: BigInt(nonce),
  });
  equal(book, "randomness.nonce", at, preSeed, args.preSeed, `pre-seed of request ${nonce}`);
  equal(
    book,
    "randomness.nonce",
    at,
    requestIdOf({ keyHash: source.keyHash, preSeed }),
    id,
    "request id",
  );
  holds(book, "randomness.once", at, !state.requests.has(id), "a new request", id);

  state.requests.set(id, {
    round: state.roundCount + 1,
    slot: -1,
    source: state.sources.length - 1,
    keyHash: source.keyHash,
    preSeed: args.preSeed,
    block: at.block,
    blockHash: state.hash,
    requestedAt: state.timestamp,
    callbackGasLimit: args.callbackGasLimit,
    extraArgs: args.extraArgs,
    producer: String(audit.header.miner ?? "unknown"),
    fulfilled: false,
    bets: [],
  });
  expect(audit, at, "randomness.request", `round ${id}`, `a round of the casino for request ${id}`);
}

export function roundRequested(audit: Audit, args: Args<"casino", "RoundRequested">, at: At): void {
  const { state, book, facts } = audit;
  const { requestId } = args;
  const slot = Number(args.slot);
  equal(book, "randomness.nonce", at, state.roundCount + 1, Number(args.round), "round");
  state.roundCount = Number(args.round);
  if (!meet(audit, `round ${requestId}`))
    fail(book, "randomness.request", at, "a request at the coordinator", requestId);
  const request = state.requests.get(requestId);
  if (request) [request.round, request.slot] = [state.roundCount, slot];
  holds(
    book,
    "bets.round",
    at,
    state.joinable.block !== at.block,
    "one round for all bets of the block",
    `a second one in block ${at.block}`,
  );
  holds(
    book,
    "governance.pauses",
    at,
    state.timestamp >= state.pausedUntil,
    `no new round before ${state.pausedUntil}`,
    state.timestamp,
  );
  if (facts.roundSlots !== undefined) {
    const limit = facts.roundSlots / 4;
    const open = state.roundsThisEpoch + state.roundsLastEpoch;
    holds(
      book,
      "randomness.slot",
      at,
      open < limit,
      `fewer than ${limit} rounds of two epochs`,
      open,
    );
    equal(book, "randomness.slot", at, freeSlot(audit, requestId, facts.roundSlots), slot);
  }

  state.roundsThisEpoch++;
  state.rounds.set(slot, {
    requestId,
    round: state.roundCount,
    epoch: state.epoch,
    block: at.block,
    requestedAt: state.timestamp,
    state: "pending",
    word: 0n,
  });
  state.joinable = { block: at.block, slot };
  audit.statistics.rounds.requested++;
  // A round exists for the bet that opened it.
  expect(audit, at, "bets.round", `bet in ${slot}`, `a bet in round ${args.round}`);
}

/** The slot that `Rounds._freeSlot` finds; undefined where it would revert. */
function freeSlot({ state }: Audit, requestId: bigint, roundSlots: number): number | undefined {
  for (let probe = 0n; probe < PROBES; probe++) {
    const slot = Number((requestId + probe) & BigInt(roundSlots - 1));
    const round = state.rounds.get(slot);
    if (!round || round.epoch + 1 < state.epoch) return slot;
  }
  return undefined;
}

export function roundDrawn(
  audit: Audit,
  { requestId, word }: Args<"casino", "RoundDrawn">,
  at: At,
): void {
  const { state, book } = audit;
  const request = state.requests.get(requestId);
  const round = request && state.rounds.get(request.slot);
  if (!request || round?.requestId !== requestId) {
    return fail(
      book,
      "randomness.once",
      at,
      "one word for a round that waits for it",
      `a word for request ${requestId}`,
    );
  }
  const deadline = round.requestedAt + VOID_AFTER;
  holds(
    book,
    "randomness.once",
    at,
    round.state === "pending",
    `round ${round.round} pending`,
    round.state,
  );
  holds(
    book,
    "randomness.deadline",
    at,
    state.timestamp <= deadline,
    `a word by ${deadline}`,
    state.timestamp,
  );
  // The block hash that the word depends on must not be known to whoever bets.
  holds(
    book,
    "randomness.word",
    at,
    at.block > round.block,
    `a block after ${round.block}`,
    at.block,
  );
  round.state = "drawn";
  round.word = storedWordOf(word);
  tallyDrawn(audit, request, round.word);
  expect(
    audit,
    at,
    "randomness.word",
    `fulfilled ${requestId} ${word}`,
    `the coordinator's word for request ${requestId}`,
  );
}

export function wordsFulfilled(
  audit: Audit,
  args: Args<"coordinator", "RandomWordsFulfilled">,
  at: At,
): void {
  const { state, book, facts } = audit;
  const { requestId, outputSeed, success } = args;
  const request = state.requests.get(requestId);
  if (!request)
    return fail(
      book,
      "randomness.once",
      at,
      "one fulfilment of a request of the casino",
      `another of ${requestId}`,
    );
  const source = state.sources[request.source]!;
  equal(book, "randomness.word", at, source.coordinator, at.address, "the round's own source");
  equal(book, "randomness.request", at, source.subscription, args.subId, "subscription");
  equal(book, "randomness.request", at, true, args.nativePayment, "paid in the native coin");
  if (
    !holds(
      book,
      "randomness.once",
      at,
      !request.fulfilled,
      "one fulfilment",
      `a second one of ${requestId}`,
    )
  )
    return;

  const word = wordOf(outputSeed, 0);
  const taken = meet(audit, `fulfilled ${requestId} ${word}`);
  const late = state.timestamp > request.requestedAt + VOID_AFTER;
  const { rounds } = audit.statistics;
  if (success && !taken && !late) {
    fail(
      book,
      "randomness.word",
      at,
      `the casino takes word ${word}`,
      "it did not, though the callback succeeded",
    );
  } else if (!success && taken) {
    fail(
      book,
      "randomness.word",
      at,
      "a callback that succeeded, since the casino took the word",
      "success = false",
    );
  } else pass(book, "randomness.word");
  if (taken) tallyRound(audit.statistics, state.timestamp - request.requestedAt);
  else if (late) rounds.late++;
  else rounds.failed++;

  const tx = transactionOf(audit, at);
  if (tx) {
    pass(book, "history.transactions");
    audit.tasks.push({
      kind: "proof",
      at: { block: at.block, tx: at.tx, log: at.log },
      calldata: tx.input,
      requestId,
      keyHash: request.keyHash,
      preSeed: request.preSeed,
      blockHash: request.blockHash,
      blockNum: request.block,
      subId: source.subscription,
      sender: facts.casino,
      callbackGasLimit: request.callbackGasLimit,
      extraArgs: request.extraArgs,
      outputSeed,
    });
  }

  if (taken) {
    state.requests.delete(requestId);
    return;
  }
  request.fulfilled = true;
  tallyVoid(audit, request, word);
}
