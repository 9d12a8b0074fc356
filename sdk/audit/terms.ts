import { WAD } from "../games/types.ts";
import { decodeReserve, encodeReserve } from "../layout.ts";
import { equal, fail, holds, skip } from "./checks.ts";
import { offerOf } from "./offers.ts";
import type { AssetState, Listing, OpenBet } from "./model.ts";
import type { At, Audit } from "./state.ts";

/** The terms of a bet when it is placed: the twin of `Bets._check`, `_odds`, `_checkRisk` and `_checkBook`. */

const RTP_FLOOR = (WAD * 8n) / 10n;
const RTP_CEILING = (WAD * 9_999n) / 10_000n;
const MAX_FEE_RATE = 4_095n;
const MAX_ROUNDS = 1_000;
const MAX_STIPEND = 4_000_000n;
const SHARES = 1n << 17n;
const ROUND_CAP = SHARES / 5n;
const TOTAL_CAP_BPS = 6_000n;
const [LOWER_BPS, HALT_BPS] = [1_000n, 2_500n];
const COUNTED_SHIFT = 12n;
const RAMP_SECONDS = 30n * 86_400n;

/** Checks the bet and counts what it takes of its round and its game. */
export function checkTerms(
  audit: Audit,
  asset: AssetState,
  assetId: number,
  bet: OpenBet,
  at: At,
): void {
  const { state, book } = audit;
  const { stake, rounds } = bet;
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
  holds(book, "bets.choice", at, offer !== "illegal", "a choice that the game offers", bet.choice);
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
  const gas = terms.stipend + BigInt(rounds - 1) * terms.roundGas;
  holds(
    book,
    "bets.limits",
    at,
    rounds >= 1 && rounds <= MAX_ROUNDS && gas <= MAX_STIPEND,
    `1 to ${MAX_ROUNDS} rounds for ${MAX_STIPEND} gas`,
    rounds,
  );

  const { bankroll, mark } = asset;
  holds(
    book,
    "bets.limits",
    at,
    bankroll * 10_000n >= mark * (10_000n - HALT_BPS),
    `a bankroll above three quarters of its mark ${mark}`,
    bankroll,
  );
  const lowered = bankroll * 10_000n < mark * (10_000n - LOWER_BPS);
  const kellyBps = lowered ? terms.kellyBps / 2n : terms.kellyBps;
  const edge = WAD - rtpWad;
  const most = least(terms.maxStake, (bankroll * kellyBps * edge) / 10_000n / varianceWad);
  holds(
    book,
    "bets.limits",
    at,
    stake > 0n && stake >= terms.minStake && stake <= most,
    `a stake from ${terms.minStake} to ${most}`,
    stake,
  );
  const feeRate = least((edge * terms.shareBps) / 10n ** 17n, MAX_FEE_RATE);
  equal(book, "bets.terms", at, Number(feeRate), bet.feeRate, "fee rate");

  const escrow = escrowOf(bet);
  const liability = maxPayoutOf(bet, maxMultiplierWad) + fee(escrow, bet.feeRate) - escrow;
  const reserve = liability > 0n ? decodeReserve(encodeReserve(liability)) : 0n;
  equal(book, "bets.terms", at, reserve, bet.reserve, "reserve");
  const used = asset.round.block === at.block ? asset.round.share : 0n;
  if (asset.round.block !== at.block) asset.round = { block: at.block, share: 0n };
  if (reserve === 0n)
    return void equal(book, "bets.terms", at, false, bet.counted, "counted in the game's book");

  const cap = (bankroll * TOTAL_CAP_BPS) / 10_000n - asset.reserved;
  const left = (bankroll * (ROUND_CAP - used)) / SHARES;
  const limit = least((bankroll * terms.capBps) / 10_000n, cap > 0n ? cap : 0n, left);
  holds(book, "bets.limits", at, reserve <= limit, `a liability of at most ${limit}`, reserve);
  asset.round.share += bankroll === 0n ? 0n : (reserve * SHARES + bankroll - 1n) / bankroll;
  const counted = listing.young || reserve > bankroll >> COUNTED_SHIFT;
  equal(book, "bets.terms", at, counted, bet.counted, "counted in the game's book");
  if (counted) checkBook(audit, listing, bankroll, reserve, at);
}

function checkBook(
  { book, state }: Audit,
  listing: Listing,
  bankroll: bigint,
  reserve: bigint,
  at: At,
): void {
  const { book: game, terms } = listing;
  const passed = BigInt(state.timestamp - game.listedAt);
  const growing = passed < RAMP_SECONDS;
  const age = growing ? passed : RAMP_SECONDS;
  const limit =
    (bankroll * terms.gameCapBps * (RAMP_SECONDS + 9n * age)) / (RAMP_SECONDS * 100_000n);
  holds(
    book,
    "bets.limits",
    at,
    game.reserved + reserve <= limit,
    `at most ${limit} reserved by the game's counted bets`,
    game.reserved + reserve,
  );
  const most = (bankroll * terms.lossBps) / 10_000n;
  const loss = game.day === dayOf(state.timestamp) ? game.loss : 0n;
  holds(book, "bets.limits", at, loss <= most, `at most ${most} lost by the game today`, loss);
  game.reserved += reserve;
  if (!growing) listing.young = false;
}

/** A counted bet ended: `GameBook.closed`. */
export function closeInBook(
  { state }: Audit,
  bet: OpenBet,
  assetId: number,
  { paid, staked }: { paid: bigint; staked: bigint },
): void {
  const game = state.listings.get(`${bet.game}:${assetId}`)?.book;
  if (!game) return;
  const today = dayOf(state.timestamp);
  const loss = (game.day === today ? game.loss : 0n) + paid - staked;
  game.reserved -= bet.reserve;
  game.loss = loss > 0n ? loss : 0n;
  game.day = today;
}

/** Units: what all rounds of a bet can be paid together. */
function maxPayoutOf({ stake, rounds, stopGain }: OpenBet, maxMultiplierWad: bigint): bigint {
  const once = (stake * maxMultiplierWad) / WAD;
  const all = once * BigInt(rounds);
  if (stopGain === 0n || once <= stake) return all;
  // The last round that is played begins below the stop.
  return least(all, stake * BigInt(rounds) + stopGain + once - stake);
}

export function escrowOf({ stake, rounds }: Pick<OpenBet, "stake" | "rounds">): bigint {
  return stake * BigInt(rounds);
}

/** The operator's fee, rounded down as `Bets._fee` does. */
export function fee(staked: bigint, feeRate: number): bigint {
  return (staked * BigInt(feeRate)) / 100_000n;
}

function least(first: bigint, ...others: bigint[]): bigint {
  return others.reduce((a, b) => (b < a ? b : a), first);
}

function dayOf(timestamp: number): number {
  return Math.floor(timestamp / 86_400) & 0xffff;
}
