import { equal, fail, holds } from "./checks.ts";
import { checkEligible } from "./gate.ts";
import { move } from "./ledger.ts";
import { checkRelayer } from "./orders.ts";
import type { Args } from "./records.ts";
import type { LimitState, LimitTerms, OpenBet, Windows } from "./model.ts";
import { type At, type Audit, accountOf, balanceKey, expect, meet } from "./state.ts";
import { escrowOf } from "./terms.ts";

/** Players' limits and exclusions, and who carried their orders or referred them: the twins of `Limits` and `Ledger`. */

const WINDOWS = { day: 86_400, week: 7 * 86_400, month: 30 * 86_400 } as const satisfies Record<
  keyof Windows,
  number
>;
const KINDS = ["stakes", "losses", "deposits"] as const;
const LOOSENING_SECONDS = 86_400;
const AFFILIATE_BPS = 2_500n;

// -- Limits --

export function limitsSet(
  audit: Audit,
  { player, asset, terms }: Args<"limits", "LimitsSet">,
  at: At,
): void {
  const { state, book } = audit;
  const key = balanceKey(player, asset);
  const known = state.limits.get(key);
  const old = known && current(known, state.timestamp);
  for (const kind of KINDS) {
    for (const window of windows()) {
      const [before, after] = [old?.[kind][window] ?? 0n, terms[kind][window]];
      holds(
        book,
        "players.limits",
        at,
        before === 0n || (after !== 0n && after <= before),
        `${kind} of a ${window} no looser than ${before} at once`,
        after,
      );
    }
  }
  holds(
    book,
    "players.limits",
    at,
    terms.pauseSeconds >= (old?.pauseSeconds ?? 0n),
    `a wait of at least ${old?.pauseSeconds ?? 0n} s`,
    terms.pauseSeconds,
  );
  const limit = known ?? newLimit();
  // What had no limit before is counted from now on.
  for (const window of windows()) {
    if ((old?.stakes[window] ?? 0n) === 0n) limit.sums[window].staked = 0n;
    if ((old?.losses[window] ?? 0n) === 0n) limit.sums[window].lost = 0n;
  }
  limit.terms = terms;
  limit.later = undefined;
  state.limits.set(key, limit);
}

export function looseningScheduled(
  audit: Audit,
  { player, asset, terms, from }: Args<"limits", "LooseningScheduled">,
  at: At,
): void {
  const limit = audit.state.limits.get(balanceKey(player, asset));
  equal(
    audit.book,
    "players.limits",
    at,
    audit.state.timestamp + LOOSENING_SECONDS,
    Number(from),
    "when looser limits hold",
  );
  if (!limit) return fail(audit.book, "players.limits", at, "limits that were set", "none");
  limit.later = { terms, from: Number(from) };
}

export function exclusionSet(
  { state, book }: Audit,
  { player, until }: Args<"limits", "ExclusionSet">,
  at: At,
): void {
  const before = state.exclusions.get(player) ?? 0;
  holds(
    book,
    "players.exclusions",
    at,
    Number(until) > before,
    `an exclusion beyond ${before}`,
    until,
  );
  state.exclusions.set(player, Number(until));
}

/** By `Limits`, or since the account of a player who was excluded is about to be credited for the first time. */
export function playerGuarded(
  audit: Audit,
  { player, asset }: Args<"casino", "PlayerGuarded">,
): void {
  begin(audit, player, asset);
  accountOf(audit, balanceKey(player, asset)).guarded = true;
}

/** An account is about to be credited. */
export function noteCredit(audit: Audit, player: string, asset: number, at: At): void {
  begin(audit, player, asset);
  const { state, book } = audit;
  if (!state.exclusions.has(player)) return;
  holds(
    book,
    "players.limits",
    at,
    state.accounts.get(balanceKey(player, asset))?.guarded === true,
    "the account of a player who was excluded told to the limits",
    "not",
  );
}

/** An empty account begins with what binds its player in other assets. */
function begin(audit: Audit, player: string, asset: number): void {
  const { state } = audit;
  const key = balanceKey(player, asset);
  const known = state.accounts.get(key);
  const played = state.lanes.has(`${key}0000`);
  const empty = (state.balances.get(key) ?? 0n) === 0n && !played;
  if (empty && !known?.guarded && !known?.referred && state.affiliates.has(player))
    accountOf(audit, key).referred = true;
}

/** A bet of a guarded player is about to be placed. */
export function notePlaced(
  audit: Audit,
  player: string,
  asset: number,
  bet: OpenBet,
  at: At,
): void {
  const { state, book } = audit;
  const until = state.exclusions.get(player) ?? 0;
  if (until > 0)
    holds(
      book,
      "players.exclusions",
      at,
      state.timestamp >= until,
      `no bet before ${until}`,
      state.timestamp,
    );
  const key = balanceKey(player, asset);
  equal(
    book,
    "players.limits",
    at,
    state.accounts.get(key)?.guarded ?? false,
    bet.noted,
    "told to the player's limits",
  );
  if (!bet.noted) return;
  const limit = state.limits.get(key) ?? newLimit();
  state.limits.set(key, limit);
  const terms = current(limit, state.timestamp);
  const escrow = escrowOf(bet);
  turn(limit, state.timestamp);
  limit.open += escrow;
  for (const window of windows()) {
    const sums = limit.sums[window];
    sums.staked += escrow;
    within(audit, terms.stakes[window], sums.staked, `staked in a ${window}`, at);
    within(
      audit,
      terms.losses[window],
      sums.lost + limit.open,
      `lost in a ${window} if all open bets are`,
      at,
    );
  }
  const from = limit.lastBet + Number(terms.pauseSeconds);
  if (terms.pauseSeconds > 0n)
    holds(
      book,
      "players.limits",
      at,
      state.timestamp >= from,
      `no bet before ${from}`,
      state.timestamp,
    );
  limit.lastBet = state.timestamp;
}

export function noteEnded(
  audit: Audit,
  player: string,
  asset: number,
  bet: OpenBet,
  payout: bigint,
  refunded: boolean,
): void {
  const limit = bet.noted ? audit.state.limits.get(balanceKey(player, asset)) : undefined;
  if (!limit) return;
  const escrow = escrowOf(bet);
  current(limit, audit.state.timestamp);
  turn(limit, audit.state.timestamp);
  limit.open -= escrow;
  for (const window of windows()) {
    const sums = limit.sums[window];
    if (refunded) sums.staked = positive(sums.staked - escrow);
    else sums.lost = positive(sums.lost + escrow - payout);
  }
}

/** A deposit is about to be credited. */
export function noteDeposit(
  audit: Audit,
  player: string,
  asset: number,
  amount: bigint,
  at: At,
): void {
  const { state, book } = audit;
  const key = balanceKey(player, asset);
  meet(audit, `first deposit of ${player}`);
  if (player !== state.assets[asset]?.bankrollContract) checkEligible(audit, player, at);
  noteCredit(audit, player, asset, at);
  const until = state.exclusions.get(player) ?? 0;
  if (until === 0 && !state.accounts.get(key)?.guarded) return;
  holds(
    book,
    "players.exclusions",
    at,
    state.timestamp >= until,
    `no deposit before ${until}`,
    state.timestamp,
  );
  const limit = state.limits.get(key);
  if (!limit) return;
  const terms = current(limit, state.timestamp);
  turn(limit, state.timestamp);
  for (const window of windows()) {
    limit.sums[window].deposited += amount;
    within(
      audit,
      terms.deposits[window],
      limit.sums[window].deposited,
      `deposited in a ${window}`,
      at,
    );
  }
}

function within({ book }: Audit, limit: bigint, used: bigint, what: string, at: At): void {
  if (limit !== 0n)
    holds(book, "players.limits", at, used <= limit, `at most ${limit} ${what}`, used);
}

/** The terms that hold now; looser ones take the place of the present ones when their time has come. */
function current(limit: LimitState, timestamp: number): LimitTerms {
  if (limit.later && timestamp >= limit.later.from) {
    limit.terms = limit.later.terms;
    limit.later = undefined;
  }
  return limit.terms;
}

function turn({ sums }: LimitState, timestamp: number): void {
  for (const window of windows()) {
    const number = Math.floor(timestamp / WINDOWS[window]);
    if (sums[window].number !== number)
      sums[window] = { number, staked: 0n, lost: 0n, deposited: 0n };
  }
}

function newLimit(): LimitState {
  const none = (): Windows => ({ day: 0n, week: 0n, month: 0n });
  const sum = () => ({ number: -1, staked: 0n, lost: 0n, deposited: 0n });
  return {
    terms: { stakes: none(), losses: none(), deposits: none(), pauseSeconds: 0n },
    later: undefined,
    sums: { day: sum(), week: sum(), month: sum() },
    open: 0n,
    lastBet: 0,
  };
}

function windows(): (keyof Windows)[] {
  return ["day", "week", "month"];
}

function positive(value: bigint): bigint {
  return value > 0n ? value : 0n;
}

// -- Relayers --

export function relayerPaid(
  audit: Audit,
  { to, asset: id, amount }: Args<"casino", "RelayerPaid">,
  at: At,
): void {
  const { relayed } = audit.state.tx;
  equal(
    audit.book,
    "money.ledger",
    at,
    relayed.get(id) ?? 0n,
    amount,
    "fees of the orders carried out",
  );
  relayed.delete(id);
  checkRelayer(audit, to, at);
  const asset = audit.state.assets[id];
  if (!asset) return;
  noteCredit(audit, to, id, at);
  move(audit, asset, to, id, amount, at);
}

// -- Referrals --

export function affiliateBound(
  audit: Audit,
  { player, affiliate }: Args<"casino", "AffiliateBound">,
  at: At,
): void {
  const { affiliates } = audit.state;
  holds(
    audit.book,
    "players.referrals",
    at,
    !affiliates.has(player) && affiliate !== player && !/^0x0*$/.test(affiliate),
    "one affiliate, for good, and another account",
    `${affiliates.get(player)}, then ${affiliate}`,
  );
  affiliates.set(player, affiliate);
  expect(
    audit,
    at,
    "players.referrals",
    `first deposit of ${player}`,
    "the player's first deposit",
  );
}

/** The affiliate's part of a fee that was earned. */
export function accrue(audit: Audit, player: string, id: number, earned: bigint): void {
  const account = audit.state.accounts.get(balanceKey(player, id));
  const asset = audit.state.assets[id];
  if (!account?.referred || !asset) return;
  const part = (earned * AFFILIATE_BPS) / 10_000n;
  account.accrued += part;
  asset.accrued += part;
  asset.fees -= part;
}

export function referralClaimed(
  audit: Audit,
  { player, asset: id, amount, affiliate }: Args<"casino", "ReferralClaimed">,
  at: At,
): void {
  const { state, book } = audit;
  const account = accountOf(audit, balanceKey(player, id));
  equal(book, "players.referrals", at, state.affiliates.get(player), affiliate, "affiliate");
  equal(book, "players.referrals", at, account.accrued, amount, "accrued");
  account.accrued = 0n;
  const asset = state.assets[id];
  if (!asset) return;
  asset.accrued -= amount;
  noteCredit(audit, affiliate, id, at);
  move(audit, asset, affiliate, id, amount, at);
}
