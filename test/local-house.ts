import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { network } from "hardhat";
import { type PublicClient, createPublicClient, custom, defineChain } from "viem";
import { type Wallet, walletOf } from "../scripts/connection.ts";
import { deployOnce } from "../scripts/deploy.ts";
import { localPlan } from "../scripts/house-plan.ts";
import { LOCAL_PROVING_KEY, localAccount } from "../scripts/local.ts";
import { runOracle } from "../scripts/oracle.ts";
import type { Clients } from "../sdk/actions/clients.ts";
import type { Deployment } from "../sdk/deployment.ts";

/** A chain in this process, with the accounts of a local house. */
export type TestChain = {
  client: PublicClient;
  /** The wallet of a role, or of an account's number. */
  wallet(account: Parameters<typeof localAccount>[0]): Wallet;
  clients(account: Parameters<typeof localAccount>[0]): Clients;
  /** Moves the chain's clock and mines a block. */
  pass(seconds: number): Promise<void>;
  request(method: string, params?: unknown[]): Promise<unknown>;
};

export async function startChain(): Promise<TestChain> {
  const { provider } = await network.create();
  const chain = defineChain({
    id: 31_337,
    name: "in process",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [] } },
  });
  const client = createPublicClient({
    chain,
    transport: custom(provider),
    pollingInterval: 20,
    cacheTime: 0,
  }) as PublicClient;
  const request = (method: string, params: unknown[] = []) => provider.request({ method, params });
  const wallet: TestChain["wallet"] = (account) => walletOf(client, localAccount(account));
  return {
    client,
    wallet,
    clients: (account) => ({ publicClient: client, walletClient: wallet(account) }),
    request,
    pass: async (seconds) => {
      await request("evm_increaseTime", [seconds]);
      await request("evm_mine");
    },
  };
}

/** A folder for deployments that is removed by the returned function. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Deploys a local house with liquidity on a test's chain; with the first few games alone it is there sooner. */
export async function deployLocalHouse(
  chain: TestChain,
  { games }: { games?: number } = {},
): Promise<Deployment> {
  const { folder, remove } = temporaryFolder();
  const walletClient = chain.wallet("deployer");
  const whole = localPlan({
    deployer: walletClient.account.address,
    provingKey: LOCAL_PROVING_KEY,
  });
  const plan = { ...whole, games: whole.games.slice(0, games) };
  try {
    return await deployOnce({ publicClient: chain.client, walletClient, plan, folder });
  } finally {
    remove();
  }
}

/** Runs the oracle until the function returned is called. */
export function startOracle(chain: TestChain, { randomness }: Deployment): () => Promise<void> {
  const abort = new AbortController();
  const done = runOracle({
    publicClient: chain.client,
    walletClient: chain.wallet("oracle"),
    coordinator: randomness.coordinator,
    secretKey: LOCAL_PROVING_KEY,
    signal: abort.signal,
    log: () => {},
    pollMs: 20,
  });
  return async () => {
    abort.abort();
    await done;
  };
}
