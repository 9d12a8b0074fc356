import type { Address, Hex } from "viem";

/** What deploying needs to know of a chain. */
export type Network = {
  name: string;
  chainId: number;
  /** Real money: refused unless the operator asserts a licence. */
  mainnet: boolean;
  nativeSymbol: string;
  nativeName: string;
  randomness: {
    coordinator: Address;
    keyHash: Hex;
    /** The gas price up to which the key's lane delivers. */
    laneGwei: bigint;
    /** The least that the coordinator accepts on this chain. */
    confirmations: number;
    /** What the coordinator adds to the cost of gas when paid natively, in percent. */
    premiumPercent: bigint;
  };
};

/** Chainlink's supported networks page, snapshot of 2026-08-21; the deployment checks each entry on chain. */
export const NETWORKS: readonly Network[] = [
  {
    name: "base-sepolia",
    chainId: 84_532,
    mainnet: false,
    nativeSymbol: "ETH",
    nativeName: "Ether",
    randomness: {
      coordinator: "0x5C210eF41CD1a72de73bF76eC39637bB0d3d7BEE",
      keyHash: "0x9e1344a1247c8a1785d0a4681a27152bffdb43666ae5bf7d14d24a5efd44bf71",
      laneGwei: 30n,
      confirmations: 0,
      premiumPercent: 60n,
    },
  },
  {
    name: "arbitrum-sepolia",
    chainId: 421_614,
    mainnet: false,
    nativeSymbol: "ETH",
    nativeName: "Ether",
    randomness: {
      coordinator: "0x5CE8D5A2BC84beb22a398CCA51996F7930313D61",
      keyHash: "0x1770bdc7eec7771f7ba4ffd640f34260d7f095b79c92d34a5b2551d6f6cfd2be",
      laneGwei: 50n,
      confirmations: 1,
      premiumPercent: 60n,
    },
  },
  {
    name: "op-sepolia",
    chainId: 11_155_420,
    mainnet: false,
    nativeSymbol: "ETH",
    nativeName: "Ether",
    randomness: {
      coordinator: "0x02667f44a6a44E4BDddCF80e724512Ad3426B17d",
      keyHash: "0xc3d5bc4d5600fa71f7a50b9ad841f14f24f9ca4236fd00bdb5fda56b052b28a4",
      laneGwei: 30n,
      confirmations: 0,
      premiumPercent: 60n,
    },
  },
  {
    name: "sepolia",
    chainId: 11_155_111,
    mainnet: false,
    nativeSymbol: "ETH",
    nativeName: "Ether",
    randomness: {
      coordinator: "0x9DdfaCa8183c41ad55329BdeeD9F6A8d53168B1B",
      keyHash: "0x787d74caea10b2b357790d5b5247c2f63d1d91572a9846f780606e4d953677ae",
      laneGwei: 500n,
      confirmations: 3,
      premiumPercent: 24n,
    },
  },
  {
    name: "amoy",
    chainId: 80_002,
    mainnet: false,
    nativeSymbol: "POL",
    nativeName: "POL",
    randomness: {
      coordinator: "0x343300b5d84D444B2ADc9116FEF1bED02BE49Cf2",
      keyHash: "0x816bedba8a50b294e5cbd47842baf240c2385f2eaf719edbd4f250a137a8c899",
      laneGwei: 500n,
      confirmations: 3,
      premiumPercent: 84n,
    },
  },
  {
    name: "bnb-testnet",
    chainId: 97,
    mainnet: false,
    nativeSymbol: "tBNB",
    nativeName: "BNB",
    randomness: {
      coordinator: "0xDA3b641D438362C440Ac5458c57e00a712b66700",
      keyHash: "0x8596b430971ac45bdf6088665b9ad8e8630c9d5049ab54b14dff711bee7c0e26",
      laneGwei: 50n,
      confirmations: 3,
      premiumPercent: 60n,
    },
  },
  {
    name: "fuji",
    chainId: 43_113,
    mainnet: false,
    nativeSymbol: "AVAX",
    nativeName: "Avalanche",
    randomness: {
      coordinator: "0x5C210eF41CD1a72de73bF76eC39637bB0d3d7BEE",
      keyHash: "0xc799bd1e3bd4d1a41cd4968997a4e03dfd2a3c7c04b695881138580163f42887",
      laneGwei: 300n,
      confirmations: 1,
      premiumPercent: 60n,
    },
  },
  {
    name: "base",
    chainId: 8_453,
    mainnet: true,
    nativeSymbol: "ETH",
    nativeName: "Ether",
    randomness: {
      coordinator: "0xd5D517aBE5cF79B7e95eC98dB0f0277788aFF634",
      keyHash: "0xdc2f87677b01473c763cb0aee938ed3341512f6057324a584e5944e786144d70",
      laneGwei: 30n,
      confirmations: 0,
      premiumPercent: 60n,
    },
  },
  {
    name: "arbitrum",
    chainId: 42_161,
    mainnet: true,
    nativeSymbol: "ETH",
    nativeName: "Ether",
    randomness: {
      coordinator: "0x3C0Ca683b403E37668AE3DC4FB62F4B29B6f7a3e",
      keyHash: "0x8472ba59cf7134dfe321f4d61a430c4857e8b19cdd5230b09952a92671c24409",
      laneGwei: 30n,
      confirmations: 1,
      premiumPercent: 60n,
    },
  },
  {
    name: "optimism",
    chainId: 10,
    mainnet: true,
    nativeSymbol: "ETH",
    nativeName: "Ether",
    randomness: {
      coordinator: "0x5FE58960F730153eb5A84a47C51BD4E58302E1c8",
      keyHash: "0x8e7a847ba0757d1c302a3f0fde7b868ef8cf4acc32e48505f1a1d53693a10a19",
      laneGwei: 30n,
      confirmations: 0,
      premiumPercent: 60n,
    },
  },
];

/** Gas of a fulfilment that runs its whole callback, and the coordinator's own part after payment. */
const FULFILMENT_GAS = 95_000n + 50_000n + 34_000n;

/** Wei that one request can cost at the most, at the lane's ceiling. */
export function worstPriceWei({
  laneGwei,
  premiumPercent,
}: {
  laneGwei: bigint;
  premiumPercent: bigint;
}): bigint {
  return (FULFILMENT_GAS * laneGwei * 10n ** 9n * (100n + premiumPercent)) / 100n;
}
