import {
  getAddress,
  type Account,
  type Address,
  type Chain,
  type Hex,
  type PublicClient,
  type Transport,
  type WalletClient,
} from "viem";
import { keyHashOf, publicKeyOf } from "../sdk/vrf.ts";
import { artifactOf } from "./artifacts.ts";

/** Where the real Chainlink parts of a local chain live. */
export type ChainlinkDeployment = {
  readonly coordinator: Address;
  readonly link: Address;
  /** Answers the price of LINK in wei. */
  readonly feed: Address;
  readonly keyHash: Hex;
  /** The coordinator's first block, where an oracle starts to look for requests. */
  readonly blockNumber: bigint;
};

/** `VRFCoordinatorV2_5.setConfig` in its own order: Chainlink's usual figures, with Base's confirmations and premiums. */
const CONFIG = {
  minimumRequestConfirmations: 0,
  maxGasLimit: 2_500_000,
  stalenessSeconds: 86_400,
  gasAfterPaymentCalculation: 33_825,
  fallbackWeiPerUnitLink: 5_000_000_000_000_000n,
  fulfillmentFlatFeeNativePPM: 0,
  fulfillmentFlatFeeLinkDiscountPPM: 0,
  nativePremiumPercentage: 60,
  linkPremiumPercentage: 50,
} as const;

/** What the feed of LINK in wei answers: its decimals and 0.005 ether. */
const FEED = [18, CONFIG.fallbackWeiPerUnitLink] as const;

/** No store of old block hashes: after 256 blocks a request can only be voided. */
const NO_BLOCKHASH_STORE: Address = "0x0000000000000000000000000000000000000000";

/**
 * Deploys the real `VRFCoordinatorV2_5`, LINK and its price feed, and registers the public key of `provingKey` in a
 * lane whose fulfilments may cost up to `laneMaxGasPriceWei` a unit of gas. The wallet becomes the coordinator's owner.
 *
 * Each call makes a new set. Needs the build's artifacts.
 */
export async function deployCoordinator({
  walletClient,
  publicClient,
  provingKey,
  laneMaxGasPriceWei,
}: {
  walletClient: WalletClient<Transport, Chain, Account>;
  publicClient: PublicClient;
  provingKey: Hex;
  laneMaxGasPriceWei: bigint;
}): Promise<ChainlinkDeployment> {
  const coordinatorArtifact = chainlinkArtifact(
    "vrf/dev/VRFCoordinatorV2_5.sol/VRFCoordinatorV2_5",
  );
  const publicKey = publicKeyOf(provingKey);

  // All are sent before any is awaited: on a chain with a block time they share a block.
  const deployments = [
    await walletClient.deployContract({ ...coordinatorArtifact, args: [NO_BLOCKHASH_STORE] }),
    await walletClient.deployContract(
      chainlinkArtifact("shared/token/ERC677/LinkToken.sol/LinkToken"),
    ),
    await walletClient.deployContract({
      ...chainlinkArtifact("shared/mocks/MockV3Aggregator.sol/MockV3Aggregator"),
      args: FEED,
    }),
  ];
  const [deployed, link, feed] = await Promise.all(deployments.map(mined));
  const coordinator = created(deployed);

  const call = { address: coordinator, abi: coordinatorArtifact.abi };
  const calls = [
    await walletClient.writeContract({
      ...call,
      functionName: "setConfig",
      args: Object.values(CONFIG),
    }),
    await walletClient.writeContract({
      ...call,
      functionName: "setLINKAndLINKNativeFeed",
      args: [created(link), created(feed)],
    }),
    await walletClient.writeContract({
      ...call,
      functionName: "registerProvingKey",
      args: [publicKey, laneMaxGasPriceWei],
    }),
  ];
  await Promise.all(calls.map(mined));

  return {
    coordinator,
    link: created(link),
    feed: created(feed),
    keyHash: keyHashOf(publicKey),
    blockNumber: deployed!.blockNumber,
  };

  async function mined(hash: Hex) {
    const receipt = await publicClient.waitForTransactionReceipt({ hash });
    if (receipt.status !== "success") throw new Error(`Transaction ${hash} reverted.`);
    return receipt;
  }
}

function created(receipt: { contractAddress?: Address | null | undefined } | undefined): Address {
  if (!receipt?.contractAddress) throw new Error("The transaction created no contract.");
  return getAddress(receipt.contractAddress);
}

/** ABI and bytecode of one of Chainlink's contracts, as the build left them. */
function chainlinkArtifact(name: string) {
  return artifactOf(`@chainlink/contracts/src/v0.8/${name}`);
}
