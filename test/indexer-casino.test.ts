import { afterAll, beforeAll, expect, test } from "vitest";
import { type Indexer, startIndexer } from "../indexer/main.ts";
import { deposit } from "../sdk/actions/deposit.ts";
import { placeBet } from "../sdk/actions/place-bet.ts";
import { readBalance } from "../sdk/actions/read-balance.ts";
import { readHouse } from "../sdk/actions/read-house.ts";
import { refund } from "../sdk/actions/refund.ts";
import { settleMany } from "../sdk/actions/settle-many.ts";
import { withdraw } from "../sdk/actions/withdraw.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { coinFlip } from "../sdk/games/coin-flip.ts";
import { dice } from "../sdk/games/dice.ts";
import { seedOf } from "../sdk/layout.ts";
import { type TestChain, deployLocalHouse, startChain, startOracle } from "./local-house.ts";
import { until } from "./support/indexing.ts";
import { serveProvider } from "./support/serve-provider.ts";
import { temporaryDirectory } from "./support/indexing.ts";

const PLAYERS = [5, 6, 7];
const STAKE = 10n ** 7n;

let chain: TestChain;
let deployment: Deployment;
let server: Awaited<ReturnType<typeof serveProvider>>;
let indexer: Indexer;
let remove: () => Promise<void>;

beforeAll(async () => {
  chain = await startChain();
  deployment = await deployLocalHouse(chain);
  server = await serveProvider(chain.request);
  const temporary = await temporaryDirectory();
  remove = temporary.remove;
  indexer = await startIndexer({
    rpc: [server.url],
    deployment,
    database: { directory: temporary.directory },
    pollMs: 30,
    selfCheckMs: 30,
  });
});

afterAll(async () => {
  await indexer?.stop();
  await server?.close();
  await remove?.();
});

async function get(path: string) {
  return JSON.parse(await (await fetch(indexer.url + path)).text());
}

/** Waits until the head is read and the contract's own totals agree with the database. */
async function agreed(): Promise<void> {
  const head = Number(await chain.client.getBlockNumber({ cacheTime: 0 }));
  await until("database and contract agree", async () => {
    const { selfCheck, problem, indexed } = await indexer.health();
    if (problem !== null) throw new Error(problem);
    if (selfCheck && !selfCheck.ok) throw new Error(JSON.stringify(selfCheck));
    return indexed === head && selfCheck?.block === head;
  });
}

test("a real house with real proofs is told as the contract has it", async () => {
  const stopOracle = startOracle(chain, deployment);
  for (const player of PLAYERS)
    await deposit(chain.clients(player), { deployment, asset: 0, amount: 10n ** 10n });
  const betIds: bigint[] = [];
  for (const [turn, player] of [...PLAYERS, ...PLAYERS].entries()) {
    const lane = turn < PLAYERS.length ? 0 : 3;
    const choice =
      turn % 2 === 0
        ? coinFlip.encode({ side: "heads" })
        : dice.encode({ target: 5_000, over: false });
    const { betId } = await placeBet(chain.clients(player), {
      deployment,
      asset: 0,
      lane,
      game: turn % 2 === 0 ? 1 : 2,
      stake: STAKE + BigInt(turn),
      choice,
    });
    betIds.push(betId);
  }
  await until("all words are in", async () => {
    const { items } = await get("/api/bets");
    return (
      items.length === betIds.length &&
      items.every(({ status }: { status: string }) => status === "drawn")
    );
  });
  await stopOracle();
  await settleMany(chain.clients(8), { deployment, betIds: betIds.slice(0, 4) });
  await withdraw(chain.clients(5), { deployment, asset: 0, amount: 1_000n });
  await agreed();

  for (const betId of betIds) {
    const bet = await get(`/api/bets/${betId}`);
    const settled = betIds.indexOf(betId) < 4;
    expect(bet.status).toBe(settled ? "settled" : "drawn");
    const seed = seedOf({
      word: BigInt(bet.word),
      chainId: deployment.chainId,
      casino: deployment.casino,
      betId,
    });
    const game = bet.game === 1 ? coinFlip : dice;
    const payout = game.payout({ stake: BigInt(bet.stake), choice: bet.choice, seed });
    expect(bet.payout).toBe(settled ? String(payout) : undefined);
  }
  const { assets } = await get(`/api/players/${chain.wallet(5).account.address}`);
  const balance = await readBalance(chain.client, {
    deployment,
    player: chain.wallet(5).account.address,
    asset: 0,
  });
  expect(assets[0]).toMatchObject({
    balance: String(balance),
    deposited: String(10n ** 10n),
    withdrawn: "1000",
    bets: 2,
  });
  const [house] = await get("/api/house");
  const onChain = await readHouse(chain.client, { deployment, asset: 0 });
  expect(house).toMatchObject({
    bankroll: String(onChain.bankroll),
    reserved: String(onChain.reserved),
    fees: String(onChain.fees),
    open: 2,
  });
});

test("a bet without a word is void after its deadline, and then refunded", async () => {
  const player = chain.clients(9);
  await deposit(player, { deployment, asset: 0, amount: 10n ** 10n });
  const choice = coinFlip.encode({ side: "tails" });
  const { betId } = await placeBet(player, {
    deployment,
    asset: 0,
    lane: 0,
    game: 1,
    stake: STAKE,
    choice,
  });
  await agreed();
  expect((await get(`/api/bets/${betId}`)).status).toBe("pending");
  await chain.pass(86_402);
  await agreed();
  expect((await get(`/api/bets/${betId}`)).status).toBe("void");
  await refund(player, { deployment, betId });
  await agreed();
  expect(await get(`/api/bets/${betId}`)).toMatchObject({
    status: "refunded",
    payout: String(STAKE),
  });
});
