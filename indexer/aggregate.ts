import { type SQL, sql } from "drizzle-orm";
import { type Queries, rowsOf } from "./database.ts";
import { Outcome, TransferKind } from "./schema.ts";

/**
 * Adds the events at `from <= position < to` to the sums of players and houses, or with `sign` -1 takes them off
 * again. Every sum is a sum over events, so that one formula does both.
 * Returns how many houses the events name that are not listed.
 */
export async function aggregate(
  tx: Queries,
  range: { from: number; to: number; sign: 1 | -1 },
): Promise<number> {
  const { from, to } = range;
  const within = (column: SQL) => sql`${column} >= ${from}::bigint AND ${column} < ${to}::bigint`;
  const sign = sql.raw(String(range.sign));

  await tx.execute(sql`
    WITH moved AS (
      SELECT player, asset, -stake AS balance, stake AS at_risk, 0::bigint AS wagered, 0::bigint AS paid, 1 AS bets,
        0::bigint AS deposited, 0::bigint AS withdrawn
      FROM bets WHERE ${within(sql`placed`)}
      UNION ALL
      SELECT player, asset, payout, -stake, CASE WHEN outcome = ${Outcome.Settled} THEN stake ELSE 0 END,
        CASE WHEN outcome = ${Outcome.Settled} THEN payout ELSE 0 END, 0, 0, 0
      FROM bets WHERE ${within(sql`resolved`)}
      UNION ALL
      SELECT player, asset,
        CASE WHEN kind IN (${TransferKind.Withdrawal}, ${TransferKind.BankrollFunded}) THEN -amount ELSE amount END,
        0, 0, 0, 0,
        CASE WHEN kind = ${TransferKind.Deposit} THEN amount ELSE 0 END,
        CASE WHEN kind = ${TransferKind.Withdrawal} THEN amount ELSE 0 END
      FROM transfers WHERE ${within(sql`position`)}
    )
    INSERT INTO players (player, asset, balance, at_risk, wagered, paid, bets, deposited, withdrawn, moves)
    SELECT player, asset, ${sign} * sum(balance), ${sign} * sum(at_risk), ${sign} * sum(wagered), ${sign} * sum(paid),
      ${sign} * sum(bets), ${sign} * sum(deposited), ${sign} * sum(withdrawn), ${sign} * count(*)
    FROM moved GROUP BY player, asset
    ON CONFLICT (player, asset) DO UPDATE SET
      balance = players.balance + excluded.balance, at_risk = players.at_risk + excluded.at_risk,
      wagered = players.wagered + excluded.wagered, paid = players.paid + excluded.paid,
      bets = players.bets + excluded.bets, deposited = players.deposited + excluded.deposited,
      withdrawn = players.withdrawn + excluded.withdrawn, moves = players.moves + excluded.moves`);
  if (range.sign < 0) await tx.execute(sql`DELETE FROM players WHERE moves = 0`);

  const [row] = await rowsOf(
    tx,
    sql`
    WITH moved AS (
      SELECT asset, 0::bigint AS bankroll, reserve AS reserved, 0::bigint AS fees, 0::bigint AS turnover,
        0::bigint AS paid, 1 AS bets, 1 AS open, stake AS escrow, 0::bigint AS deposited, 0::bigint AS withdrawn
      FROM bets WHERE ${within(sql`placed`)}
      UNION ALL
      SELECT asset, stake - payout - fee, -reserve, fee, turnover, turnover_paid, 0, -1, -stake, 0, 0
      FROM (
        SELECT asset, stake, payout, reserve,
          CASE WHEN outcome = ${Outcome.Settled} THEN stake * fee_rate / 100000 ELSE 0 END AS fee,
          CASE WHEN outcome = ${Outcome.Settled} THEN stake ELSE 0 END AS turnover,
          CASE WHEN outcome = ${Outcome.Settled} THEN payout ELSE 0 END AS turnover_paid
        FROM bets WHERE ${within(sql`resolved`)}
      ) ended
      UNION ALL
      SELECT asset,
        CASE WHEN kind = ${TransferKind.BankrollFunded} THEN amount
          WHEN kind = ${TransferKind.BankrollDrawn} THEN -amount ELSE 0 END,
        0, CASE WHEN kind = ${TransferKind.FeesClaimed} THEN -amount ELSE 0 END, 0, 0, 0, 0, 0,
        CASE WHEN kind = ${TransferKind.Deposit} THEN amount ELSE 0 END,
        CASE WHEN kind = ${TransferKind.Withdrawal} THEN amount ELSE 0 END
      FROM transfers WHERE ${within(sql`position`)}
    ), sums AS (
      SELECT asset, sum(bankroll) AS bankroll, sum(reserved) AS reserved, sum(fees) AS fees, sum(turnover) AS turnover,
        sum(paid) AS paid, sum(bets) AS bets, sum(open) AS open, sum(escrow) AS escrow,
        sum(deposited) AS deposited, sum(withdrawn) AS withdrawn
      FROM moved GROUP BY asset
    ), changed AS (
      UPDATE houses h SET
        bankroll = h.bankroll + ${sign} * s.bankroll, reserved = h.reserved + ${sign} * s.reserved,
        fees = h.fees + ${sign} * s.fees, turnover = h.turnover + ${sign} * s.turnover,
        paid = h.paid + ${sign} * s.paid, bets = h.bets + ${sign} * s.bets, open = h.open + ${sign} * s.open,
        escrow = h.escrow + ${sign} * s.escrow, deposited = h.deposited + ${sign} * s.deposited,
        withdrawn = h.withdrawn + ${sign} * s.withdrawn
      FROM sums s WHERE h.asset = s.asset RETURNING h.asset
    )
    SELECT (SELECT count(*) FROM sums) - (SELECT count(*) FROM changed) AS missing`,
  );
  return Number(row?.missing);
}
