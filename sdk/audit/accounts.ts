import type { LpAccount, LpEpoch, LpRequest, Mark, ShareBook } from "./model.ts";
import type { Audit } from "./state.ts";

/** What each liquidity provider has asked for and can claim: the twin of `BankrollBooks` and `Redemptions`. */

const ONE = 1n << 216n;
const FLOOR = 1n << 152n;
const ERA_BITS = 64n;

export function newShares(): ShareBook {
  return {
    supply: 0n,
    balances: new Map(),
    pool: { shares: 0n, era: 0, survival: ONE, paid: new Map() },
    equity: 0n,
    nextToClose: 0,
    epochs: new Map(),
    accounts: new Map(),
    pendingAssets: 0n,
    claimableAssets: 0n,
  };
}

export function epochOf(book: ShareBook, number: number): LpEpoch {
  let epoch = book.epochs.get(number);
  if (!epoch) {
    epoch = {
      deposits: 0n,
      redemptions: 0n,
      refunded: false,
      priceAssets: 0n,
      priceShares: 0n,
      mark: { era: 0, survival: 0n, paid: 0n },
    };
    book.epochs.set(number, epoch);
  }
  return epoch;
}

export function requestOf(audit: Audit, book: ShareBook, controller: string): LpRequest {
  const account = accountOf(book, controller);
  const { epoch } = audit.state;
  const request = epoch % 2 === 0 ? account.even : account.odd;
  request.epoch = epoch;
  return request;
}

/** `BankrollBooks._accountOf`: the account with all closed epochs worked in. */
export function accountOf(book: ShareBook, controller: string): LpAccount {
  let account = book.accounts.get(controller);
  if (!account) {
    const none = () => ({ epoch: 0, assets: 0n, shares: 0n });
    account = {
      paidAssets: 0n,
      boughtShares: 0n,
      soldAssets: 0n,
      soldShares: 0n,
      unfilled: 0n,
      mark: markOf(book),
      even: none(),
      odd: none(),
    };
    book.accounts.set(controller, account);
  }
  const { unfilled } = account;
  if (unfilled !== 0n) {
    account.unfilled = 0n;
    work(book, account, unfilled, account.mark);
  }
  for (const request of [account.even, account.odd]) {
    if (request.epoch >= book.nextToClose) continue;
    const epoch = epochOf(book, request.epoch);
    if (request.assets !== 0n && epoch.refunded) account.soldAssets += request.assets;
    else if (request.assets !== 0n) {
      account.paidAssets += request.assets;
      account.boughtShares += (request.assets * epoch.priceShares) / epoch.priceAssets;
    }
    if (request.shares !== 0n) work(book, account, request.shares, epoch.mark);
    request.assets = 0n;
    request.shares = 0n;
  }
  if (account.unfilled !== 0n) account.mark = markOf(book);
  return account;
}

function work({ pool }: ShareBook, account: LpAccount, shares: bigint, from: Mark): void {
  // No epoch of this request was closed: an altered history, found elsewhere.
  if (from.survival === 0n) return;
  const perShare =
    (pool.paid.get(from.era) ?? 0n) - from.paid + ((pool.paid.get(from.era + 1) ?? 0n) >> ERA_BITS);
  const paid = (shares * perShare) / from.survival;
  const eras = BigInt(pool.era - from.era);
  const left = eras < 2n ? (shares * (pool.survival >> (ERA_BITS * eras))) / from.survival : 0n;
  account.soldAssets += paid;
  account.soldShares += shares - left;
  account.unfilled += left;
}

export function markOf({ pool }: ShareBook): Mark {
  return { era: pool.era, survival: pool.survival, paid: pool.paid.get(pool.era) ?? 0n };
}

export function fill({ pool }: ShareBook, filled: bigint, amount: bigint): void {
  const { shares } = pool;
  pool.paid.set(pool.era, (pool.paid.get(pool.era) ?? 0n) + up(pool.survival * amount, shares));
  const left = shares - filled;
  if (left === 0n) {
    pool.era += 2;
    pool.survival = ONE;
  } else {
    pool.survival = (pool.survival * left) / shares;
    while (pool.survival < FLOOR) {
      pool.era++;
      pool.survival <<= ERA_BITS;
    }
  }
  pool.shares = left;
}

export function up(numerator: bigint, denominator: bigint): bigint {
  return denominator === 0n ? 0n : (numerator + denominator - 1n) / denominator;
}
