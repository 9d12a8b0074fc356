/** A node's chain with blocks and a clock of ours, so that every node lives through the same ones. */
import {
  type Hex,
  type PublicClient,
  type Transport,
  createPublicClient,
  defineChain,
  http,
  numberToHex,
} from "viem";
import type { Clients } from "../../sdk/actions/clients.ts";
import { LOCAL_CHAIN_ID } from "../chain.ts";
import { type Wallet, walletOf } from "../connection.ts";
import { localAccount } from "../local.ts";
import { type Node, type Request, TITLES } from "./nodes.ts";

type Account = Parameters<typeof localAccount>[0];

export type Chain = {
  name: Node["name"];
  url: string;
  client: PublicClient;
  wallet(account: Account): Wallet;
  clients(account: Account): Clients;
  /** Sends one after the other and lets them share a block, in that order. */
  together<T>(sends: (() => Promise<T>)[]): Promise<T[]>;
  /** Makes a block, of whatever waits. */
  mine(): Promise<void>;
  /** Lets time pass, and makes a block after it. */
  pass(seconds: number): Promise<void>;
  timestamp(): number;
};

/** Time of the first block, seconds: after the present, where Hardhat and anvil begin. */
const START = 2_000_000_000;

type RawBlock = { number: Hex; timestamp: Hex; transactions: Hex[] };

/**
 * Takes a node's blocks over: each transaction gets one at once, a second after the one before, unless `together` says
 * otherwise. What is asked goes to the node as it is, and its answers come back as they are; only `evm_increaseTime` and
 * `evm_mine`, with which a local house is seeded, are answered here.
 */
export async function chainOf(node: Node): Promise<Chain> {
  let clock = START - 1;
  let ahead = 0;
  let holding = false;
  let waiting: Hex[] = [];
  let arrived = () => {};
  let last: Promise<unknown> = Promise.resolve();
  const asked = http(node.url, { retryCount: 0, timeout: 60_000 });
  const ask: Request = (method, params = []) =>
    asked({}).request({ method, params } as never) as Promise<unknown>;

  const transport: Transport = (config) => {
    const base = asked(config);
    const request = (async ({ method, params }: { method: string; params?: unknown[] }) => {
      if (method === "evm_increaseTime") return void (ahead += Number(params?.[0]));
      if (method === "evm_mine") return mine();
      const answer = await base.request({ method, params } as never);
      if (method === "eth_sendRawTransaction") {
        waiting.push(params?.[0] as Hex);
        if (holding) arrived();
        else await mine();
      }
      return answer;
    }) as typeof base.request;
    return { ...base, request };
  };
  const client = createPublicClient({
    chain: defineChain({
      id: LOCAL_CHAIN_ID,
      name: TITLES[node.name],
      nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
      rpcUrls: { default: { http: [node.url] } },
    }),
    transport,
    pollingInterval: 10,
    cacheTime: 0,
  }) as PublicClient;
  const wallet = (account: Account) => walletOf(client, localAccount(account));

  await node.hold(ask);
  return {
    name: node.name,
    url: node.url,
    client,
    wallet,
    clients: (account) => ({ publicClient: client, walletClient: wallet(account) }),
    together,
    mine,
    pass: (seconds) => {
      ahead += seconds;
      return mine();
    },
    timestamp: () => clock,
  };

  async function together<T>(sends: (() => Promise<T>)[]): Promise<T[]> {
    holding = true;
    const sent: Promise<T>[] = [];
    for (const send of sends) {
      const arrival = new Promise<void>((resolve) => (arrived = resolve));
      const result = send();
      sent.push(result);
      // A refusal before it is sent ends the wait too.
      await Promise.race([arrival, result]);
    }
    holding = false;
    await mine();
    return Promise.all(sent);
  }

  /** One block at a time. */
  function mine(): Promise<void> {
    const made = last.then(commit);
    last = made.catch(() => {});
    return made;
  }

  async function commit(): Promise<void> {
    const transactions = waiting;
    waiting = [];
    clock += 1 + ahead;
    ahead = 0;
    await node.commit(ask, clock, transactions);
    const block = (await ask("eth_getBlockByNumber", ["latest", false])) as RawBlock;
    if (block.timestamp !== numberToHex(clock))
      throw new Error(`${TITLES[node.name]} gave its block another time than ${clock}`);
    if (block.transactions.length !== transactions.length) {
      throw new Error(
        `${TITLES[node.name]} took ${block.transactions.length} of ${transactions.length} transactions into block ${BigInt(block.number)}`,
      );
    }
  }
}
