/** Kills each part of a running house in mid-bet: bets end once, and the database is as if nothing had happened. */
import { join } from "node:path";
import { type PublicClient, createPublicClient, http } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startIndexer } from "../indexer/main.ts";
import { connect, readDeployment, walletOf } from "../scripts/connection.ts";
import { localAccount } from "../scripts/local.ts";
import { houseParts, localUrl, mineEvery, selectParts } from "../scripts/start.ts";
import { type House, supervise } from "../scripts/supervisor.ts";
import { coordinatorAbi } from "../sdk/abis.ts";
import { deposit } from "../sdk/actions/deposit.ts";
import { placeBet } from "../sdk/actions/place-bet.ts";
import { readBalance } from "../sdk/actions/read-balance.ts";
import { readBet } from "../sdk/actions/read-bet.ts";
import { readHead } from "../sdk/actions/read-head.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { coinFlip } from "../sdk/games/coin-flip.ts";
import { dice } from "../sdk/games/dice.ts";
import { verifyBet } from "../sdk/verify.ts";
import { scratchFolder } from "./browser.ts";

const PLAYERS = [6, 7, 8];
const DEPOSIT = 1_000_000_000n;
const STAKE = 1_000_000n;
const BLOCK_MS = 200;
const WAGERS = [
  { game: coinFlip.id, choice: coinFlip.encode({ side: "heads" }) },
  { game: dice.id, choice: dice.encode({ target: 9_000, over: false }) },
];

const folder = scratchFolder("kills");
const lines: string[] = [];
let house: House;
let client: PublicClient;
let deployment: Deployment;
let rpcUrl: string;
let apiUrl: string;

beforeAll(async () => {
  [rpcUrl, apiUrl] = [await localUrl(21_545), await localUrl(21_646)];
  const parts = houseParts({ appUrl: "http://127.0.0.1:1", rpcUrl, apiUrl, data: folder.path }, 1);
  house = supervise({
    parts: selectParts(parts, ["chain", "deploy", "oracle", "keeper", "indexer"]),
    print: (line) => lines.push(line),
  });
  await house.ready;
  await mineEvery(BLOCK_MS, rpcUrl);
  client = await connect(rpcUrl);
  deployment = readDeployment(join(folder.path, "31337.json"));
  await Promise.all(
    PLAYERS.map((player) =>
      deposit(clientsOf(player), { deployment, asset: 0, amount: DEPOSIT, to: addressOf(player) }),
    ),
  );
});

afterAll(async () => {
  await house?.stop();
  folder.remove();
});

test.for(["oracle", "keeper", "indexer"])(
  "the %s, killed at any moment of a bet, loses and doubles nothing",
  async (victim) => {
    const betIds: bigint[] = [];
    // Before the bet, in the block of the request, about when the proof is sent, and when the keeper settles.
    for (const [turn, delay] of [0, 1, 2, 4, 8].entries()) {
      const before = house.pid(victim);
      const placing = Promise.all(
        PLAYERS.map((player, index) =>
          placeBet(clientsOf(player), {
            deployment,
            asset: 0,
            lane: 0,
            stake: STAKE,
            ...WAGERS[(turn + index) % 2]!,
          }),
        ),
      );
      const killing = pause(delay * BLOCK_MS).then(() => kill(victim));
      const placed = await placing;
      await killing;
      betIds.push(...placed.map(({ betId }) => betId));
      await expect.poll(() => house.pid(victim), { timeout: 30_000 }).not.toBe(before);
      for (const { betId } of placed) {
        await expect
          .poll(() => readBet(client, { deployment, betId }), { timeout: 60_000, interval: 100 })
          .toBeUndefined();
      }
    }

    for (const betId of betIds) {
      expect(await verifyBet(client, { deployment, betId })).toMatchObject({ verdict: "valid" });
    }
  },
);

test("each request was fulfilled once, and balances are what the rules make of the words", async () => {
  const { rounds } = await readHead(client, { deployment });
  const fulfilled = await client.getContractEvents({
    address: deployment.randomness.coordinator,
    abi: coordinatorAbi,
    eventName: "RandomWordsFulfilled",
    fromBlock: 0n,
  });
  expect(fulfilled.map(({ args }) => args.success)).toEqual(
    Array.from({ length: Number(rounds) }, () => true),
  );
  expect(new Set(fulfilled.map(({ args }) => args.requestId)).size).toBe(fulfilled.length);

  await expect.poll(() => answers(`${apiUrl}/readyz`), { timeout: 30_000 }).toBe(true);
  for (const player of PLAYERS) {
    const { items } = (await api(apiUrl, `bets?player=${addressOf(player)}&limit=100`)) as {
      items: { stake: string; payout: string }[];
    };
    expect(items).toHaveLength(15);
    const net = items.reduce((sum, bet) => sum + BigInt(bet.payout) - BigInt(bet.stake), 0n);
    expect(await readBalance(client, { deployment, player: addressOf(player), asset: 0 })).toBe(
      DEPOSIT + net,
    );
  }
});

test("the database is that of an indexer which nobody killed", async () => {
  const undisturbed = await startIndexer({
    rpc: [rpcUrl],
    deployment,
    database: { directory: join(folder.path, "undisturbed") },
    host: "127.0.0.1",
    port: 0,
    origins: ["*"],
    log: () => {},
  });
  try {
    await expect.poll(() => answers(`${undisturbed.url}/readyz`), { timeout: 30_000 }).toBe(true);
    const paths = [
      "bets?limit=100",
      "rounds?limit=100",
      "house",
      ...PLAYERS.flatMap((player) => [
        `players/${addressOf(player)}`,
        `players/${addressOf(player)}/transfers`,
      ]),
    ];
    for (const path of paths) {
      const expected = await api(undisturbed.url, path);
      await expect.poll(() => api(apiUrl, path), { timeout: 10_000 }).toEqual(expected);
    }
  } finally {
    await undisturbed.stop();
  }
});

function addressOf(player: number) {
  return localAccount(player).address;
}

function clientsOf(player: number) {
  const publicClient = createPublicClient({
    chain: client.chain,
    transport: http(rpcUrl),
    pollingInterval: 50,
  }) as PublicClient;
  return { publicClient, walletClient: walletOf(client, localAccount(player)) };
}

function kill(victim: string): void {
  const pid = house.pid(victim);
  if (pid === undefined)
    throw new Error(`the ${victim} does not run:\n${lines.slice(-20).join("\n")}`);
  process.kill(pid, "SIGKILL");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function api(url: string, path: string): Promise<unknown> {
  const response = await fetch(`${url}/api/${path}`);
  expect(response.status).toBe(200);
  return response.json();
}

/** Whether a part is ready; one that was just killed is not. */
async function answers(url: string): Promise<boolean> {
  const response = await fetch(url).catch((error: unknown) => {
    if (error instanceof TypeError) return undefined;
    throw error;
  });
  return response?.ok ?? false;
}
