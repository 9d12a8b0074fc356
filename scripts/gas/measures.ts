import {
  type Abi,
  type Hex,
  encodeFunctionData,
  hexToBigInt,
  keccak256,
  toHex,
  zeroAddress,
} from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { gameAbi, limitsAbi, sessionsAbi } from "../../sdk/abis.ts";
import { dice } from "../../sdk/games/dice.ts";
import { games } from "../../sdk/games/index.ts";
import { artifactOf } from "../artifacts.ts";
import type { Figures, GameFigures } from "../gas-budgets.ts";
import { ETHER, type Hardfork, type House, openHouse } from "./house.ts";
import { mean, sum } from "./means.ts";
import { CHOICE, type Player, type Round, type Table, openTable } from "./table.ts";

const GAME_STAKE = 10_000n;
const RELAYER_FEE = 40_000n;
/** Far above what a series here can win or lose. */
const FAR = 1n << 60n;

/** Everything but the games, on one chain. */
export async function measure(hardfork: Hardfork): Promise<Figures> {
  const house = await openHouse(hardfork);
  const table = openTable(house);
  await table.seat(51);
  const [lone] = table.players as [Player];
  await table.warmRoundSlots(lone);
  const own = await ownTransactions(table, lone);
  const carried = await orders(house, table);
  const series = await marginalRounds(house, table, lone);
  return { ...own, ...carried, ...series, ...(await aroundBets(house, table, lone)) };
}

async function ownTransactions(table: Table, lone: Player) {
  const fifty = table.players.slice(0, 50);
  const loneRounds = await table.rounds(100, [lone]);
  const fiveRounds = await table.rounds(40, table.players.slice(0, 5));
  await table.round(fifty);
  const fiftyRounds = await table.rounds(12, fifty);
  const [newcomer] = (await table.seat(1, false)) as [Player];
  const first = await table.round([lone, newcomer]);
  const perBet = (results: Round[], bets: number) =>
    mean(results.map(({ placed }) => (sum(placed) + table.fulfilment()) / bets));
  return {
    loneBetAllIn: perBet(loneRounds, 1),
    allInAt5: perBet(fiveRounds, 5),
    allInAt50: perBet(fiftyRounds, 50),
    joinedBet: mean(fiftyRounds.flatMap(({ placed }) => placed.slice(1))),
    callback: await usual(() => table.callback([lone])),
    callbackAt50: await usual(() => table.callback(fifty)),
    firstBetJoined: first.placed[1] as number,
  };
}

async function orders(house: House, table: Table) {
  await table.seat(200 - table.players.length);
  const { players } = table;
  const own = { signerOf: ({ account }: Player) => account, fee: 0n };
  const perOrder = async (count: number, relay = own) => {
    const results: Round[] = [];
    for (let i = 0; i < 4; i++) results.push(await table.relayed(players.slice(0, count), relay));
    // Before the first, another key or another kind of bet was here.
    return mean(results.slice(1).map(({ placed }) => (sum(placed) + table.fulfilment()) / count));
  };
  const relayed = {
    relayedAt10: await perOrder(10),
    relayedAt50: await perOrder(50),
    relayedAt200: await perOrder(200),
    relayedPaidAt50: await perOrder(50, { ...own, fee: RELAYER_FEE }),
  };
  const all = [];
  for (let i = 0; i < 3; i++) all.push(await table.round(players));
  const allInAt200 = mean(
    all.slice(1).map(({ placed }) => (sum(placed) + table.fulfilment()) / 200),
  );
  for (const player of players.slice(0, 50)) await openSession(house, player);
  const relayedSessionAt50 = await perOrder(50, { signerOf: sessionKey, fee: 0n });
  return { allInAt200, ...relayed, relayedSessionAt50 };
}

function sessionKey({ address }: Player): PrivateKeyAccount {
  return privateKeyToAccount(keccak256(toHex(`key of ${address}`)));
}

async function openSession(house: House, player: Player): Promise<void> {
  const { timestamp } = await house.publicClient.getBlock();
  const terms = {
    key: sessionKey(player).address,
    asset: 0,
    lane: 0,
    expiry: timestamp + 6n * 86_400n,
    maxStake: ETHER,
    lastSequence: 100_000n,
    // Bounds on games and fees would take a slot of their own.
    feeTo: zeroAddress,
    maxFee: 0n,
    games: 0n,
  };
  await house.mined(player.address, "open", [player.address, terms, "0x"], {
    to: house.sessions,
    abi: sessionsAbi,
  });
}

async function marginalRounds(house: House, table: Table, lone: Player) {
  return {
    marginalRound: await slope(house, table, lone, 0n),
    marginalRoundWithStops: await slope(house, table, lone, FAR),
  };
}

/** What a keeper's settlement of a series of dice costs more, a round. */
async function slope(house: House, table: Table, player: Player, stop: bigint): Promise<number> {
  const costs: number[] = [];
  for (const rounds of [50, 450]) {
    await table.nextEpochWhenFull();
    const { betIds, blockNumber } = await table.series([player], {
      game: dice.id,
      choice: CHOICE,
      stake: GAME_STAKE,
      rounds,
      stopGain: stop,
      stopLoss: stop,
    });
    await table.fulfil(blockNumber);
    costs.push(await house.mined(house.owner, "settle", betIds));
  }
  const [few, many] = costs as [number, number];
  return Math.round((many - few) / 400);
}

async function aroundBets(house: House, table: Table, lone: Player) {
  const { owner, casino, limits, token } = house;
  const [guarded, ...others] = table.players.slice(0, 50) as [Player, ...Player[]];
  const settled = await table.round([guarded, ...others]);
  const settleMany = await house.mined(owner, "settleMany", [settled.betIds]);

  const windows = { day: 0n, week: 0n, month: 0n };
  const terms = {
    stakes: windows,
    losses: { ...windows, day: 5n * ETHER },
    deposits: windows,
    pauseSeconds: 0n,
  };
  const limited = { to: limits, abi: limitsAbi };
  await house.mined(others[0]!.address, "setLimits", [0, terms], limited);
  const trio = [others[1]!, others[0]!, others[2]!];
  await table.rounds(2, trio);
  const compared = await table.rounds(12, trio);
  const limitsSetExtra = mean(
    compared.map(({ placed }) => (placed[1] as number) - (placed[2] as number)),
  );

  await table.rollEpoch();
  const [alone] = (await table.placed([lone])).betIds;
  const { betIds } = await table.placed(table.players.slice(10, 18));
  await house.rpc("evm_increaseTime", [86_401]);
  const voidRefund = await house.mined(owner, "refund", [alone]);
  const voidBatch = await house.mined(owner, "settleMany", [betIds]);

  const erc20 = {
    to: token,
    abi: artifactOf("contracts/local/TestToken.sol/TestToken").abi as Abi,
  };
  const { address } = lone;
  await house.mined(owner, "mint", [address, 10n ** 9n], erc20);
  await house.mined(address, "approve", [casino, 10n ** 9n], erc20);
  await house.mined(address, "deposit", [1, 10n ** 8n, address]);
  return {
    settleManyPerBetAt50: Math.round(settleMany / 50),
    voidRefund,
    voidBatchAt8: Math.round(voidBatch / 8),
    limitsSetExtra,
    depositNative: await house.mined(address, "deposit", [0, ETHER / 100n, address], {
      value: 10n ** 16n,
    }),
    withdrawNative: await house.mined(address, "withdraw", [0, ETHER / 100n, address]),
    withdrawErc20: await house.mined(address, "withdraw", [1, 10n ** 6n, address]),
  };
}

/** Each game by its own: a lone player's bets on its first choice. */
export async function measureGames(): Promise<Record<string, GameFigures>> {
  const house = await openHouse("default");
  const table = openTable(house);
  const [lone] = (await table.seat(1)) as [Player];
  await table.warmRoundSlots(lone);
  const figures: Record<string, GameFigures> = {};
  for (const { id, key, choices } of Object.values(games)) {
    const [choice] = choices() as [Hex];
    await table.rollEpoch();
    await table.round([lone], id, choice, GAME_STAKE);
    const bets: Round[] = [];
    for (let i = 0; i < 4; i++) bets.push(await table.round([lone], id, choice, GAME_STAKE));
    const place = mean(bets.flatMap(({ placed }) => placed));
    const settles: number[] = [];
    for (let i = 0; i < 4; i++) {
      const { betIds } = await table.round([lone], id, choice, GAME_STAKE);
      settles.push(await house.mined(house.owner, "settle", betIds));
    }
    const [few, many] = [
      await roundsOf(house, id, choice, 257n),
      await roundsOf(house, id, choice, 769n),
    ];
    const marginalRound = Math.round((many - few) / 512);
    figures[key] = {
      place,
      settle: mean(settles),
      marginalRound,
      allIn: place + table.fulfilment(),
    };
  }
  return figures;
}

/** The gas of a game's own series under always the same seed: what rounds cost differs with what they draw. */
async function roundsOf(
  { publicClient, owner, rulesOf }: House,
  game: number,
  choice: Hex,
  rounds: bigint,
): Promise<number> {
  const data = encodeFunctionData({
    abi: gameAbi,
    functionName: "payouts",
    args: [GAME_STAKE, choice, hexToBigInt(keccak256("0x01")), rounds, 0n, 0n],
  });
  return Number(await publicClient.estimateGas({ account: owner, to: rulesOf(game), data }));
}

/** The median of five: where a round's first slot is taken, another probe adds 2.3k. */
async function usual(cost: () => Promise<number>): Promise<number> {
  const costs: number[] = [];
  for (let i = 0; i < 5; i++) costs.push(await cost());
  return costs.toSorted((a, b) => a - b)[2] as number;
}
