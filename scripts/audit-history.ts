/** Makes histories of a whole house on a chain in this process, fast: what the auditor is tested and measured on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Abi,
  type Address,
  type Hex,
  type PublicClient,
  createPublicClient,
  custom,
  decodeEventLog,
  defineChain,
  encodeFunctionData,
  keccak256,
  numberToHex,
  parseAbi,
  toHex,
} from "viem";
import { bankrollAbi, casinoAbi, coordinatorAbi } from "../sdk/abis.ts";
import { topicOf } from "../sdk/audit/records.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { games } from "../sdk/games/index.ts";
import { encodeFulfilment, prove } from "../sdk/vrf.ts";
import { walletOf } from "./connection.ts";
import { deployOnce } from "./deploy.ts";
import { localPlan } from "./house-plan.ts";
import { LOCAL_PROVING_KEY, localAccount } from "./local.ts";

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
const GOVERNANCE_SECONDS = 3_600;
const ETHER = 10n ** 9n;
const GAS = numberToHex(600_000);
const MUCH_GAS = numberToHex(16_000_000);
const tokenAbi = parseAbi([
  "function mint(address to, uint256 amount)",
  "function approve(address spender, uint256 amount)",
]);
const managerAbi = parseAbi([
  "function schedule(address target, bytes data, uint48 when)",
  "function execute(address target, bytes data)",
]);

type RawLog = { topics: [Hex, ...Hex[]]; data: Hex; blockHash: Hex; blockNumber: Hex };

/**
 * Plays a history: many players in two assets, in several lanes, over all games; withdrawals, liquidity coming and
 * going, voids, words that come too late, a pause, fees, new terms behind their delay.
 */
export async function makeHistory(request: Request, options: HistoryOptions): Promise<History> {
  const { perRound, roundsPerEpoch = 20, onProgress } = options;
  const client = clientOf(request);
  const deployer = localAccount("deployer");
  const deployment = await deploy(client);
  const { casino, accessManager, assets, randomness } = deployment;
  const owner = deployer.address;
  const liquidity = localAccount("liquidity").address;
  const kinds = offers(deployment);
  const open = new Map<bigint, number>();
  let [placed, rounds, now] = [0, 0, 0];

  await request("hardhat_impersonateAccount", [owner]);
  await request("evm_setAutomine", [false]);
  await request("evm_setBlockGasLimit", [numberToHex(400_000_000)]);
  await request("hardhat_impersonateAccount", [liquidity]);
  const players = await newPlayers(options.players);

  while (placed < options.bets) {
    rounds++;
    const block = await placeRound(Math.min(perRound, options.bets - placed));
    if (rounds % 40 === 7) {
      // Nobody proves in time: the round is void, and its word comes too late.
      await pass(VOID_SECONDS);
      await settleAll();
      if (rounds % 80 === 7) await fulfil(block);
    } else {
      await fulfil(block);
      if (rounds % 3 === 0) await settleAll();
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
    const hashes: Hex[] = [];
    for (let index = 0; index < count; index++) {
      const player = players[(rounds * 7 + index) % players.length]!;
      const { game, choice } = kinds[(rounds * 31 + index * 17) % kinds.length]!;
      const stake = 100_000n + BigInt((index * 7_919 + rounds * 104_729) % 400_000);
      hashes.push(
        await send(
          player,
          casino,
          encode("place", [asset, index >= players.length ? lane + 3 : lane, game, stake, choice]),
        ),
      );
    }
    await mine();
    const logs = await logsOf(
      casino,
      [topicOf("casino", "BetPlaced"), topicOf("casino", "RoundRequested")],
      "latest",
    );
    for (const log of logs) {
      const { eventName, args } = decodeEventLog({
        abi: casinoAbi,
        topics: log.topics,
        data: log.data,
      });
      if (eventName === "BetPlaced")
        open.set(args.betId >> 64n, Number(args.betId & ((1n << 64n) - 1n)));
    }
    const made = logs.filter(({ topics }) => topics[0] === topicOf("casino", "BetPlaced")).length;
    if (made === 0)
      throw new Error(`no bet of round ${rounds} was placed: ${await reasonOf(hashes[0]!)}`);
    placed += made;
    return numberToHex(now);
  }

  async function fulfil(block: Hex): Promise<void> {
    const [log] = await logsOf(
      randomness.coordinator,
      [topicOf("coordinator", "RandomWordsRequested")],
      block,
    );
    if (!log) throw new Error(`no request in block ${block}`);
    const { args } = decodeEventLog({
      abi: coordinatorAbi,
      eventName: "RandomWordsRequested",
      topics: log.topics,
      data: log.data,
    });
    const { proof } = prove({
      secretKey: LOCAL_PROVING_KEY,
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
    await send(owner, randomness.coordinator, encodeFulfilment({ proof, commitment }));
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
    const when = await timestamp();
    await send(
      owner,
      accessManager,
      encodeFunctionData({
        abi: managerAbi,
        functionName: "schedule",
        args: [casino, data, when + GOVERNANCE_SECONDS + 60],
      }),
    );
    await mine();
    await pass(GOVERNANCE_SECONDS + 120);
    await send(
      owner,
      accessManager,
      encodeFunctionData({ abi: managerAbi, functionName: "execute", args: [casino, data] }),
    );
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
      const player: Address = `0x${keccak256(toHex(`player ${index}`)).slice(-40)}`;
      made.push(player);
      await request("hardhat_setBalance", [player, numberToHex(10n ** 22n)]);
      await request("hardhat_impersonateAccount", [player]);
      await send(player, casino, encode("deposit", [0, 100n * ETHER, player]), 10n ** 20n);
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
    return made;
  }

  async function deploy(publicClient: PublicClient): Promise<Deployment> {
    const folder = mkdtempSync(join(tmpdir(), "glasshouse-"));
    const plan = localPlan({ deployer: deployer.address, provingKey: LOCAL_PROVING_KEY });
    const governance = {
      ...plan.governance,
      delaySeconds: GOVERNANCE_SECONDS,
      sourceDelaySeconds: 2 * GOVERNANCE_SECONDS,
    };
    try {
      return await deployOnce({
        publicClient,
        walletClient: walletOf(publicClient, deployer),
        plan: { ...plan, governance },
        folder,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async function send(
    from: Address,
    to: Address,
    data: Hex,
    value = 0n,
    gas: Hex = GAS,
  ): Promise<Hex> {
    const call = {
      from,
      to,
      data,
      gas,
      value: numberToHex(value),
      maxFeePerGas: "0x77359400",
      maxPriorityFeePerGas: "0x1",
    };
    return (await request("eth_sendTransaction", [call])) as Hex;
  }

  async function mine(): Promise<void> {
    await request("evm_mine");
    now = Number(await request("eth_blockNumber"));
  }

  async function pass(seconds: number): Promise<void> {
    await request("evm_increaseTime", [seconds]);
    await mine();
  }

  async function timestamp(): Promise<number> {
    return Number(
      ((await request("eth_getBlockByNumber", ["latest", false])) as { timestamp: Hex }).timestamp,
    );
  }

  async function logsOf(address: Address, topics: Hex[], block: Hex | "latest"): Promise<RawLog[]> {
    return (await request("eth_getLogs", [
      { address, topics: [topics], fromBlock: block, toBlock: block },
    ])) as RawLog[];
  }

  async function reasonOf(hash: Hex): Promise<string> {
    const receipt = (await request("eth_getTransactionReceipt", [hash])) as { status: Hex } | null;
    if (!receipt) return "it was not mined";
    const tx = (await request("eth_getTransactionByHash", [hash])) as {
      from: Hex;
      to: Hex;
      input: Hex;
    };
    return request("eth_call", [{ from: tx.from, to: tx.to, data: tx.input }, "latest"]).then(
      () => `status ${receipt.status}`,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  }
}

/** Choices of every listed game that the house takes small stakes on. */
function offers(deployment: Deployment): { game: number; choice: Hex }[] {
  return deployment.games.flatMap(({ id }) => {
    const game = games[id];
    return (game?.choices() ?? [])
      .filter(
        (choice) =>
          game!.odds(choice).maxMultiplierWad < 200n * 10n ** 18n && /^0x.{14}0{18}$/.test(choice),
      )
      .slice(0, 12)
      .map((choice) => ({ game: id, choice }));
  });
}

function clientOf(request: Request): PublicClient {
  const chain = defineChain({
    id: 31_337,
    name: "in process",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [] } },
  });
  const transport = custom({
    request: ({ method, params }: { method: string; params?: unknown[] }) =>
      request(method, params),
  });
  return createPublicClient({
    chain,
    transport,
    pollingInterval: 20,
    cacheTime: 0,
  }) as PublicClient;
}

function encode(functionName: string, args: readonly unknown[]): Hex {
  return encodeFunctionData({ abi: casinoAbi as Abi, functionName, args });
}

function bankroll(functionName: string, args: readonly unknown[]): Hex {
  return encodeFunctionData({ abi: bankrollAbi as Abi, functionName, args });
}
