import { existsSync, rmSync } from "node:fs";
import type { Command } from "commander";
import {
  type Address,
  InsufficientFundsError,
  BaseError,
  type PublicClient,
  formatEther,
  isAddress,
  parseEther,
} from "viem";
import { LOCAL_CHAIN_ID } from "./chain.ts";
import { CommandError } from "./command-error.ts";
import {
  DEPLOYMENTS,
  type Wallet,
  accountFromEnv,
  answering,
  connect,
  deploymentFile,
  readDeployment,
  walletOf,
} from "./connection.ts";
import { type DeployOptions, deployHouse } from "./deploy-house.ts";
import { type HousePlan, localPlan, networkPlan } from "./house-plan.ts";
import { LOCAL_PROVING_KEY, localAccount } from "./local.ts";
import { NETWORKS, type Network } from "./networks.ts";
import { seedLocalHouse } from "./seed.ts";
import type { Deployment } from "../sdk/deployment.ts";

/** Gas of the whole deployment, generously: 64 to 90 transactions, most of it the contracts' code. */
const DEPLOYMENT_GAS = 80_000_000n;

type Options = {
  rpc: string;
  local?: true;
  network?: string;
  keyEnv: string;
  governor?: string;
  guardian?: string;
  fund?: string;
  out: string;
  fresh?: true;
  iHaveALicence?: true;
};

export function register(program: Command): void {
  program
    .command("deploy")
    .description("Deploy the house; stopped at any point, the same command goes on where it was")
    .requiredOption("--rpc <url>", "node of the chain")
    .option(
      "--local",
      "a local chain: own coordinator, test token, seed liquidity, well-known keys",
    )
    .option(
      "--network <name>",
      `a chain that Chainlink serves: ${NETWORKS.map(({ name }) => name).join(", ")}`,
    )
    .option(
      "--key-env <name>",
      "environment variable that holds the deployer's private key",
      "DEPLOYER_KEY",
    )
    .option(
      "--governor <address>",
      "who governs games, risk and randomness; the deployer by default on test networks",
    )
    .option("--guardian <address>", "who may pause new bets; likewise")
    .option("--fund <ether>", "native coin for the VRF subscription")
    .option("--out <folder>", "where the deployment's file and journal go", DEPLOYMENTS)
    .option("--fresh", "deploy anew, whatever was deployed before")
    .option("--i-have-a-licence", "needed where bets are real money")
    .action(deploy);
}

async function deploy(options: Options): Promise<void> {
  const publicClient = await connect(options.rpc);
  const chainId = await publicClient.getChainId();
  const network = networkOf(options, chainId);
  const walletClient = walletOf(
    publicClient,
    network ? accountFromEnv(options.keyEnv) : localAccount("deployer"),
  );
  const plan = network
    ? planOf(network, walletClient, options)
    : localPlan({ deployer: walletClient.account.address, provingKey: LOCAL_PROVING_KEY });

  const deployment = await answering(
    options.rpc,
    deployOnce(
      {
        publicClient,
        walletClient,
        plan,
        folder: options.out,
        onStep: (name, resumed) => console.log(resumed ? `  ${name}: done before` : `  ${name}`),
      },
      options.fresh === true,
    ),
  );
  console.log(
    `The casino of chain ${chainId} is ${deployment.casino}: ${deploymentFile(chainId, options.out)}`,
  );
}

/** Deploys unless a whole deployment is there already; on local chains, gives it liquidity. Throws CommandError. */
export async function deployOnce(options: DeployOptions, fresh = false): Promise<Deployment> {
  const { publicClient, walletClient, plan, folder } = options;
  const file = deploymentFile(plan.chainId, folder);
  if (fresh)
    for (const path of [file, file.replace(/\.json$/, ".journal.json")])
      rmSync(path, { force: true });
  if (existsSync(file)) {
    const found = readDeployment(file);
    if (found.chainId === plan.chainId && (await publicClient.getCode({ address: found.casino })))
      return found;
    // Of an earlier chain of the same number: local chains forget. Its journal tells by the genesis block.
    if (plan.randomness.kind !== "own") {
      throw new CommandError(
        `The casino of ${file} (${found.casino}) has no code on this chain.`,
        "correct --rpc or --out, or give --fresh to deploy anew",
      );
    }
  }
  try {
    await checkFunds(publicClient, walletClient, plan, file);
    return await deployHouse({
      ...options,
      ...(plan.randomness.kind === "own" ? { seed: seedLocalHouse } : {}),
    });
  } catch (error) {
    if (!isOutOfFunds(error)) throw error;
    const { address } = walletClient.account;
    throw new CommandError(
      `${address} has run out of coins: ${formatEther(await publicClient.getBalance({ address }))} left.`,
      "send it more and run the command again: it goes on where it was",
      { cause: error },
    );
  }
}

/** Nodes differ in how they say it; viem does not know all of them. */
function isOutOfFunds(error: unknown): boolean {
  if (!(error instanceof BaseError)) return false;
  const byType = error.walk((cause) => cause instanceof InsufficientFundsError) !== null;
  return byType || /insufficient funds|enough funds/i.test(error.message);
}

/** Before the first transaction: does the wallet hold what all of them will cost? */
async function checkFunds(
  client: PublicClient,
  wallet: Wallet,
  plan: HousePlan,
  file: string,
): Promise<void> {
  if (existsSync(file.replace(/\.json$/, ".journal.json"))) return;
  const { address } = wallet.account;
  const [balance, gasPrice] = await Promise.all([
    client.getBalance({ address }),
    client.getGasPrice(),
  ]);
  const needed = plan.fundingWei + DEPLOYMENT_GAS * gasPrice;
  if (balance >= needed) return;
  throw new CommandError(
    `${address} holds ${formatEther(balance)} coins; deploying needs about ${formatEther(needed)}.`,
    `send it ${formatEther(needed - balance)} more`,
  );
}

/** The network that the options name, nothing for a local one. Throws CommandError where they contradict the chain. */
export function networkOf(
  options: {
    local?: true;
    network?: string;
    governor?: string;
    guardian?: string;
    iHaveALicence?: true;
  },
  chainId: number,
): Network | undefined {
  if (options.local) {
    if (chainId === LOCAL_CHAIN_ID) return undefined;
    throw new CommandError(
      `--local uses keys that everyone knows; the node serves chain ${chainId}, not ${LOCAL_CHAIN_ID}.`,
      "start a local chain with `casino chain`, or name the network with --network",
    );
  }
  const names = NETWORKS.map(({ name }) => name).join(", ");
  if (options.network === undefined)
    throw new CommandError("It is not said where to deploy.", "give --local or --network");
  const network = NETWORKS.find(({ name }) => name === options.network);
  if (!network)
    throw new CommandError(`There is no network "${options.network}".`, `choose among ${names}`);
  if (network.chainId !== chainId) {
    throw new CommandError(
      `${network.name} is chain ${network.chainId}, but the node serves chain ${chainId}.`,
      "correct --rpc or --network",
    );
  }
  if (network.mainnet && !options.iHaveALicence) {
    throw new CommandError(
      `Bets on ${network.name} are real money; the contracts have had no outside audit.`,
      "deploy to a test network; give --i-have-a-licence where you are licensed and answer for it",
    );
  }
  if (network.mainnet && (options.governor === undefined || options.guardian === undefined)) {
    throw new CommandError(
      `On ${network.name} the key that deploys must not be what governs.`,
      "name a multisig by --governor and a second one by --guardian",
    );
  }
  return network;
}

function planOf(
  network: Network,
  wallet: Wallet,
  { governor, guardian, fund }: Options,
): HousePlan {
  const self = wallet.account.address;
  return networkPlan(network, {
    governor: addressOption("--governor", governor) ?? self,
    guardian: addressOption("--guardian", guardian) ?? self,
    ...(fund === undefined ? {} : { fundingWei: etherOption("--fund", fund) }),
  });
}

function addressOption(option: string, value: string | undefined): Address | undefined {
  if (value === undefined || isAddress(value)) return value;
  throw new CommandError(`${option} is not an address.`, "give 0x and 40 hex digits");
}

function etherOption(option: string, value: string): bigint {
  if (/^\d+(\.\d{1,18})?$/.test(value)) return parseEther(value);
  throw new CommandError(`${option} is not an amount.`, "give a number such as 0.05");
}
