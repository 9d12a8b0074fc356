import { and, desc, eq, gt, sql } from "drizzle-orm";
import { type Address, type Hex, decodeFunctionResult, encodeFunctionData } from "viem";
import { casinoAbi as abi } from "../sdk/abis.ts";
import { type Database } from "./database.ts";
import { ChainMoved, type Rpc } from "./rpc.ts";
import {
  bets,
  cursor,
  houses,
  players,
  positionOf,
  referrals,
  rounds,
  transfers,
} from "./schema.ts";

/** A number that the contract and the database disagree on, both in units or counts. */
export type Mismatch = { what: string; chain: string; database: string };

/** What the last comparison of the database with the contract's own state found. */
export type SelfCheck = {
  ok: boolean;
  /** The block whose state was compared. */
  block: number;
  /** When, in seconds. */
  at: number;
  houses: number;
  rounds: number;
  balances: number;
  /** Balances among them in whose fees an affiliate shares. */
  referrals: number;
  mismatches: Mismatch[];
};

const BALANCES_AT_ONCE = 64;
const ROUNDS_AT_ONCE = 16;
const DRAWN = 2;

/**
 * Compares the database with the contract's state after the very block that the database is at: each asset's house, the
 * number of rounds and the newest of them, and the balances, and what they accrued to an affiliate, of those who moved
 * since `since` and of `BALANCES_AT_ONCE` others after `resume`, so that each player's turn comes. Nothing of it is read from logs.
 */
export async function checkAgainstChain({
  database,
  rpc,
  casino,
  since,
  resume,
}: {
  database: Database;
  rpc: Rpc;
  casino: Address;
  since: number;
  resume: string;
}): Promise<{ result: SelfCheck; resume: string }> {
  const stored = await readStored(database, since, resume);
  const mismatches: Mismatch[] = [];
  const compare = (what: string, chain: bigint, ours: bigint | number) => {
    if (chain !== BigInt(ours))
      mismatches.push({ what, chain: chain.toString(), database: ours.toString() });
  };
  const call = async (data: Hex) => (await rpc.call(casino, data, stored.tip.hash)) as Hex;

  for (const house of stored.houses) {
    const args = [house.asset] as const;
    const data = await call(encodeFunctionData({ abi, functionName: "houseOf", args }));
    const chain = decodeFunctionResult({ abi, functionName: "houseOf", data });
    compare(`bankroll of asset ${house.asset}`, chain.bankroll, house.bankroll);
    compare(`reserved of asset ${house.asset}`, chain.reserved, house.reserved);
    compare(`fees of asset ${house.asset}`, chain.fees, house.fees);
    compare(`open bets of asset ${house.asset}`, chain.openBets + chain.closingBets, house.open);
  }
  const [, , requested] = decodeFunctionResult({
    abi,
    functionName: "head",
    data: await call(encodeFunctionData({ abi, functionName: "head" })),
  });
  compare("rounds requested", requested, stored.rounds[0]?.round ?? 0);
  await Promise.all(
    stored.rounds.map(async ({ round, slot, word }) => {
      const args = [BigInt(slot)] as const;
      const data = await call(encodeFunctionData({ abi, functionName: "roundAt", args }));
      const chain = decodeFunctionResult({ abi, functionName: "roundAt", data });
      const ours = word === null ? -1n : BigInt(`0x${word.slice(8)}`);
      compare(`word of round ${round}`, chain.state === DRAWN ? chain.word : -1n, ours);
    }),
  );
  await Promise.all(
    stored.balances.map(async ({ player, asset, balance, affiliate, accrued }) => {
      const args = [`0x${player}`, asset] as const;
      const data = await call(encodeFunctionData({ abi, functionName: "balanceOf", args }));
      const chain = decodeFunctionResult({ abi, functionName: "balanceOf", data });
      compare(`balance of 0x${player} in asset ${asset}`, chain, balance);
      if (affiliate === null) return;
      const referral = decodeFunctionResult({
        abi,
        functionName: "referralOf",
        data: await call(encodeFunctionData({ abi, functionName: "referralOf", args })),
      });
      compare(`affiliate of 0x${player}`, BigInt(referral[0]), BigInt(`0x${affiliate}`));
      compare(`accrued by 0x${player} in asset ${asset}`, referral[1], accrued);
    }),
  );
  // The state was of a block that is no longer there: the difference would mean nothing.
  const header = await rpc.header(stored.tip.number);
  if (header?.hash !== stored.tip.hash)
    throw new ChainMoved(`block ${stored.tip.number} was replaced while it was checked`);

  const result = {
    ok: mismatches.length === 0,
    block: stored.tip.number,
    at: Math.floor(Date.now() / 1000),
    houses: stored.houses.length,
    rounds: stored.rounds.length,
    balances: stored.balances.length,
    referrals: stored.balances.filter(({ affiliate }) => affiliate !== null).length,
    mismatches,
  };
  return { result, resume: stored.resume };
}

/** One consistent view of the database. */
async function readStored(database: Database, since: number, resume: string) {
  return database.read.transaction(
    async (tx) => {
      const [tip] = await tx.select().from(cursor);
      if (!tip) throw new ChainMoved("nothing was read yet");
      const fields = {
        player: players.player,
        asset: players.asset,
        balance: players.balance,
        accrued: players.accrued,
        affiliate: referrals.affiliate,
      };
      const referral = and(
        eq(referrals.player, players.player),
        eq(referrals.asset, players.asset),
      );
      const from = positionOf(since + 1, 0);
      const recent = await tx
        .select(fields)
        .from(players)
        .leftJoin(referrals, referral)
        .where(
          sql`(${players.player}, ${players.asset}) IN (
            (SELECT ${bets.player}, ${bets.asset} FROM ${bets} WHERE ${bets.resolved} >= ${from}::bigint ORDER BY ${bets.resolved} DESC LIMIT 32)
            UNION (SELECT ${bets.player}, ${bets.asset} FROM ${bets} WHERE ${bets.placed} >= ${from}::bigint ORDER BY ${bets.placed} DESC LIMIT 32)
            UNION (SELECT ${transfers.player}, ${transfers.asset} FROM ${transfers} WHERE ${transfers.position} >= ${from}::bigint
              ORDER BY ${transfers.position} DESC LIMIT 256))`,
        )
        .orderBy(desc(players.player));
      const rotating = await tx
        .select(fields)
        .from(players)
        .leftJoin(referrals, referral)
        .where(gt(players.player, resume))
        .orderBy(players.player)
        .limit(BALANCES_AT_ONCE);
      const newest = await tx
        .select({ round: rounds.round, slot: rounds.slot, word: rounds.word })
        .from(rounds)
        .orderBy(desc(rounds.round))
        .limit(ROUNDS_AT_ONCE);
      return {
        tip,
        houses: await tx.select().from(houses),
        rounds: newest.filter(
          ({ slot }, index) => newest.findIndex((round) => round.slot === slot) === index,
        ),
        balances: [...recent, ...rotating],
        resume: rotating.length < BALANCES_AT_ONCE ? "" : rotating.at(-1)!.player,
      };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}
