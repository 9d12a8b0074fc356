import { HttpRequestError } from "viem";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type KeeperOptions, runKeeper } from "../scripts/keeper.ts";
import { deposit } from "../sdk/actions/deposit.ts";
import { placeBet } from "../sdk/actions/place-bet.ts";
import { readBet } from "../sdk/actions/read-bet.ts";
import { readHead } from "../sdk/actions/read-head.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { coinFlip } from "../sdk/games/coin-flip.ts";
import { collectEvidence } from "../sdk/verify.ts";
import { type TestChain, deployLocalHouse, startChain, startOracle } from "./local-house.ts";

const PLAYER = 5;

let chain: TestChain;
let deployment: Deployment;
let running: (() => Promise<void>)[];

beforeEach(async () => {
  chain = await startChain();
  deployment = await deployLocalHouse(chain, { games: 1 });
  await deposit(chain.clients(PLAYER), { deployment, asset: 0, amount: 10n ** 10n });
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((stop) => stop()));
});

describe("the keeper", () => {
  it("settles drawn bets in batches, those from before it started too", async () => {
    running.push(startOracle(chain, deployment));
    const betIds = await place(60);
    startKeeper();
    await until(async () => (await openOf(betIds)).length === 0);

    for (const betId of betIds.slice(0, 3)) {
      expect((await collectEvidence(chain.client, { deployment, betId })).settled).toBeDefined();
    }
    expect(await transactionsOf("keeper")).toBeLessThan(20);
  });

  it("refunds bets whose word never came", async () => {
    const betIds = await place(2);
    await chain.pass(86_402);
    startKeeper();
    await until(async () => (await openOf(betIds)).length === 0);

    expect(
      (await collectEvidence(chain.client, { deployment, betId: betIds[0]! })).refunded?.stake,
    ).toBe(10n ** 6n);
  });

  it("leaves a bet alone while it is pending, and while its grace lasts", async () => {
    const betIds = await place(1);
    startKeeper({ graceSeconds: 3_600 });
    await sleep(300);
    running.push(startOracle(chain, deployment));
    await until(
      async () =>
        (await readBet(chain.client, { deployment, betId: betIds[0]! }))?.round.state === "drawn",
    );
    await sleep(300);
    expect(await openOf(betIds)).toEqual(betIds);

    await chain.pass(3_601);
    await until(async () => (await openOf(betIds)).length === 0);
  });

  it("outlives an outage of its node and does the work afterwards", async () => {
    running.push(startOracle(chain, deployment));
    const betIds = await place(2);
    const said: string[] = [];
    let down = true;
    const getBlock = async () => {
      if (down) throw new HttpRequestError({ url: "http://node.example" });
      return chain.client.getBlock();
    };
    const publicClient = { ...chain.client, getBlock } as TestChain["client"];
    startKeeper({ publicClient, log: (sentence) => said.push(sentence) });
    await sleep(300);
    expect(await openOf(betIds)).toEqual(betIds);
    down = false;
    await until(async () => (await openOf(betIds)).length === 0);

    expect(
      said.filter((sentence) => sentence === "The node does not answer. Trying again."),
    ).toHaveLength(1);
    expect(said).toContain("All is well again.");
  });

  it("does no harm when two of them run", async () => {
    running.push(startOracle(chain, deployment));
    startKeeper();
    startKeeper({ walletClient: chain.wallet(9) });
    const betIds = await place(20);
    await until(async () => (await openOf(betIds)).length === 0);
    await chain.pass(601);
    const { epoch } = await readHead(chain.client, { deployment });
    await until(async () => (await readHead(chain.client, { deployment })).epoch > epoch);

    for (const betId of betIds) {
      const ended = await chain.client.getLogs({
        address: deployment.casino,
        event: {
          type: "event",
          name: "BetSettled",
          inputs: [
            { type: "uint256", name: "betId", indexed: true },
            { type: "uint256", name: "payout" },
          ],
        },
        args: { betId },
        fromBlock: 0n,
      });
      expect(ended).toHaveLength(1);
    }
  });

  it("rolls epochs, and closes them once their bets are resolved", async () => {
    const betIds = await place(1);
    const { epoch } = await readHead(chain.client, { deployment });
    startKeeper();
    await chain.pass(601);
    await until(async () => (await readHead(chain.client, { deployment })).epoch === epoch + 1n);
    await chain.pass(601);
    await sleep(400);
    // The bet of the closing epoch is pending, so the next one cannot begin.
    expect((await readHead(chain.client, { deployment })).epoch).toBe(epoch + 1n);
    running.push(startOracle(chain, deployment));
    await until(async () => (await openOf(betIds)).length === 0);
    await until(async () => (await readHead(chain.client, { deployment })).epoch === epoch + 2n);
  });
});

function startKeeper(options: Partial<KeeperOptions> = {}): void {
  const abort = new AbortController();
  const done = runKeeper({
    ...chain.clients("keeper"),
    deployment,
    signal: abort.signal,
    log: () => {},
    graceSeconds: 0,
    pollMs: 50,
    ...options,
  });
  running.push(async () => {
    abort.abort();
    await done;
  });
}

async function place(count: number): Promise<bigint[]> {
  const betIds: bigint[] = [];
  for (let lane = 0; lane < count; lane++) {
    const { betId } = await placeBet(chain.clients(PLAYER), {
      deployment,
      asset: 0,
      lane,
      game: coinFlip.id,
      stake: 10n ** 6n,
      choice: coinFlip.encode({ side: "tails" }),
    });
    betIds.push(betId);
  }
  return betIds;
}

async function openOf(betIds: bigint[]): Promise<bigint[]> {
  const bets = await Promise.all(
    betIds.map((betId) => readBet(chain.client, { deployment, betId })),
  );
  return betIds.filter((_, index) => bets[index] !== undefined);
}

function transactionsOf(role: "keeper"): Promise<number> {
  return chain.client.getTransactionCount({ address: chain.wallet(role).account.address });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error("It did not happen");
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
