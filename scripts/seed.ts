import { type PublicClient, erc20Abi, parseAbi, zeroAddress } from "viem";
import { bankrollAbi, casinoAbi } from "../sdk/abis.ts";
import { type Call, callOf, send } from "../sdk/actions/clients.ts";
import { readHead } from "../sdk/actions/read-head.ts";
import { readHouse } from "../sdk/actions/read-house.ts";
import type { Asset, Deployment } from "../sdk/deployment.ts";
import { type Wallet, walletOf } from "./connection.ts";
import { localAccount } from "./local.ts";

/** Whole tokens of liquidity for each asset of a local house. */
const LIQUIDITY: Record<string, bigint> = { ETH: 2_000n, USDC: 2_000_000n };

const REQUEST_ID = 0n;

const testTokenAbi = parseAbi(["function mint(address to, uint256 amount)"]);

/**
 * Gives each bankroll of a local house its first liquidity, and lets the first epoch pass by moving the chain's clock,
 * so that the house can take bets at once. Reads what is there first, so it can run again after any failure.
 */
export async function seedLocalHouse(client: PublicClient, deployment: Deployment): Promise<void> {
  const wallet = walletOf(client, localAccount("liquidity"));
  const clients = { publicClient: client, walletClient: wallet };
  const dry = await emptyAssets(client, deployment);
  if (dry.length === 0) return;

  for (const asset of dry) {
    for (const call of await requestsOf(client, wallet, asset)) await send(clients, call);
  }
  await passEpoch(client, deployment);
  const casino = { address: deployment.casino, abi: casinoAbi } as const;
  if (await isClosed(client, deployment))
    await send(clients, callOf({ ...casino, functionName: "rollEpoch", args: [] }));
  for (const { id, bankroll } of deployment.assets) {
    const { closed } = await readHouse(client, { deployment, asset: id });
    if (!closed)
      await send(
        clients,
        callOf({ address: bankroll, abi: bankrollAbi, functionName: "close", args: [] }),
      );
  }

  const missing = await emptyAssets(client, deployment);
  if (missing.length > 0) return seedLocalHouse(client, deployment);
}

/** What the liquidity provider still has to send for an asset. */
async function requestsOf(client: PublicClient, wallet: Wallet, asset: Asset): Promise<Call[]> {
  const { address } = wallet.account;
  const bankroll = { address: asset.bankroll, abi: bankrollAbi } as const;
  const pending = await client.readContract({
    ...bankroll,
    functionName: "pendingDepositRequest",
    args: [REQUEST_ID, address],
  });
  if (pending > 0n) return [];

  const amount = (LIQUIDITY[asset.symbol] ?? 1_000n) * 10n ** BigInt(asset.decimals);
  const isNative = asset.token === zeroAddress;
  const request = callOf({
    ...bankroll,
    functionName: "requestDeposit",
    args: [amount, address, address],
    ...(isNative ? { value: amount } : {}),
  });
  if (isNative) return [request];
  return [
    callOf({
      address: asset.token,
      abi: testTokenAbi,
      functionName: "mint",
      args: [address, amount],
    }),
    callOf({
      address: asset.token,
      abi: erc20Abi,
      functionName: "approve",
      args: [asset.bankroll, amount],
    }),
    request,
  ];
}

async function passEpoch(client: PublicClient, deployment: Deployment): Promise<void> {
  const [{ epochStart }, epochSeconds, { timestamp }] = await Promise.all([
    readHead(client, { deployment }),
    client.readContract({
      address: deployment.casino,
      abi: casinoAbi,
      functionName: "epochSeconds",
    }),
    client.getBlock(),
  ]);
  const left = epochStart + epochSeconds - timestamp;
  if (left <= 0n) return;
  await client.request<{ Method: "evm_increaseTime"; Parameters: [number]; ReturnType: unknown }>({
    method: "evm_increaseTime",
    params: [Number(left)],
  });
  await client.request<{ Method: "evm_mine"; Parameters: []; ReturnType: unknown }>({
    method: "evm_mine",
    params: [],
  });
}

async function isClosed(client: PublicClient, deployment: Deployment): Promise<boolean> {
  const houses = await Promise.all(
    deployment.assets.map(({ id }) => readHouse(client, { deployment, asset: id })),
  );
  return houses.every(({ closed }) => closed);
}

async function emptyAssets(client: PublicClient, deployment: Deployment): Promise<Asset[]> {
  const houses = await Promise.all(
    deployment.assets.map(({ id }) => readHouse(client, { deployment, asset: id })),
  );
  return deployment.assets.filter((_, index) => houses[index]?.bankroll === 0n);
}
