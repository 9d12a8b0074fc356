/** What a run left behind on a node, in an order of its own, so that two runs are compared line by line. */
import {
  type Abi,
  type Address,
  type Hex,
  erc20Abi,
  keccak256,
  parseAbi,
  stringToHex,
  toEventSelector,
  toFunctionSelector,
  zeroAddress,
} from "viem";
import { bankrollAbi, casinoAbi, limitsAbi, sessionsAbi } from "../../sdk/abis.ts";
import { readBalance } from "../../sdk/actions/read-balance.ts";
import { readHead } from "../../sdk/actions/read-head.ts";
import { readHouse } from "../../sdk/actions/read-house.ts";
import type { Deployment } from "../../sdk/deployment.ts";
import { FIRST_PLAYER, localAccount } from "../local.ts";
import type { Chain } from "./chain.ts";

export type Entry = readonly [what: string, value: string];

export class Transcript {
  readonly entries: Entry[] = [];

  note(what: string, value: unknown): void {
    this.entries.push([what, textOf(value)]);
  }

  get hash(): Hex {
    return keccak256(stringToHex(JSON.stringify(this.entries)));
  }
}

/** The first line in which `other` departs from `reference`, in words; nothing where there is none. */
export function firstDifference(reference: Named, other: Named): string | undefined {
  const length = Math.max(reference.entries.length, other.entries.length);
  for (let index = 0; index < length; index++) {
    const [expected, found] = [reference.entries[index], other.entries[index]];
    if (expected?.[0] === found?.[0] && expected?.[1] === found?.[1]) continue;
    const what = expected?.[0] ?? found?.[0];
    const says = (entry: Entry | undefined) =>
      entry === undefined
        ? "missing"
        : entry[0] === what
          ? entry[1]
          : `missing, but ${entry[0]} is there`;
    return `${what} differs:\n  ${reference.title}: ${says(expected)}\n  ${other.title}: ${says(found)}`;
  }
  return undefined;
}

type Named = { title: string; entries: readonly Entry[] };

const ROLES = ["keeper", "liquidity", "relayer"] as const;
const PLAYERS = 8;
const OWNERS: [string, Address][] = [
  ...ROLES.map((role): [string, Address] => [`the ${role}`, localAccount(role).address]),
  ...Array.from({ length: PLAYERS }, (_, index): [string, Address] => [
    `player ${index + 1}`,
    localAccount(FIRST_PLAYER + index).address,
  ]),
];

/** Every balance, account and book of the house now, and the open bets. */
export async function readBooks(
  { client }: Chain,
  deployment: Deployment,
  openBets: Iterable<bigint>,
): Promise<[string, unknown][]> {
  const casino = { address: deployment.casino, abi: casinoAbi } as const;
  const books: [string, unknown][] = [];
  for (const { id: asset, symbol, token, bankroll } of deployment.assets) {
    for (const [owner, player] of OWNERS) {
      books.push(
        [
          `the ${symbol} balance of ${owner}`,
          await readBalance(client, { deployment, player, asset }),
        ],
        [
          `what ${owner} accrues in ${symbol}`,
          await client.readContract({
            ...casino,
            functionName: "referralOf",
            args: [player, asset],
          }),
        ],
      );
    }
    books.push(
      [`the ${symbol} house`, await readHouse(client, { deployment, asset })],
      [`the ${symbol} that the casino holds`, await holdings(client, token, deployment.casino)],
    );
    for (const { id: game, key } of deployment.games) {
      const args = [game, asset] as const;
      const book = await client.readContract({ ...casino, functionName: "bookOf", args });
      // When a game was listed is the deployment's.
      books.push([`the ${symbol} book of ${key}`, book.slice(0, 2)]);
    }
    books.push(...(await readShares(client, bankroll, symbol)));
  }
  for (const betId of openBets) {
    const bet = await client.readContract({ ...casino, functionName: "betOf", args: [betId] });
    books.push([`the open bet ${betId}`, bet]);
  }
  books.push(["the head", await readHead(client, { deployment })]);
  return books;
}

type Client = Chain["client"];

async function holdings(client: Client, token: Address, address: Address): Promise<bigint> {
  if (token === zeroAddress) return client.getBalance({ address });
  return client.readContract({
    address: token,
    abi: erc20Abi,
    functionName: "balanceOf",
    args: [address],
  });
}

async function readShares(
  client: Client,
  address: Address,
  symbol: string,
): Promise<[string, unknown][]> {
  const bankroll = { address, abi: bankrollAbi } as const;
  const provider = localAccount("liquidity").address;
  const [supply, assets, price, unfilled, own] = await Promise.all([
    client.readContract({ ...bankroll, functionName: "totalSupply" }),
    client.readContract({ ...bankroll, functionName: "totalAssets" }),
    client.readContract({ ...bankroll, functionName: "convertToAssets", args: [10n ** 15n] }),
    client.readContract({ ...bankroll, functionName: "unfilledShares" }),
    client.readContract({ ...bankroll, functionName: "balanceOf", args: [provider] }),
  ]);
  return [
    [`the supply of ${symbol} shares`, supply],
    [`the assets of the ${symbol} bankroll`, assets],
    [`the price of ${symbol} shares`, price],
    [`the ${symbol} shares that wait`, unfilled],
    [`the ${symbol} shares of the liquidity provider`, own],
  ];
}

/** Each transaction since a block: whether it succeeded, its gas and its logs. Returns the gas of all. */
export async function noteTransactions(
  { client }: Chain,
  fromBlock: bigint,
  transcript: Transcript,
): Promise<bigint> {
  const last = await client.getBlockNumber();
  let gas = 0n;
  for (let blockNumber = fromBlock; blockNumber <= last; blockNumber++) {
    const { transactions, timestamp } = await client.getBlock({
      blockNumber,
      includeTransactions: true,
    });
    transcript.note(`the time of block ${blockNumber}`, timestamp);
    for (const [index, { hash, input }] of transactions.entries()) {
      const { status, gasUsed, logs } = await client.getTransactionReceipt({ hash });
      gas += gasUsed;
      const name = `transaction ${index + 1} of block ${blockNumber} (${nameOf(input)})`;
      transcript.note(`the status of ${name}`, status);
      transcript.note(`the gas of ${name}`, gasUsed);
      for (const [at, { address, topics, data }] of logs.entries())
        transcript.note(`${eventOf(topics[0])}, log ${at + 1} of ${name},`, {
          address,
          topics,
          data,
        });
    }
  }
  return gas;
}

const ABI: Abi = [
  ...[casinoAbi, bankrollAbi, limitsAbi, sessionsAbi, erc20Abi].flatMap((abi): Abi => abi),
  ...parseAbi(["function mint(address to, uint256 amount)", "function give(uint256 word)"]),
];
const NAMES = new Map(
  ABI.flatMap((item): [Hex, string][] => {
    if (item.type === "function") return [[toFunctionSelector(item), item.name]];
    return item.type === "event" ? [[toEventSelector(item), item.name]] : [];
  }),
);

function nameOf(data: Hex): string {
  const selector = data.slice(0, 10) as Hex;
  return NAMES.get(selector) ?? selector;
}

function eventOf(topic: Hex | undefined): string {
  return (topic && NAMES.get(topic)) ?? "an unknown event";
}

function textOf(value: unknown): string {
  const plain = (_: string, each: unknown) => (typeof each === "bigint" ? String(each) : each);
  return typeof value === "string" ? value : (JSON.stringify(value, plain) ?? "nothing");
}
