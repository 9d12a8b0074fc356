"use client";

/** Every remote read of the browser: the node through viem, the indexer through its API. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type Address, type Client, type Hex, encodeFunctionData } from "viem";
import { call, getBalance, getBlock, getGasPrice, readContract } from "viem/actions";
import { useClient } from "wagmi";
import type { Asset } from "../sdk/deployment.ts";
import { packBetId, seedOf } from "../sdk/layout.ts";
import { casinoAbi, tokenAbi } from "./abi.ts";
import { useLive } from "./live.tsx";
import { useDeployment, useSettings } from "./settings.ts";

/** A bet as the indexer tells it; amounts are decimal strings of units, times are seconds. */
export interface ApiBet {
  betId: string;
  player: Address;
  asset: number;
  lane: number;
  sequence: number | string;
  game: number;
  stake: string;
  choice: Hex;
  status: "pending" | "drawn" | "settled" | "void" | "refunded";
  payout?: string | null;
  word?: string | null;
  requestId: string;
  round: number | string;
  placedAt: number;
  placedBlock: number;
  placedTx: Hex;
  requestTx: Hex;
  drawnBlock?: number | null;
  drawnTx?: Hex | null;
  settledTx?: Hex | null;
  deadline: number;
}

export interface ApiHouse {
  asset: number;
  bankroll: string;
  reserved: string;
  fees: string;
  turnover: string;
  ggr: string;
  bets: number | string;
  paid: string;
}

export interface ApiTransfer {
  kind: "deposit" | "withdrawal";
  asset: number;
  amount: string;
  other: Address;
  block: number;
  tx: Hex;
  at: number;
}

/** The indexer did not answer, or not with what was asked. */
export class IndexerUnavailable extends Error {
  override readonly name = "IndexerUnavailable";
  readonly status: number | undefined;

  constructor(status: number | undefined, message: string) {
    super(message);
    this.status = status;
  }
}

async function ask<T>(apiUrl: string | undefined, path: string): Promise<T> {
  if (apiUrl === undefined)
    throw new IndexerUnavailable(undefined, "No indexer is configured (GLASSHOUSE_API_URL).");
  let response: Response;
  try {
    response = await fetch(new URL(path, apiUrl));
  } catch {
    throw new IndexerUnavailable(undefined, "The indexer does not answer.");
  }
  if (!response.ok)
    throw new IndexerUnavailable(response.status, `The indexer answered ${response.status}.`);
  return (await response.json()) as T;
}

/** As `ask`, where the answer is only true once the indexer has read the chain: an empty list must mean "none". */
async function askCurrent<T>(apiUrl: string | undefined, path: string): Promise<T> {
  const [answer, status] = await Promise.all([
    ask<T>(apiUrl, path),
    ask<{ indexed: number; head: number; lag: number }>(apiUrl, "/api/status"),
  ]);
  if (status.lag > 20)
    throw new IndexerUnavailable(503, `The indexer is ${status.lag} blocks behind the chain.`);
  return answer;
}

/** Newest block. */
export function useHead() {
  const client = useNode();
  const live = useLive();
  return useQuery({
    queryKey: ["head"],
    queryFn: async () => {
      const { number, timestamp } = await getBlock(client);
      return { number, timestamp };
    },
    refetchInterval: live === "live" ? 15_000 : 4_000,
  });
}

/** The viem client of the configured chain. */
export function useNode(): Client {
  const client = useClient();
  if (client === undefined) throw new Error("The configured chain has no client");
  return client as Client;
}

export type RoundState = "free" | "pending" | "drawn" | "void";
const ROUND_STATES: readonly RoundState[] = ["free", "pending", "drawn", "void"];

/** The latest bet of a player's lane, as the chain holds it now. */
export interface LaneBet {
  betId: bigint;
  open: boolean;
  game: number;
  stake: bigint;
  choice: Hex;
  reserve: bigint;
  round: RoundState;
  /** Seconds; 0 once drawn. */
  requestedAt: bigint;
  /** Set once the word is in. */
  seed: bigint | undefined;
}

export interface LaneView {
  block: bigint;
  /** Free balance, units. */
  balance: bigint;
  bet: LaneBet | undefined;
}

/** Lane 0 of a player in one asset, read at one block: nothing of a bet is kept in the page alone. */
export function useLane(player: Address | undefined, asset: number) {
  const client = useNode();
  const { casino, chainId } = useDeployment();
  const live = useLive();
  return useQuery({
    queryKey: ["lane", player, asset],
    enabled: player !== undefined,
    queryFn: async (): Promise<LaneView> => {
      if (player === undefined) throw new Error("No player");
      const { number: blockNumber } = await getBlock(client);
      const at = { abi: casinoAbi, address: casino, blockNumber } as const;
      const lane = packBetId({ player, asset, lane: 0, sequence: 0n });
      const [balance, stored] = await Promise.all([
        readContract(client, { ...at, functionName: "balanceOf", args: [player, asset] }),
        readContract(client, { ...at, functionName: "betOf", args: [lane] }),
      ]);
      if (stored.sequence === 0n) return { block: blockNumber, balance, bet: undefined };
      const betId = lane | stored.sequence;
      const { choice, game, open, reserve, slot, stake } = stored;
      if (!open) {
        return {
          block: blockNumber,
          balance,
          bet: {
            betId,
            open,
            game,
            stake,
            choice,
            reserve,
            round: "free",
            requestedAt: 0n,
            seed: undefined,
          },
        };
      }
      const round = await readContract(client, { ...at, functionName: "roundAt", args: [slot] });
      const state = ROUND_STATES[round.state] ?? "free";
      const seed =
        state === "drawn" ? seedOf({ word: round.word, chainId, casino, betId }) : undefined;
      return {
        block: blockNumber,
        balance,
        bet: {
          betId,
          open,
          game,
          stake,
          choice,
          reserve,
          round: state,
          requestedAt: round.requestedAt,
          seed,
        },
      };
    },
    refetchInterval: ({ state }) => {
      const waiting = state.data?.bet?.open === true && state.data.bet.round === "pending";
      return waiting ? 700 : live === "live" ? 12_000 : 3_000;
    },
  });
}

/** Coins or tokens in the player's own wallet, in token amounts (not units). */
export function useWalletBalance(player: Address | undefined, token: Address, native: boolean) {
  const client = useNode();
  return useQuery({
    queryKey: ["wallet", player, token],
    enabled: player !== undefined,
    queryFn: async () => {
      if (player === undefined) throw new Error("No player");
      return native
        ? getBalance(client, { address: player })
        : readContract(client, {
            abi: tokenAbi,
            address: token,
            functionName: "balanceOf",
            args: [player],
          });
    },
    refetchInterval: 8_000,
  });
}

/** The house's accounting of an asset, from the contract. */
export function useHouse(asset: number) {
  const client = useNode();
  const { casino } = useDeployment();
  return useQuery({
    queryKey: ["house", "chain", asset],
    queryFn: () =>
      readContract(client, {
        abi: casinoAbi,
        address: casino,
        functionName: "houseOf",
        args: [asset],
      }),
    refetchInterval: 15_000,
  });
}

/** Whether a game takes bets in an asset, and its terms. */
export function useTerms(game: number, asset: number) {
  const client = useNode();
  const { casino } = useDeployment();
  return useQuery({
    queryKey: ["terms", game, asset],
    queryFn: async () => {
      const [listed, terms] = await readContract(client, {
        abi: casinoAbi,
        address: casino,
        functionName: "termsOf",
        args: [game, asset],
      });
      return { listed, ...terms };
    },
    staleTime: 60_000,
  });
}

const ONE_ROUND = { rounds: 1n, stopGain: 0n, stopLoss: 0n } as const;

/** Why the casino would refuse this bet now, in words; null if it would not. */
export function useRefusal(order: {
  player: Address | undefined;
  asset: Asset;
  game: number;
  stake: bigint | undefined;
  choice: Hex | undefined;
}) {
  const client = useNode();
  const { casino } = useDeployment();
  const { player, asset, game, stake, choice } = order;
  return useQuery({
    queryKey: ["lane", "whyNot", player, asset.id, game, String(stake), choice],
    enabled: player !== undefined && stake !== undefined && choice !== undefined,
    queryFn: async () => {
      if (player === undefined || stake === undefined || choice === undefined)
        throw new Error("No order");
      const wager = { asset: asset.id, lane: 0, game, stake, choice, ...ONE_ROUND };
      const data = encodeFunctionData({
        abi: casinoAbi,
        functionName: "rehearse",
        args: [player, wager],
      });
      try {
        await call(client, { to: casino, data });
      } catch (error) {
        const { explain } = await import("./play/send.ts");
        const answer = explain(error, asset);
        // Rehearsing always reverts; what is not an answer of the casino is a failure of the node.
        if (answer.name === "Unknown") throw error;
        return answer.name === "Rehearsed" ? null : answer;
      }
      throw new Error(`${casino} does not rehearse bets`);
    },
    placeholderData: keepPreviousData,
  });
}

/** Price of gas in wei. */
export function useGasPrice() {
  const client = useNode();
  return useQuery({
    queryKey: ["gas"],
    queryFn: () => getGasPrice(client),
    staleTime: 15_000,
    refetchInterval: 30_000,
  });
}

/** Bets from the indexer, newest first. */
export function useBets(
  filter: { player?: Address; game?: number; asset?: number; limit: number },
  enabled = true,
) {
  const { apiUrl } = useSettings();
  const live = useLive();
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(filter))
    if (value !== undefined) search.set(key, String(value));
  return useQuery({
    queryKey: ["bets", search.toString()],
    enabled,
    queryFn: async () =>
      (await askCurrent<{ items: ApiBet[] }>(apiUrl, `/api/bets?${search}`)).items,
    refetchInterval: live === "live" ? 20_000 : 5_000,
  });
}

/** One bet from the indexer. */
export function useBet(betId: bigint | undefined) {
  const { apiUrl } = useSettings();
  return useQuery({
    queryKey: ["bets", "one", String(betId)],
    enabled: betId !== undefined,
    queryFn: () => ask<ApiBet>(apiUrl, `/api/bets/${betId}`),
    refetchInterval: ({ state }) =>
      state.data?.status === "settled" || state.data?.status === "refunded" ? false : 2_000,
  });
}

export function useTransfers(player: Address | undefined) {
  const { apiUrl } = useSettings();
  return useQuery({
    queryKey: ["transfers", player],
    enabled: player !== undefined,
    queryFn: async () =>
      (await askCurrent<{ items: ApiTransfer[] }>(apiUrl, `/api/players/${player}/transfers`))
        .items,
    refetchInterval: 15_000,
  });
}

/** Turnover and results per asset, as the indexer sums them. */
export function useHouseFigures() {
  const { apiUrl } = useSettings();
  return useQuery({
    queryKey: ["house", "api"],
    queryFn: async () => {
      const answer = await askCurrent<ApiHouse[] | { items: ApiHouse[] } | { assets: ApiHouse[] }>(
        apiUrl,
        "/api/house",
      );
      if (Array.isArray(answer)) return answer;
      return "items" in answer ? answer.items : answer.assets;
    },
    refetchInterval: 15_000,
  });
}
