/** Where the words of a run come from. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Abi, type Hex, keccak256, stringToHex } from "viem";
import { casinoAbi, coordinatorAbi } from "../../sdk/abis.ts";
import { callOf, send } from "../../sdk/actions/clients.ts";
import type { Deployment } from "../../sdk/deployment.ts";
import { artifactOf } from "../artifacts.ts";
import { LOCAL_PROVING_KEY } from "../local.ts";
import { runOracle } from "../oracle.ts";
import type { Chain } from "./chain.ts";

/** Answers every request that has no word yet. */
export type Words = { draw(): Promise<void> };

const PATIENCE_MS = 60_000;
const WORST_PRICE = 1n;

/** Chainlink's coordinator and proofs of our oracle. */
export function provenWords(chain: Chain, { randomness }: Deployment): Words {
  const { coordinator, coordinatorBlock } = randomness;
  return { draw };

  async function draw(): Promise<void> {
    // A proof needs the hash of its request's block.
    await chain.mine();
    const abort = new AbortController();
    const said: string[] = [];
    const done = runOracle({
      publicClient: chain.client,
      walletClient: chain.wallet("oracle"),
      coordinator,
      secretKey: LOCAL_PROVING_KEY,
      signal: abort.signal,
      log: (sentence) => said.push(sentence),
      fromBlock: BigInt(coordinatorBlock),
      pollMs: 10,
    });
    try {
      const until = Date.now() + PATIENCE_MS;
      while (await isWaiting()) {
        if (Date.now() > until) throw new Error(`The oracle gave no word: ${said.join(" ")}`);
        await sleep(20);
      }
    } finally {
      abort.abort();
      await done;
    }
  }

  async function isWaiting(): Promise<boolean> {
    const [requested, fulfilled] = await Promise.all(
      (["RandomWordsRequested", "RandomWordsFulfilled"] as const).map((eventName) =>
        chain.client.getContractEvents({
          address: coordinator,
          abi: coordinatorAbi,
          eventName,
          fromBlock: BigInt(coordinatorBlock),
        }),
      ),
    );
    return requested!.length > fulfilled!.length;
  }
}

/** A second source behind the coordinator's ABI, whose words are the same on every node. */
export async function givenWords(chain: Chain, { casino }: Deployment): Promise<Words> {
  const owner = chain.wallet("deployer");
  const clients = chain.clients("deployer");
  const { abi, bytecode } = artifactOf("test/contracts/fixtures/GivenWords.sol/GivenWords");
  const hash = await owner.deployContract({ abi, bytecode });
  const { contractAddress: address } = await chain.client.waitForTransactionReceipt({ hash });
  if (!address) throw new Error("The source of given words was not made");
  const source = { address, abi: abi as Abi } as const;
  await send(
    clients,
    callOf({
      address: casino,
      abi: casinoAbi,
      functionName: "setSource",
      args: [address, `0x${"0".repeat(64)}`, 0, WORST_PRICE],
    }),
  );
  let count = 0;
  return { draw };

  async function draw(): Promise<void> {
    while (
      ((await chain.client.readContract({ ...source, functionName: "pending" })) as bigint) > 0n
    )
      await send(clients, { ...source, functionName: "give", args: [wordOf(count++)] });
  }
}

function wordOf(index: number): bigint {
  const word: Hex = keccak256(stringToHex(`word ${index}`));
  return BigInt(word);
}
