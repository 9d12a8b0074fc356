/** What a made history is played with: players' wagers and orders, and calls. */
import {
  type Abi,
  type Address,
  type Hex,
  type PublicClient,
  createPublicClient,
  custom,
  defineChain,
  encodeFunctionData,
  numberToHex,
} from "viem";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { bankrollAbi, casinoAbi } from "../sdk/abis.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { unpackBetId } from "../sdk/layout.ts";
import { signOrder } from "../sdk/orders.ts";
import { walletOf } from "./connection.ts";
import { deployOnce } from "./deploy.ts";
import { localPlan } from "./house-plan.ts";
import { LOCAL_PROVING_KEY, localAccount } from "./local.ts";
import { games } from "../sdk/games/index.ts";

const GAS = numberToHex(600_000);
export const SESSION_KEY = privateKeyToAccount(`0x${"5e".repeat(32)}`);
const WINDOWS = { day: 10n ** 11n, week: 2n * 10n ** 11n, month: 4n * 10n ** 11n };
export const LIMITS = { stakes: WINDOWS, losses: WINDOWS, deposits: WINDOWS, pauseSeconds: 0n };
export type RawLog = { topics: [Hex, ...Hex[]]; data: Hex; blockHash: Hex; blockNumber: Hex };
export type Wager = {
  asset: number;
  lane: number;
  game: number;
  stake: bigint;
  choice: Hex;
  rounds: bigint;
  stopGain: bigint;
  stopLoss: bigint;
};

/** An order for a bet, signed with the session key that all players gave their first lane to. */
export async function signedOrder(
  casino: Address,
  { betId, wager, fee, deadline }: { betId: bigint; wager: Wager; fee: bigint; deadline: number },
) {
  const { player, sequence } = unpackBetId(betId);
  const order = {
    ...wager,
    player,
    sequence,
    rounds: Number(wager.rounds),
    fee,
    deadline: BigInt(deadline),
  };
  return signOrder(SESSION_KEY, { deployment: { chainId: 31_337, casino }, order });
}

/** Choices of every listed game that the house takes small stakes on. */
export function offers(deployment: Deployment): { game: number; choice: Hex }[] {
  return deployment.games.flatMap(({ id }) => {
    const game = games[id];
    return (game?.choices() ?? [])
      .filter((choice) => game!.odds(choice).maxMultiplierWad < 200n * 10n ** 18n)
      .slice(0, 12)
      .map((choice) => ({ game: id, choice }));
  });
}

export function isNarrow(choice: Hex): boolean {
  return /^0x.{14}0{18}$/.test(choice);
}

export function clientOf(
  request: (method: string, params?: unknown[]) => Promise<unknown>,
): PublicClient {
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

export function encode(functionName: string, args: readonly unknown[]): Hex {
  return encodeFunctionData({ abi: casinoAbi as Abi, functionName, args });
}

export function bankroll(functionName: string, args: readonly unknown[]): Hex {
  return encodeFunctionData({ abi: bankrollAbi as Abi, functionName, args });
}

/** The chain's clock and its transactions, which wait for their block. */
export function chainOf(request: (method: string, params?: unknown[]) => Promise<unknown>) {
  return { send, mine, pass, timestamp, logsOf };

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
}

/** A house whose governance waits. */
export async function deploy(
  publicClient: PublicClient,
  delaySeconds: number,
): Promise<Deployment> {
  const deployer = localAccount("deployer");
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-"));
  const plan = localPlan({ deployer: deployer.address, provingKey: LOCAL_PROVING_KEY });
  const governance = {
    ...plan.governance,
    delaySeconds,
    sourceDelaySeconds: 2 * delaySeconds,
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
