import { decodeLane, seedOf } from "../layout.ts";
import { VOID_AFTER_SECONDS } from "../verify.ts";
import { equal, fail, holds, pass, skip } from "./checks.ts";
import { checkEligible } from "./gate.ts";
import { move } from "./ledger.ts";
import { offerOf } from "./offers.ts";
import { checkAsked } from "./orders.ts";
import { accrue, noteEnded, notePlaced } from "./players.ts";
import type { Args } from "./records.ts";
import type { AssetState, EndedBet, OpenBet } from "./model.ts";
import { type At, type Audit, balanceKey, expect, meet } from "./state.ts";
import { tenthOf } from "./tally.ts";
import { checkTerms, closeInBook, escrowOf, fee } from "./terms.ts";

/** Bets: placing, settling and refunding. The twin of `Bets`. */

const MAX_FEES = (1n << 40n) - 1n;
const SEQUENCE_MASK = 2 ** 28 - 1;
const VOID_AFTER = Number(VOID_AFTER_SECONDS);

export function betPlaced(audit: Audit, args: Args<"casino", "BetPlaced">, at: At): void {
  const { state, book } = audit;
  const { player, key, assetId, laneNumber, sequence } = partsOf(args.betId);
  const lane = decodeLane(args.bet);
  const asset = state.assets[assetId];
  if (!asset) return fail(book, "bets.identity", at, "a listed asset", `asset ${assetId}`);
  if (args.ended !== 0n) endPrevious(audit, args, at);

  const before = state.lanes.get(key) ?? { sequence: 0 };
  equal(
    book,
    "bets.identity",
    at,
    (before.sequence + 1) & SEQUENCE_MASK,
    sequence,
    "number in the lane",
  );
  equal(book, "bets.identity", at, player, args.player, "player");
  equal(book, "bets.identity", at, sequence, Number(lane.sequence), "number in the slot");
  holds(
    book,
    "bets.once",
    at,
    before.bet === undefined,
    "the lane's previous bet ended first",
    `bet ${before.sequence} is open`,
  );
  const { joinable } = state;
  meet(audit, `bet in ${lane.slot}`);
  equal(book, "bets.round", at, joinable.block, at.block, "block of the round");
  equal(book, "bets.round", at, joinable.slot, lane.slot, "slot of the round");

  const extras = extrasOf(audit, args.betId, at);
  const [open, extended, counted, noted, guarded, referred, ...rest] = Array.from(
    { length: 16 },
    (_, bit) => ((args.bet >> BigInt(240 + bit)) & 1n) === 1n,
  );
  const bet: OpenBet = {
    game: lane.game,
    stake: lane.stake,
    choice: `0x${(BigInt(lane.choice) | (extras & ((1n << 72n) - 1n))).toString(16).padStart(32, "0")}`,
    slot: lane.slot,
    reserve: lane.reserve,
    feeRate: lane.feeRate,
    rounds: Number((extras >> 72n) & 0xffffn) + 1,
    stopGain: (extras >> 88n) & ((1n << 64n) - 1n),
    stopLoss: (extras >> 152n) & ((1n << 64n) - 1n),
    counted: counted === true,
    noted: noted === true,
  };
  const account = state.accounts.get(balanceKey(player, assetId));
  const home = laneNumber === 0;
  const wanted = [
    true,
    extras % (1n << 216n) !== 0n,
    home && (account?.guarded ?? false),
    home && (account?.referred ?? false),
    ...rest.map(() => false),
  ];
  equal(
    book,
    "bets.identity",
    at,
    wanted.join(" "),
    [open, extended, guarded, referred, ...rest].join(" "),
    "flags: open, extended, guarded, referred",
  );
  const relayFee = extras >> 216n;
  const escrow = escrowOf(bet);
  checkTerms(audit, asset, assetId, bet, at);
  checkAsked(audit, args.betId, bet, relayFee, at);
  checkEligible(audit, player, at);
  notePlaced(audit, player, assetId, bet, at);
  const balance = move(audit, asset, player, assetId, -escrow - relayFee, at);
  if (relayFee > 0n)
    state.tx.relayed.set(assetId, (state.tx.relayed.get(assetId) ?? 0n) + relayFee);
  // Lane 0 shares its slot with the balance: the bet shows it.
  if (home) equal(book, "money.ledger", at, balance, lane.balance, `balance of ${player}`);
  asset.escrow += escrow;
  asset.reserved += bet.reserve;
  asset.openBets++;
  asset.turnover += escrow;
  state.lanes.set(key, { sequence, bet });
  wait(audit, args.betId, bet, balanceKey(player, assetId), assetId);
  audit.statistics.bets.placed++;
}

/** The bet waits for the word of its round. */
function wait(
  { state, statistics }: Audit,
  betId: bigint,
  bet: OpenBet,
  account: string,
  asset: number,
): void {
  const tenth = tenthOf(statistics, { account, asset, escrow: escrowOf(bet) });
  const round = state.rounds.get(bet.slot);
  const request = round && state.requests.get(round.requestId);
  request?.bets.push({ betId, asset, bet, tenth });
}

/** What placing settled: the lane's previous bet, which gets no event of its own. */
function endPrevious(audit: Audit, { betId, ended }: Args<"casino", "BetPlaced">, at: At): void {
  const sequence = (betId - 1n) & BigInt(SEQUENCE_MASK);
  holds(audit.book, "bets.once", at, ended >> 72n === 1n, "a settlement told with its mark", ended);
  settle(
    audit,
    ((betId >> 64n) << 64n) | sequence,
    { payout: ended & ((1n << 56n) - 1n), played: Number((ended >> 56n) & 0xffffn) },
    at,
  );
}

/** What `BetExtended` told of this bet; 0 of a plain one. */
function extrasOf({ state, book }: Audit, betId: bigint, at: At): bigint {
  const { extended } = state.tx;
  delete state.tx.extended;
  if (!extended) return 0n;
  equal(book, "bets.identity", at, betId, extended.betId, "the bet that was extended");
  return extended.extras;
}

export function betSettled(
  audit: Audit,
  { betId, payout }: Args<"casino", "BetSettled">,
  at: At,
): void {
  const { tx } = audit.state;
  const { played } = tx;
  delete tx.played;
  if (played)
    equal(audit.book, "bets.identity", at, betId, played.betId, "the bet whose rounds were told");
  settle(audit, betId, { payout, played: played?.rounds ?? 1 }, at);
}

function settle(
  audit: Audit,
  betId: bigint,
  { payout, played }: { payout: bigint; played: number },
  at: At,
): void {
  const { book, state } = audit;
  const ending = end(audit, betId, at);
  if (!ending) return;
  const { bet, asset, assetId, player } = ending;
  const round = state.rounds.get(bet.slot);
  const escrow = escrowOf(bet);
  const most = bet.reserve + escrow - fee(escrow, bet.feeRate);
  holds(book, "money.bound", at, payout <= most, `a payout of at most ${most}`, payout);
  if (round?.state !== "drawn")
    fail(
      book,
      "bets.payout",
      at,
      "a word to settle by",
      round ? `a ${round.state} round` : "no round",
    );
  else checkPayout(audit, betId, ending, round.word, { payout, played }, at);

  const due = fee(bet.stake * BigInt(played), bet.feeRate);
  const earned = due < MAX_FEES - asset.fees ? due : MAX_FEES - asset.fees;
  asset.fees += earned;
  asset.feesEarned += earned;
  asset.paid += payout;
  audit.statistics.bets.settled++;
  tell(audit, betId, bet, assetId, { paid: payout, end: "settled" }, at);
  resolve(audit, asset, bet, round?.epoch, escrow - earned - payout);
  if (bet.counted) closeInBook(audit, bet, assetId, { paid: payout, staked: escrow });
  accrue(audit, player, assetId, earned);
  noteEnded(audit, player, assetId, bet, payout, false);
  move(audit, asset, player, assetId, payout, at);
}

type Ending = { bet: OpenBet; asset: AssetState; assetId: number; player: string };

/** The payout, and the rounds played, are what the rules give for the seed. */
function checkPayout(
  audit: Audit,
  betId: bigint,
  { bet }: Ending,
  word: bigint,
  told: { payout: bigint; played: number },
  at: At,
): void {
  const { book, facts, state } = audit;
  const seed = seedOf({ word, chainId: facts.chainId, casino: facts.casino, betId });
  const offer = offerOf(bet.game, bet.choice);
  if (typeof offer === "string")
    return skip(book, "bets.payout", `game ${bet.game} or its choice is not known here`);
  const { stake, choice, rounds, stopGain, stopLoss } = bet;
  if (rounds === 1) {
    equal(
      book,
      "bets.payout",
      at,
      offer.game.payout({ stake, choice, seed }),
      told.payout,
      `bet ${betId}`,
    );
    equal(book, "bets.payout", at, 1, told.played, "rounds played");
  } else {
    const { paid, played } = offer.game.payouts({
      stake,
      choice,
      seed,
      rounds,
      stopGain,
      stopLoss,
    });
    // What was not played comes back.
    equal(
      book,
      "bets.payout",
      at,
      paid + stake * BigInt(rounds - played),
      told.payout,
      `bet ${betId}`,
    );
    equal(book, "bets.payout", at, played, told.played, "rounds played");
  }
  const rules = state.games[bet.game - 1];
  if (audit.rules === "chain" && rules) {
    const place = { block: at.block, tx: at.tx, log: at.log };
    audit.tasks.push({
      kind: "payout",
      at: place,
      rules,
      stake,
      choice,
      seed,
      rounds,
      stopGain,
      stopLoss,
      paid: told.payout,
    });
  }
}

export function betRefunded(audit: Audit, args: Args<"casino", "BetRefunded">, at: At): void {
  const { state, book } = audit;
  const { betId, stake, faulty } = args;
  const ending = end(audit, betId, at);
  if (!ending) return;
  const { bet, asset, assetId, player } = ending;
  const round = state.rounds.get(bet.slot);
  meet(audit, `refund in ${bet.slot}`);
  equal(book, "bets.refund", at, escrowOf(bet), stake, "stakes");
  audit.statistics.bets.refunded++;

  if (faulty) {
    audit.statistics.bets.faulty++;
    holds(
      book,
      "bets.refund",
      at,
      round?.state === "drawn",
      "a word, for the game to fail with",
      round?.state ?? "no round",
    );
    if (typeof offerOf(bet.game, bet.choice) !== "string")
      fail(
        book,
        "bets.refund",
        at,
        "a settlement: these rules do not fail",
        "a refund because the game failed",
      );
    else skip(book, "bets.refund", `whether game ${bet.game} failed is not known here`);
    if (state.listings.get(`${bet.game}:${assetId}`)?.listed) {
      expect(
        audit,
        at,
        "bets.refund",
        `delisted ${bet.game}:${assetId}`,
        `game ${bet.game} delisted, since it failed`,
      );
    }
  } else {
    const deadline = (round?.requestedAt ?? 0) + VOID_AFTER;
    equal(book, "bets.refund", at, "void", round?.state ?? "no round", "round");
    holds(
      book,
      "randomness.deadline",
      at,
      state.timestamp > deadline,
      `a refund after ${deadline}`,
      state.timestamp,
    );
  }
  tell(audit, betId, bet, assetId, { paid: stake, end: "refunded" }, at);
  resolve(audit, asset, bet, round?.epoch, 0n);
  if (bet.counted) closeInBook(audit, bet, assetId, { paid: 0n, staked: 0n });
  noteEnded(audit, player, assetId, bet, stake, true);
  move(audit, asset, player, assetId, stake, at);
}

function tell(
  { onBet }: Audit,
  betId: bigint,
  { game, choice, stake, rounds }: OpenBet,
  asset: number,
  ending: Pick<EndedBet, "paid" | "end">,
  { block, tx }: At,
): void {
  onBet?.({ betId, block, tx, asset, game, choice, stake, rounds, ...ending });
}

/** The open bet that ends here; it is no longer open then. */
function end(audit: Audit, betId: bigint, at: At): Ending | undefined {
  const { state, book } = audit;
  const { player, key, assetId, sequence } = partsOf(betId);
  const lane = state.lanes.get(key);
  const asset = state.assets[assetId];
  if (!asset || lane?.bet === undefined || lane.sequence !== sequence) {
    fail(book, "bets.once", at, "an open bet", `bet ${betId} is not open`);
    return undefined;
  }
  pass(book, "bets.once");
  const { bet } = lane;
  state.lanes.set(key, { sequence });
  asset.escrow -= escrowOf(bet);
  return { bet, asset, assetId, player };
}

/** What the end of a bet does to the house: `Bets._applied` and `_resolve`. */
function resolve(
  audit: Audit,
  asset: AssetState,
  bet: OpenBet,
  epoch: number | undefined,
  gain: bigint,
): void {
  asset.reserved -= bet.reserve;
  asset.bankroll += gain;
  if (epoch === audit.state.epoch) asset.openBets--;
  else {
    asset.closing.openBets--;
    asset.closing.equity += gain;
  }
}

/** The parts of a bet's id; `key` is its lane's. */
function partsOf(betId: bigint) {
  const id = betId.toString(16).padStart(64, "0");
  return {
    player: `0x${id.slice(0, 40)}`,
    key: id.slice(0, 48),
    assetId: Number.parseInt(id.slice(40, 44), 16),
    laneNumber: Number.parseInt(id.slice(44, 48), 16),
    sequence: Number.parseInt(id.slice(48), 16),
  };
}
