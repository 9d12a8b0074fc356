import { WAD } from "../games/types.ts";
import { equal, fail, holds } from "./checks.ts";
import type { Args } from "./records.ts";
import { accountOf, epochOf, fill, markOf, requestOf, up } from "./accounts.ts";
import type { ShareBook } from "./model.ts";
import { type At, type Audit, expect, meet } from "./state.ts";

/** Shares of liquidity providers: the twin of `Bankroll`. */

const VIRTUAL_SHARES = 10n ** 6n;
const VIRTUAL_ASSETS = 1n;
const MAX_SUPPLY = (1n << 128n) - 1n;
const NOBODY = `0x${"0".repeat(40)}`;

// -- Requests --

export function depositRequested(
  audit: Audit,
  id: number,
  args: Args<"bankroll", "DepositRequest">,
  at: At,
): void {
  const book = audit.state.shares[id]!;
  const units = unitsOf(audit, id, args.assets, at);
  const request = requestOf(audit, book, args.controller);
  request.assets += units;
  epochOf(book, audit.state.epoch).deposits += units;
  book.pendingAssets += units;
  expect(
    audit,
    at,
    "money.shares",
    `deposit ${id} ${units}`,
    `a deposit of ${units} units by the bankroll`,
  );
}

export function redeemRequested(
  audit: Audit,
  id: number,
  args: Args<"bankroll", "RedeemRequest">,
  at: At,
): void {
  const book = audit.state.shares[id]!;
  if (!meet(audit, `shares in ${id} ${args.owner} ${args.shares}`)) {
    fail(audit.book, "money.shares", at, `${args.shares} shares moved to the bankroll`, "none");
  }
  requestOf(audit, book, args.controller).shares += args.shares;
  epochOf(book, audit.state.epoch).redemptions += args.shares;
}

// -- Shares --

export function shareMoved(
  audit: Audit,
  id: number,
  { from, to, value }: Args<"bankroll", "Transfer">,
  at: At,
): void {
  const { book: checks, state } = audit;
  const book = state.shares[id]!;
  const self = at.address;
  if (from === NOBODY || to === NOBODY) {
    const minting = from === NOBODY;
    const due = minting ? book.close?.minted : book.close?.filled;
    equal(checks, "money.price", at, due, value, minting ? "shares made" : "shares burned");
    holds(
      checks,
      "money.shares",
      at,
      (minting ? to : from) === self,
      "shares of the bankroll itself",
      minting ? to : from,
    );
    if (book.close) book.close[minting ? "minted" : "filled"] = 0n;
    book.supply += minting ? value : -value;
  }
  if (from !== NOBODY) addShares(audit, book, from, -value, at);
  if (to !== NOBODY) addShares(audit, book, to, value, at);
  // Shares come out of the bankroll's hands by a claim alone; they go there by a request, or as a gift.
  if (from === self && to !== NOBODY)
    expect(audit, at, "money.shares", `shares out ${id} ${to} ${value}`, "a claim of these shares");
  if (to === self && from !== NOBODY)
    state.tx.owed.push({
      key: `shares in ${id} ${from} ${value}`,
      check: "money.shares",
      at,
      expected: GIFT,
    });
}

/** What a transfer to the bankroll owes: nothing, since it may be a gift. */
const GIFT = "";

function addShares(audit: Audit, book: ShareBook, holder: string, value: bigint, at: At): void {
  const balance = (book.balances.get(holder) ?? 0n) + value;
  if (value < 0n)
    holds(
      audit.book,
      "money.shares",
      at,
      balance >= 0n,
      `a balance of at least ${-value} shares`,
      balance - value,
    );
  if (balance === 0n) book.balances.delete(holder);
  else book.balances.set(holder, balance);
}

// -- Closing --

/** `Bankroll.close` up to its first event: what the close must do at this equity. */
export function closeBegun(
  audit: Audit,
  id: number,
  epochNumber: number,
  equity: bigint,
  at: At,
): void {
  const book = audit.state.shares[id]!;
  const house = audit.state.assets[id]!;
  const epoch = epochOf(book, epochNumber);
  const assets = equity + VIRTUAL_ASSETS;
  const shares = book.supply + VIRTUAL_SHARES;
  epoch.priceAssets = assets;
  epoch.priceShares = shares;
  book.nextToClose = epochNumber + 1;

  const minted = (epoch.deposits * shares) / assets;
  epoch.refunded = epoch.deposits !== 0n && shares + minted > MAX_SUPPLY;
  const bought = epoch.refunded ? 0n : epoch.deposits;
  const due = book.pool.shares + epoch.redemptions;
  let [filled, paid] = [0n, 0n];
  if (due !== 0n) {
    epoch.mark = markOf(book);
    book.pool.shares = due;
    const free = house.bankroll + bought - house.reserved;
    filled = due;
    paid = (due * assets) / shares;
    if (paid > free) {
      filled = (free * shares) / assets;
      paid = (filled * assets) / shares;
    }
    if (filled === 0n) paid = 0n;
    else fill(book, filled, paid);
  }
  book.equity = equity + bought - paid;
  book.pendingAssets -= epoch.deposits;
  book.claimableAssets += paid + (epoch.refunded ? epoch.deposits : 0n);
  const price = (assets * VIRTUAL_SHARES * WAD) / shares;
  const isRefunded = epoch.refunded;
  book.close = {
    epoch: epochNumber,
    equity,
    price,
    refunded: isRefunded,
    minted: isRefunded ? 0n : minted,
    bought,
    due,
    filled,
    paid,
  };
  if (bought !== 0n)
    expect(
      audit,
      at,
      "money.shares",
      `funded ${id}`,
      `${bought} units of deposits moved into the bankroll`,
    );
  if (paid !== 0n)
    expect(
      audit,
      at,
      "money.shares",
      `drawn ${id}`,
      `${paid} units of redemptions moved out of the bankroll`,
    );
  if (isRefunded)
    expect(
      audit,
      at,
      "money.shares",
      `refunded ${id}`,
      "deposits given back, since no share count could express them",
    );
  expect(audit, at, "money.price", `priced ${id}`, "the price of the epoch");
}

export function depositsRefunded(
  audit: Audit,
  id: number,
  { epoch, amount }: Args<"bankroll", "DepositsRefunded">,
  at: At,
): void {
  const { close, epochs } = audit.state.shares[id]!;
  if (!close?.refunded || !meet(audit, `refunded ${id}`))
    fail(audit.book, "money.shares", at, "deposits executed", "deposits refunded");
  equal(audit.book, "money.shares", at, close?.epoch, Number(epoch), "epoch");
  equal(
    audit.book,
    "money.shares",
    at,
    epochs.get(Number(epoch))?.deposits,
    amount,
    "deposits refunded",
  );
}

export function epochPriced(
  audit: Audit,
  id: number,
  args: Args<"bankroll", "EpochPriced">,
  at: At,
): void {
  const { book, state } = audit;
  const shares = state.shares[id]!;
  const { close } = shares;
  if (!close || !meet(audit, `priced ${id}`))
    return fail(
      book,
      "money.price",
      at,
      "a price at the close of an epoch",
      `a price of epoch ${args.epoch}`,
    );
  equal(book, "money.price", at, close.epoch, Number(args.epoch), "epoch");
  equal(book, "money.price", at, close.equity, args.equity, "equity");
  equal(book, "money.price", at, close.price, args.sharePriceWad, "price");
  equal(book, "money.price", at, close.bought, args.deposits, "deposits");
  equal(book, "money.price", at, close.due, args.redemptions, "redemptions due");
  const { mark } = shares.epochs.get(close.epoch)!;
  const left = shares.pool.shares;
  equal(
    book,
    "money.price",
    at,
    close.due - left,
    args.filled,
    `redemptions filled, of era ${mark.era} on`,
  );
  holds(
    book,
    "money.shares",
    at,
    close.minted === 0n && close.filled === 0n,
    "shares made and burned as due",
    `${close.minted} not made, ${close.filled} not burned`,
  );
  delete shares.close;
}

// -- Claims --

export function sharesClaimed(
  audit: Audit,
  id: number,
  args: Args<"bankroll", "Deposit">,
  at: At,
): void {
  const { sender: controller, owner: receiver, assets, shares } = args;
  const { book, state } = audit;
  const units = unitsOf(audit, id, assets, at);
  const account = accountOf(state.shares[id]!, controller);
  if (!meet(audit, `shares out ${id} ${receiver} ${shares}`))
    fail(book, "players.exits", at, `${shares} shares for ${receiver}`, "none");
  const { paidAssets, boughtShares } = account;
  const fits =
    paidAssets > 0n &&
    units <= paidAssets &&
    shares <= boughtShares &&
    (shares === (units * boughtShares) / paidAssets ||
      units === up(shares * paidAssets, boughtShares));
  holds(
    book,
    "money.shares",
    at,
    fits,
    `part of ${paidAssets} units for ${boughtShares} shares`,
    `${units} units for ${shares} shares`,
  );
  account.paidAssets -= units;
  account.boughtShares -= shares;
}

export function assetsClaimed(
  audit: Audit,
  id: number,
  args: Args<"bankroll", "Withdraw">,
  at: At,
): void {
  const { owner: controller, assets, shares } = args;
  const { book, state } = audit;
  const units = unitsOf(audit, id, assets, at);
  const own = state.shares[id]!;
  const account = accountOf(own, controller);
  const { soldAssets, soldShares } = account;
  const fits =
    units <= soldAssets &&
    shares <= soldShares &&
    ((soldShares > 0n && units === (shares * soldAssets) / soldShares) ||
      (soldAssets > 0n && shares === up(units * soldShares, soldAssets)));
  holds(
    book,
    "money.shares",
    at,
    fits,
    `part of ${soldAssets} units for ${soldShares} shares`,
    `${units} units for ${shares} shares`,
  );
  account.soldAssets -= units;
  account.soldShares -= shares;
  own.claimableAssets -= units;
  if (units !== 0n)
    expect(audit, at, "players.exits", `claim ${id} ${units}`, `${units} units paid out`);
}

// -- The books --

function unitsOf(audit: Audit, id: number, assets: bigint, at: At): bigint {
  const { unit } = audit.state.assets[id] ?? { unit: 1n };
  equal(audit.book, "money.shares", at, 0n, assets % unit, "assets beyond whole units");
  return assets / unit;
}
