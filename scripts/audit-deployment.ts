import {
  type Abi,
  type Address,
  type Hex,
  decodeEventLog,
  decodeFunctionResult,
  encodeFunctionData,
  getAddress,
  zeroAddress,
} from "viem";
import { casinoAbi } from "../sdk/abis.ts";
import { topicOf } from "../sdk/audit/records.ts";
import type { Asset, Deployment } from "../sdk/deployment.ts";
import { games } from "../sdk/games/index.ts";
import type { Node } from "./audit-rpc.ts";
import { CommandError } from "./command-error.ts";

const tokenAbi = ["decimals", "symbol", "name"].map((name) => ({
  type: "function",
  name,
  stateMutability: "view",
  inputs: [],
  outputs: [{ type: name === "decimals" ? "uint8" : "string" }],
})) satisfies Abi;

/** What a deployment's file would say, asked of the casino itself: for whoever has only its address. */
export async function deploymentAt(node: Node, casino: Address): Promise<Deployment> {
  const chainId = Number(await node.request("eth_chainId"));
  const source = await firstSource(node, casino);
  const [assetCount, gameCount, accessManager] = (await Promise.all([
    read("assetCount"),
    read("gameCount"),
    read("authority"),
  ])) as [bigint, bigint, Address];
  return {
    chainId,
    name: `chain ${chainId}`,
    casino: getAddress(casino),
    accessManager,
    deployBlock: source.block,
    randomness: {
      ...source.randomness,
      callbackGasLimit: Number(await read("CALLBACK_GAS")),
      coordinatorBlock: source.block,
    },
    assets: await Promise.all(Array.from({ length: Number(assetCount) }, (_, id) => assetAt(id))),
    games: await Promise.all(
      Array.from({ length: Number(gameCount) }, async (_, index) => {
        const known = games[index + 1];
        const rules = (await read("gameOf", [index + 1])) as Address;
        return {
          id: index + 1,
          key: known?.key ?? `game-${index + 1}`,
          name: known?.name ?? `Game ${index + 1}`,
          rules,
        };
      }),
    ),
  };

  async function assetAt(id: number): Promise<Asset> {
    const [token, unit, bankroll] = (await read("assetOf", [id])) as [Address, bigint, Address];
    const native = token === zeroAddress;
    const [decimals, symbol, name] = native
      ? [18, "ETH", "Ether"]
      : ((await Promise.all(
          ["decimals", "symbol", "name"].map((each) => call(node, token, tokenAbi, each)),
        )) as [number, string, string]);
    return {
      id,
      symbol,
      name,
      token,
      decimals,
      unit,
      ledgerDecimals: Math.min(9, decimals),
      bankroll,
    };
  }

  function read(functionName: string, args: readonly unknown[] = []): Promise<unknown> {
    return call(node, casino, casinoAbi as Abi, functionName, args);
  }
}

/** The constructor's event: which source the casino was made with, and when. */
async function firstSource(node: Node, casino: Address) {
  const topics = [topicOf("casino", "SourceSet"), `0x${"0".repeat(64)}`];
  const logs = await node.request("eth_getLogs", [
    { address: casino, topics, fromBlock: "0x0", toBlock: "latest" },
  ]);
  const [log] = logs as { topics: [Hex, ...Hex[]]; data: Hex; blockNumber: Hex }[];
  if (!log) {
    throw new CommandError(
      `The node finds no casino at ${casino}.`,
      "check the address and the chain, or give the deployment's file",
    );
  }
  const { args } = decodeEventLog({
    abi: casinoAbi,
    eventName: "SourceSet",
    topics: log.topics,
    data: log.data,
  });
  const { coordinator, keyHash, subscription, confirmations } = args;
  return {
    block: Number(log.blockNumber),
    randomness: { coordinator, keyHash, subscription, confirmations },
  };
}

async function call(
  node: Node,
  to: Address,
  abi: Abi,
  functionName: string,
  args: readonly unknown[] = [],
): Promise<unknown> {
  const data = encodeFunctionData({ abi, functionName, args });
  return decodeFunctionResult({
    abi,
    functionName,
    data: (await node.request("eth_call", [{ to, data }, "latest"])) as Hex,
  });
}
