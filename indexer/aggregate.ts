import { type SQL, sql } from "drizzle-orm";
import { type Queries, rowsOf } from "./database.ts";
import { TransferKind } from "./schema.ts";

/** What a transfer adds to its player's balance. */
export const credit = sql`CASE WHEN kind IN (${sql.raw(`${TransferKind.Withdrawal}, ${TransferKind.BankrollFunded}`)}) THEN -amount ELSE amount END`;
/** What a bet takes from its player's balance when it is placed. */
export const cost = sql`stake * rounds + relayer_fee`;
const AFFILIATE_BPS = sql.raw("2500");

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

  // Of a bet that ended: the stakes of the rounds played, what they paid, the fee and the affiliate's part of it.
  const ended = sql`(
    SELECT *, fee * part / 10000 AS accrued FROM (
      SELECT b.player, b.asset, b.reserve, b.payout, b.stake * b.rounds AS escrow, b.stake * b.played AS played,
        b.payout - b.stake * (b.rounds - b.played) AS paid, b.stake * b.played * b.fee_rate / 100000 AS fee,
        CASE WHEN r.since < b.resolved THEN ${AFFILIATE_BPS} ELSE 0 END AS part
      FROM bets b LEFT JOIN referrals r ON r.player = b.player AND r.asset = b.asset WHERE ${within(sql`b.resolved`)}
    ) e
  )`;
  await tx.execute(sql`
    WITH moved AS (
      SELECT player, asset, -(${cost}) AS balance, stake * rounds AS at_risk, 0::bigint AS wagered, 0::bigint AS paid,
        relayer_fee AS relaying, 0::bigint AS accrued, 1 AS bets, 0::bigint AS deposited, 0::bigint AS withdrawn, 1 AS moves
      FROM bets WHERE ${within(sql`placed`)}
      UNION ALL
      SELECT player, asset, payout, -escrow, played, paid, 0, accrued, 0, 0, 0, 1 FROM ${ended} e
      UNION ALL
      SELECT player, asset, ${credit}, 0, 0, 0, 0, 0, 0,
        CASE WHEN kind = ${TransferKind.Deposit} THEN amount ELSE 0 END,
        CASE WHEN kind = ${TransferKind.Withdrawal} THEN amount ELSE 0 END, 1
      FROM transfers WHERE ${within(sql`position`)}
      UNION ALL
      SELECT other, asset, 0, 0, 0, 0, 0, -amount, 0, 0, 0, 1
      FROM transfers WHERE kind = ${TransferKind.ReferralClaimed} AND ${within(sql`position`)}
    )
    INSERT INTO players (player, asset, balance, at_risk, wagered, paid, relaying, accrued, bets, deposited, withdrawn, moves)
    SELECT player, asset, ${sign} * sum(balance), ${sign} * sum(at_risk), ${sign} * sum(wagered), ${sign} * sum(paid),
      ${sign} * sum(relaying), ${sign} * sum(accrued), ${sign} * sum(bets), ${sign} * sum(deposited),
      ${sign} * sum(withdrawn), ${sign} * sum(moves)
    FROM moved GROUP BY player, asset
    ON CONFLICT (player, asset) DO UPDATE SET
      balance = players.balance + excluded.balance, at_risk = players.at_risk + excluded.at_risk,
      wagered = players.wagered + excluded.wagered, paid = players.paid + excluded.paid,
      relaying = players.relaying + excluded.relaying, accrued = players.accrued + excluded.accrued,
      bets = players.bets + excluded.bets, deposited = players.deposited + excluded.deposited,
      withdrawn = players.withdrawn + excluded.withdrawn, moves = players.moves + excluded.moves`);
  if (range.sign < 0) await tx.execute(sql`DELETE FROM players WHERE moves = 0`);

  const [row] = await rowsOf(
    tx,
    sql`
    WITH moved AS (
      SELECT asset, 0::bigint AS bankroll, reserve AS reserved, 0::bigint AS fees, 0::bigint AS accrued,
        0::bigint AS turnover, 0::bigint AS paid, 1 AS bets, 1 AS open, stake * rounds AS escrow,
        0::bigint AS deposited, 0::bigint AS withdrawn
      FROM bets WHERE ${within(sql`placed`)}
      UNION ALL
      SELECT asset, escrow - payout - fee, -reserve, fee - accrued, accrued, played, paid, 0, -1, -escrow, 0, 0
      FROM ${ended} e
      UNION ALL
      SELECT asset,
        CASE WHEN kind = ${TransferKind.BankrollFunded} THEN amount
          WHEN kind = ${TransferKind.BankrollDrawn} THEN -amount ELSE 0 END,
        0, CASE WHEN kind = ${TransferKind.FeesClaimed} THEN -amount ELSE 0 END,
        CASE WHEN kind = ${TransferKind.ReferralClaimed} THEN -amount ELSE 0 END, 0, 0, 0, 0, 0,
        CASE WHEN kind = ${TransferKind.Deposit} THEN amount ELSE 0 END,
        CASE WHEN kind = ${TransferKind.Withdrawal} THEN amount ELSE 0 END
      FROM transfers WHERE ${within(sql`position`)}
    ), sums AS (
      SELECT asset, sum(bankroll) AS bankroll, sum(reserved) AS reserved, sum(fees) AS fees, sum(accrued) AS accrued,
        sum(turnover) AS turnover, sum(paid) AS paid, sum(bets) AS bets, sum(open) AS open, sum(escrow) AS escrow,
        sum(deposited) AS deposited, sum(withdrawn) AS withdrawn
      FROM moved GROUP BY asset
    ), changed AS (
      UPDATE houses h SET
        bankroll = h.bankroll + ${sign} * s.bankroll, reserved = h.reserved + ${sign} * s.reserved,
        fees = h.fees + ${sign} * s.fees, accrued = h.accrued + ${sign} * s.accrued, turnover = h.turnover + ${sign} * s.turnover,
        paid = h.paid + ${sign} * s.paid, bets = h.bets + ${sign} * s.bets, open = h.open + ${sign} * s.open,
        escrow = h.escrow + ${sign} * s.escrow, deposited = h.deposited + ${sign} * s.deposited,
        withdrawn = h.withdrawn + ${sign} * s.withdrawn
      FROM sums s WHERE h.asset = s.asset RETURNING h.asset
    )
    SELECT (SELECT count(*) FROM sums) - (SELECT count(*) FROM changed) AS missing`,
  );
  return Number(row?.missing);
}
