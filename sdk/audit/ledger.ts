import { holds } from "./checks.ts";
import type { AssetState } from "./model.ts";
import { type At, type Audit, balanceKey, lower } from "./state.ts";

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
