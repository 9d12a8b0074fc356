/**
 * Measures the gas of every step of a bet with the real coordinator and real proofs, in the steady state: players who
 * have bet before, round slots that were used before. `--json` prints one object; else a table beside the budgets.
 *
 * All-in is the bet's transaction, which settles the lane's previous bet, and its share of the fulfilment.
 */
import hre from "hardhat";
import {
  type Abi,
  type Address,
  type Hex,
  encodeFunctionData,
  getContractAddress,
  hexToBigInt,
  keccak256,
  numberToHex,
  parseEventLogs,
  toHex,
  zeroAddress,
} from "viem";
import { bankrollAbi, casinoAbi, coordinatorAbi } from "../sdk/abis.ts";
import { coinFlip } from "../sdk/games/coin-flip.ts";
import { dice } from "../sdk/games/dice.ts";
import { encodeFulfilment, prove } from "../sdk/vrf.ts";
import { artifactOf } from "./artifacts.ts";
import { deployCoordinator } from "./chainlink.ts";
import { BUDGETS } from "./gas-budgets.ts";

type Figures = Record<keyof typeof BUDGETS, number>;

const SECRET_KEY: Hex = `0x${"11".repeat(32)}`;
const GAS_LANE = 30_000_000_000n;
const GAS_PRICE = 2_000_000_000n;
/** One slot in nine is taken at the most: a round seldom needs a second probe. */
const ROUND_SLOTS = 128n;
const ROUNDS_PER_EPOCH = 7;
const EPOCH_SECONDS = 3_600n;
const ETHER = 1_000_000_000n;
const BANKROLL = 2_000n * ETHER;
const STAKE = ETHER / 1000n;
const CHOICE = dice.encode({ target: 5000, over: false });

async function measure(hardfork: "default" | "amsterdam"): Promise<Figures> {
  const connection = await hre.network.create(hardfork);
  const { provider } = connection;
  const [deployer] = await connection.viem.getWalletClients();
  const publicClient = await connection.viem.getPublicClient();
  if (deployer === undefined) throw new Error("the chain has no accounts");
  const owner = deployer.account.address;
  let roundsSinceRoll = 0;
  // A proof costs what its hash-to-curve takes: the mean is of all in the run, whatever their rounds held.
  const fulfilments: number[] = [];
  const rpc = (method: string, params: unknown[] = []) => provider.request({ method, params });

  const chainlink = await deployCoordinator({
    walletClient: deployer,
    publicClient,
    provingKey: SECRET_KEY,
    laneMaxGasPriceWei: GAS_LANE,
  });
  const authority = await create(
    "@openzeppelin/contracts/access/manager/AccessManager.sol/AccessManager",
    [owner],
  );
  const casino = await create("contracts/Casino.sol/Casino", [
    authority,
    zeroAddress,
    ROUND_SLOTS,
    EPOCH_SECONDS,
    chainlink.coordinator,
    chainlink.keyHash,
    0,
    10n ** 16n,
  ]);
  const token = await create("contracts/local/TestToken.sol/TestToken", []);
  const bankrolls: Address[] = [];
  for (const [asset, address] of [zeroAddress, token].entries()) {
    const bankroll = await create("contracts/Bankroll.sol/Bankroll", [
      casino,
      asset,
      "Shares",
      "SHARE",
    ]);
    await govern("listAsset", [address, bankroll]);
    bankrolls.push(bankroll);
  }
  for (const game of ["CoinFlip", "Dice"]) {
    await govern("listGame", [await create(`contracts/games/${game}.sol/${game}`, [])]);
  }
  const terms = {
    minStake: 1_000n,
    maxStake: 100n * ETHER,
    stipend: 100_000n,
    kellyBps: 5_000n,
    capBps: 1_000n,
    shareBps: 2_000n,
    roundGas: 1_000n,
    gameCapBps: 3_000n,
    lossBps: 1_000n,
  };
  for (const game of [coinFlip.id, dice.id]) await govern("setTerms", [game, 0, terms]);
  const [, , subscription] = await publicClient.readContract({
    address: casino,
    abi: casinoAbi,
    functionName: "source",
  });
  await send(owner, chainlink.coordinator, {
    data: encodeFunctionData({
      abi: coordinatorAbi,
      functionName: "fundSubscriptionWithNative",
      args: [subscription],
    }),
    value: 10n ** 21n,
  });
  // Young games count every bet in their book: 30 days later they are grown.
  await rpc("evm_increaseTime", [31 * 86_400]);
  await invest(BANKROLL);
  await rpc("evm_setAutomine", [false]);

  const players = await Promise.all(Array.from({ length: 52 }, (_, index) => newPlayer(index)));
  const newcomer = players.pop() as Address;
  const [lone] = players as [Address];

  await warmRoundSlots();
  const loneRounds = await rounds(100, [lone]);
  const fiveRounds = await rounds(40, players.slice(0, 5));
  await round(players.slice(0, 50));
  const fiftyRounds = await rounds(12, players.slice(0, 50));
  const perBet = (results: Round[], bets: number) =>
    mean(results.map(({ placed }) => (sum(placed) + mean(fulfilments)) / bets));

  const first = await round([lone, newcomer]);
  const callback = await usualCallback([lone]);
  const callbackAt50 = await usualCallback(players.slice(0, 50));
  const settled = await round(players.slice(0, 50));
  const settleMany = await mined(owner, "settleMany", [settled.betIds]);
  await nextEpochWhenFull();
  const [pending] = await placeAll([lone]);
  if (pending === undefined) throw new Error("no bet was placed");
  await rpc("evm_increaseTime", [86_401]);
  const voidRefund = await mined(owner, "refund", [pending.betId]);
  const withdrawNative = await mined(lone, "withdraw", [0, ETHER / 100n, lone]);
  await mineCall(
    owner,
    token,
    encodeFunctionData({ abi: tokenAbi(), functionName: "mint", args: [lone, 10n ** 9n] }),
  );
  await mineCall(
    lone,
    token,
    encodeFunctionData({ abi: tokenAbi(), functionName: "approve", args: [casino, 10n ** 9n] }),
  );
  await mined(lone, "deposit", [1, 10n ** 8n, lone]);
  const withdrawErc20 = await mined(lone, "withdraw", [1, 10n ** 6n, lone]);

  return {
    loneBetAllIn: perBet(loneRounds, 1),
    allInAt5: perBet(fiveRounds, 5),
    allInAt50: perBet(fiftyRounds, 50),
    joinedBet: mean(fiftyRounds.flatMap(({ placed }) => placed.slice(1))),
    callback,
    callbackAt50,
    settleManyPerBetAt50: Math.round(settleMany / 50),
    voidRefund,
    withdrawNative,
    withdrawErc20,
    firstBetJoined: first.placed[1] as number,
  };

  type Round = { placed: number[]; betIds: bigint[] };

  function tokenAbi(): Abi {
    return artifactOf("contracts/local/TestToken.sol/TestToken").abi;
  }

  async function create(name: string, args: readonly unknown[]): Promise<Address> {
    const { abi, bytecode } = artifactOf(name);
    const nonce = await publicClient.getTransactionCount({ address: owner });
    await deployer?.deployContract({ abi, bytecode, args });
    return getContractAddress({ from: owner, nonce: BigInt(nonce) });
  }

  async function govern(functionName: string, args: readonly unknown[]): Promise<void> {
    await send(owner, casino, {
      data: encodeFunctionData({ abi: casinoAbi as Abi, functionName, args }),
    });
  }

  /** Deposits with the bankroll of asset 0: requested, priced when the epoch closes. */
  async function invest(units: bigint): Promise<void> {
    const value = units * 10n ** 9n;
    const data = encodeFunctionData({
      abi: bankrollAbi,
      functionName: "requestDeposit",
      args: [value, owner, owner],
    });
    await send(owner, bankrolls[0] as Address, { data, value });
    await rpc("evm_increaseTime", [Number(EPOCH_SECONDS)]);
    await govern("rollEpoch", []);
    await closeEpochs();
  }

  async function closeEpochs(): Promise<void> {
    const data = encodeFunctionData({ abi: bankrollAbi, functionName: "close" });
    for (const bankroll of bankrolls) await send(owner, bankroll, { data });
  }

  async function send(
    from: Address,
    to: Address,
    call: { data: Hex; value?: bigint; gas?: bigint },
  ): Promise<Hex> {
    const value = numberToHex(call.value ?? 0n);
    const gas = numberToHex(call.gas ?? 5_000_000n);
    const fees = { maxFeePerGas: numberToHex(GAS_PRICE), maxPriorityFeePerGas: numberToHex(1n) };
    return (await rpc("eth_sendTransaction", [
      { from, to, data: call.data, value, gas, ...fees },
    ])) as Hex;
  }

  async function mine(hashes: Hex[]) {
    await rpc("evm_mine");
    const receipts = await Promise.all(
      hashes.map((hash) => publicClient.getTransactionReceipt({ hash })),
    );
    for (const { status, transactionHash, blockNumber } of receipts) {
      if (status !== "success") throw new Error(`transaction ${transactionHash} failed`);
      if (blockNumber !== receipts[0]?.blockNumber)
        throw new Error("the transactions did not share a block");
    }
    return receipts;
  }

  async function mineCall(from: Address, to: Address, data: Hex): Promise<number> {
    const [receipt] = await mine([await send(from, to, { data })]);
    return Number(receipt?.gasUsed);
  }

  async function mined(
    from: Address,
    functionName: string,
    args: readonly unknown[],
  ): Promise<number> {
    const data = encodeFunctionData({ abi: casinoAbi as Abi, functionName, args });
    const [receipt] = await mine([await send(from, casino, { data, gas: 16_000_000n })]);
    return Number(receipt?.gasUsed);
  }

  async function newPlayer(index: number): Promise<Address> {
    const player: Address = `0x${keccak256(toHex(`player ${index}`)).slice(-40)}`;
    await rpc("hardhat_setBalance", [player, numberToHex(10n ** 20n)]);
    await rpc("hardhat_impersonateAccount", [player]);
    const args = [0, 10n * ETHER, player] as const;
    const data = encodeFunctionData({ abi: casinoAbi, functionName: "deposit", args });
    await mine([await send(player, casino, { data, value: 10n ** 19n })]);
    return player;
  }

  async function placeAll(from: Address[]) {
    const data = encodeFunctionData({
      abi: casinoAbi,
      functionName: "place",
      args: [0, 0, dice.id, STAKE, CHOICE],
    });
    const receipts = await mine(
      await Promise.all(from.map((player) => send(player, casino, { data, gas: 600_000n }))),
    );
    return receipts.map((receipt) => {
      const [placed] = parseEventLogs({
        abi: casinoAbi,
        eventName: "BetPlaced",
        logs: receipt.logs,
      });
      if (placed === undefined) throw new Error("no bet was placed");
      return { betId: placed.args.betId, gas: Number(receipt.gasUsed), receipt };
    });
  }

  async function fulfil(requestBlock: bigint): Promise<void> {
    const [requested] = await publicClient.getContractEvents({
      address: chainlink.coordinator,
      abi: coordinatorAbi,
      eventName: "RandomWordsRequested",
      fromBlock: requestBlock,
      toBlock: requestBlock,
    });
    const { args, blockHash } = requested as Required<NonNullable<typeof requested>>;
    const request = args as Required<typeof args>;
    const { proof } = prove({ secretKey: SECRET_KEY, preSeed: request.preSeed, blockHash });
    const commitment = {
      blockNum: requestBlock,
      subId: request.subId,
      callbackGasLimit: request.callbackGasLimit,
      numWords: request.numWords,
      sender: casino,
      extraArgs: request.extraArgs,
    };
    const data = encodeFulfilment({ proof, commitment });
    const [receipt] = await mine([
      await send(owner, chainlink.coordinator, { data, gas: 600_000n }),
    ]);
    const [fulfilled] = parseEventLogs({
      abi: coordinatorAbi,
      eventName: "RandomWordsFulfilled",
      logs: receipt?.logs ?? [],
    });
    if (fulfilled?.args.success !== true) throw new Error("the callback failed");
    fulfilments.push(Number(receipt?.gasUsed));
  }

  async function round(from: Address[]): Promise<Round> {
    await nextEpochWhenFull();
    const placed = await placeAll(from);
    await fulfil(placed[0]?.receipt.blockNumber ?? 0n);
    return {
      placed: placed.map(({ gas }) => gas),
      betIds: placed.map(({ betId }) => betId),
    };
  }

  async function rounds(count: number, from: Address[]): Promise<Round[]> {
    const results: Round[] = [];
    for (let i = 0; i < count; i++) results.push(await round(from));
    return results;
  }

  /** The median of five: where a round's first slot is taken, another probe adds 2.3k. */
  async function usualCallback(from: Address[]): Promise<number> {
    const costs: number[] = [];
    for (let i = 0; i < 5; i++) costs.push(await callbackOf(from));
    return costs.toSorted((a, b) => a - b)[2] as number;
  }

  /** The callback alone: the coordinator's own call, sent by itself and less what a transaction costs. */
  async function callbackOf(from: Address[]): Promise<number> {
    await nextEpochWhenFull();
    const [placed] = await placeAll(from);
    const [requested] = parseEventLogs({
      abi: casinoAbi,
      eventName: "RoundRequested",
      logs: placed?.receipt.logs ?? [],
    });
    if (requested === undefined) throw new Error("no round was requested");
    const data = encodeFunctionData({
      abi: casinoAbi,
      functionName: "rawFulfillRandomWords",
      args: [requested.args.requestId, [hexToBigInt(keccak256("0x01"))]],
    });
    const snapshot = await rpc("evm_snapshot");
    await rpc("hardhat_setBalance", [chainlink.coordinator, numberToHex(10n ** 22n)]);
    await rpc("hardhat_impersonateAccount", [chainlink.coordinator]);
    const gas = await mineCall(chainlink.coordinator, casino, data);
    await rpc("evm_revert", [snapshot]);
    await fulfil(placed?.receipt.blockNumber ?? 0n);
    const bytes = Buffer.from(data.slice(2), "hex");
    return gas - 21_000 - bytes.reduce((total, byte) => total + (byte === 0 ? 4 : 16), 0);
  }

  /** Settles all and rolls the epoch where a quarter of the slots is taken, so that they can be used again. */
  async function nextEpochWhenFull(): Promise<void> {
    roundsSinceRoll += 1;
    if (roundsSinceRoll < ROUNDS_PER_EPOCH) return;
    roundsSinceRoll = 1;
    await rpc("evm_increaseTime", [Number(EPOCH_SECONDS)]);
    await mined(owner, "settleMany", [await openBets()]);
    await mined(owner, "rollEpoch", []);
    await closeEpochs();
    await rpc("evm_mine");
    // Settled by a keeper, no bet would settle its predecessor: a round that is not counted puts that right.
    await fulfil((await placeAll(players))[0]?.receipt.blockNumber ?? 0n);
  }

  async function openBets(): Promise<bigint[]> {
    const logs = await eventsOf("BetPlaced");
    const latest = new Map(logs.map(({ topics }) => [topics[2], BigInt(topics[1] ?? 0)]));
    return [...latest.values()];
  }

  /** Plays until every slot has held a round: a slot's first use would cost 17,100 gas more. */
  async function warmRoundSlots(): Promise<void> {
    const used = new Set<Hex>();
    while (used.size < Number(ROUND_SLOTS)) {
      await round([lone]);
      for (const { data } of await eventsOf("RoundRequested")) used.add(data);
    }
  }

  function eventsOf(eventName: "BetPlaced" | "RoundRequested") {
    const abi = casinoAbi;
    return publicClient.getContractEvents({ address: casino, abi, eventName, fromBlock: 0n });
  }
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: number[]) => Math.round(sum(values) / values.length);

const figures = await measure("default");
const amsterdam = await measure("amsterdam");

if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ ...figures, amsterdam }, null, 2));
} else {
  const rows = Object.entries(BUDGETS).map(([key, budget]) => ({
    figure: key,
    gas: figures[key as keyof Figures],
    must: budget.must,
    "best peer": "peer" in budget ? budget.peer : "–",
    amsterdam: amsterdam[key as keyof Figures],
  }));
  console.table(rows);
}
