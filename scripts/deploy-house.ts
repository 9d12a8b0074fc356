import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  type Address,
  type Hex,
  type PublicClient,
  getAddress,
  isAddressEqual,
  zeroAddress,
} from "viem";
import { casinoAbi } from "../sdk/abis.ts";
import {
  type Asset,
  type Deployment,
  type ListedGame,
  type Randomness,
  formatDeployment,
} from "../sdk/deployment.ts";
import { artifactOf } from "./artifacts.ts";
import { deployCoordinator } from "./chainlink.ts";
import { CommandError } from "./command-error.ts";
import { type Wallet, deploymentFile } from "./connection.ts";
import { coordinatorAbi } from "./coordinator-abi.ts";
import { type AssetPlan, GAS, type HousePlan, RISK } from "./house-plan.ts";
import { Journal, type StepListener, writeAtomically } from "./journal.ts";
import { assignRoles, readRoles } from "./roles.ts";

/** Decimals of the ledger: more of them would not fit its fields. */
const LEDGER_DECIMALS = 9;

/** `Rounds.CALLBACK_GAS`. */
const CALLBACK_GAS = 50_000;

export type DeployOptions = {
  publicClient: PublicClient;
  /** With an account that signs by itself; it becomes the governor unless the plan names another. */
  walletClient: Wallet;
  plan: HousePlan;
  /** Where `<chainId>.json` and its journal go. */
  folder: string;
  /** Last step before the deployment counts as done; must be able to run twice. */
  seed?: (client: PublicClient, deployment: Deployment) => Promise<void>;
  onStep?: StepListener;
};

type Context = DeployOptions & { journal: Journal };

/**
 * Deploys a house and writes `<folder>/<chainId>.json`. Stopped at any point, it goes on where it was.
 * Throws CommandError where the chain does not offer what the plan needs.
 */
export async function deployHouse(options: DeployOptions): Promise<Deployment> {
  const { publicClient, plan, folder } = options;
  const journal = await Journal.open({
    ...options,
    path: deploymentFile(plan.chainId, folder).replace(/\.json$/, ".journal.json"),
  });
  const context = { ...options, journal };

  const coordinator = await coordinatorOf(context);
  const manager = await journal.deploy("access manager", {
    ...artifactOf("@openzeppelin/contracts/access/manager/AccessManager.sol/AccessManager"),
    args: [options.walletClient.account.address],
  });
  const casino = await journal.deploy("casino", {
    ...artifactOf("contracts/Casino.sol/Casino"),
    args: [
      manager.address,
      // No gate: anyone may bet.
      zeroAddress,
      plan.roundSlots,
      plan.epochSeconds,
      coordinator.address,
      coordinator.keyHash,
      coordinator.confirmations,
      plan.randomness.worstPriceWei,
    ],
  });
  const assets = await listAssets(context, casino.address);
  const games = await listGames(context, casino.address, assets);
  const randomness = await fundSubscription(context, casino.address, coordinator);
  const house = {
    manager: manager.address,
    casino: casino.address,
    plan,
    deployer: options.walletClient.account.address,
  };
  await assignRoles(journal, house);

  const commit = commitOfSources();
  const deployment: Deployment = {
    chainId: plan.chainId,
    name: plan.name,
    casino: casino.address,
    accessManager: manager.address,
    ...(await partsOf(publicClient, casino.address)),
    deployBlock: Number(casino.blockNumber),
    ...(commit === undefined ? {} : { commit }),
    randomness,
    assets,
    games,
  };
  await checkHouse(publicClient, deployment, plan);
  for (const { what, found, wanted } of await readRoles(publicClient, house))
    expectEqual(what, found, wanted);
  await options.seed?.(publicClient, deployment);
  writeAtomically(deploymentFile(plan.chainId, folder), formatDeployment(deployment));
  return deployment;
}

/** The contracts that the casino made for itself. */
async function partsOf(
  client: PublicClient,
  address: Address,
): Promise<Required<Pick<Deployment, "limits" | "sessions" | "annex">>> {
  const casino = { address, abi: casinoAbi } as const;
  const [limits, sessions, annex] = await Promise.all([
    client.readContract({ ...casino, functionName: "limits" }),
    client.readContract({ ...casino, functionName: "sessions" }),
    client.readContract({ ...casino, functionName: "annex" }),
  ]);
  return { limits, sessions, annex };
}

type Coordinator = { address: Address; keyHash: Hex; confirmations: number; blockNumber: bigint };

/** The coordinator of the chain, once it is sure that it serves our key; on a local chain our own. */
async function coordinatorOf({ publicClient, journal, plan }: Context): Promise<Coordinator> {
  const { randomness } = plan;
  if (randomness.kind === "own") {
    const { coordinator, keyHash, blockNumber } = await deployCoordinator({
      walletClient: journal.walletFor("coordinator"),
      publicClient,
      provingKey: randomness.provingKey,
      laneMaxGasPriceWei: randomness.laneMaxGasPriceWei,
    });
    return { address: getAddress(coordinator), keyHash, confirmations: 0, blockNumber };
  }

  const { coordinator: address, keyHash, confirmations } = randomness;
  if (!(await publicClient.getCode({ address }))) {
    throw new CommandError(
      `There is no VRF coordinator at ${address} on this chain.`,
      "correct scripts/networks.ts",
    );
  }
  const contract = { address, abi: coordinatorAbi } as const;
  const [[exists], [minimum, maxGas]] = await Promise.all([
    publicClient.readContract({ ...contract, functionName: "s_provingKeys", args: [keyHash] }),
    publicClient.readContract({ ...contract, functionName: "s_config" }),
  ]);
  const hint = "compare scripts/networks.ts with Chainlink's supported networks";
  // A request under an unknown key is accepted, never fulfilled, and locks the subscription.
  if (!exists)
    throw new CommandError(`The coordinator does not know the key hash ${keyHash}.`, hint);
  if (minimum > confirmations) {
    throw new CommandError(
      `The coordinator wants ${minimum} confirmations, not ${confirmations}.`,
      hint,
    );
  }
  if (maxGas < CALLBACK_GAS) {
    throw new CommandError(
      `The coordinator gives callbacks ${maxGas} gas; the casino needs ${CALLBACK_GAS}.`,
      hint,
    );
  }
  return { address, keyHash, confirmations, blockNumber: await publicClient.getBlockNumber() };
}

async function listAssets({ journal, plan }: Context, casino: Address): Promise<Asset[]> {
  const assets: Asset[] = [];
  for (const [id, asset] of plan.assets.entries()) {
    const token =
      asset.token ??
      (
        await journal.deploy(
          `token ${asset.symbol}`,
          artifactOf("contracts/local/TestToken.sol/TestToken"),
        )
      ).address;
    const bankroll = await journal.deploy(`bankroll ${asset.symbol}`, {
      ...artifactOf("contracts/Bankroll.sol/Bankroll"),
      args: [casino, id, `Glasshouse ${asset.symbol} bankroll`, `gh${asset.symbol}`],
    });
    await journal.call(`list ${asset.symbol}`, {
      address: casino,
      abi: casinoAbi,
      functionName: "listAsset",
      args: [token, bankroll.address],
    });
    assets.push(assetOf(id, asset, token, bankroll.address));
  }
  return assets;
}

function assetOf(
  id: number,
  { symbol, name, decimals }: AssetPlan,
  token: Address,
  bankroll: Address,
): Asset {
  const ledgerDecimals = Math.min(LEDGER_DECIMALS, decimals);
  return {
    id,
    symbol,
    name,
    token,
    decimals,
    unit: 10n ** BigInt(decimals - ledgerDecimals),
    ledgerDecimals,
    bankroll,
  };
}

async function listGames(
  { journal, plan }: Context,
  casino: Address,
  assets: Asset[],
): Promise<ListedGame[]> {
  const listed: ListedGame[] = [];
  for (const game of plan.games) {
    const { name, args } = game.contract;
    const gas = GAS[game.key];
    if (!gas)
      throw new CommandError(
        `It is not said how much gas ${game.key} is given.`,
        "add it to GAS in scripts/house-plan.ts",
      );
    const { address: rules } = await journal.deploy(`rules of ${game.key}`, {
      ...artifactOf(`contracts/games/${name}.sol/${name}`),
      args,
    });
    await journal.call(`list ${game.key}`, {
      address: casino,
      abi: casinoAbi,
      functionName: "listGame",
      args: [rules],
    });
    for (const { id, symbol } of assets) {
      const { minStake, maxStake } = plan.assets[id]!;
      await journal.call(`terms of ${game.key} in ${symbol}`, {
        address: casino,
        abi: casinoAbi,
        functionName: "setTerms",
        args: [game.id, id, { ...RISK, ...gas, minStake, maxStake }],
      });
    }
    listed.push({ id: game.id, key: game.key, name: game.name, rules });
  }
  return listed;
}

/** Pays for the first requests. The casino made its own subscription when it was made. */
async function fundSubscription(
  { publicClient, journal, plan }: Context,
  casino: Address,
  { address: coordinator, keyHash, confirmations, blockNumber }: Coordinator,
): Promise<Randomness> {
  const [, , subscription] = await publicClient.readContract({
    address: casino,
    abi: casinoAbi,
    functionName: "source",
  });
  await journal.call("subscription's funds", {
    address: coordinator,
    abi: coordinatorAbi,
    functionName: "fundSubscriptionWithNative",
    args: [subscription],
    value: plan.fundingWei,
  });
  return {
    coordinator,
    keyHash,
    subscription,
    confirmations,
    callbackGasLimit: CALLBACK_GAS,
    coordinatorBlock: Number(blockNumber),
  };
}

/** Reads back what was set: a deployment is done when the chain says so. */
async function checkHouse(
  client: PublicClient,
  deployment: Deployment,
  plan: HousePlan,
): Promise<void> {
  const { randomness, assets, games } = deployment;
  const casino = { address: deployment.casino, abi: casinoAbi } as const;
  const [authority, assetCount, gameCount, epochSeconds, source] = await Promise.all([
    client.readContract({ ...casino, functionName: "authority" }),
    client.readContract({ ...casino, functionName: "assetCount" }),
    client.readContract({ ...casino, functionName: "gameCount" }),
    client.readContract({ ...casino, functionName: "epochSeconds" }),
    client.readContract({ ...casino, functionName: "source" }),
  ]);
  const [coordinator, keyHash, subscription, confirmations, worstPrice] = source;
  expectEqual("the authority", authority, deployment.accessManager);
  expectEqual("the number of assets", assetCount, BigInt(assets.length));
  expectEqual("the number of games", gameCount, BigInt(games.length));
  expectEqual("the length of an epoch", epochSeconds, plan.epochSeconds);
  expectEqual("the coordinator", coordinator, randomness.coordinator);
  expectEqual("the key hash", keyHash, randomness.keyHash);
  expectEqual("the confirmations", confirmations, randomness.confirmations);
  expectEqual("the worst price of a request", worstPrice, plan.randomness.worstPriceWei);
  for (const { id, token, unit, bankroll } of assets) {
    const [listed, itsUnit, itsBankroll] = await client.readContract({
      ...casino,
      functionName: "assetOf",
      args: [id],
    });
    expectEqual(`the token of asset ${id}`, listed, token);
    expectEqual(`the unit of asset ${id}`, itsUnit, unit);
    expectEqual(`the bankroll of asset ${id}`, itsBankroll, bankroll);
    for (const game of games) {
      const [open] = await client.readContract({
        ...casino,
        functionName: "termsOf",
        args: [game.id, id],
      });
      expectEqual(`the listing of game ${game.id} in asset ${id}`, open, true);
    }
  }
  for (const { id, rules } of games) {
    expectEqual(
      `the rules of game ${id}`,
      await client.readContract({ ...casino, functionName: "gameOf", args: [id] }),
      rules,
    );
  }
  const [, funds] = await client.readContract({
    address: randomness.coordinator,
    abi: coordinatorAbi,
    functionName: "getSubscription",
    args: [subscription],
  });
  if (funds < plan.randomness.worstPriceWei) {
    throw new CommandError(
      "The subscription does not cover a single request.",
      `fund ${subscription} at the coordinator`,
    );
  }
}

function expectEqual<T>(what: string, found: T, wanted: T): void {
  const same =
    typeof found === "string" && found.length === zeroAddress.length
      ? isAddressEqual(found as Address, wanted as Address)
      : found === wanted;
  if (!same) {
    throw new CommandError(
      `On chain, ${what} is ${found}, not ${wanted}.`,
      "delete the journal and deploy anew",
    );
  }
}

/** Of the repository that this file is in, where it is one and nothing is changed. */
function commitOfSources(): string | undefined {
  const cwd = fileURLToPath(new URL("../", import.meta.url));
  const git = (...args: string[]) => spawnSync("git", args, { cwd, encoding: "utf8" });
  const head = git("rev-parse", "HEAD");
  const changes = git("status", "--porcelain", "contracts");
  return head.status === 0 && changes.status === 0 && changes.stdout === ""
    ? head.stdout.trim()
    : undefined;
}
