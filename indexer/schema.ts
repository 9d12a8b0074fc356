import {
  bigint,
  customType,
  index,
  integer,
  numeric,
  pgTable,
  primaryKey,
  smallint,
  text,
} from "drizzle-orm/pg-core";

/**
 * The tables. Everything in them is rebuilt from the casino's events alone.
 *
 * A *position* orders events: `block number * 2^20 + log index`. Hashes, addresses and bet ids are bytes, so that 256
 * bits are exact and sort as numbers do. Amounts are units of their asset; those of one event fit 63 bits, because the
 * ledger holds at most 2^56, sums are numeric.
 */

/** Raw bytes in the database, lower-case hex without `0x` here. */
const bytes = customType<{ data: string; driverData: Uint8Array }>({
  dataType: () => "bytea",
  toDriver: (hex) => Buffer.from(hex, "hex"),
  fromDriver: (raw) => Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("hex"),
});
const position = (name: string) => bigint(name, { mode: "number" });
const amount = (name: string) => bigint(name, { mode: "bigint" });
const sum = (name: string) => numeric(name, { mode: "bigint", precision: 78, scale: 0 }).notNull();
const count = (name: string) => bigint(name, { mode: "number" }).notNull();

/** How a bet ended. */
export const Outcome = { Open: 0, Settled: 1, Refunded: 2, Faulty: 3 } as const;

/** What moved units in or out of a balance without a bet. */
export const TransferKind = {
  Deposit: 0,
  Withdrawal: 1,
  FeesClaimed: 2,
  BankrollFunded: 3,
  BankrollDrawn: 4,
  /** The fees of one call's orders, to their relayer. */
  RelayerPaid: 5,
  /** What a player's bets accrued, to the player's affiliate. */
  ReferralClaimed: 6,
} as const;

/** Blocks that hold events, forever; others, recent ones only, to find where a fork began. */
export const blocks = pgTable("blocks", {
  number: bigint("number", { mode: "number" }).primaryKey(),
  hash: bytes("hash").notNull(),
  parent: bytes("parent").notNull(),
  /** Timestamp, seconds. */
  at: count("at"),
  /** How many of the casino's events it holds. */
  logs: integer("logs").notNull(),
});

export const rounds = pgTable(
  "rounds",
  {
    round: bigint("round", { mode: "number" }).primaryKey(),
    requestId: bytes("request_id").notNull().unique(),
    slot: integer("slot").notNull(),
    requested: position("requested").notNull(),
    requestTx: bytes("request_tx").notNull(),
    requestedAt: count("requested_at"),
    drawn: position("drawn"),
    drawnTx: bytes("drawn_tx"),
    drawnAt: bigint("drawn_at", { mode: "number" }),
    word: bytes("word"),
  },
  (table) => [index("rounds_drawn").on(table.drawn)],
);

export const bets = pgTable(
  "bets",
  {
    betId: bytes("bet_id").primaryKey(),
    player: bytes("player").notNull(),
    asset: integer("asset").notNull(),
    lane: integer("lane").notNull(),
    sequence: count("sequence"),
    game: integer("game").notNull(),
    /** Of one round. */
    stake: amount("stake").notNull(),
    rounds: integer("rounds").notNull(),
    /** Net win and net loss that end the bet early; 64 bits each, 0 is off. */
    stopGain: sum("stop_gain"),
    stopLoss: sum("stop_loss"),
    /** What whoever carried the bet's order was paid for it. */
    relayerFee: amount("relayer_fee").notNull(),
    /** The first 7 bytes, or all 16 of a bet with extras. */
    choice: bytes("choice").notNull(),
    reserve: amount("reserve").notNull(),
    feeRate: integer("fee_rate").notNull(),
    round: count("round"),
    placed: position("placed").notNull(),
    placedTx: bytes("placed_tx").notNull(),
    outcome: smallint("outcome").notNull(),
    /** What came back, with the stakes of rounds that were not played; of a refund, all stakes. */
    payout: amount("payout"),
    /** How many rounds were played; 0 of a refund. */
    played: integer("played"),
    resolved: position("resolved"),
    resolvedTx: bytes("resolved_tx"),
    resolvedAt: bigint("resolved_at", { mode: "number" }),
  },
  (table) => [
    index("bets_placed").on(table.placed),
    index("bets_resolved").on(table.resolved),
    index("bets_player").on(table.player, table.placed),
  ],
);

export const transfers = pgTable(
  "transfers",
  {
    position: position("position").primaryKey(),
    kind: smallint("kind").notNull(),
    player: bytes("player").notNull(),
    asset: integer("asset").notNull(),
    amount: amount("amount").notNull(),
    /** Who paid a deposit, or who received a withdrawal. */
    other: bytes("other").notNull(),
    tx: bytes("tx").notNull(),
    at: count("at"),
  },
  (table) => [index("transfers_player").on(table.player, table.position)],
);

export const players = pgTable(
  "players",
  {
    player: bytes("player").notNull(),
    asset: integer("asset").notNull(),
    balance: sum("balance"),
    /** Stakes of bets that are neither settled nor refunded. */
    atRisk: sum("at_risk"),
    /** Stakes of the rounds played of settled bets. */
    wagered: sum("wagered"),
    /** What those rounds paid. */
    paid: sum("paid"),
    /** What relayers were paid for the player's orders. */
    relaying: sum("relaying"),
    /** What the player's bets accrued to the affiliate and was not claimed. */
    accrued: sum("accrued"),
    bets: count("bets"),
    deposited: sum("deposited"),
    withdrawn: sum("withdrawn"),
    /** Events that moved any of these. */
    moves: count("moves"),
  },
  (table) => [primaryKey({ columns: [table.player, table.asset] })],
);

export const houses = pgTable("houses", {
  asset: integer("asset").primaryKey(),
  token: bytes("token").notNull(),
  unit: sum("unit"),
  /** The contract that LPs own shares of. */
  account: bytes("account").notNull(),
  listed: position("listed").notNull(),
  bankroll: sum("bankroll"),
  reserved: sum("reserved"),
  fees: sum("fees"),
  /** What is accrued to affiliates and was not claimed. */
  accrued: sum("accrued"),
  /** Stakes and payouts of the rounds played of settled bets. */
  turnover: sum("turnover"),
  paid: sum("paid"),
  bets: count("bets"),
  /** Bets neither settled nor refunded, and their stakes. */
  open: count("open"),
  escrow: sum("escrow"),
  deposited: sum("deposited"),
  withdrawn: sum("withdrawn"),
});

/** Accounts whose fees an affiliate shares in. */
export const referrals = pgTable(
  "referrals",
  {
    player: bytes("player").notNull(),
    asset: integer("asset").notNull(),
    affiliate: bytes("affiliate").notNull(),
    /** The deposit from which on. */
    since: position("since").notNull(),
  },
  (table) => [primaryKey({ columns: [table.player, table.asset] })],
);

/** All other events, as decoded. */
export const events = pgTable(
  "events",
  {
    position: position("position").primaryKey(),
    name: text("name").notNull(),
    /** Whom it is about, where it is about a player. */
    player: bytes("player"),
    /** JSON; amounts are decimal strings. */
    args: text("args").notNull(),
    tx: bytes("tx").notNull(),
    at: count("at"),
  },
  (table) => [index("events_player").on(table.player, table.position)],
);

/** One row: how far the chain has been read. */
export const cursor = pgTable("cursor", {
  id: integer("id").primaryKey(),
  number: count("number"),
  hash: bytes("hash").notNull(),
  /** The last block the node called final, where it does. */
  finalized: bigint("finalized", { mode: "number" }),
  /** The last block at which the self-check found no difference. */
  checked: bigint("checked", { mode: "number" }),
});

/** Indexes that only readers need: made when the head is reached, because keeping them would slow a backfill by a third. */
export const readersIndexes = ["bets_player"];

export const tables = [blocks, rounds, bets, transfers, players, houses, referrals, events, cursor];

const LOGS_PER_BLOCK = 2 ** 20;

export function positionOf(block: number, logIndex: number): number {
  return block * LOGS_PER_BLOCK + logIndex;
}

export function blockOf(at: number): number {
  return Math.floor(at / LOGS_PER_BLOCK);
}
