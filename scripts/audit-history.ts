/** Makes histories of a whole house on a chain in this process, fast: what the auditor is tested and measured on. */
import {
  type Address,
  type Hex,
  type PublicClient,
  decodeEventLog,
  encodeFunctionData,
  numberToHex,
  parseAbi,
} from "viem";
import { bankrollAbi, casinoAbi, coordinatorAbi, limitsAbi, sessionsAbi } from "../sdk/abis.ts";
import { topicOf } from "../sdk/audit/records.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { signGrant } from "../sdk/sessions.ts";
import { encodeFulfilment, prove } from "../sdk/vrf.ts";
import {
  LIMITS,
  type Wager,
  bankroll,
  chainOf,
  clientOf,
  encode,
  isNarrow,
  offers,
  playerOf,
  signedOrder,
  termsOf,
} from "./audit-play.ts";
import { GOVERNANCE_SECONDS, SOURCE_SECONDS, deploy, houseOf } from "./audit-house.ts";
import { readConstants } from "./audit-run.ts";
import { localAccount } from "./local.ts";

export type Request = (method: string, params?: unknown[]) => Promise<unknown>;
export type History = { deployment: Deployment; client: PublicClient; bets: number };
export type HistoryOptions = {
  bets: number;
  players: number;
  /** Bets that share a round. */
  perRound: number;
  /** Rounds between two closes of the epoch. */
  roundsPerEpoch?: number;
  onProgress?: (bets: number) => void;
};

const EPOCH_SECONDS = 600;
const VOID_SECONDS = 86_401;
const ETHER = 10n ** 9n;
const MUCH_GAS = numberToHex(16_000_000);
const tokenAbi = parseAbi([
  "function mint(address to, uint256 amount)",
  "function approve(address spender, uint256 amount)",
]);

/**
 * Plays a history: many players behind a gate, in two assets, in several lanes, over all games; session keys and relayed
 * orders, withdrawals, liquidity coming and going, voids, words that come too late, a callback that fails, a pause, fees,
 * new terms behind their delay, a second source of randomness.
 */
export async function makeHistory(request: Request, options: HistoryOptions): Promise<History> {
  const { perRound, roundsPerEpoch = 20, onProgress } = options;
  const client = clientOf(request);
  const deployer = localAccount("deployer");
  const deployment = await deploy(client);
  const { casino, assets } = deployment;
  const owner = deployer.address;
  const liquidity = localAccount("liquidity").address;
  const kinds = offers(deployment);
  const open = new Map<bigint, number>();
  const sequences = new Map<bigint, number>();
  const relayer = localAccount("relayer").address;
  let [placed, rounds, opened] = [0, 0, 0];
  const chain = chainOf(request);
  const { send, mine, pass, timestamp, logsOf } = chain;
  const house = houseOf(request, client, deployment, chain);

  await request("hardhat_impersonateAccount", [owner]);
  await request("evm_setAutomine", [false]);
  await request("evm_setBlockGasLimit", [numberToHex(400_000_000)]);
  await request("hardhat_impersonateAccount", [liquidity]);
  await request("hardhat_impersonateAccount", [relayer]);
  const { limits, sessions, gate } = await readConstants(
    { request: (method, params = []) => request(method, [...params]) },
    casino,
  );
  const players = await newPlayers(options.players);

  while (placed < options.bets) {
    rounds++;
    // Time passes by days where rounds are void.
    if (rounds === 10) await house.announceSource(gate);
    if (rounds === 15) await pass(SOURCE_SECONDS + 60);
    if (rounds % 40 === 8 || rounds === 1 || rounds === 15) await openSessions();
    if (rounds % 25 === 13) await claimReferrals();
    if (rounds === 17) await house.revoke(gate, players[1]!);
    const block = await placeRound(Math.min(perRound, options.bets - placed));
    if (rounds === 15) {
      // The round that waits keeps its own source.
      await house.execute();
      await house.fundSource();
    }
    if (rounds === 18) await house.attest(gate, players[1]!);
    if (rounds % 200 === 12) {
      await house.failingCallback(() => fulfil(block));
      await pass(VOID_SECONDS);
      await settleAll();
    } else if (rounds % 40 === 7) {
      // Nobody proves in time: the round is void, and its word comes too late.
      await pass(VOID_SECONDS);
      await settleAll();
      if (rounds % 80 === 7) await fulfil(block);
    } else {
      await fulfil(block);
      if (rounds % 4 === 0) await settleAll();
    }
    if (rounds % roundsPerEpoch === 0) await nextEpoch();
    if (rounds % 30 === 11) await withdrawSome();
    if (rounds % 50 === 5) await govern();
    onProgress?.(placed);
  }
  await settleAll();
  await nextEpoch();
  return { deployment, client, bets: placed };

  async function placeRound(count: number): Promise<Hex> {
    const [lane, asset] = [rounds % 3, rounds % 5 === 4 ? 1 : 0];
    const orders: { betId: bigint; wager: Wager }[] = [];
    for (let index = 0; index < count; index++) {
      const player = players[(rounds * 7 + index) % players.length]!;
      const { game, choice } = kinds[(rounds * 31 + index * 17) % kinds.length]!;
      const stake = 100_000n + BigInt((index * 7_919 + rounds * 104_729) % 400_000);
      const many = (index + rounds) % 7 === 0 ? 5n : 1n;
      const stops = many > 1n && index % 2 === 0 ? 2n * stake : 0n;
      const wager: Wager = {
        asset,
        lane: index >= players.length ? lane + 3 : lane,
        game,
        stake,
        choice,
        rounds: many,
        stopGain: stops,
        stopLoss: stops / 2n,
      };
      const key = (BigInt(player) << 32n) | (BigInt(asset) << 16n) | BigInt(wager.lane);
      if (rounds % 4 === 3 && asset === 0 && wager.lane === 0) {
        orders.push({ betId: (key << 64n) | BigInt((sequences.get(key) ?? 0) + 1), wager });
      } else if (many === 1n && isNarrow(choice)) {
        await send(player, casino, encode("bet", [asset, wager.lane, game, stake, choice]));
      } else await send(player, casino, encode("placeWager", [wager]), 0n, MUCH_GAS);
    }
    // One is carried twice, one is late, one has bits that no field has: all three are skipped with their reasons.
    if (orders[0]) orders.push(orders[0]);
    if (orders.length > 0) {
      const now = await timestamp();
      const carried = await Promise.all(
        orders.map((order, index) => {
          const player = players.indexOf(numberToHex(order.betId >> 96n, { size: 20 }));
          const own = index % 2 === 0 ? {} : { signer: playerOf(player) };
          const deadline = index === 4 ? now - 1 : now + 600;
          const fee = BigInt(index % 3) * 100n;
          return signedOrder(casino, { ...order, fee, deadline, ...own });
        }),
      );
      const stray = carried.slice(1, 2).map((one) => ({ ...one, stops: one.stops | (1n << 200n) }));
      const all = [...carried, ...stray];
      await send(relayer, casino, encode("placeMany", [all, relayer]), 0n, MUCH_GAS);
    }
    await mine();
    const logs = await logsOf(casino, [topicOf("casino", "BetPlaced")], "latest");
    for (const log of logs) {
      const { args } = decodeEventLog({
        abi: casinoAbi,
        eventName: "BetPlaced",
        topics: log.topics,
        data: log.data,
      });
      const [key, sequence] = [args.betId >> 64n, Number(args.betId & ((1n << 64n) - 1n))];
      open.set(key, sequence);
      sequences.set(key, sequence);
    }
    if (logs.length === 0) throw new Error(`no bet of round ${rounds} was placed`);
    placed += logs.length;
    return (await request("eth_blockNumber")) as Hex;
  }

  async function fulfil(block: Hex): Promise<void> {
    const topic = topicOf("coordinator", "RandomWordsRequested");
    const [log] = await logsOf(undefined, [topic], block);
    if (!log) throw new Error(`no request in block ${block}`);
    const { args } = decodeEventLog({
      abi: coordinatorAbi,
      eventName: "RandomWordsRequested",
      topics: log.topics,
      data: log.data,
    });
    const { proof } = prove({
      secretKey: house.keyOf(log.address),
      preSeed: args.preSeed,
      blockHash: log.blockHash,
    });
    const { subId, callbackGasLimit, numWords, extraArgs } = args;
    const commitment = {
      blockNum: BigInt(block),
      subId,
      callbackGasLimit,
      numWords,
      sender: casino,
      extraArgs,
    };
    await send(owner, log.address, encodeFulfilment({ proof, commitment }));
    await mine();
  }

  async function settleAll(): Promise<void> {
    const ids = [...open].map(([key, sequence]) => (key << 64n) | BigInt(sequence));
    for (let at = 0; at < ids.length; at += 200)
      await send(owner, casino, encode("settleMany", [ids.slice(at, at + 200)]), 0n, MUCH_GAS);
    await mine();
    open.clear();
  }

  async function nextEpoch(): Promise<void> {
    await settleAll();
    const [eth] = assets;
    const wei = BigInt(1 + (rounds % 5)) * 10n ** 18n;
    await send(
      liquidity,
      eth!.bankroll,
      bankroll("requestDeposit", [wei, liquidity, liquidity]),
      wei,
    );
    await mine();
    const shares = (await client.readContract({
      address: eth!.bankroll,
      abi: bankrollAbi,
      functionName: "balanceOf",
      args: [liquidity],
    })) as bigint;
    if (shares > 10n)
      await send(
        liquidity,
        eth!.bankroll,
        bankroll("requestRedeem", [shares / 10n, liquidity, liquidity]),
      );
    await pass(EPOCH_SECONDS);
    await send(owner, casino, encode("rollEpoch", []));
    await mine();
    for (const { bankroll: address } of assets)
      await send(owner, address, bankroll("close", []), 0n, MUCH_GAS);
    await mine();
    for (const [limit, claim] of [
      ["maxMint", "mint"],
      ["maxRedeem", "redeem"],
    ] as const) {
      const most = (await client.readContract({
        address: eth!.bankroll,
        abi: bankrollAbi,
        functionName: limit,
        args: [liquidity],
      })) as bigint;
      if (most === 0n) continue;
      await send(
        liquidity,
        eth!.bankroll,
        bankroll(claim, claim === "mint" ? [most, liquidity] : [most, liquidity, liquidity]),
      );
    }
    await mine();
  }

  /** Sessions last a week: they are opened anew now and then, by the player or by a relayer with the player's grant. */
  async function openSessions(): Promise<void> {
    const expiry = BigInt(await timestamp()) + 6n * 86_400n;
    for (const [index, player] of players.entries()) {
      const sequence = sequences.get(BigInt(player) << 32n) ?? 0;
      const terms = termsOf(index, { expiry, sequence, feeTo: relayer });
      const signed = index % 5 === 4;
      const nonce = BigInt(opened);
      const signature = signed
        ? await signGrant(playerOf(index), {
            deployment: { ...deployment, sessions },
            player,
            terms,
            nonce,
          })
        : "0x";
      await send(
        signed ? relayer : player,
        sessions,
        encodeFunctionData({
          abi: sessionsAbi,
          functionName: "open",
          args: [player, terms, signature],
        }),
      );
      if (index % 100 === 99) await mine();
    }
    opened++;
    await mine();
    // One of them thinks better of it: the orders that the key signs for them are skipped.
    const revoked = encodeFunctionData({
      abi: sessionsAbi,
      functionName: "revoke",
      args: [[{ asset: 0, lane: 0 }]],
    });
    await send(players[2]!, sessions, revoked);
    await mine();
  }

  async function claimReferrals(): Promise<void> {
    for (const player of players.slice(0, 20)) {
      const [, accrued] = (await client.readContract({
        address: casino,
        abi: casinoAbi,
        functionName: "referralOf",
        args: [player, 0],
      })) as readonly [Address, bigint];
      if (accrued > 0n) await send(owner, casino, encode("claimReferral", [player, 0]));
    }
    await mine();
  }

  async function withdrawSome(): Promise<void> {
    for (const [index, player] of players.entries()) {
      if (index % 5 === rounds % 5)
        await send(player, casino, encode("withdraw", [0, ETHER / 1_000n, player]));
    }
    await mine();
  }

  /** New terms behind their delay; fees and a pause without one. */
  async function govern(): Promise<void> {
    const game = deployment.games[rounds % deployment.games.length]!.id;
    const [, terms] = (await client.readContract({
      address: casino,
      abi: casinoAbi,
      functionName: "termsOf",
      args: [game, 0],
    })) as readonly [boolean, { kellyBps: bigint }];
    const data = encode("setTerms", [
      game,
      0,
      { ...terms, kellyBps: terms.kellyBps === 2_500n ? 2_000n : 2_500n },
    ]);
    await house.announce(casino, data, GOVERNANCE_SECONDS);
    await pass(GOVERNANCE_SECONDS + 120);
    await house.execute();
    const { fees } = (await client.readContract({
      address: casino,
      abi: casinoAbi,
      functionName: "houseOf",
      args: [0],
    })) as { fees: bigint };
    if (fees > 10n) await send(owner, casino, encode("claimFees", [0, fees / 2n, owner]));
    if (rounds % 200 === 5) await send(owner, casino, encode("pause", [600n]));
    await mine();
    await pass(700);
  }

  async function newPlayers(count: number): Promise<Address[]> {
    const usdc = assets[1]!;
    const made: Address[] = [];
    for (let index = 0; index < count; index++) {
      const player = playerOf(index).address.toLowerCase() as Address;
      made.push(player);
      await request("hardhat_setBalance", [player, numberToHex(10n ** 22n)]);
      await request("hardhat_impersonateAccount", [player]);
      await house.attest(gate, player);
      const first = made[0]!;
      if (index % 3 === 1)
        await send(player, casino, encode("depositReferred", [0, 100n * ETHER, first]), 10n ** 20n);
      else await send(player, casino, encode("deposit", [0, 100n * ETHER, player]), 10n ** 20n);
      await send(
        player,
        usdc.token,
        encodeFunctionData({ abi: tokenAbi, functionName: "mint", args: [player, 10n ** 12n] }),
      );
      await send(
        player,
        usdc.token,
        encodeFunctionData({ abi: tokenAbi, functionName: "approve", args: [casino, 10n ** 12n] }),
      );
      await send(player, casino, encode("deposit", [1, 10n ** 10n, player]));
      if (index % 100 === 99) await mine();
    }
    await mine();
    for (const [index, player] of made.entries()) {
      if (index % 4 === 0)
        await send(
          player,
          limits,
          encodeFunctionData({ abi: limitsAbi, functionName: "setLimits", args: [0, LIMITS] }),
        );
      if (index % 100 === 99) await mine();
    }
    await mine();
    return made;
  }
}
