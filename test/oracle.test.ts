import hre from "hardhat";
import {
  createPublicClient,
  createWalletClient,
  custom,
  HttpRequestError,
  parseAbi,
  parseEther,
  parseEventLogs,
  type Hex,
} from "viem";
import { hardhat } from "viem/chains";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deployCoordinator } from "../scripts/chainlink.ts";
import { runOracle } from "../scripts/oracle.ts";
import { coordinatorAbi } from "../sdk/vrf.ts";

const secretKey: Hex = `0x${"11".repeat(32)}`;
const POLL_MS = 20;

type Chain = Awaited<ReturnType<typeof standUp>>;
type Oracle = { lines: string[]; stop: () => Promise<void> };

describe("the oracle", { timeout: 30_000 }, () => {
  let chain: Chain;
  let running: Oracle[];

  beforeEach(async () => {
    chain = await standUp();
    running = [];
  });

  afterEach(async () => {
    await Promise.all(running.map(({ stop }) => stop()));
  });

  /** Starts an oracle that sends from the account numbered `account`. */
  function start(account = 1, options: { lostAfterMs?: number } = {}): Oracle {
    const lines: string[] = [];
    const end = new AbortController();
    const ended = runOracle({
      publicClient: chain.oracleClient,
      walletClient: chain.oracleWallets[account]!,
      coordinator: chain.coordinator,
      secretKey,
      signal: end.signal,
      log: (line) => lines.push(line),
      fromBlock: chain.fromBlock,
      pollMs: POLL_MS,
      ...options,
    });
    const oracle = {
      lines,
      stop: () => {
        end.abort();
        return ended;
      },
    };
    running.push(oracle);
    return oracle;
  }

  it("fulfils, though no later block comes by itself", async () => {
    const oracle = start();
    const [id] = await chain.request({ count: 1n });

    await eventually(() => chain.callbacks(id!), 1n);
    expect(await chain.outcomes()).toEqual([{ requestId: id, success: true }]);
    await eventually(() => oracle.lines.length, 1);
    expect(oracle.lines[0]).toMatch(/^Fulfilled request [0-9a-f]{8} in block \d+\.$/);
  });

  it("has several fulfilments in flight and lands them in one block", async () => {
    await chain.mining(false);
    const oracle = start();
    const ids = await chain.request({ count: 5n });
    await chain.mine();

    await eventually(() => chain.pending(), 5);
    expect(oracle.lines).toEqual([]);
    await chain.mine();
    for (const id of ids) expect(await chain.callbacks(id)).toBe(1n);
  });

  it("waits for the confirmations that were asked for", async () => {
    // On the local chain's own id the oracle would not wait for blocks that may never come.
    chain = await standUp(4242);
    await chain.mining(false);
    start();
    await chain.request({ count: 1n, confirmations: 3 });

    for (let block = 0; block < 3; block++) {
      await pause(POLL_MS * 10);
      expect(await chain.pending()).toBe(0);
      await chain.mine();
    }
    await eventually(() => chain.pending(), 1);
  });

  it("fulfils exactly once when killed after the request and started again", async () => {
    const first = start();
    const [before] = await chain.request({ count: 1n });
    await eventually(() => chain.callbacks(before!), 1n);
    await first.stop();

    const missed = await chain.request({ count: 3n });
    await pause(POLL_MS * 10);
    expect(await chain.outcomes()).toHaveLength(1);

    start();
    for (const id of missed) await eventually(() => chain.callbacks(id), 1n);
    await pause(POLL_MS * 10);
    expect(await chain.outcomes()).toHaveLength(4);
    expect(await chain.callbacks(before!)).toBe(1n);
  });

  it.each([
    ["accounts of their own", 2],
    ["one account", 1],
  ])("runs beside another, with %s, and each request is fulfilled once", async (_, account) => {
    start(1);
    start(account);
    const ids = [...(await chain.request({ count: 4n })), ...(await chain.request({ count: 4n }))];

    for (const id of ids) await eventually(() => chain.callbacks(id), 1n);
    const [last] = await chain.request({ count: 1n });
    await eventually(() => chain.callbacks(last!), 1n);
    expect(await chain.outcomes()).toHaveLength(9);
  });

  it("keeps the proof of an under-funded request to itself until there are funds", async () => {
    const oracle = start();
    const [id] = await chain.request({ count: 1n, from: "poor" });
    await chain.mine();

    await eventually(() => oracle.lines.some((line) => line.includes("lacks the funds")), true);
    expect(await chain.sentBy(1)).toBe(0);
    await chain.fundPoor();
    await eventually(() => chain.callbacks(id!), 1n);
    expect(await chain.sentBy(1)).toBe(1);
  });

  it("sends anew what the node dropped, and the transactions behind it go on", async () => {
    await chain.mining(false);
    const oracle = start(1, { lostAfterMs: POLL_MS * 20 });
    const ids = await chain.request({ count: 3n });
    await chain.mine();
    await eventually(() => chain.pending(), 3);

    await chain.dropFirstPending();
    expect(await chain.pending()).toBe(0);
    await eventually(() => chain.pending(), 3);
    await chain.mine();
    for (const id of ids) expect(await chain.callbacks(id)).toBe(1n);
    expect(oracle.lines.some((line) => line.includes("was dropped"))).toBe(true);
  });

  it("says that a request is too old, and leaves it", async () => {
    const [id] = await chain.request({ count: 1n });
    await chain.mine(300);
    const oracle = start();

    await eventually(() => oracle.lines.length, 1);
    expect(oracle.lines[0]).toContain("waited over 256 blocks");
    expect(await chain.callbacks(id!)).toBe(0n);
  });

  it("says once that the chain does not answer, and goes on when it does", async () => {
    const oracle = start();
    chain.outage(true);
    const [id] = await chain.request({ count: 1n });
    await pause(POLL_MS * 20);
    expect(oracle.lines).toHaveLength(1);

    chain.outage(false);
    await eventually(() => chain.callbacks(id!), 1n);
    expect(oracle.lines).toContain("It works again.");
  });
});

const subscriptions = parseAbi([
  "function createSubscription() returns (uint256)",
  "function addConsumer(uint256 subId, address consumer)",
  "function fundSubscriptionWithNative(uint256 subId) payable",
  "event SubscriptionCreated(uint256 indexed subId, address owner)",
]);

const consumerAbi = parseAbi([
  "function request(bytes32 keyHash, uint256 subId, uint16 confirmations, uint32 callbackGasLimit, uint32 numWords, uint256 count)",
  "function callbacks(uint256 requestId) view returns (uint256)",
]);

/** A chain of its own with the real coordinator, a consumer, and a rich and a poor subscription. */
async function standUp(chainId: number = hardhat.id) {
  const { viem, provider } = await hre.network.create({
    network: "default",
    override: { chainId },
  });
  const publicClient = await viem.getPublicClient({ pollingInterval: POLL_MS });
  const testClient = await viem.getTestClient();
  const [wallet, ...others] = await viem.getWalletClients();
  if (wallet === undefined) throw new Error("The chain has no accounts.");
  const mined = async (hash: Promise<Hex>) =>
    publicClient.waitForTransactionReceipt({ hash: await hash });

  const { coordinator, keyHash, blockNumber } = await deployCoordinator({
    walletClient: wallet,
    publicClient,
    provingKey: secretKey,
    laneMaxGasPriceWei: 30_000_000_000n,
  });
  const consumer = {
    ...(await viem.deployContract("BareConsumer", [coordinator])),
    abi: consumerAbi,
  };

  const at = { address: coordinator, abi: subscriptions };
  async function subscribe(): Promise<bigint> {
    const { logs } = await mined(
      wallet!.writeContract({ ...at, functionName: "createSubscription" }),
    );
    const { subId } = parseEventLogs({ abi: subscriptions, logs })[0]!.args;
    const args = [subId, consumer.address] as const;
    await mined(wallet!.writeContract({ ...at, functionName: "addConsumer", args }));
    return subId;
  }
  async function fund(subId: bigint): Promise<void> {
    const value = parseEther("1");
    const args = [subId] as const;
    await mined(
      wallet!.writeContract({ ...at, functionName: "fundSubscriptionWithNative", args, value }),
    );
  }
  const rich = await subscribe();
  const poor = await subscribe();
  await fund(rich);

  let down = false;
  let automine = true;
  const transport = custom(
    {
      request: async (request) => {
        if (down) throw new HttpRequestError({ url: "http://chain", details: "fetch failed" });
        return provider.request(request);
      },
    },
    { retryCount: 0 },
  );
  const local = { ...hardhat, id: chainId };
  const oracleWallets = [wallet, ...others].map(({ account }) =>
    createWalletClient({ account, chain: local, transport }),
  );
  const oracleAddress = oracleWallets[1]!.account.address;

  return {
    coordinator,
    fromBlock: blockNumber,
    oracleClient: createPublicClient({ chain: local, transport }),
    oracleWallets,
    outage: (on: boolean) => void (down = on),
    mining: async (on: boolean) => {
      automine = on;
      await testClient.setAutomine(on);
    },
    mine: (blocks = 1) => testClient.mine({ blocks }),
    fundPoor: () => fund(poor),
    /** Sends requests in one transaction, in a block of its own, and returns their ids. */
    request: async ({
      count,
      confirmations = 0,
      from = "rich",
    }: {
      count: bigint;
      confirmations?: number;
      from?: string;
    }) => {
      const subId = from === "rich" ? rich : poor;
      const hash = await wallet.writeContract({
        ...consumer,
        functionName: "request",
        args: [keyHash, subId, confirmations, 200_000, 1, count],
      });
      if (!automine) await testClient.mine({ blocks: 1 });
      const { logs } = await publicClient.waitForTransactionReceipt({ hash });
      const requests = parseEventLogs({
        abi: coordinatorAbi,
        logs,
        eventName: "RandomWordsRequested",
      });
      return requests.map(({ args }) => args.requestId);
    },
    callbacks: (requestId: bigint) =>
      publicClient.readContract({ ...consumer, functionName: "callbacks", args: [requestId] }),
    outcomes: async () => {
      const logs = await publicClient.getContractEvents({
        address: coordinator,
        abi: coordinatorAbi,
        eventName: "RandomWordsFulfilled",
        fromBlock: 0n,
        strict: true,
      });
      return logs.map(({ args: { requestId, success } }) => ({ requestId, success }));
    },
    sentBy: (account: number) =>
      publicClient.getTransactionCount({ address: oracleWallets[account]!.account.address }),
    pending: async () => {
      const all = await publicClient.getTransactionCount({
        address: oracleAddress,
        blockTag: "pending",
      });
      return all - (await publicClient.getTransactionCount({ address: oracleAddress }));
    },
    dropFirstPending: async () => {
      const { transactions } = await publicClient.getBlock({ blockTag: "pending" });
      await testClient.dropTransaction({ hash: transactions[0]! });
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until a reading is what it should become. */
async function eventually<T>(read: () => T | Promise<T>, wanted: T): Promise<void> {
  await expect.poll(read, { timeout: 10_000, interval: POLL_MS }).toBe(wanted);
}
