import hre from "hardhat";
import {
  type Abi,
  type Address,
  type Hex,
  encodeFunctionData,
  getContractAddress,
  numberToHex,
  zeroAddress,
} from "viem";
import { bankrollAbi, casinoAbi, coordinatorAbi } from "../../sdk/abis.ts";
import type { Deployment } from "../../sdk/deployment.ts";
import { games } from "../../sdk/games/index.ts";
import { artifactOf } from "../artifacts.ts";
import { deployCoordinator } from "../chainlink.ts";

export type Hardfork = "default" | "amsterdam";

/** Units of the native coin: 1e-9 ether. */
export const ETHER = 1_000_000_000n;
export const SECRET_KEY: Hex = `0x${"11".repeat(32)}`;
/** A bet needs a slot for its round; a round seldom needs a second probe, with one slot in nine taken at the most. */
export const ROUND_SLOTS = 128;
export const EPOCH_SECONDS = 3_600;

const GAS_LANE = 30_000_000_000n;
const GAS_PRICE = 2_000_000_000n;
const BANKROLL = 2_000n * ETHER;
const GROWN_SECONDS = 31 * 86_400;

const TERMS = {
  minStake: 1_000n,
  maxStake: 100n * ETHER,
  stipend: 102_400n,
  kellyBps: 5_000n,
  capBps: 1_000n,
  shareBps: 2_000n,
  roundGas: 8_000n,
  gameCapBps: 3_000n,
  lossBps: 1_000n,
};

export type House = Awaited<ReturnType<typeof openHouse>>;

/** A casino with every game, two assets and a bankroll in the first, on a chain of its own that mines when told to. */
export async function openHouse(hardfork: Hardfork) {
  // Two hundred bets and the largest slot machine fit one block.
  const connection = await hre.network.create({
    network: hardfork,
    override: { blockGasLimit: 1_000_000_000n, transactionGasCap: 1_000_000_000n },
  });
  const [deployer] = await connection.viem.getWalletClients();
  const publicClient = await connection.viem.getPublicClient();
  if (deployer === undefined) throw new Error("the chain has no accounts");
  const owner = deployer.account.address;
  const rpc = (method: string, params: unknown[] = []) =>
    connection.provider.request({ method, params });

  const chainlink = await deployCoordinator({
    walletClient: deployer,
    publicClient,
    provingKey: SECRET_KEY,
    laneMaxGasPriceWei: GAS_LANE,
  });
  const { coordinator, keyHash } = chainlink;
  const authority = await create(
    "@openzeppelin/contracts/access/manager/AccessManager.sol/AccessManager",
    [owner],
  );
  const casino = await create("contracts/Casino.sol/Casino", [
    authority,
    zeroAddress,
    BigInt(ROUND_SLOTS),
    BigInt(EPOCH_SECONDS),
    coordinator,
    keyHash,
    0,
    10n ** 16n,
  ]);
  const token = await create("contracts/local/TestToken.sol/TestToken", []);
  const bankrolls: Address[] = [];
  for (const [asset, address] of [zeroAddress, token].entries()) {
    const bankroll = await create("contracts/Bankroll.sol/Bankroll", [casino, asset, "LP", "LP"]);
    await govern("listAsset", [address, bankroll]);
    bankrolls.push(bankroll);
  }
  const rules = new Map<number, Address>();
  for (const { id, contract } of Object.values(games)) {
    const { name, args } = contract;
    const address = await create(`contracts/games/${name}.sol/${name}`, args);
    rules.set(id, address);
    await govern("listGame", [address]);
    await govern("setTerms", [id, 0, TERMS]);
  }
  const [, , subscription] = await publicClient.readContract({
    address: casino,
    abi: casinoAbi,
    functionName: "source",
  });
  const read = (functionName: "sessions" | "limits") =>
    publicClient.readContract({ address: casino, abi: casinoAbi, functionName });
  const [sessions, limits] = await Promise.all([read("sessions"), read("limits")]);
  await send(owner, coordinator, {
    data: encodeFunctionData({
      abi: coordinatorAbi,
      functionName: "fundSubscriptionWithNative",
      args: [subscription],
    }),
    value: 10n ** 21n,
  });
  // Young games count every bet in their book.
  await rpc("evm_increaseTime", [GROWN_SECONDS]);
  await invest();
  await rpc("evm_setAutomine", [false]);

  const deployment: Deployment = {
    chainId: await publicClient.getChainId(),
    name: "gas",
    casino,
    accessManager: authority,
    sessions,
    limits,
    deployBlock: 0,
    randomness: {
      coordinator,
      keyHash,
      subscription,
      confirmations: 0,
      callbackGasLimit: 0,
      coordinatorBlock: 0,
    },
    assets: [],
    games: [],
  };
  return {
    publicClient,
    owner,
    casino,
    sessions,
    limits,
    token,
    coordinator,
    deployment,
    rpc,
    send,
    mine,
    mined,
    closeEpochs,
    rulesOf,
  };

  async function create(name: string, args: readonly unknown[]): Promise<Address> {
    const { abi, bytecode } = artifactOf(name);
    const nonce = await publicClient.getTransactionCount({ address: owner });
    await deployer?.deployContract({ abi, bytecode, args, gas: 100_000_000n });
    return getContractAddress({ from: owner, nonce: BigInt(nonce) });
  }

  /** The contract of a listed game. */
  function rulesOf(game: number): Address {
    const address = rules.get(game);
    if (address === undefined) throw new Error(`game ${game} is not listed`);
    return address;
  }

  async function govern(functionName: string, args: readonly unknown[]): Promise<void> {
    await send(owner, casino, {
      data: encodeFunctionData({ abi: casinoAbi as Abi, functionName, args }),
    });
  }

  /** Deposits with the bankroll of the native coin: requested, priced when the epoch closes. */
  async function invest(): Promise<void> {
    const value = BANKROLL * 10n ** 9n;
    const data = encodeFunctionData({
      abi: bankrollAbi,
      functionName: "requestDeposit",
      args: [value, owner, owner],
    });
    await send(owner, bankrolls[0] as Address, { data, value });
    await rpc("evm_increaseTime", [EPOCH_SECONDS]);
    await govern("rollEpoch", []);
    await closeEpochs();
  }

  async function closeEpochs(): Promise<void> {
    const data = encodeFunctionData({ abi: bankrollAbi, functionName: "close" });
    for (const bankroll of bankrolls) await send(owner, bankroll, { data });
  }

  async function send(
    from: Address,
    to: Address,
    call: { data: Hex; value?: bigint; gas?: bigint },
  ): Promise<Hex> {
    const value = numberToHex(call.value ?? 0n);
    const gas = numberToHex(call.gas ?? 4_000_000n);
    const fees = { maxFeePerGas: numberToHex(GAS_PRICE), maxPriorityFeePerGas: numberToHex(1n) };
    return (await rpc("eth_sendTransaction", [
      { from, to, data: call.data, value, gas, ...fees },
    ])) as Hex;
  }

  /** Mines what was sent, all of it in one block. */
  async function mine(hashes: Hex[]) {
    await rpc("evm_mine");
    const receipts = await Promise.all(
      hashes.map((hash) => publicClient.getTransactionReceipt({ hash })),
    );
    for (const { status, transactionHash, blockNumber } of receipts) {
      if (status !== "success") throw new Error(`transaction ${transactionHash} failed`);
      if (blockNumber !== receipts[0]?.blockNumber)
        throw new Error("the transactions did not share a block");
    }
    return receipts;
  }

  /** The gas of one transaction to the casino, or to another contract. */
  async function mined(
    from: Address,
    functionName: string,
    args: readonly unknown[],
    {
      to = casino,
      abi = casinoAbi,
      value = 0n,
    }: { to?: Address; abi?: Abi | readonly unknown[]; value?: bigint } = {},
  ): Promise<number> {
    const data = encodeFunctionData({ abi: abi as Abi, functionName, args });
    const [receipt] = await mine([await send(from, to, { data, value, gas: 30_000_000n })]);
    return Number(receipt?.gasUsed);
  }
}
