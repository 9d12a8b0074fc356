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
  keccak256,
  numberToHex,
  toHex,
} from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { bankrollAbi, casinoAbi } from "../sdk/abis.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { unpackBetId } from "../sdk/layout.ts";
import { signOrder } from "../sdk/orders.ts";
import { type SessionTerms, gamesMask } from "../sdk/sessions.ts";
import { games } from "../sdk/games/index.ts";

const GAS = numberToHex(600_000);
const LAST_SEQUENCE = 2n ** 28n - 1n;
export const SESSION_KEY = privateKeyToAccount(`0x${"5e".repeat(32)}`);
const WINDOWS = { day: 10n ** 11n, week: 2n * 10n ** 11n, month: 4n * 10n ** 11n };
export const LIMITS = { stakes: WINDOWS, losses: WINDOWS, deposits: WINDOWS, pauseSeconds: 0n };
export type RawLog = {
  address: Address;
  topics: [Hex, ...Hex[]];
  data: Hex;
  blockHash: Hex;
  blockNumber: Hex;
};
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

/** A player's own key, made of their number. */
export function playerOf(index: number): PrivateKeyAccount {
  return privateKeyToAccount(keccak256(toHex(`player ${index}`)));
}

/** A session of a player's first lane: the bounds differ from player to player. */
export function termsOf(
  index: number,
  { expiry, sequence, feeTo }: { expiry: bigint; sequence: number; feeTo: Address },
): SessionTerms {
  const bounds = [
    { maxStake: 10n ** 9n, lastSequence: LAST_SEQUENCE, games: 0n },
    { maxStake: 10n ** 9n, lastSequence: BigInt(sequence + 2), games: 0n },
    { maxStake: 10n ** 9n, lastSequence: LAST_SEQUENCE, games: gamesMask([1, 2, 3, 4, 5, 6]) },
    { maxStake: 600_000n, lastSequence: LAST_SEQUENCE, games: 0n },
  ][index % 4]!;
  return { key: SESSION_KEY.address, asset: 0, lane: 0, expiry, feeTo, maxFee: 1_000n, ...bounds };
}

/** An order for a bet, signed by the player or with the session key that all players gave their first lane to. */
export async function signedOrder(
  casino: Address,
  {
    betId,
    wager,
    fee,
    deadline,
    signer = SESSION_KEY,
  }: { betId: bigint; wager: Wager; fee: bigint; deadline: number; signer?: PrivateKeyAccount },
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
  return signOrder(signer, { deployment: { chainId: 31_337, casino }, order });
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

  async function logsOf(
    address: Address | undefined,
    topics: Hex[],
    block: Hex | "latest",
  ): Promise<RawLog[]> {
    return (await request("eth_getLogs", [
      { ...(address && { address }), topics: [topics], fromBlock: block, toBlock: block },
    ])) as RawLog[];
  }
}
