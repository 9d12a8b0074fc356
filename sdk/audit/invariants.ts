import { equal, holds } from "./checks.ts";
import type { ShareBook } from "./model.ts";
import { type Audit, balanceKey } from "./state.ts";

/** The invariants of the money, checked as the replay goes. */

/** At the end of each block: I1, I2 and I3. */
export function checkBooks(audit: Audit): void {
  const { state, book } = audit;
  const at = { block: state.block };
  for (const [id, asset] of state.assets.entries()) {
    const owed = asset.ledger + asset.escrow + asset.bankroll + asset.fees + asset.accrued;
    holds(
      book,
      "money.solvency",
      at,
      owed === asset.held,
      `${asset.held} units of asset ${id} owed`,
      owed,
    );
    holds(
      book,
      "money.reserve",
      at,
      asset.reserved >= 0n && asset.reserved <= asset.bankroll,
      `${asset.bankroll} units cover what is reserved`,
      asset.reserved,
    );
    const shares = state.shares[id];
    if (shares) checkClaims(audit, shares, asset.bankrollContract, id);
  }
}

/** B1: the bankroll contract's balance covers deposits that wait and redemptions to claim. */
function checkClaims(audit: Audit, shares: ShareBook, contract: string, id: number): void {
  const balance = audit.state.balances.get(balanceKey(contract, id)) ?? 0n;
  const due = shares.pendingAssets + shares.claimableAssets;
  holds(
    audit.book,
    "money.shares",
    { block: audit.state.block },
    balance >= due,
    `${due} units for liquidity providers`,
    balance,
  );
}

/** I2: totals against the sums of their parts. */
export function checkTotals(audit: Audit): void {
  const { state, book } = audit;
  const at = { block: state.block };
  const sums = state.assets.map(() => ({
    ledger: 0n,
    escrow: 0n,
    reserved: 0n,
    accrued: 0n,
    open: 0,
  }));
  const books = new Map<string, bigint>();
  for (const [key, { accrued }] of state.accounts) {
    const sum = sums[Number.parseInt(key.slice(40), 16)];
    if (sum) sum.accrued += accrued;
  }
  for (const [key, balance] of state.balances) {
    const sum = sums[Number.parseInt(key.slice(40), 16)];
    if (sum) sum.ledger += balance;
  }
  for (const [key, { bet }] of state.lanes) {
    const sum = sums[Number.parseInt(key.slice(40, 44), 16)];
    if (!sum || !bet) continue;
    sum.escrow += bet.stake * BigInt(bet.rounds);
    sum.reserved += bet.reserve;
    const game = `${bet.game}:${Number.parseInt(key.slice(40, 44), 16)}`;
    if (bet.counted) books.set(game, (books.get(game) ?? 0n) + bet.reserve);
    sum.open++;
  }
  for (const [key, { book: game }] of state.listings) {
    equal(
      book,
      "money.totals",
      at,
      books.get(key) ?? 0n,
      game.reserved,
      `counted reserve of game and asset ${key}`,
    );
  }
  for (const [id, asset] of state.assets.entries()) {
    const sum = sums[id]!;
    equal(
      book,
      "money.totals",
      at,
      sum.accrued,
      asset.accrued,
      `accrued to affiliates in asset ${id}`,
    );
    equal(book, "money.totals", at, sum.ledger, asset.ledger, `balances of asset ${id}`);
    equal(book, "money.totals", at, sum.escrow, asset.escrow, `escrow of asset ${id}`);
    equal(book, "money.totals", at, sum.reserved, asset.reserved, `reserve of asset ${id}`);
    equal(
      book,
      "money.totals",
      at,
      sum.open,
      asset.openBets + asset.closing.openBets,
      `open bets of asset ${id}`,
    );
  }
}
