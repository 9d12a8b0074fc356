import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rowsOf } from "../indexer/database.ts";
import { type Indexer, startIndexer } from "../indexer/main.ts";
import { type EmitterChain, playerAddress, startEmitterChain } from "./support/emitter-chain.ts";
import { dump, freshDump, temporaryDirectory, until, untilAt } from "./support/indexing.ts";
import { type TestPostgres, startPostgres } from "./support/postgres.ts";

let chain: EmitterChain;
let postgres: TestPostgres;

beforeAll(async () => {
  [chain, postgres] = await Promise.all([startEmitterChain(), startPostgres()]);
  await chain.deposit(50);
});

afterAll(async () => {
  await chain?.close();
  await postgres?.stop();
});

describe.each(["pglite", "postgres"] as const)("on %s", (kind) => {
  test("following live ends in the same database as a backfill", async () => {
    const { directory, remove } = await temporaryDirectory();
    const at = kind === "pglite" ? { directory } : { url: postgres.url };
    const indexer = await startIndexer({
      rpc: [chain.url],
      deployment: chain.deployment,
      database: at,
      selfCheckMs: 50,
    });
    await untilAt(indexer, await chain.head());

    for (let turn = 0; turn < 4; turn++) {
      await chain.place(20, turn);
      await chain.withdraw(turn, 5n);
      await chain.mine(2);
      await chain.settle(7);
    }
    const head = await chain.head();
    await untilAt(indexer, head);
    await until(
      "the contract's own totals were compared",
      async () => (await indexer.health()).selfCheck?.block === head,
    );
    const { selfCheck, ready } = await indexer.health();
    expect(selfCheck).toMatchObject({ ok: true, houses: 1, mismatches: [] });
    expect(selfCheck!.balances).toBeGreaterThan(20);
    expect(selfCheck!.referrals).toBeGreaterThan(0);
    expect(ready).toBe(true);
    // Made at the head, since a backfill does without it.
    const made = sql`SELECT 1 AS one FROM pg_indexes WHERE indexname = 'bets_player'`;
    await until(
      "the index is there",
      async () => (await rowsOf(indexer.database.read, made)).length === 1,
    );
    const live = await dump(indexer.database);
    await indexer.stop();
    expect(live).toEqual(await freshDump(chain, postgres));
    expect(live.bets!.length).toBe(kind === "pglite" ? 80 : 160);
    await remove();
  });
});

test("sums of a player and the house are those of the contract", async () => {
  const { directory, remove } = await temporaryDirectory();
  const indexer = await startIndexer({
    rpc: [chain.url],
    deployment: chain.deployment,
    database: { directory },
  });
  await untilAt(indexer, await chain.head());
  const { abi } = await (await import("hardhat")).artifacts.readArtifact("Emitter");
  const balance = await chain.client.readContract({
    abi,
    address: chain.casino,
    functionName: "balanceOf",
    args: [playerAddress(3), 0],
  });
  const player = await get(indexer, `/api/players/${playerAddress(3)}`);
  expect(player.assets[0].balance).toBe(String(balance));

  const house = (await chain.client.readContract({
    abi,
    address: chain.casino,
    functionName: "houseOf",
    args: [0],
  })) as {
    bankroll: bigint;
    reserved: bigint;
    fees: bigint;
  };
  expect((await get(indexer, "/api/house"))[0]).toMatchObject({
    bankroll: String(house.bankroll),
    reserved: String(house.reserved),
    fees: String(house.fees),
  });
  await indexer.stop();
  await remove();
});

test("rounds, stops, relayers' fees and affiliates' parts are told and add up", async () => {
  const { directory, remove } = await temporaryDirectory();
  const indexer = await startIndexer({
    rpc: [chain.url],
    deployment: chain.deployment,
    database: { directory },
  });
  await untilAt(indexer, await chain.head());

  const { items: bets } = await get(indexer, `/api/bets?player=${playerAddress(7)}`);
  for (const bet of bets)
    expect(bet).toMatchObject({
      stake: "1000",
      rounds: 3,
      stopGain: "7777",
      stopLoss: String(2n ** 64n - 1n),
      choice: `0x1388${"0".repeat(26)}c4`,
      relayerFee: "2",
      relayed: true,
    });
  const settled = bets.filter(({ status }: { status: string }) => status === "settled");
  expect(settled.length).toBeGreaterThan(0);
  expect(settled.every(({ played }: { played: number }) => played === 2)).toBe(true);
  const { assets } = await get(indexer, `/api/players/${playerAddress(7)}`);
  expect(assets[0]).toMatchObject({
    wagered: String(2_000 * settled.length),
    relaying: String(2 * bets.length),
  });
  const { items: fees } = await get(indexer, `/api/players/0x${"fee".padStart(40, "0")}/transfers`);
  expect(fees[0]).toMatchObject({ kind: "relayerPaid", amount: "2" });
  expect(fees).toHaveLength(bets.length);

  const referred = await get(indexer, `/api/players/${playerAddress(5)}`);
  expect(referred.affiliate).toBe(`0x${"aff1".padStart(40, "0")}`);
  // A quarter of 5, rounded down, for each settled bet of 1,000 at 500 in 100,000.
  const own = (await get(indexer, `/api/bets?player=${playerAddress(5)}`)).items.filter(
    ({ status }: { status: string }) => status === "settled",
  );
  expect(referred.assets[0].accrued).toBe(String(own.length));
  expect(own.length).toBeGreaterThan(0);
  await indexer.stop();
  await remove();
});

async function get(indexer: Indexer, path: string) {
  const response = await fetch(indexer.url + path);
  expect(response.status).toBe(200);
  return JSON.parse(await response.text());
}
