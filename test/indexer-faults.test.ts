import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type RawLog, topics } from "../indexer/decode.ts";
import { type Indexer, startIndexer } from "../indexer/main.ts";
import { type EmitterChain, startEmitterChain } from "./support/emitter-chain.ts";
import { type FaultyRpc, startFaultyRpc } from "./support/faulty-rpc.ts";
import { dump, freshDump, until, untilAt } from "./support/indexing.ts";
import { type TestPostgres, freePort, startPostgres } from "./support/postgres.ts";

let chain: EmitterChain;
let postgres: TestPostgres;
let rpc: FaultyRpc;
let indexer: Indexer | undefined;
let messages: string[];

beforeAll(async () => {
  [chain, postgres] = await Promise.all([startEmitterChain(), startPostgres()]);
  await chain.deposit(20);
  for (let turn = 0; turn < 45; turn++) {
    if (turn % 9 === 4) await chain.settle(20);
    await chain.place(5, turn % 10);
  }
});

afterAll(async () => {
  await chain?.close();
  await postgres?.stop();
});

beforeEach(async () => {
  rpc = await startFaultyRpc(chain.url);
  messages = [];
});

afterEach(async () => {
  await indexer?.stop();
  await rpc.close();
});

async function start(...urls: string[]): Promise<Indexer> {
  indexer = await startIndexer({
    rpc: urls,
    deployment: chain.deployment,
    database: { url: await postgres.createDatabase() },
    log: (message) => messages.push(message),
    rpcTimeoutMs: 500,
    pollMs: 30,
    selfCheckMs: 50,
  });
  return indexer;
}

async function expectSameAsFresh(): Promise<void> {
  await untilAt(indexer!, await chain.head());
  expect(await dump(indexer!.database)).toEqual(await freshDump(chain, postgres));
}

test("a node that is dead at the start: says what to do, and reads when it comes", async () => {
  const port = await freePort();
  await start(`http://127.0.0.1:${port}`);
  await until("it complains", async () => (await indexer!.health()).problem !== null);
  const { problem, ready } = await indexer!.health();
  expect(problem).toContain(`http://127.0.0.1:${port}`);
  expect(problem).toContain("What to do: check that the node runs");
  expect(ready).toBe(false);
  expect((await fetch(`${indexer!.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${indexer!.url}/livez`)).status).toBe(200);

  const late = await startFaultyRpc(chain.url, port);
  await expectSameAsFresh();
  await until("it is ready", async () => (await fetch(`${indexer!.url}/readyz`)).status === 200);
  await late.close();
});

test("a node that dies later and comes back: nothing is lost", async () => {
  await start(rpc.url);
  await untilAt(indexer!, await chain.head());
  await rpc.close();
  await until("it complains", async () => (await indexer!.health()).problem !== null);
  await chain.place(3);
  await chain.place(3);
  rpc = await startFaultyRpc(chain.url, Number(new URL(rpc.url).port));
  await expectSameAsFresh();
  expect(messages).toContain("Reading goes on.");
});

test("a frozen node: the next one is used", async () => {
  await start(rpc.url, chain.url);
  await untilAt(indexer!, await chain.head());
  rpc.fault = () => "hang";
  await chain.place(4);
  await expectSameAsFresh();
  expect((await indexer!.health()).rpc.find(({ active }) => active)?.label).toBe(chain.url);
});

test("a dead node first in the list: the next one is used", async () => {
  await start(`http://127.0.0.1:${await freePort()}`, chain.url);
  await expectSameAsFresh();
});

test("a frozen node alone: says so, and reads when it thaws", async () => {
  await start(rpc.url);
  await untilAt(indexer!, await chain.head());
  rpc.fault = () => "hang";
  await until(
    "it complains",
    async () =>
      (await indexer!.health()).problem?.includes("does not answer within 500 ms") ?? false,
  );
  rpc.fault = undefined;
  await expectSameAsFresh();
});

test("a node with an old head: the next one is used, and nothing is taken back", async () => {
  const old = await chain.client.getBlock();
  for (let turn = 0; turn < 8; turn++) await chain.place(2, turn);
  const stale = JSON.parse(
    JSON.stringify(old, (_, value) =>
      typeof value === "bigint" ? `0x${value.toString(16)}` : value,
    ),
  );
  rpc.fault = (call) =>
    call.method === "eth_getBlockByNumber" && call.params[0] === "latest"
      ? { result: stale }
      : undefined;
  await start(rpc.url, chain.url);
  await expectSameAsFresh();
  expect(messages.some((message) => message.includes(`using ${chain.url}`))).toBe(true);
  expect((await indexer!.health()).reorgs).toBe(0);
});

test("a node that announces a head it does not have: is not believed", async () => {
  rpc.fault = (call, { result }) =>
    call.method === "eth_getBlockByNumber" && call.params[0] === "latest"
      ? { result: { ...(result as object), number: "0xffffff", hash: `0x${"ab".repeat(32)}` } }
      : undefined;
  await start(rpc.url);
  await until("it complains", async () => (await indexer!.health()).problem !== null);
  expect((await indexer!.health()).problem).toMatch(/announced block \d+ and does not have it/);
  expect((await indexer!.health()).ready).toBe(false);
  rpc.fault = undefined;
  await expectSameAsFresh();
});

/** Answers of `eth_getLogs` without the logs chosen. */
function dropping(drop: (log: RawLog, index: number) => boolean): FaultyRpc["fault"] {
  return (call, { result }) =>
    call.method === "eth_getLogs" && Array.isArray(result)
      ? { result: (result as RawLog[]).filter((log, index) => !drop(log, index)) }
      : undefined;
}

test.each([
  ["a placed bet", topics.BetPlaced],
  ["a settlement", topics.BetSettled],
  ["a round", topics.RoundRequested],
  ["a word", topics.RoundDrawn],
])(
  "a node that leaves out %s of each answer: it is found missing and read from receipts",
  async (_, topic) => {
    rpc.fault = (call, answer) => {
      const logs = Array.isArray(answer.result) ? (answer.result as RawLog[]) : [];
      const last = logs.findLastIndex((log) => log.topics[0] === topic);
      return dropping((__, index) => index === last)!(call, answer);
    };
    await start(rpc.url);
    const head = await chain.head();
    await until("database and contract agree", async () => {
      const { selfCheck } = await indexer!.health();
      return selfCheck?.ok === true && selfCheck.block === head;
    });
    await expectSameAsFresh();
    expect(messages.some((message) => message.includes("left out"))).toBe(true);
  },
);

test("a node that leaves out a bettor's deposit: the balance in the next placement gives it away", async () => {
  rpc.fault = (call, answer) => {
    const logs = Array.isArray(answer.result) ? (answer.result as RawLog[]) : [];
    const first = logs.findIndex(
      (log) => log.topics[0] === topics.Deposited && log.topics[1]?.endsWith("3"),
    );
    return dropping((_, index) => index === first)!(call, answer);
  };
  await start(rpc.url);
  await expectSameAsFresh();
  expect(messages.some((message) => message.includes("the balances of 1 players have a gap"))).toBe(
    true,
  );
});

test("a node that leaves out whole blocks while it is followed: their filters give it away", async () => {
  await start(rpc.url);
  await untilAt(indexer!, await chain.head());
  rpc.fault = dropping(() => true);
  await chain.deposit(3);
  await chain.withdraw(2, 9n);
  await chain.place(2);
  await expectSameAsFresh();
  expect(messages.some((message) => message.includes("its receipts have them"))).toBe(true);
});

test("a withdrawal that no number gives away: the self-check against the contract does", async () => {
  await chain.withdraw(15, 11n);
  for (let block = 0; block < 40; block++) await chain.mine(1);
  rpc.fault = dropping((log) => log.topics[0] === topics.Withdrawn);
  await start(rpc.url);
  await until("the difference is seen", () =>
    messages.some((message) => message.includes("self-check")),
  );
  await until("it is mended", async () => (await indexer!.health()).selfCheck?.ok === true);
  await expectSameAsFresh();
});

test("a node that refuses ranges over four blocks: they are split", async () => {
  rpc.fault = (call) => {
    const [filter] = call.params as [{ fromBlock?: string; toBlock?: string }];
    const tooLarge =
      call.method === "eth_getLogs" && Number(filter.toBlock) - Number(filter.fromBlock) >= 4;
    return tooLarge
      ? { error: { code: -32005, message: "query returned more than 10000 results" } }
      : undefined;
  };
  await start(rpc.url);
  await expectSameAsFresh();
});

test("a log of another fork in an answer: it is not written", async () => {
  let lies = 0;
  rpc.fault = (call, { result }) => {
    if (call.method !== "eth_getLogs" || !Array.isArray(result) || lies > 3) return undefined;
    lies += 1;
    return {
      result: (result as RawLog[]).map((log, index) =>
        index === 1 ? { ...log, blockHash: `0x${"cd".repeat(32)}` } : log,
      ),
    };
  };
  await start(rpc.url);
  await expectSameAsFresh();
  expect(lies).toBeGreaterThan(1);
});

test("a node of another chain stops the indexer with the reason", async () => {
  rpc.fault = (call) => (call.method === "eth_chainId" ? { result: "0x1" } : undefined);
  await start(rpc.url);
  await expect(indexer!.done).rejects.toThrow(
    "The node serves chain 1, the deployment is on 31337.",
  );
});

test("a second writer is refused, and named", async () => {
  const url = await postgres.createDatabase();
  const options = { rpc: [chain.url], deployment: chain.deployment, database: { url } };
  indexer = await startIndexer(options);
  await expect(startIndexer(options)).rejects.toMatchObject({
    name: "WriterLost",
    hint: expect.stringContaining("--replica"),
  });
  await untilAt(indexer, await chain.head());

  const replica = await startIndexer({ ...options, replica: true });
  const house = async (at: Indexer) => (await fetch(`${at.url}/api/house`)).json();
  expect(await house(replica)).toEqual(await house(indexer));
  expect(await replica.health()).toMatchObject({ role: "replica", lag: 0, ready: true });
  await replica.stop();
});
