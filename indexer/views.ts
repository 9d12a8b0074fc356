import { type SQL, and, desc, eq, gte, lt, sql } from "drizzle-orm";
import { type Queries } from "./database.ts";
import {
  Outcome,
  TransferKind,
  bets,
  blockOf,
  blocks,
  cursor,
  events,
  houses,
  players,
  positionOf,
  referrals,
  rounds,
  transfers,
} from "./schema.ts";

/** What the API answers with. Amounts are decimal strings of units, times seconds, everything else as on chain. */

const REFUND_AFTER_SECONDS = 86_400;

export type BetStatus = "pending" | "drawn" | "settled" | "void" | "refunded";
export type BetView = ReturnType<typeof betView>;
export type Page<T> = { items: T[]; next: string | null };

export type BetFilter = {
  player?: string;
  game?: number;
  asset?: number;
  limit: number;
  before?: number;
};

const betRow = { bet: bets, round: rounds };

/** Bets, the newest first. */
export async function listBets(db: Queries, filter: BetFilter): Promise<Page<BetView>> {
  const conditions: SQL[] = [];
  if (filter.player !== undefined) conditions.push(eq(bets.player, filter.player));
  if (filter.game !== undefined) conditions.push(eq(bets.game, filter.game));
  if (filter.asset !== undefined) conditions.push(eq(bets.asset, filter.asset));
  if (filter.before !== undefined) conditions.push(lt(bets.placed, filter.before));
  const rows = await selectBets(db)
    .where(and(...conditions))
    .orderBy(desc(bets.placed))
    .limit(filter.limit + 1);
  const now = await chainTime(db);
  return page(
    rows.map((row) => betView(row, now)),
    filter.limit,
    rows.at(filter.limit - 1)?.bet.placed,
  );
}

export async function findBet(db: Queries, betId: bigint): Promise<BetView | undefined> {
  const [row] = await selectBets(db).where(eq(bets.betId, hexOf(betId)));
  return row && betView(row, await chainTime(db));
}

export async function listPlayer(db: Queries, player: string) {
  const rows = await db
    .select()
    .from(players)
    .where(eq(players.player, player))
    .orderBy(players.asset);
  const [referral] = await db
    .select({ affiliate: referrals.affiliate })
    .from(referrals)
    .where(eq(referrals.player, player))
    .limit(1);
  return {
    player: `0x${player}`,
    affiliate: referral ? `0x${referral.affiliate}` : null,
    assets: rows.map((row) => ({
      asset: row.asset,
      balance: row.balance.toString(),
      atRisk: row.atRisk.toString(),
      wagered: row.wagered.toString(),
      paid: row.paid.toString(),
      net: (row.paid - row.wagered).toString(),
      relaying: row.relaying.toString(),
      accrued: row.accrued.toString(),
      bets: row.bets,
      deposited: row.deposited.toString(),
      withdrawn: row.withdrawn.toString(),
    })),
  };
}

const kindNames = {
  [TransferKind.Deposit]: "deposit",
  [TransferKind.Withdrawal]: "withdrawal",
  [TransferKind.FeesClaimed]: "feesClaimed",
  [TransferKind.BankrollFunded]: "bankrollFunded",
  [TransferKind.BankrollDrawn]: "bankrollDrawn",
  [TransferKind.RelayerPaid]: "relayerPaid",
  [TransferKind.ReferralClaimed]: "referralClaimed",
} as Record<number, string>;

/** What moved in and out of a player's balance, the newest first. */
export async function listTransfers(
  db: Queries,
  filter: { player: string; limit: number; before?: number },
) {
  const conditions = [eq(transfers.player, filter.player)];
  if (filter.before !== undefined) conditions.push(lt(transfers.position, filter.before));
  const rows = await db
    .select()
    .from(transfers)
    .where(and(...conditions))
    .orderBy(desc(transfers.position))
    .limit(filter.limit + 1);
  const items = rows.map((row) => ({
    kind: kindNames[row.kind],
    asset: row.asset,
    amount: row.amount.toString(),
    other: `0x${row.other}`,
    block: blockOf(row.position),
    tx: `0x${row.tx}`,
    at: row.at,
  }));
  return page(items, filter.limit, rows.at(filter.limit - 1)?.position);
}

/**
 * What else happened to a player, the newest first: sessions opened and revoked, limits and exclusions set, orders
 * skipped. Arguments as the contract emitted them, amounts as decimal strings.
 */
export async function listPlayerEvents(
  db: Queries,
  filter: { player: string; limit: number; before?: number },
) {
  const conditions = [eq(events.player, filter.player)];
  if (filter.before !== undefined) conditions.push(lt(events.position, filter.before));
  const rows = await db
    .select()
    .from(events)
    .where(and(...conditions))
    .orderBy(desc(events.position))
    .limit(filter.limit + 1);
  const items = rows.map((row) => ({
    name: row.name,
    args: JSON.parse(row.args) as Record<string, unknown>,
    block: blockOf(row.position),
    tx: `0x${row.tx}`,
    at: row.at,
  }));
  return page(items, filter.limit, rows.at(filter.limit - 1)?.position);
}

export async function listHouses(db: Queries) {
  const rows = await db.select().from(houses).orderBy(houses.asset);
  return rows.map((row) => ({
    asset: row.asset,
    bankroll: row.bankroll.toString(),
    reserved: row.reserved.toString(),
    fees: row.fees.toString(),
    accrued: row.accrued.toString(),
    turnover: row.turnover.toString(),
    paid: row.paid.toString(),
    ggr: (row.turnover - row.paid).toString(),
    bets: row.bets,
    open: row.open,
    escrow: row.escrow.toString(),
    deposited: row.deposited.toString(),
    withdrawn: row.withdrawn.toString(),
  }));
}

/** Rounds, the newest first, each with the number of its bets. */
export async function listRounds(db: Queries, filter: { limit: number; before?: number }) {
  const perBlock = 2 ** 20;
  const rows = await db
    .select({
      round: rounds,
      bets: sql<string>`(SELECT count(*) FROM ${bets} WHERE ${bets.placed} >= ${rounds.requested} / ${sql.raw(String(perBlock))} * ${sql.raw(String(perBlock))}
        AND ${bets.placed} < (${rounds.requested} / ${sql.raw(String(perBlock))} + 1) * ${sql.raw(String(perBlock))})::text`,
    })
    .from(rounds)
    .where(filter.before === undefined ? undefined : lt(rounds.round, filter.before))
    .orderBy(desc(rounds.round))
    .limit(filter.limit + 1);
  const items = rows.map((row) => ({ ...roundView(row.round), bets: Number(row.bets) }));
  return page(items, filter.limit, rows.at(filter.limit - 1)?.round.round);
}

/** What happened in blocks `from` to `to`, in the order of the chain, as pushed to listeners. */
export async function listHappenings(db: Queries, from: number, to: number) {
  const [low, high] = [positionOf(from, 0), positionOf(to + 1, 0)];
  const placed = await selectBets(db).where(and(gte(bets.placed, low), lt(bets.placed, high)));
  const drawn = await db
    .select()
    .from(rounds)
    .where(and(gte(rounds.drawn, low), lt(rounds.drawn, high)));
  const ended = await selectBets(db).where(and(gte(bets.resolved, low), lt(bets.resolved, high)));
  const now = await chainTime(db);
  // A placing can settle the lane's previous bet: that end comes first.
  return [
    ...drawn.map((row) => ({
      at: row.drawn ?? 0,
      type: "roundDrawn" as const,
      round: roundView(row),
    })),
    ...ended.map((row) => ({
      at: row.bet.resolved ?? 0,
      type:
        row.bet.outcome === Outcome.Settled ? ("betSettled" as const) : ("betRefunded" as const),
      bet: betView(row, now),
    })),
    ...placed.map((row) => ({
      at: row.bet.placed,
      type: "betPlaced" as const,
      bet: betView(row, now),
    })),
  ].toSorted((a, b) => a.at - b.at);
}

function selectBets(db: Queries) {
  return db.select(betRow).from(bets).innerJoin(rounds, eq(bets.round, rounds.round)).$dynamic();
}

/** Seconds: the clock of the chain, or ours where no block has come for a while. */
async function chainTime(db: Queries): Promise<number> {
  const [row] = await db
    .select({ at: blocks.at })
    .from(cursor)
    .innerJoin(blocks, eq(blocks.number, cursor.number));
  return Math.max(row?.at ?? 0, Math.floor(Date.now() / 1000));
}

function betView(
  { bet, round }: { bet: typeof bets.$inferSelect; round: typeof rounds.$inferSelect },
  now: number,
) {
  const deadline = round.requestedAt + REFUND_AFTER_SECONDS;
  return {
    betId: BigInt(`0x${bet.betId}`).toString(),
    player: `0x${bet.player}`,
    asset: bet.asset,
    lane: bet.lane,
    sequence: bet.sequence,
    game: bet.game,
    stake: bet.stake.toString(),
    rounds: bet.rounds,
    stopGain: bet.stopGain.toString(),
    stopLoss: bet.stopLoss.toString(),
    relayerFee: bet.relayerFee.toString(),
    /** A relayer was paid for carrying its order. */
    relayed: bet.relayerFee > 0n,
    choice: `0x${bet.choice.padEnd(32, "0")}`,
    reserve: bet.reserve.toString(),
    feeRate: bet.feeRate,
    status: statusOf(bet.outcome, round.word !== null, now > deadline),
    /** The game failed, and the stake came back. */
    faulty: bet.outcome === Outcome.Faulty,
    round: bet.round,
    requestId: BigInt(`0x${round.requestId}`).toString(),
    requestTx: `0x${round.requestTx}`,
    placedAt: round.requestedAt,
    placedBlock: blockOf(bet.placed),
    placedTx: `0x${bet.placedTx}`,
    deadline,
    ...drawView(round),
    ...(bet.resolved === null
      ? {}
      : {
          payout: bet.payout?.toString(),
          played: bet.played,
          settledBlock: blockOf(bet.resolved),
          settledTx: `0x${bet.resolvedTx}`,
          settledAt: bet.resolvedAt,
        }),
  };
}

function roundView(round: typeof rounds.$inferSelect) {
  return {
    round: round.round,
    requestId: BigInt(`0x${round.requestId}`).toString(),
    slot: round.slot,
    requestedAt: round.requestedAt,
    requestBlock: blockOf(round.requested),
    requestTx: `0x${round.requestTx}`,
    deadline: round.requestedAt + REFUND_AFTER_SECONDS,
    ...drawView(round),
  };
}

/** The word as a decimal string, and where it came from; nothing while it has not. */
function drawView(round: typeof rounds.$inferSelect) {
  if (round.drawn === null) return {};
  return {
    word: BigInt(`0x${round.word}`).toString(),
    drawnBlock: blockOf(round.drawn),
    drawnTx: `0x${round.drawnTx}`,
    drawnAt: round.drawnAt,
  };
}

/** The deadline alone makes an undrawn bet void, before anyone refunds it. */
function statusOf(outcome: number, drawn: boolean, late: boolean): BetStatus {
  if (outcome === Outcome.Settled) return "settled";
  if (outcome !== Outcome.Open) return "refunded";
  if (drawn) return "drawn";
  return late ? "void" : "pending";
}

function page<T>(rows: T[], limit: number, last: number | undefined): Page<T> {
  return {
    items: rows.slice(0, limit),
    next: rows.length > limit && last !== undefined ? String(last) : null,
  };
}

function hexOf(betId: bigint): string {
  return betId.toString(16).padStart(64, "0");
}
