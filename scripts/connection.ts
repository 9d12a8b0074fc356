import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type Account,
  BaseError,
  type Chain,
  HttpRequestError,
  type PublicClient,
  TimeoutError,
  type Transport,
  type WalletClient,
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  http,
  isHex,
  size,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { type Deployment, DeploymentInvalid, parseDeployment } from "../sdk/deployment.ts";
import { CommandError } from "./command-error.ts";

/** Where deployments are written and looked for. */
export const DEPLOYMENTS = fileURLToPath(new URL("../deployments/", import.meta.url));

export type Wallet = WalletClient<Transport, Chain, Account>;

/** A client of the node at `rpc`, once it has answered. Throws CommandError where it does not. */
export async function connect(rpc: string): Promise<PublicClient> {
  const transport = http(rpc);
  const chainId = await answering(rpc, createPublicClient({ transport }).getChainId());
  return createPublicClient({
    transport,
    chain: chainOf(chainId),
    pollingInterval: 250,
  }) as PublicClient;
}

/** A wallet on the same node. */
export function walletOf(client: PublicClient, account: Account): Wallet {
  const { chain } = client;
  if (!chain) throw new Error("The client has no chain");
  return createWalletClient({ account, chain, transport: custom(client) });
}

/** The account whose private key is in an environment variable. The key itself is never shown. */
export function accountFromEnv(name: string): Account {
  const key = process.env[name];
  if (!key) {
    throw new CommandError(
      `The environment variable ${name} holds no key.`,
      `put a private key into ${name}`,
    );
  }
  if (!isHex(key) || size(key) !== 32) {
    throw new CommandError(
      `${name} does not hold a private key.`,
      `put 0x and 64 hex digits into ${name}`,
    );
  }
  return privateKeyToAccount(key);
}

/**
 * The deployment on the client's chain, from `file` or `deployments/<chainId>.json`.
 * Throws CommandError where it is missing, broken, or made on another chain.
 */
export async function loadDeployment(client: PublicClient, file?: string): Promise<Deployment> {
  const chainId = await client.getChainId();
  const path = file ?? deploymentFile(chainId);
  if (!existsSync(path)) {
    throw new CommandError(
      `There is no deployment at ${path}.`,
      "run `casino deploy` for this chain first",
    );
  }
  const deployment = readDeployment(path);
  if (deployment.chainId !== chainId) {
    throw new CommandError(
      `${path} is about chain ${deployment.chainId}, but the node serves chain ${chainId}.`,
      "give the node or the deployment of the same chain",
    );
  }
  if (!(await client.getCode({ address: deployment.casino }))) {
    throw new CommandError(
      `The casino of ${path} (${deployment.casino}) has no code on this chain.`,
      "the file is of an earlier or another chain of this number: run `casino deploy` again",
    );
  }
  return deployment;
}

/** Reads a deployment's file. Throws CommandError where it is not one. */
export function readDeployment(path: string): Deployment {
  try {
    return parseDeployment(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if (!(error instanceof DeploymentInvalid || error instanceof SyntaxError)) throw error;
    throw new CommandError(`${path}: ${error.message}`, "delete it and run `casino deploy` again", {
      cause: error,
    });
  }
}

export function deploymentFile(chainId: number, folder = DEPLOYMENTS): string {
  return `${folder.replace(/\/?$/, "/")}${chainId}.json`;
}

/** Says in plain words that nobody answers, if that is why a request failed. */
export async function answering<T>(rpc: string, request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    // Without the path: endpoints carry their keys in it.
    const { origin } = new URL(rpc);
    throw new CommandError(`No node answers at ${origin}.`, "start it, or correct --rpc", {
      cause: error,
    });
  }
}

/** Whether an error means that the node cannot be reached, so that trying again may help. */
export function isUnreachable(error: unknown): boolean {
  return (
    error instanceof BaseError &&
    error.walk((cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError) !==
      null
  );
}

function chainOf(id: number): Chain {
  return defineChain({
    id,
    name: `chain ${id}`,
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [] } },
  });
}
