import { type Account, parseAbi, parseEventLogs } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Indexer, startIndexer } from "../indexer/main.ts";
import { referrals } from "../indexer/schema.ts";
import { casinoAbi } from "../sdk/abis.ts";
import { claimReferral } from "../sdk/actions/claim-referral.ts";
import { send } from "../sdk/actions/clients.ts";
import { deposit } from "../sdk/actions/deposit.ts";
import { openSession } from "../sdk/actions/open-session.ts";
import { placeBet } from "../sdk/actions/place-bet.ts";
import { placeMany } from "../sdk/actions/place-many.ts";
import { readBalance } from "../sdk/actions/read-balance.ts";
import { readHouse } from "../sdk/actions/read-house.ts";
import { refund } from "../sdk/actions/refund.ts";
import { revokeSessions } from "../sdk/actions/revoke-sessions.ts";
import { setLimits } from "../sdk/actions/set-limits.ts";
import { settleMany } from "../sdk/actions/settle-many.ts";
import { withdraw } from "../sdk/actions/withdraw.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { coinFlip } from "../sdk/games/coin-flip.ts";
import { dice } from "../sdk/games/dice.ts";
import { decodeLane, seedOf } from "../sdk/layout.ts";
import { signOrder } from "../sdk/orders.ts";
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

test("orders, sessions, limits, affiliates and several rounds are told as the contract has them", async () => {
  const stopOracle = startOracle(chain, deployment);
  const [player, affiliate, key, relayer] = [10, 11, 12, 8].map(
    (account) => chain.wallet(account).account,
  ) as [Account, Account, Account, Account];
  await deposit(chain.clients(10), {
    deployment,
    asset: 0,
    amount: 10n ** 10n,
    affiliate: affiliate.address,
  });
  const now = Number((await chain.client.getBlock()).timestamp);
  const terms = {
    key: key.address,
    asset: 0,
    lane: 1,
    expiry: BigInt(now + 86_400),
    maxStake: 10n * STAKE,
    lastSequence: 9n,
    feeTo: relayer.address,
    maxFee: 64n,
    games: 0n,
  };
  await openSession(chain.clients(10), { deployment, player: player.address, terms });
  const orderOf = (sequence: bigint) => ({
    player: player.address,
    asset: 0,
    lane: 1,
    sequence,
    game: 2,
    stake: STAKE,
    choice: dice.encode({ target: 5_000, over: false }),
    rounds: 3,
    stopGain: STAKE,
    stopLoss: 0n,
    fee: 50n,
    deadline: BigInt(now + 3_600),
  });
  const signed = (sequence: bigint) =>
    signOrder(chain.wallet(12), { deployment, order: orderOf(sequence) });
  const carried = await placeMany(chain.clients(8), {
    deployment,
    orders: [await signed(1n), await signed(7n)],
    feeTo: relayer.address,
  });
  const [betId] = carried.placed as [bigint];
  await until("the word is in", async () => (await get(`/api/bets/${betId}`)).status === "drawn");
  // Settles the first one on the way: there is no `BetSettled` for it.
  const again = await placeMany(chain.clients(8), {
    deployment,
    orders: [await signed(2n)],
    feeTo: relayer.address,
  });
  await setLimits(chain.clients(10), {
    deployment,
    asset: 0,
    terms: {
      stakes: { day: 1_000n * STAKE, week: 0n, month: 0n },
      losses: { day: 0n, week: 0n, month: 0n },
      deposits: { day: 0n, week: 0n, month: 0n },
      pauseSeconds: 0n,
    },
  });
  await revokeSessions(chain.clients(10), { deployment, lanes: [{ asset: 0, lane: 1 }] });
  await until("all words are in", async () => {
    return (await get(`/api/bets/${again.placed[0]}`)).status === "drawn";
  });
  await stopOracle();
  await agreed();
  const before = await get(`/api/players/${player.address}`);
  await claimReferral(chain.clients(8), { deployment, player: player.address, asset: 0 });
  await agreed();

  const bet = await get(`/api/bets/${betId}`);
  expect(bet).toMatchObject({
    status: "settled",
    lane: 1,
    stake: String(STAKE),
    rounds: 3,
    stopGain: String(STAKE),
    stopLoss: "0",
    relayerFee: "50",
    relayed: true,
    settledTx: again.hash,
  });
  const { word } = bet;
  const seed = seedOf({
    word: BigInt(word),
    chainId: deployment.chainId,
    casino: deployment.casino,
    betId,
  });
  const { paid, played } = dice.payouts({
    stake: STAKE,
    choice: bet.choice,
    seed,
    rounds: 3,
    stopGain: STAKE,
    stopLoss: 0n,
  });
  expect(bet.played).toBe(played);
  expect(BigInt(bet.payout)).toBe(paid + BigInt(3 - played) * STAKE);

  const fee = (STAKE * BigInt(played) * BigInt(bet.feeRate)) / 100_000n;
  const part = String((fee * 2_500n) / 10_000n);
  expect(before.affiliate).toBe(affiliate.address.toLowerCase());
  expect(before.assets[0]).toMatchObject({
    accrued: part,
    relaying: "100",
    atRisk: String(3n * STAKE),
    wagered: String(BigInt(played) * STAKE),
    paid: String(paid),
  });
  const after = await get(`/api/players/${player.address}`);
  expect(after.assets[0].accrued).toBe("0");
  const moves = async (account: Account) =>
    (await get(`/api/players/${account.address}/transfers`)).items.map(
      ({ kind, amount }: { kind: string; amount: string }) => [kind, amount],
    );
  expect(await moves(affiliate)).toEqual([["referralClaimed", part]]);
  expect(await moves(relayer)).toEqual([
    ["relayerPaid", "50"],
    ["relayerPaid", "50"],
  ]);
  const { items } = await get(`/api/players/${player.address}/events`);
  expect(items.map(({ name }: { name: string }) => name)).toEqual([
    "SessionRevoked",
    "PlayerGuarded",
    "LimitsSet",
    "OrderSkipped",
    "SessionOpened",
  ]);
  expect(items[4].args.terms).toMatchObject({ key: key.address, maxFee: "64" });
});

test("an affiliate shares in an asset from a deposit to an account that is all zero", async () => {
  const affiliate = chain.wallet(11).account.address;
  const { token } = deployment.assets[1]!;
  for (const account of [13, 14]) {
    const { address } = chain.wallet(account).account;
    const mint = { address: token, abi: parseAbi(["function mint(address to, uint256 amount)"]) };
    await send(chain.clients(8), { ...mint, functionName: "mint", args: [address, 10n ** 12n] });
  }
  const tokens = (account: number, amount: bigint) =>
    deposit(chain.clients(account), { deployment, asset: 1, amount });
  // Both have tokens before they have an affiliate; one takes all of them out again.
  await tokens(13, 10n ** 9n);
  await tokens(14, 10n ** 9n);
  await withdraw(chain.clients(14), { deployment, asset: 1, amount: 10n ** 9n });
  for (const account of [13, 14])
    await deposit(chain.clients(account), { deployment, asset: 0, amount: 10n ** 9n, affiliate });
  await tokens(13, 10n ** 9n);
  await tokens(14, 10n ** 9n);

  const referred: boolean[] = [];
  for (const account of [13, 14]) {
    const choice = coinFlip.encode({ side: "heads" });
    const wager = { deployment, asset: 1, lane: 0, game: 1, stake: STAKE, choice };
    const { hash } = await placeBet(chain.clients(account), wager);
    const { logs } = await chain.client.getTransactionReceipt({ hash });
    const [placed] = parseEventLogs({ abi: casinoAbi, eventName: "BetPlaced", logs });
    referred.push(decodeLane(placed!.args.bet).referred);
  }
  // As the contract says; a database that has it otherwise does not get past these bets.
  expect(referred).toEqual([false, true]);
  await agreed();
  const rows = await indexer.database.read.select().from(referrals);
  const assetsOf = (account: number) =>
    rows
      .filter(({ player }) => `0x${player}` === chain.wallet(account).account.address.toLowerCase())
      .map(({ asset }) => asset)
      .toSorted();
  expect([assetsOf(13), assetsOf(14)]).toEqual([[0], [0, 1]]);
});
