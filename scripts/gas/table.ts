import {
  type Address,
  type Hex,
  encodeFunctionData,
  hexToBigInt,
  keccak256,
  numberToHex,
  parseEventLogs,
  toHex,
} from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { casinoAbi, coordinatorAbi } from "../../sdk/abis.ts";
import { dice } from "../../sdk/games/dice.ts";
import { orderTypedData, packOrder } from "../../sdk/orders.ts";
import { encodeFulfilment, prove } from "../../sdk/vrf.ts";
import { EPOCH_SECONDS, ETHER, type House, ROUND_SLOTS, SECRET_KEY } from "./house.ts";
import { mean } from "./means.ts";

export type Player = { account: PrivateKeyAccount; address: Address; sequence: bigint };

/** One round that was played: the gas of each transaction that placed bets in it. */
export type Round = { placed: number[]; betIds: bigint[]; requestId: bigint; slot: bigint };

export type Series = {
  game: number;
  choice: Hex;
  stake: bigint;
  rounds: number;
  stopGain: bigint;
  stopLoss: bigint;
};

/** How orders are carried: who signs each, and what the relayer is paid for it. */
export type Relay = { signerOf: (player: Player) => PrivateKeyAccount; fee: bigint };

export const STAKE = ETHER / 1000n;
export const CHOICE = dice.encode({ target: 5000, over: false });

const ROUNDS_PER_EPOCH = 7;

export type Table = ReturnType<typeof openTable>;

/** Players at a house: bets, their rounds, and the epochs rolled in time. */
export function openTable(house: House) {
  const { publicClient, owner, casino, coordinator, rpc, send, mine, mined } = house;
  // A proof costs what its hash-to-curve takes: the mean is of all in the run, whatever their rounds held.
  const fulfilments: number[] = [];
  const open = new Map<string, bigint>();
  const players: Player[] = [];
  let roundsSinceRoll = 0;

  return {
    players,
    seat,
    round,
    rounds,
    relayed,
    placed,
    series,
    fulfil,
    callback,
    nextEpochWhenFull,
    rollEpoch,
    warmRoundSlots,
    /** The mean fulfilment so far. */
    fulfilment: () => mean(fulfilments),
  };

  /** Players who have paid in and have bet once. */
  async function seat(count: number, warm = true): Promise<Player[]> {
    const seated = Array.from({ length: count }, (_, index) => {
      const account = privateKeyToAccount(keccak256(toHex(`player ${players.length + index}`)));
      return { account, address: account.address, sequence: 0n };
    });
    const hashes: Hex[] = [];
    for (const { address } of seated) {
      await rpc("hardhat_setBalance", [address, numberToHex(10n ** 20n)]);
      await rpc("hardhat_impersonateAccount", [address]);
      const args = [0, 10n * ETHER, address] as const;
      const data = encodeFunctionData({ abi: casinoAbi, functionName: "deposit", args });
      hashes.push(await send(address, casino, { data, value: 10n ** 19n }));
    }
    await mine(hashes);
    players.push(...seated);
    if (warm) await round(seated);
    return seated;
  }

  /** All bet once, in one block and in transactions of their own. */
  function placed(from: Player[], game = dice.id, choice = CHOICE, stake = STAKE) {
    const args = [0, 0, game, stake, choice] as const;
    const beyond = BigInt(choice) & ((1n << 72n) - 1n);
    return beyond === 0n
      ? placedBy(from, encodeFunctionData({ abi: casinoAbi, functionName: "bet", args }))
      : series(from, { game, choice, stake, rounds: 1, stopGain: 0n, stopLoss: 0n });
  }

  /** All bet several rounds each, or by a wide choice. */
  function series(from: Player[], wager: Series) {
    const args = [{ asset: 0, lane: 0, ...wager, rounds: BigInt(wager.rounds) }] as const;
    return placedBy(from, encodeFunctionData({ abi: casinoAbi, functionName: "placeWager", args }));
  }

  async function placedBy(from: Player[], data: Hex) {
    const receipts = await mine(
      await Promise.all(from.map(({ address }) => send(address, casino, { data }))),
    );
    return { ...roundOf(receipts, from.length), blockNumber: receipts[0]?.blockNumber ?? 0n };
  }

  function roundOf(receipts: Awaited<ReturnType<typeof mine>>, bets: number): Round {
    const logs = receipts.flatMap((receipt) => receipt.logs);
    const events = parseEventLogs({ abi: casinoAbi, logs });
    const betIds: bigint[] = [];
    let drawn: { requestId: bigint; slot: bigint } | undefined;
    for (const { eventName, args } of events) {
      if (eventName === "RoundRequested") drawn = args;
      if (eventName !== "BetPlaced") continue;
      betIds.push(args.betId);
      open.set(args.player, args.betId);
    }
    if (betIds.length !== bets) throw new Error(`${bets - betIds.length} bets were not placed`);
    if (drawn === undefined) throw new Error("no round was requested");
    for (const player of players) {
      const betId = open.get(player.address);
      if (betId !== undefined) player.sequence = betId & 0xffff_ffff_ffff_ffffn;
    }
    const { requestId, slot } = drawn;
    return { placed: receipts.map(({ gasUsed }) => Number(gasUsed)), betIds, requestId, slot };
  }

  /** The coordinator's answer, with a real proof. */
  async function fulfil(requestBlock: bigint): Promise<void> {
    const [requested] = await publicClient.getContractEvents({
      address: coordinator,
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
    const [receipt] = await mine([await send(owner, coordinator, { data, gas: 600_000n })]);
    const [fulfilled] = parseEventLogs({
      abi: coordinatorAbi,
      eventName: "RandomWordsFulfilled",
      logs: receipt?.logs ?? [],
    });
    if (fulfilled?.args.success !== true) throw new Error("the callback failed");
    fulfilments.push(Number(receipt?.gasUsed));
  }

  /** Each player bets by a transaction of its own, the round is drawn. */
  async function round(from: Player[], game = dice.id, choice = CHOICE, stake = STAKE) {
    await nextEpochWhenFull();
    const result = await placed(from, game, choice, stake);
    await fulfil(result.blockNumber);
    return result;
  }

  async function rounds(count: number, from: Player[]): Promise<Round[]> {
    const results: Round[] = [];
    for (let i = 0; i < count; i++) results.push(await round(from));
    return results;
  }

  /** The players' signed orders, all in one transaction; the round is drawn. */
  async function relayed(from: Player[], { signerOf, fee }: Relay): Promise<Round> {
    await nextEpochWhenFull();
    const { timestamp } = await publicClient.getBlock();
    const orders = await Promise.all(
      from.map(async (player) => {
        const order = {
          player: player.address,
          asset: 0,
          lane: 0,
          sequence: player.sequence + 1n,
          game: dice.id,
          stake: STAKE,
          choice: CHOICE,
          rounds: 1,
          stopGain: 0n,
          stopLoss: 0n,
          fee,
          deadline: timestamp + 3_600n,
        };
        const typedData = orderTypedData(house.deployment, order);
        return packOrder(order, await signerOf(player).signTypedData(typedData));
      }),
    );
    const data = encodeFunctionData({
      abi: casinoAbi,
      functionName: "placeMany",
      args: [orders, owner],
    });
    const receipts = await mine([await send(owner, casino, { data, gas: 60_000_000n })]);
    const result = roundOf(receipts, from.length);
    await fulfil(receipts[0]?.blockNumber ?? 0n);
    return result;
  }

  /** The callback alone: the coordinator's own call, sent by itself and less what a transaction costs. */
  async function callback(from: Player[]): Promise<number> {
    await nextEpochWhenFull();
    const { requestId, blockNumber } = await placed(from);
    const args = [requestId, [hexToBigInt(keccak256("0x01"))]] as const;
    const snapshot = await rpc("evm_snapshot");
    await rpc("hardhat_setBalance", [coordinator, numberToHex(10n ** 22n)]);
    await rpc("hardhat_impersonateAccount", [coordinator]);
    const gas = await mined(coordinator, "rawFulfillRandomWords", args);
    await rpc("evm_revert", [snapshot]);
    await fulfil(blockNumber);
    const data = encodeFunctionData({
      abi: casinoAbi,
      functionName: "rawFulfillRandomWords",
      args,
    });
    const bytes = Buffer.from(data.slice(2), "hex");
    return gas - 21_000 - bytes.reduce((total, byte) => total + (byte === 0 ? 4 : 16), 0);
  }

  /** Rolls the epoch before too many slots are taken, so that they can be used again. */
  async function nextEpochWhenFull(): Promise<void> {
    roundsSinceRoll += 1;
    if (roundsSinceRoll < ROUNDS_PER_EPOCH) return;
    await rollEpoch();
    const warm = players.filter(({ sequence }) => sequence !== 0n);
    // Settled by a keeper, no bet would settle its predecessor: a round that is not counted puts that right.
    if (warm.length !== 0) await fulfil((await placed(warm)).blockNumber);
  }

  async function rollEpoch(): Promise<void> {
    roundsSinceRoll = 1;
    await rpc("evm_increaseTime", [EPOCH_SECONDS]);
    await mined(owner, "settleMany", [[...open.values()]]);
    await mined(owner, "rollEpoch", []);
    await house.closeEpochs();
    await rpc("evm_mine");
  }

  /** Plays until every slot has held a round: a slot's first use would cost 17,100 gas more. */
  async function warmRoundSlots(by: Player): Promise<void> {
    const used = new Set<bigint>();
    while (used.size < ROUND_SLOTS) used.add((await round([by])).slot);
  }
}
