import { type Address, type Hex, parseEther, parseGwei, zeroAddress } from "viem";
import { type AnyGame, games } from "../sdk/games/index.ts";
import { type Network, worstPriceWei } from "./networks.ts";

/** What to deploy, with every value that is a decision. */
export type HousePlan = {
  name: string;
  chainId: number;
  /** Slots for rounds, a power of two: at least four times the rounds of two epochs, one a block. */
  roundSlots: bigint;
  epochSeconds: bigint;
  /** The real coordinator there is, or the one to deploy on a local chain. */
  randomness:
    | {
        kind: "listed";
        coordinator: Address;
        keyHash: Hex;
        confirmations: number;
        worstPriceWei: bigint;
      }
    | { kind: "own"; provingKey: Hex; laneMaxGasPriceWei: bigint; worstPriceWei: bigint };
  /** Native coin for the subscription. */
  fundingWei: bigint;
  assets: AssetPlan[];
  /** In the order of their numbers, from 1 without a gap. */
  games: readonly AnyGame[];
  governance: Governance;
};

export type AssetPlan = {
  symbol: string;
  name: string;
  /** `undefined`: deploy the test token. */
  token: Address | undefined;
  decimals: number;
  /** Least and largest stake, units. */
  minStake: bigint;
  maxStake: bigint;
};

/** Who may do what, and how long it waits between announcement and effect. */
export type Governance = {
  governor: Address;
  guardian: Address;
  /** For games, assets and risk. */
  delaySeconds: number;
  /** For the source of randomness and for the roles themselves. */
  sourceDelaySeconds: number;
};

/**
 * The same risk for all games: a quarter of Kelly, 1% of the bankroll for one bet, a fifth of the edge in fees. A game
 * can win 3% of the bankroll with all its open bets in its first days and 30% later, and lose 5% in a day.
 */
export const RISK = {
  kellyBps: 2_500n,
  capBps: 100n,
  shareBps: 2_000n,
  gameCapBps: 3_000n,
  lossBps: 500n,
} as const;

/**
 * Gas that a game is given, by its key: for its odds and one round, and on top for each further round. At least two
 * and a half times what the dearest choice was measured to take, its cold storage included; what is left comes back.
 * Multiples of 512 and of 16, as the casino stores them.
 */
export const GAS: Readonly<Record<string, { stipend: bigint; roundGas: bigint }>> = {
  "coin-flip": { stipend: 12_288n, roundGas: 800n },
  dice: { stipend: 12_288n, roundGas: 800n },
  limbo: { stipend: 12_288n, roundGas: 800n },
  "european-roulette": { stipend: 40_960n, roundGas: 1_200n },
  "american-roulette": { stipend: 40_960n, roundGas: 1_200n },
  plinko: { stipend: 24_576n, roundGas: 1_200n },
  keno: { stipend: 16_384n, roundGas: 6_000n },
  wheel: { stipend: 34_816n, roundGas: 1_200n },
  "cut-glass": { stipend: 16_384n, roundGas: 6_800n },
  "stained-glass": { stipend: 20_480n, roundGas: 10_800n },
  "molten-glass": { stipend: 24_576n, roundGas: 11_200n },
  baccarat: { stipend: 16_384n, roundGas: 6_800n },
  "sic-bo": { stipend: 12_288n, roundGas: 2_000n },
  craps: { stipend: 12_288n, roundGas: 1_600n },
  "rock-paper-scissors": { stipend: 12_288n, roundGas: 800n },
  "scratch-card": { stipend: 12_288n, roundGas: 1_600n },
};

/** Units; what 11 significant bits hold exactly, as the casino stores it. */
const LEAST_STAKE = 80_000n;
/** Units; a local house takes stakes so small that its bankroll bears even a multiplier of a million. */
const LEAST_LOCAL_STAKE = 1_000n;

const DAY = 86_400;
const FUNDED_REQUESTS = 10n;

/** The house on this machine: own coordinator, test token, no delays. */
export function localPlan({
  deployer,
  provingKey,
}: {
  deployer: Address;
  provingKey: Hex;
}): HousePlan {
  const lane = { laneGwei: 100n, premiumPercent: 60n };
  return {
    name: "local",
    chainId: 31_337,
    roundSlots: 8_192n,
    epochSeconds: 600n,
    randomness: {
      kind: "own",
      provingKey,
      laneMaxGasPriceWei: parseGwei("100"),
      worstPriceWei: worstPriceWei(lane),
    },
    fundingWei: parseEther("500"),
    assets: [
      { ...nativePlan("ETH", "Ether"), minStake: LEAST_LOCAL_STAKE },
      {
        symbol: "USDC",
        name: "USD Coin (local)",
        token: undefined,
        decimals: 6,
        minStake: LEAST_LOCAL_STAKE,
        maxStake: 10n ** 10n,
      },
    ],
    games: Object.values(games),
    governance: { governor: deployer, guardian: deployer, delaySeconds: 0, sourceDelaySeconds: 0 },
  };
}

/** The house on a chain that Chainlink serves. */
export function networkPlan(
  network: Network,
  { governor, guardian, fundingWei }: { governor: Address; guardian: Address; fundingWei?: bigint },
): HousePlan {
  const { coordinator, keyHash, confirmations } = network.randomness;
  const worst = worstPriceWei(network.randomness);
  return {
    name: network.name,
    chainId: network.chainId,
    // A round in each second of two days, in the quarter that may be taken.
    roundSlots: 2n ** 20n,
    epochSeconds: BigInt(DAY),
    randomness: { kind: "listed", coordinator, keyHash, confirmations, worstPriceWei: worst },
    fundingWei: fundingWei ?? FUNDED_REQUESTS * worst,
    assets: [nativePlan(network.nativeSymbol, network.nativeName)],
    games: Object.values(games),
    governance: { governor, guardian, delaySeconds: 7 * DAY, sourceDelaySeconds: 14 * DAY },
  };
}

function nativePlan(symbol: string, name: string): AssetPlan {
  return {
    symbol,
    name,
    token: zeroAddress,
    decimals: 18,
    minStake: LEAST_STAKE,
    maxStake: 10n ** 10n,
  };
}
