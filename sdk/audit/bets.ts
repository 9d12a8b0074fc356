import { WAD } from "../games/types.ts";
import { decodeLane, encodeReserve, decodeReserve, seedOf } from "../layout.ts";
import { VOID_AFTER_SECONDS } from "../verify.ts";
import { equal, fail, holds, pass, skip } from "./checks.ts";
import { offerOf } from "./offers.ts";
import type { Args } from "./records.ts";
import {
  type AssetState,
  type At,
  type Audit,
  type EndedBet,
  type OpenBet,
  balanceKey,
  expect,
  lower,
  meet,
} from "./state.ts";
import { tallyBet, tallyVoidBet } from "./tally.ts";

/** Bets: placing, settling and refunding. The twin of `Casino`. */

/** `Casino.RTP_FLOOR` and `RTP_CEILING`. */
const RTP_FLOOR = (WAD * 8n) / 10n;
const RTP_CEILING = (WAD * 9_999n) / 10_000n;
const MAX_FEE_RATE = 4_095n;
const MAX_FEES = (1n << 44n) - 1n;
const SEQUENCE_MASK = 2 ** 28 - 1;
const VOID_AFTER = Number(VOID_AFTER_SECONDS);
const WIDE = /^0x.{14}0{18}$/;

export function betPlaced(audit: Audit, args: Args<"casino", "BetPlaced">, at: At): void {
  const { state, book } = audit;
  const id = args.betId.toString(16).padStart(64, "0");
  const [player, key] = [`0x${id.slice(0, 40)}`, id.slice(0, 48)];
  const assetId = Number.parseInt(id.slice(40, 44), 16);
  const lane = decodeLane(args.bet);
  const sequence = Number.parseInt(id.slice(48), 16);
  const asset = state.assets[assetId];
  if (!asset) return fail(book, "bets.identity", at, "a listed asset", `asset ${assetId}`);

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
    "bets.identity",
    at,
    lane.open && args.bet >> 241n === 0n,
    "an open bet",
    `flags 0x${(args.bet >> 240n).toString(16)}`,
  );
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

  const bet: OpenBet = {
    game: lane.game,
    stake: lane.stake,
    choice: lane.choice,
    slot: lane.slot,
    reserve: lane.reserve,
    feeRate: lane.feeRate,
  };
  checkTerms(audit, asset, assetId, bet, at);
  const balance = move(audit, asset, player, assetId, -bet.stake, at);
  // Lane 0 shares its slot with the balance: the bet shows it.
  if (id.slice(44, 48) === "0000")
    equal(book, "money.ledger", at, balance, lane.balance, `balance of ${player}`);

  asset.escrow += bet.stake;
  asset.reserved += bet.reserve;
  asset.openBets++;
  asset.turnover += bet.stake;
  state.lanes.set(key, { sequence, bet });
  audit.statistics.bets.placed++;
}

/** The terms in force, as `Casino._terms` applies them. */
function checkTerms(audit: Audit, asset: AssetState, assetId: number, bet: OpenBet, at: At): void {
  const { state, book } = audit;
  const { stake } = bet;
  const listing = state.listings.get(`${bet.game}:${assetId}`);
  if (!listing?.listed) {
    return fail(
      book,
      "bets.limits",
      at,
      `game ${bet.game} listed for asset ${assetId}`,
      listing ? "delisted" : "never listed",
    );
  }
  const { terms } = listing;
  const offer = offerOf(bet.game, bet.choice);
  if (offer === "unknown")
    return skip(book, "bets.choice", `no rules of game ${bet.game} are known here`);
  if (
    !holds(
      book,
      "bets.choice",
      at,
      offer !== "illegal" && WIDE.test(bet.choice),
      "a choice that the game offers",
      bet.choice,
    )
  )
    return;
  if (offer === "illegal") return;

  const { maxMultiplierWad, rtpWad, varianceWad } = offer.odds;
  holds(
    book,
    "bets.terms",
    at,
    rtpWad >= RTP_FLOOR && rtpWad <= RTP_CEILING && varianceWad > 0n,
    "a return between 80% and 99.99%",
    rtpWad,
  );
  const edge = WAD - rtpWad;
  const kelly = (asset.bankroll * terms.kellyBps * edge) / 10_000n / varianceWad;
  const most = kelly < terms.maxStake ? kelly : terms.maxStake;
  holds(
    book,
    "bets.limits",
    at,
    stake > 0n && stake >= terms.minStake && stake <= most,
    `a stake from ${terms.minStake} to ${most}`,
    stake,
  );

  const share = (edge * terms.shareBps) / 10n ** 17n;
  const feeRate = share < MAX_FEE_RATE ? share : MAX_FEE_RATE;
  equal(book, "bets.terms", at, Number(feeRate), bet.feeRate, "fee rate");
  const liability = (stake * maxMultiplierWad) / WAD + fee(stake, bet.feeRate) - stake;
  const reserve = liability > 0n ? decodeReserve(encodeReserve(liability)) : 0n;
  equal(book, "bets.terms", at, reserve, bet.reserve, "reserve");
  const cap = (asset.bankroll * terms.capBps) / 10_000n;
  const free = asset.bankroll - asset.reserved;
  const limit = cap < free ? cap : free;
  holds(
    book,
    "bets.limits",
    at,
    bet.reserve <= limit,
    `a liability of at most ${limit}`,
    bet.reserve,
  );
}

export function betSettled(
  audit: Audit,
  { betId, payout }: Args<"casino", "BetSettled">,
  at: At,
): void {
  const { book, state, facts } = audit;
  const ending = end(audit, betId, at);
  if (!ending) return;
  const { bet, asset, assetId, player } = ending;
  const round = state.rounds.get(bet.slot);
  const due = fee(bet.stake, bet.feeRate);
  holds(
    book,
    "money.bound",
    at,
    payout <= bet.stake + bet.reserve - due,
    `a payout of at most ${bet.stake + bet.reserve - due}`,
    payout,
  );

  if (round?.state !== "drawn") {
    fail(
      book,
      "bets.payout",
      at,
      "a word to settle by",
      round ? `a ${round.state} round` : "no round",
    );
  } else {
    const seed = seedOf({ word: round.word, chainId: facts.chainId, casino: facts.casino, betId });
    const offer = offerOf(bet.game, bet.choice);
    if (typeof offer === "string")
      skip(book, "bets.payout", `game ${bet.game} or its choice is not known here`);
    else {
      const multiplierWad = offer.game.multiplierWad(bet.choice, seed);
      equal(book, "bets.payout", at, (bet.stake * multiplierWad) / WAD, payout, `bet ${betId}`);
      tallyBet(audit, { ...bet, player, asset: assetId, offer, seed, multiplierWad });
    }
    const rules = state.games[bet.game - 1];
    if (audit.rules === "chain" && rules) {
      const place = { block: at.block, tx: at.tx, log: at.log };
      audit.tasks.push({
        kind: "payout",
        at: place,
        rules,
        stake: bet.stake,
        choice: bet.choice,
        seed,
        paid: payout,
      });
    }
  }

  const earned = due < MAX_FEES - asset.fees ? due : MAX_FEES - asset.fees;
  asset.fees += earned;
  asset.feesEarned += earned;
  asset.paid += payout;
  tell(audit, betId, bet, assetId, { paid: payout, end: "settled" }, at);
  resolve(audit, asset, bet, round?.epoch, bet.stake - earned - payout);
  move(audit, asset, player, assetId, payout, at);
}

export function betRefunded(audit: Audit, args: Args<"casino", "BetRefunded">, at: At): void {
  const { state, book } = audit;
  const { betId, stake, faulty } = args;
  const ending = end(audit, betId, at);
  if (!ending) return;
  const { bet, asset, assetId, player } = ending;
  const round = state.rounds.get(bet.slot);
  meet(audit, `refund in ${bet.slot}`);
  equal(book, "bets.refund", at, bet.stake, stake, "stake");
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
    if (typeof offerOf(bet.game, bet.choice) !== "string") {
      fail(
        book,
        "bets.refund",
        at,
        "a settlement: these rules do not fail",
        "a refund because the game failed",
      );
    } else skip(book, "bets.refund", `whether game ${bet.game} failed is not known here`);
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
    const request = round && state.requests.get(round.requestId);
    if (request?.word !== undefined) tallyVoidBet(audit, { betId, ...bet }, request.word);
    else request?.voided.push({ betId, game: bet.game, choice: bet.choice });
  }
  tell(audit, betId, bet, assetId, { paid: stake, end: "refunded" }, at);
  resolve(audit, asset, bet, round?.epoch, 0n);
  move(audit, asset, player, assetId, stake, at);
}

function tell(
  { onBet }: Audit,
  betId: bigint,
  { game, choice, stake }: OpenBet,
  asset: number,
  ending: Pick<EndedBet, "paid" | "end">,
  { block, tx }: At,
): void {
  onBet?.({ betId, block, tx, asset, game, choice, stake, ...ending });
}

/** The open bet that ends here; it is no longer open then. */
function end(audit: Audit, betId: bigint, at: At) {
  const { state, book } = audit;
  const id = betId.toString(16).padStart(64, "0");
  const [player, key, sequence] = [
    `0x${id.slice(0, 40)}`,
    id.slice(0, 48),
    Number.parseInt(id.slice(48), 16),
  ];
  const assetId = Number.parseInt(id.slice(40, 44), 16);
  const lane = state.lanes.get(key);
  const asset = state.assets[assetId];
  if (!asset || lane?.bet === undefined || lane.sequence !== sequence) {
    fail(book, "bets.once", at, "an open bet", `bet ${betId} is not open`);
    return undefined;
  }
  pass(book, "bets.once");
  const { bet } = lane;
  state.lanes.set(key, { sequence });
  asset.escrow -= bet.stake;
  return { bet, asset, assetId, player };
}

/** What the end of a bet does to the house: `Casino._applied` and `_resolve`. */
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

/** Moves units into or out of a balance and returns what it is then. */
export function move(
  audit: Audit,
  asset: AssetState,
  player: string,
  assetId: number,
  amount: bigint,
  at: At,
): bigint {
  const { balances } = audit.state;
  const key = balanceKey(lower(player), assetId);
  const before = balances.get(key) ?? 0n;
  const balance = before + amount;
  if (amount < 0n)
    holds(
      audit.book,
      "money.ledger",
      at,
      balance >= 0n,
      `a balance of at least ${-amount}`,
      before,
    );
  balances.set(key, balance);
  asset.ledger += amount;
  return balance;
}

/** The operator's fee, rounded down as `Casino._fee` does. */
function fee(stake: bigint, feeRate: number): bigint {
  return (stake * BigInt(feeRate)) / 100_000n;
}
