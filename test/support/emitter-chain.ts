import hre from "hardhat";
import {
  type Hex,
  createTestClient,
  createWalletClient,
  http,
  publicActions,
  walletActions,
} from "viem";
import { hardhat } from "viem/chains";

const FIRST_PLAYER = 0x1000_0000_0000_0000_0000_0000_0000_0000_0000_0000n;

/** A chain over HTTP and WebSocket with an `Emitter` on it; each call mines a block. */
export type EmitterChain = Awaited<ReturnType<typeof startEmitterChain>>;

/** Starts a chain in this process, on a free port, and deploys an emitter. */
export async function startEmitterChain() {
  const gas = 2_000_000_000n;
  const server = await hre.network.createServer(
    {
      network: "default",
      override: { chainId: 31337, blockGasLimit: gas, transactionGasCap: gas },
    },
    "127.0.0.1",
    0,
  );
  const { port } = await server.listen();
  const emitter = await connectEmitter(`http://127.0.0.1:${port}`);
  return { ...emitter, close: () => server.close() };
}

/** Deploys an emitter on the chain at `url`. */
export async function connectEmitter(url: string) {
  const client = createTestClient({
    chain: hardhat,
    mode: "hardhat",
    transport: http(url, { timeout: 120_000 }),
  })
    .extend(publicActions)
    .extend(walletActions);
  const [account] = await createWalletClient({
    chain: hardhat,
    transport: http(url),
  }).getAddresses();
  if (!account) throw new Error("the chain has no account");

  const { abi, bytecode } = await hre.artifacts.readArtifact("Emitter");
  const deployment = await client.deployContract({
    abi,
    bytecode: bytecode as Hex,
    account,
    gas: 10_000_000n,
  });
  const receipt = await client.waitForTransactionReceipt({ hash: deployment, pollingInterval: 20 });
  const casino = receipt.contractAddress;
  if (!casino) throw new Error("the emitter was not deployed");

  let events = receipt.logs.length;
  const send = async (functionName: string, args: unknown[]) => {
    const gas = 1_900_000_000n;
    const hash = await client.writeContract({
      abi,
      address: casino,
      functionName,
      args,
      account,
      gas,
    });
    const { status, blockNumber, logs } = await client.waitForTransactionReceipt({
      hash,
      pollingInterval: 20,
    });
    if (status !== "success") throw new Error(`${functionName} reverted`);
    events += logs.length;
    return Number(blockNumber);
  };
  return {
    url,
    client,
    abi,
    casino,
    deployment: { chainId: 31337, casino, deployBlock: Number(receipt.blockNumber) },
    /** Gives `count` players 1e9 units each. */
    deposit: (count: number, first = 0) =>
      send("deposit", [FIRST_PLAYER + BigInt(first), BigInt(count), 1_000_000_000n]),
    /** Draws the rounds before, ends the last bet of `count` players and places a new one for each. */
    place: (count: number, first = 0, stake = 1_000n) =>
      send("place", [FIRST_PLAYER + BigInt(first), BigInt(count), stake]),
    settle: (count: number, first = 0) =>
      send("settle", [FIRST_PLAYER + BigInt(first), BigInt(count)]),
    withdraw: (player: number, amount: bigint) => send("withdraw", [playerAddress(player), amount]),
    /** How many events the calls of this object emitted. */
    events: () => events,
    emitRaw: (topics: Hex[], data: Hex) => send("emitRaw", [topics, data]),
    mine: (blocks: number) => client.mine({ blocks }),
    head: async () => Number(await client.getBlockNumber({ cacheTime: 0 })),
  };
}

/** The address of a player of the emitter. */
export function playerAddress(index: number): Hex {
  return `0x${(FIRST_PLAYER + BigInt(index)).toString(16).padStart(40, "0")}`;
}
