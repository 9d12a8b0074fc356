/** The house that a made history is played in: with a gate, governance that waits, and a second coordinator. */
import {
  type Address,
  type Hex,
  type PublicClient,
  encodeFunctionData,
  numberToHex,
  parseAbi,
  parseEther,
  parseGwei,
} from "viem";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { privateKeyToAccount } from "viem/accounts";
import { casinoAbi, eligibilityAbi } from "../sdk/abis.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { artifactOf } from "./artifacts.ts";
import type { Request } from "./audit-history.ts";
import { type chainOf, encode } from "./audit-play.ts";
import { deployCoordinator } from "./chainlink.ts";
import { type Wallet, walletOf } from "./connection.ts";
import { coordinatorAbi } from "./coordinator-abi.ts";
import { deployOnce } from "./deploy.ts";
import { localPlan } from "./house-plan.ts";
import { LOCAL_PROVING_KEY, localAccount } from "./local.ts";

export const GOVERNANCE_SECONDS = 3_600;
/** The source of randomness, the roles and the gate wait for two weeks. */
export const SOURCE_SECONDS = 14 * 86_400;
const MARGIN_SECONDS = 60;
const SECOND_PROVING_KEY: Hex = `0x${"22".repeat(32)}`;
const ATTESTOR = privateKeyToAccount(`0x${"a7".repeat(32)}`);
const YEAR = 365 * 86_400;
/** "MT", "US" and "USNJ". */
const [MALTA, STATES, JERSEY] = ["0x4d54000000", "0x5553000000", "0x55534e4a00"] as const;
const [ALLOWED, REFUSED] = [1, 2];
const managerAbi = parseAbi([
  "function schedule(address target, bytes data, uint48 when)",
  "function execute(address target, bytes data)",
]);

type Chain = ReturnType<typeof chainOf>;

/** Deploys a local house behind a gate, with a governance that waits. */
export function deploy(publicClient: PublicClient): Promise<Deployment> {
  const delays = { delaySeconds: GOVERNANCE_SECONDS, sourceDelaySeconds: SOURCE_SECONDS };
  return deployLocally(publicClient, delays, (wallet) => gated(wallet, publicClient));
}

/**
 * Deploys a house as `casino deploy --local` does.
 *
 * @param delays of its governance; none by default
 * @param through the wallet that sends the transactions, made of the deployer's
 */
export async function deployLocally(
  publicClient: PublicClient,
  delays: { delaySeconds?: number; sourceDelaySeconds?: number } = {},
  through = (wallet: Wallet) => wallet,
): Promise<Deployment> {
  const deployer = localAccount("deployer");
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-"));
  const plan = localPlan({ deployer: deployer.address, provingKey: LOCAL_PROVING_KEY });
  try {
    return await deployOnce({
      publicClient,
      walletClient: through(walletOf(publicClient, deployer)),
      plan: { ...plan, governance: { ...plan.governance, ...delays } },
      folder,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A wallet that gives the casino a gate as it deploys it: the plan of a local house has none. */
function gated(wallet: Wallet, client: PublicClient): Wallet {
  const { bytecode } = artifactOf("contracts/Casino.sol/Casino");
  const prepareTransactionRequest = async (request: { data?: Hex }) => {
    const { data } = request;
    if (!data?.startsWith(bytecode)) return wallet.prepareTransactionRequest(request as never);
    const [authority, , ...rest] = data.slice(bytecode.length).match(/.{64}/g)!;
    const gate = await makeGate(wallet, client, `0x${authority!.slice(24)}`);
    const patched = [authority, gate.slice(2).padStart(64, "0"), ...rest].join("");
    return wallet.prepareTransactionRequest({ ...request, data: bytecode + patched } as never);
  };
  return { ...wallet, prepareTransactionRequest } as Wallet;
}

async function makeGate(wallet: Wallet, client: PublicClient, authority: Address): Promise<Hex> {
  const artifact = artifactOf("contracts/Eligibility.sol/Eligibility");
  const made = await wallet.deployContract({ ...artifact, args: [authority, true] });
  const { contractAddress } = await client.waitForTransactionReceipt({ hash: made });
  const contract = { address: contractAddress!, abi: eligibilityAbi } as const;
  const calls = [
    await wallet.writeContract({
      ...contract,
      functionName: "setAttestor",
      args: [ATTESTOR.address, true],
    }),
    await wallet.writeContract({
      ...contract,
      functionName: "setRules",
      args: [[STATES], REFUSED],
    }),
  ];
  await Promise.all(calls.map((hash) => client.waitForTransactionReceipt({ hash })));
  return contractAddress!;
}

/** What is done to the house while it is played in. */
export function houseOf(
  request: Request,
  client: PublicClient,
  deployment: Deployment,
  { send, mine, pass, timestamp }: Chain,
) {
  const { casino, accessManager, randomness } = deployment;
  const owner = localAccount("deployer").address;
  const provingKeys = new Map<string, Hex>([
    [randomness.coordinator.toLowerCase(), LOCAL_PROVING_KEY],
  ]);
  let announced: [target: Address, data: Hex][] = [];
  return { announce, execute, announceSource, fundSource, failingCallback, attest, revoke, keyOf };

  /** Announces a call that a role may make after a delay. */
  async function announce(target: Address, data: Hex, seconds: number): Promise<void> {
    const when = (await timestamp()) + seconds + MARGIN_SECONDS;
    const args = [target, data, when] as const;
    await send(
      owner,
      accessManager,
      encodeFunctionData({ abi: managerAbi, functionName: "schedule", args }),
    );
    announced.push([target, data]);
    await mine();
  }

  /** Makes the calls that were announced. */
  async function execute(): Promise<void> {
    for (const args of announced)
      await send(
        owner,
        accessManager,
        encodeFunctionData({ abi: managerAbi, functionName: "execute", args }),
        0n,
        numberToHex(3_000_000),
      );
    announced = [];
    await mine();
  }

  /** A second coordinator, with a key of its own, is announced as the casino's next source; and the gate's next rule. */
  async function announceSource(gate: Address): Promise<void> {
    await request("evm_setAutomine", [true]);
    const { coordinator, keyHash } = await deployCoordinator({
      walletClient: walletOf(client, localAccount("deployer")),
      publicClient: client,
      provingKey: SECOND_PROVING_KEY,
      laneMaxGasPriceWei: parseGwei("100"),
    });
    await request("evm_setAutomine", [false]);
    provingKeys.set(coordinator.toLowerCase(), SECOND_PROVING_KEY);
    const [, , , confirmations, worstPrice] = await client.readContract({
      address: casino,
      abi: casinoAbi,
      functionName: "source",
    });
    const source = [coordinator, keyHash, confirmations, worstPrice];
    await announce(casino, encode("setSource", source), SOURCE_SECONDS);
    const rules = encodeFunctionData({
      abi: eligibilityAbi,
      functionName: "setRules",
      args: [[JERSEY], ALLOWED],
    });
    await announce(gate, rules, SOURCE_SECONDS);
  }

  /** Pays for the requests of the source that was set. */
  async function fundSource(): Promise<void> {
    const [coordinator, , subscription] = await client.readContract({
      address: casino,
      abi: casinoAbi,
      functionName: "source",
    });
    const data = encodeFunctionData({
      abi: coordinatorAbi,
      functionName: "fundSubscriptionWithNative",
      args: [subscription],
    });
    await send(owner, coordinator, data, parseEther("500"));
    await mine();
  }

  /** What the oracle does while the casino's code can't be run: its callback fails, and is never repeated. */
  async function failingCallback(fulfil: () => Promise<void>): Promise<void> {
    const code = await request("eth_getCode", [casino, "latest"]);
    await request("hardhat_setCode", [casino, "0xfe"]);
    await fulfil();
    await request("hardhat_setCode", [casino, code]);
    await pass(1);
  }

  /** The attestor lets a player in for a year. */
  async function attest(gate: Address, player: Address): Promise<void> {
    const issuedAt = await timestamp();
    const attestation = { player, jurisdiction: MALTA, issuedAt, expiresAt: issuedAt + YEAR };
    const signature = await ATTESTOR.signTypedData({
      domain: {
        name: "Glasshouse Eligibility",
        version: "1",
        chainId: deployment.chainId,
        verifyingContract: gate,
      },
      types: {
        Attestation: [
          { name: "player", type: "address" },
          { name: "jurisdiction", type: "bytes5" },
          { name: "issuedAt", type: "uint40" },
          { name: "expiresAt", type: "uint40" },
        ],
      },
      primaryType: "Attestation",
      message: attestation,
    });
    const args = [attestation, ATTESTOR.address, signature] as const;
    await send(
      player,
      gate,
      encodeFunctionData({ abi: eligibilityAbi, functionName: "attest", args }),
    );
  }

  /** The attestor takes a player's attestation back. */
  async function revoke(gate: Address, player: Address): Promise<void> {
    await request("hardhat_setBalance", [ATTESTOR.address, numberToHex(parseEther("1"))]);
    await request("hardhat_impersonateAccount", [ATTESTOR.address]);
    const data = encodeFunctionData({
      abi: eligibilityAbi,
      functionName: "revoke",
      args: [player],
    });
    await send(ATTESTOR.address, gate, data);
    await mine();
  }

  /** The key that a coordinator's oracle proves with. */
  function keyOf(coordinator: string): Hex {
    const key = provingKeys.get(coordinator.toLowerCase());
    if (!key) throw new Error(`${coordinator} has no oracle`);
    return key;
  }
}
