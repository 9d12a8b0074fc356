import { type SQL, sql } from "drizzle-orm";
import { aggregate, cost, credit } from "./aggregate.ts";
import { type Batch, type Header, LogsOmitted } from "./batch.ts";
import { CHANNEL, type Queries, rowsOf } from "./database.ts";
import { Outcome, TransferKind, positionOf } from "./schema.ts";

/** A block whose events are all in the database. */
export type Tip = { number: number; hash: string };

/** What a transaction of the writer changed, as readers are told. */
export type Notice = { from: number; to: number } | { ancestor: number };

/** The database is not where this process left it. */
export class CursorMoved extends Error {
  override readonly name = "CursorMoved";
  readonly hint = "another process wrote to this database: run one writer only";
}

/** A block with the number of the casino's events in it. */
export type CountedHeader = Header & { logs: number };

/**
 * Writes the rows of the blocks after `tip` up to the last of `headers`, sums and cursor included.
 * Throws {@link LogsOmitted} where the events do not continue those in the database without a gap.
 */
export async function applyBatch(
  tx: Queries,
  {
    tip,
    headers,
    batch,
    notify,
  }: { tip: Tip; headers: CountedHeader[]; batch: Batch; notify: boolean },
): Promise<Tip> {
  const last = headers.at(-1);
  if (!last) throw new RangeError("a batch has at least one block");
  await requireCursor(tx, tip);
  const times = new Map(headers.map((header) => [header.number, header.at]));
  const timeOf = (block: number): number => {
    const at = times.get(block);
    if (at === undefined) throw new RangeError(`block ${block} has events and no header`);
    return at;
  };

  await insertBlocks(tx, headers);
  await insertListings(tx, batch);
  await insertRounds(tx, batch, timeOf);
  await insertBets(tx, batch, timeOf);
  await insertTransfers(tx, batch, timeOf);
  await insertOthers(tx, batch, timeOf);
  await insertReferrals(tx, batch);
  if (batch.bets.length + batch.resolutions.size + batch.transfers.length > 0) {
    const range = {
      from: positionOf(tip.number + 1, 0),
      to: positionOf(last.number + 1, 0),
      sign: 1,
    } as const;
    const missing = await aggregate(tx, range);
    if (missing > 0) throw new LogsOmitted(`${missing} assets move and were never listed`);
    await requireAccounts(tx, batch);
  }

  await tx.execute(
    sql`UPDATE cursor SET number = ${last.number}::bigint, hash = decode(${last.hash}, 'hex')`,
  );
  if (notify) await tell(tx, { from: tip.number + 1, to: last.number });
  return { number: last.number, hash: last.hash };
}

/** Takes back everything after `ancestor`, which is in the database: the exact state after that block. */
export async function rollBack(tx: Queries, tip: Tip, ancestor: Tip): Promise<Tip> {
  await requireCursor(tx, tip);
  const from = positionOf(ancestor.number + 1, 0);
  await aggregate(tx, { from, to: positionOf(tip.number + 1, 0), sign: -1 });
  await tx.execute(sql`DELETE FROM bets WHERE placed >= ${from}::bigint`);
  await tx.execute(sql`
    UPDATE bets SET outcome = ${Outcome.Open}, payout = NULL, played = NULL, resolved = NULL, resolved_tx = NULL, resolved_at = NULL
    WHERE resolved >= ${from}::bigint`);
  await tx.execute(sql`DELETE FROM rounds WHERE requested >= ${from}::bigint`);
  await tx.execute(sql`
    UPDATE rounds SET drawn = NULL, drawn_tx = NULL, drawn_at = NULL, word = NULL WHERE drawn >= ${from}::bigint`);
  await tx.execute(sql`DELETE FROM transfers WHERE position >= ${from}::bigint`);
  await tx.execute(sql`DELETE FROM events WHERE position >= ${from}::bigint`);
  await tx.execute(sql`DELETE FROM referrals WHERE since >= ${from}::bigint`);
  await tx.execute(sql`DELETE FROM houses WHERE listed >= ${from}::bigint`);
  await tx.execute(sql`DELETE FROM blocks WHERE number > ${ancestor.number}::bigint`);
  await tx.execute(sql`
    UPDATE cursor SET number = ${ancestor.number}::bigint, hash = decode(${ancestor.hash}, 'hex'),
      checked = least(checked, ${ancestor.number}::bigint)`);
  await tell(tx, { ancestor: ancestor.number });
  return ancestor;
}

/** Enters the block before the casino's first: the anchor that no fork may reach. */
export async function insertAnchor(tx: Queries, anchor: Header): Promise<Tip> {
  await insertBlocks(tx, [{ ...anchor, logs: 0 }]);
  await tx.execute(
    sql`INSERT INTO cursor VALUES (1, ${anchor.number}::bigint, decode(${anchor.hash}, 'hex'), NULL, NULL)`,
  );
  return { number: anchor.number, hash: anchor.hash };
}

async function requireCursor(tx: Queries, tip: Tip): Promise<void> {
  const [row] = await rowsOf(
    tx,
    sql`SELECT number::text AS number, encode(hash, 'hex') AS hash FROM cursor FOR UPDATE`,
  );
  if (Number(row?.number) !== tip.number || row?.hash !== tip.hash) {
    throw new CursorMoved(
      `The database is at block ${row?.number}, this process left it at ${tip.number}.`,
    );
  }
}

async function tell(tx: Queries, notice: Notice): Promise<void> {
  await tx.execute(sql`SELECT pg_notify(${CHANNEL}, ${JSON.stringify(notice)})`);
}

async function insertBlocks(tx: Queries, headers: CountedHeader[]): Promise<void> {
  await tx.execute(sql`
    INSERT INTO blocks (number, hash, parent, at, logs)
    SELECT number, decode(hash, 'hex'), decode(parent, 'hex'), at, logs
    FROM unnest(${list(headers.map((header) => header.number))}::text::bigint[], ${list(headers.map((header) => header.hash))}::text::text[],
      ${list(headers.map((header) => header.parent))}::text::text[], ${list(headers.map((header) => header.at))}::text::bigint[],
      ${list(headers.map((header) => header.logs))}::text::int[]) AS b (number, hash, parent, at, logs)`);
}

async function insertListings(tx: Queries, batch: Batch): Promise<void> {
  for (const { asset, token, unit, account, position } of batch.listings) {
    await tx.execute(sql`
      INSERT INTO houses VALUES (${asset}::int, decode(${token}, 'hex'), ${unit.toString()}::numeric,
        decode(${account}, 'hex'), ${position}::bigint, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)`);
  }
}

async function insertRounds(
  tx: Queries,
  { rounds, draws }: Batch,
  timeOf: (block: number) => number,
): Promise<void> {
  const [first] = rounds;
  if (first) {
    const [row] = await rowsOf(tx, sql`SELECT max(round)::text AS round FROM rounds`);
    const gapless = row?.round ? first.round === Number(row.round) + 1 : first.round <= 1;
    if (!gapless) throw new LogsOmitted(`round ${first.round} follows ${row?.round ?? "nothing"}`);
    await tx.execute(sql`
      INSERT INTO rounds (round, request_id, slot, requested, request_tx, requested_at)
      SELECT round, decode(id, 'hex'), slot, requested, decode(hash, 'hex'), at
      FROM unnest(${list(rounds.map((row) => row.round))}::text::bigint[], ${list(rounds.map((row) => row.requestId))}::text::text[],
        ${list(rounds.map((row) => row.slot))}::text::int[], ${list(rounds.map((row) => row.position))}::text::bigint[],
        ${list(rounds.map((row) => row.tx))}::text::text[], ${list(rounds.map((row) => timeOf(row.block)))}::text::bigint[])
        AS r (round, id, slot, requested, hash, at)`);
  }
  if (draws.length > 0) {
    const drawn = await countOf(
      tx,
      sql`UPDATE rounds SET drawn = d.position, drawn_tx = decode(d.hash, 'hex'), drawn_at = d.at, word = decode(d.word, 'hex')
        FROM unnest(${list(draws.map((row) => row.requestId))}::text::text[], ${list(draws.map((row) => row.position))}::text::bigint[],
          ${list(draws.map((row) => row.tx))}::text::text[], ${list(draws.map((row) => row.word))}::text::text[],
          ${list(draws.map((row) => timeOf(row.block)))}::text::bigint[]) AS d (id, position, hash, word, at)
        WHERE rounds.request_id = decode(d.id, 'hex') AND rounds.drawn IS NULL RETURNING 1`,
    );
    if (drawn !== draws.length)
      throw new LogsOmitted(`${draws.length - drawn} words belong to no round that waits`);
  }
}

async function insertBets(
  tx: Queries,
  batch: Batch,
  timeOf: (block: number) => number,
): Promise<void> {
  const { bets, resolutions, predecessors } = batch;
  const here = new Set<string>();
  const settledRounds = new Set<number>();
  if (bets.length > 0) {
    const ends = bets.map((bet) => {
      const end = resolutions.get(bet.betId);
      if (end) here.add(bet.betId);
      if (end?.outcome === Outcome.Settled) settledRounds.add(bet.round);
      return end;
    });
    await tx.execute(sql`
      INSERT INTO bets (bet_id, player, asset, lane, sequence, game, stake, rounds, stop_gain, stop_loss, relayer_fee,
        choice, reserve, fee_rate, round, placed, placed_tx, outcome, payout, played, resolved, resolved_tx, resolved_at)
      SELECT id, substring(id FROM 1 FOR 20), get_byte(id, 20) * 256 + get_byte(id, 21),
        get_byte(id, 22) * 256 + get_byte(id, 23), sequence, game, stake, rounds, stop_gain, stop_loss,
        relayer_fee, decode(choice, 'hex'), reserve, fee_rate, round, placed, decode(placed_tx, 'hex'), outcome, payout,
        played, resolved, decode(resolved_tx, 'hex'), resolved_at
      FROM (SELECT decode(hex, 'hex') AS id, b.* FROM unnest(${list(bets.map((bet) => bet.betId))}::text::text[],
        ${list(bets.map((bet) => parseInt(bet.betId.slice(48), 16)))}::text::bigint[], ${list(bets.map((bet) => bet.game))}::text::int[],
        ${list(bets.map((bet) => bet.stake))}::text::bigint[], ${list(bets.map(({ extras }) => extras?.rounds ?? 1))}::text::int[],
        ${list(bets.map(({ extras }) => extras?.stopGain ?? 0))}::text::numeric[], ${list(bets.map(({ extras }) => extras?.stopLoss ?? 0))}::text::numeric[],
        ${list(bets.map(({ extras }) => extras?.fee ?? 0))}::text::bigint[],
        ${list(bets.map(({ choice, extras }) => (extras ? choice + extras.choice : choice)))}::text::text[],
        ${list(bets.map((bet) => bet.reserve))}::text::bigint[], ${list(bets.map((bet) => bet.feeRate))}::text::int[],
        ${list(bets.map((bet) => bet.round))}::text::bigint[], ${list(bets.map((bet) => bet.position))}::text::bigint[],
        ${list(bets.map((bet) => bet.tx))}::text::text[], ${list(ends.map((end) => end?.outcome ?? Outcome.Open))}::text::smallint[],
        ${list(ends.map((end) => end?.payout))}::text::bigint[], ${list(ends.map((end) => end?.played))}::text::int[],
        ${list(ends.map((end) => end?.position))}::text::bigint[],
        ${list(ends.map((end) => end?.tx))}::text::text[], ${list(ends.map((end) => end && timeOf(end.block)))}::text::bigint[])
        AS b (hex, sequence, game, stake, rounds, stop_gain, stop_loss, relayer_fee, choice, reserve, fee_rate, round,
          placed, placed_tx, outcome, payout, played, resolved, resolved_tx, resolved_at)) AS c`);
  }

  const earlier =
    here.size === resolutions.size
      ? []
      : [...resolutions.values()].filter((end) => !here.has(end.betId));
  if (earlier.length > 0) {
    const ended = await rowsOf(
      tx,
      sql`UPDATE bets SET outcome = e.outcome, payout = e.payout, played = e.played, resolved = e.resolved, resolved_tx = decode(e.hash, 'hex'),
          resolved_at = e.at
        FROM unnest(${list(earlier.map((end) => end.betId))}::text::text[], ${list(earlier.map((end) => end.outcome))}::text::smallint[],
          ${list(earlier.map((end) => end.payout))}::text::bigint[], ${list(earlier.map((end) => end.played))}::text::int[],
          ${list(earlier.map((end) => end.position))}::text::bigint[],
          ${list(earlier.map((end) => end.tx))}::text::text[], ${list(earlier.map((end) => timeOf(end.block)))}::text::bigint[])
          AS e (id, outcome, payout, played, resolved, hash, at)
        WHERE bets.bet_id = decode(e.id, 'hex') AND bets.outcome = ${Outcome.Open} RETURNING bets.round::text AS round, e.outcome AS outcome`,
    );
    if (ended.length !== earlier.length)
      throw new LogsOmitted(`${earlier.length - ended.length} bets ended that were not open`);
    for (const { round, outcome } of ended) {
      if (Number(outcome) === Outcome.Settled) settledRounds.add(Number(round));
    }
  }
  if (settledRounds.size > 0) {
    const undrawn = await countOf(
      tx,
      sql`SELECT 1 FROM rounds WHERE drawn IS NULL AND round = ANY(${list([...settledRounds])}::text::bigint[])`,
    );
    if (undrawn > 0) throw new LogsOmitted(`${undrawn} rounds have settled bets and no word`);
  }

  if (predecessors.length > 0) {
    const [row] = await rowsOf(
      tx,
      sql`SELECT count(*)::text AS n FROM unnest(${list(predecessors)}::text::text[]) AS p (id)
        JOIN bets ON bets.bet_id = decode(p.id, 'hex') AND bets.outcome <> ${Outcome.Open}`,
    );
    const missing = predecessors.length - Number(row?.n);
    if (missing > 0)
      throw new LogsOmitted(
        `${missing} bets follow one in their lane that is missing or has not ended`,
      );
  }
}

async function insertTransfers(
  tx: Queries,
  { transfers }: Batch,
  timeOf: (block: number) => number,
): Promise<void> {
  if (transfers.length === 0) return;
  const inserted = await countOf(
    tx,
    sql`INSERT INTO transfers (position, kind, player, asset, amount, other, tx, at)
      SELECT t.position, t.kind, coalesce(decode(t.player, 'hex'), h.account), t.asset, t.amount,
        coalesce(decode(t.other, 'hex'), h.account), decode(t.hash, 'hex'), t.at
      FROM unnest(${list(transfers.map((row) => row.position))}::text::bigint[], ${list(transfers.map((row) => row.transfer))}::text::smallint[],
        ${list(transfers.map((row) => row.player))}::text::text[], ${list(transfers.map((row) => row.asset))}::text::int[],
        ${list(transfers.map((row) => row.amount))}::text::bigint[], ${list(transfers.map((row) => row.other))}::text::text[],
        ${list(transfers.map((row) => row.tx))}::text::text[], ${list(transfers.map((row) => timeOf(row.block)))}::text::bigint[])
        AS t (position, kind, player, asset, amount, other, hash, at)
      JOIN houses h ON h.asset = t.asset RETURNING 1`,
  );
  if (inserted !== transfers.length) throw new LogsOmitted("an asset moves that was never listed");
}

async function insertOthers(
  tx: Queries,
  { others }: Batch,
  timeOf: (block: number) => number,
): Promise<void> {
  if (others.length === 0) return;
  const rows = others.map(({ block, ...event }) => ({ ...event, at: timeOf(block) }));
  await tx.execute(sql`
    INSERT INTO events (position, name, player, args, tx, at)
    SELECT position, name, decode(player, 'hex'), args, decode(tx, 'hex'), at
    FROM json_to_recordset(${JSON.stringify(rows)}::text::json)
      AS e (position bigint, name text, player text, args text, tx text, at bigint)`);
}

/**
 * An affiliate shares in the fees of an account from its first deposit on, whatever the asset: from a deposit to a slot that is
 * all zero, see `Ledger._fresh`.
 */
async function insertReferrals(tx: Queries, { bindings, transfers }: Batch): Promise<void> {
  if (bindings.length > 0) {
    await tx.execute(sql`
      INSERT INTO referrals (player, asset, affiliate, since)
      SELECT decode(player, 'hex'), asset, decode(affiliate, 'hex'), since
      FROM unnest(${list(bindings.map((row) => row.player))}::text::text[], ${list(bindings.map((row) => row.asset))}::text::int[],
        ${list(bindings.map((row) => row.affiliate))}::text::text[], ${list(bindings.map((row) => row.position))}::text::bigint[])
        AS b (player, asset, affiliate, since)`);
  }
  const deposits = transfers.filter((row) => row.transfer === TransferKind.Deposit);
  const first = deposits[0];
  const last = deposits.at(-1);
  if (!first || !last) return;
  // By the primary key, because the index by player is for readers alone.
  const account = sql`d.player || decode(lpad(to_hex(d.asset), 4, '0'), 'hex')`;
  const ofAccount = sql`o.bet_id >= ${account} AND o.bet_id <= (${account}) || decode(repeat('ff', 10), 'hex')`;
  // The account's own flag, set right before the deposit, is of the deposit; one that setting limits set is not.
  await tx.execute(sql`
    INSERT INTO referrals (player, asset, affiliate, since)
    SELECT DISTINCT ON (d.player, d.asset) d.player, d.asset, r.affiliate, d.position
    FROM (SELECT DISTINCT ON (player) player, affiliate, since FROM referrals ORDER BY player, since) r
    JOIN transfers d ON d.player = r.player AND d.position > r.since AND d.kind = ${TransferKind.Deposit}
      AND d.position BETWEEN ${first.position}::bigint AND ${last.position}::bigint
    WHERE NOT EXISTS (SELECT 1 FROM referrals o WHERE o.player = d.player AND o.asset = d.asset)
      AND NOT EXISTS (SELECT 1 FROM bets o WHERE ${ofAccount} AND o.lane = 0 AND o.placed < d.position)
      AND NOT EXISTS (
        SELECT 1 FROM events g WHERE g.player = d.player AND g.position < d.position AND g.name = 'PlayerGuarded'
          AND (g.args::json->>'asset')::int = d.asset
          AND (g.position < d.position - 1 OR EXISTS (
            SELECT 1 FROM events l WHERE l.position = g.position - 1 AND l.name IN ('LimitsSet', 'LooseningScheduled'))))
      AND 0 = (SELECT coalesce(sum(${credit}), 0) FROM transfers o
          WHERE o.player = d.player AND o.asset = d.asset AND o.position < d.position)
        - (SELECT coalesce(sum(${cost} - CASE WHEN o.resolved < d.position THEN o.payout ELSE 0 END), 0) FROM bets o
          WHERE ${ofAccount} AND o.placed < d.position)
    ORDER BY d.player, d.asset, d.position`);
}

/** A placement in lane 0 carries the player's account: it must be the sum of all that was read before. */
async function requireAccounts(tx: Queries, { accounts }: Batch): Promise<void> {
  if (accounts.size === 0) return;
  const holders = [...accounts.keys()];
  const told = [...accounts.values()];
  const [row] = await rowsOf(
    tx,
    sql`SELECT count(*)::text AS n, min(encode(p.player, 'hex')) AS player
      FROM unnest(${list(holders.map((holder) => holder.slice(0, 40)))}::text::text[],
        ${list(holders.map((holder) => parseInt(holder.slice(40), 16)))}::text::int[], ${list(told.map(({ balance }) => balance))}::text::bigint[],
        ${list(told.map(({ referred }) => (referred ? "t" : "f")))}::text::boolean[])
        AS e (player, asset, balance, referred)
      JOIN players p ON p.player = decode(e.player, 'hex') AND p.asset = e.asset
      LEFT JOIN referrals r ON r.player = p.player AND r.asset = p.asset
      WHERE p.balance <> e.balance OR e.referred <> (r.player IS NOT NULL)`,
  );
  if (row?.n !== "0")
    throw new LogsOmitted(
      `the balances of ${row?.n} players have a gap, of 0x${row?.player} for one`,
    );
}

async function countOf(tx: Queries, change: SQL): Promise<number> {
  const [row] = await rowsOf(
    tx,
    sql`WITH changed AS (${change}) SELECT count(*)::text AS n FROM changed`,
  );
  return Number(row?.n);
}

/** An array literal of numbers and plain hex: one parameter, whatever the length and the driver. */
function list(values: (string | number | bigint | undefined)[]): string {
  let text = "{";
  for (const value of values) {
    if (text.length > 1) text += ",";
    text += value === undefined ? "NULL" : String(value);
  }
  return `${text}}`;
}
