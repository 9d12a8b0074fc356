import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToNumberBE, numberToBytesBE } from "@noble/curves/utils.js";
import type { Hex } from "viem";
import { WAD, roundSeed } from "../games/types.ts";
import { seedOf } from "../layout.ts";
import { fail } from "./checks.ts";
import { type ClassTally, DELAY_BINS, type Statistics, addPoint } from "./counts.ts";
import { type Offer, offerOf } from "./offers.ts";
import type { Request } from "./model.ts";
import type { Audit } from "./state.ts";
import { type Ranks, wager } from "./statistics.ts";

/** Counts settled bets against their exact odds. */

const RANK_BINS = 16;
const KEPT_CLASSES = 48;
const KEPT_PRODUCERS = 64;
const OTHERS = "others";

export function tallyRound({ rounds }: Statistics, seconds: number): void {
  rounds.drawn++;
  const bin = Math.max(0, Math.min(seconds, DELAY_BINS - 1));
  rounds.delays[bin] = (rounds.delays[bin] ?? 0) + 1;
}

/**
 * Counts all bets of a round as its word is drawn, before any of them is settled: whoever settles chooses when, and
 * knows the outcome; what was counted in that order would not be fair.
 */
export function tallyDrawn(audit: Audit, request: Request, word: bigint): void {
  const { chainId, casino } = audit.facts;
  for (const { betId, asset, bet, tenth } of request.bets) {
    const { game, stake, choice, rounds } = bet;
    const offer = offerOf(game, choice);
    if (typeof offer === "string") continue;
    const seed = seedOf({ word, chainId, casino, betId });
    const played = rounds === 1 ? 1 : offer.game.payouts({ ...bet, seed }).played;
    // Each round of a bet is a draw of its own.
    for (let index = 0; index < played; index++) {
      const own = rounds === 1 ? seed : roundSeed(seed, index);
      const multiplierWad = offer.game.multiplierWad(choice, own);
      tallyBet(audit, request, {
        asset,
        game,
        stake,
        choice,
        offer,
        tenth,
        seed: own,
        multiplierWad,
      });
    }
  }
  request.bets = [];
}

type Drawn = {
  asset: number;
  game: number;
  stake: bigint;
  choice: Hex;
  offer: Offer;
  tenth: number;
  seed: bigint;
  multiplierWad: bigint;
};

function tallyBet(
  { statistics, state, book }: Audit,
  { requestedAt, producer }: Request,
  { asset, game, stake, choice, offer, tenth, seed, multiplierWad }: Drawn,
): void {
  const rank = rankOf(offer, multiplierWad, seed);
  if (rank === undefined) {
    return fail(
      book,
      "statistics.outcomes",
      { block: state.block },
      "a multiplier of the choice's distribution",
      multiplierWad,
    );
  }
  const payout = Number(multiplierWad) / 1e18;
  const [mean, variance, most] = [
    offer.odds.rtpWad,
    offer.odds.varianceWad,
    offer.odds.maxMultiplierWad,
  ].map((wad) => Number(wad) / 1e18) as [number, number, number];
  const hit = multiplierWad > 0n ? 1 : 0;
  const expectedHits = hitRateOf(offer);

  let tally = statistics.games.get(game);
  if (!tally) {
    tally = {
      ...newClass(),
      logs: [],
      ranks: Array.from({ length: RANK_BINS }, () => 0),
      classes: new Map(),
    };
    statistics.games.set(game, tally);
  }
  const described = offer.game.describe(choice);
  const name =
    tally.classes.has(described) || tally.classes.size < KEPT_CLASSES ? described : OTHERS;
  let kind = tally.classes.get(name);
  if (!kind) tally.classes.set(name, (kind = newClass()));
  for (const sums of [tally, kind]) {
    sums.bets++;
    sums.paid += payout;
    sums.expected += mean;
    sums.variance += variance;
    sums.hits += hit;
    sums.expectedHits += expectedHits;
  }
  wager(tally.logs, { payout, mean, variance, most });
  tally.ranks[Math.floor(rank * RANK_BINS)]!++;

  const key = `${game}:${asset}`;
  const money = statistics.money.get(key) ?? { bets: 0, staked: 0n, paid: 0n };
  money.bets++;
  money.staked += stake;
  money.paid += (stake * multiplierWad) / WAD;
  statistics.money.set(key, money);

  add(statistics.hours[Math.floor(requestedAt / 3_600) % 24]!, rank);
  const { producers } = statistics;
  const group = producers.has(producer) || producers.size < KEPT_PRODUCERS ? producer : OTHERS;
  if (!producers.has(group)) producers.set(group, { count: 0, sum: 0 });
  add(producers.get(group)!, rank);
  add(statistics.players[tenth]!, rank);
  const { total } = statistics;
  for (const [index, value] of [1, payout, mean, variance].entries()) total[index]! += value;
  addPoint(statistics.returns, () => [...total]);
}

/** Counts what a word that came too late, or that the casino did not take, would have made of the bets. */
export function tallyVoid({ facts, statistics }: Audit, request: Request, word: bigint): void {
  const { chainId, casino } = facts;
  for (const { betId, bet } of request.bets) {
    const offer = offerOf(bet.game, bet.choice);
    if (typeof offer === "string") continue;
    const seed = seedOf({ word, chainId, casino, betId });
    const own = bet.rounds === 1 ? seed : roundSeed(seed, 0);
    const rank = rankOf(offer, offer.game.multiplierWad(bet.choice, own), own);
    if (rank !== undefined) add(statistics.voids, rank);
  }
  request.bets = [];
}

type Cell = { low: number; width: number };
const cells = new WeakMap<Offer, Map<bigint, Cell>>();

/**
 * Where an outcome ranks among all that the choice could come to, from worst 0 to best 1; ties are broken by a hash of
 * the seed. Uniform on (0, 1) for every choice of every fair game, so that all can be judged together.
 */
export function rankOf(offer: Offer, multiplierWad: bigint, seed: bigint): number | undefined {
  let ranks = cells.get(offer);
  if (!ranks) cells.set(offer, (ranks = cellsOf(offer)));
  const cell = ranks.get(multiplierWad);
  if (!cell) return undefined;
  const tie =
    Number(bytesToNumberBE(keccak_256(numberToBytesBE(seed, 32)).subarray(0, 6))) / 2 ** 48;
  return Math.min(cell.low + cell.width * tie, 1 - 2 ** -50);
}

function cellsOf({ classes, space }: Offer): Map<bigint, Cell> {
  const weights = new Map<bigint, bigint>();
  for (const { weight, multiplierWad } of classes)
    weights.set(multiplierWad, (weights.get(multiplierWad) ?? 0n) + weight);
  const cells = new Map<bigint, Cell>();
  let below = 0n;
  for (const [multiplierWad, weight] of [...weights].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    cells.set(multiplierWad, { low: ratio(below, space), width: ratio(weight, space) });
    below += weight;
  }
  return cells;
}

function hitRateOf(offer: Offer): number {
  let ranks = cells.get(offer);
  if (!ranks) cells.set(offer, (ranks = cellsOf(offer)));
  return 1 - (ranks.get(0n)?.width ?? 0);
}

/** Exact to 2^-60. */
function ratio(part: bigint, whole: bigint): number {
  return Number((part << 60n) / whole) / 2 ** 60;
}

/**
 * The tenth of an asset's players that this one is in as they place a bet, by what each had staked until then; `escrow`
 * counts for the next. Decided before the word can be known.
 */
export function tenthOf(
  { turnovers, spreads }: Pick<Statistics, "turnovers" | "spreads">,
  { account, asset, escrow }: { account: string; asset: number; escrow: bigint },
): number {
  const before = turnovers.get(account);
  const spread = (spreads[asset] ??= []);
  const bin = binOf(before ?? 0);
  let [below, all] = [0, 0];
  for (const [index, players] of spread.entries()) {
    all += players;
    if (index < bin) below += players;
    else if (index === bin) below += players / 2;
  }
  const after = (before ?? 0) + Number(escrow);
  turnovers.set(account, after);
  if (before !== undefined) spread[bin]!--;
  while (spread.length <= binOf(after)) spread.push(0);
  spread[binOf(after)]!++;
  return all === 0 ? 0 : Math.min(9, Math.floor((10 * below) / all));
}

/** Four bins for each doubling. */
function binOf(turnover: number): number {
  return Math.floor(4 * Math.log2(turnover + 1));
}

function newClass(): ClassTally {
  return { bets: 0, paid: 0, expected: 0, variance: 0, hits: 0, expectedHits: 0 };
}

function add(group: Ranks, rank: number): void {
  group.count++;
  group.sum += rank;
}
