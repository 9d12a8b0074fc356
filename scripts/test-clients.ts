/**
 * Runs the house on real nodes: Hardhat's, anvil and geth. On each it is deployed twice as the product deploys it, and the
 * SDK plays two hundred bets against each deployment, with rounds of many bets, relayed orders, session keys, a void round
 * and epochs that close. Exits 1 with the first difference, in words.
 *
 * Twice, since two things are to be shown that exclude each other. A proven word hangs on the hash of its request's
 * block, which no two nodes have in common, so the same bets end differently on each:
 *
 * - With Chainlink's coordinator and proofs of our oracle, each node's history is replayed by the auditor, receipts
 *   included: its books, rebuilt from events and proofs alone, must be those of the casino's storage.
 * - With a second source behind the coordinator's ABI, set as governance sets one, words are the same everywhere. The same
 *   transactions at the same times must then leave the same: every balance, book and share price, every log bit by
 *   bit, the gas of each transaction, and what the SDK reads out of each refusal.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { styleText } from "node:util";
import { Command, Option } from "commander";
import { BaseError, type Hex } from "viem";
import type { Deployment } from "../sdk/deployment.ts";
import type { Report } from "../sdk/audit/report.ts";
import { runAudit } from "./audit-run.ts";
import { deployLocally } from "./audit-house.ts";
import { httpNode } from "./audit-rpc.ts";
import { artifactOf } from "./audit.ts";
import { type Chain, chainOf } from "./clients/chain.ts";
import { CLIENTS, type ClientName, TITLES, prepareNode, startNode } from "./clients/nodes.ts";
import { type Played, play } from "./clients/play.ts";
import { meetRefusals } from "./clients/refusals.ts";
import { Transcript, firstDifference, noteTransactions } from "./clients/transcript.ts";
import { givenWords, provenWords } from "./clients/words.ts";
import { CommandError } from "./command-error.ts";
import { integer } from "./options.ts";

type Options = { only: ClientName[]; bets: number };

/** What a node was found to do. */
type Result = {
  name: ClientName;
  version: string;
  given: Played & { gas: bigint; balances: Hex; transcript: Transcript };
  proven: Played & { report: Report };
};

const ENDING_MS = 1_000;

const program = new Command("test:clients")
  .description(
    "Play the same bets on the Hardhat node, anvil and geth, and compare what they leave",
  )
  .addOption(
    new Option("--only <clients...>", "these nodes alone").choices(CLIENTS).default([...CLIENTS]),
  )
  .option("--bets <n>", "bets of each of a node's two runs", integer, 200)
  .action(run);

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
try {
  await program.parseAsync();
} catch (error) {
  const known = commandErrorIn(error);
  if (known) console.error(`${known.message}\nWhat to do: ${known.hint}.`);
  else console.error(process.env["DEBUG"] ? error : messageOf(error));
  process.exit(1);
}

async function run({ only, bets }: Options): Promise<void> {
  const names = CLIENTS.filter((each) => only.includes(each));
  for (const name of names) prepareNode(name);
  const results: Result[] = [];
  for (const name of names) results.push(await runOn(name, bets));

  const [reference] = results;
  const verdicts = results.map((result) => verdictOf(result, reference!));
  console.table(
    results.map(({ name, version, given, proven }, index) => ({
      client: name,
      version,
      bets: given.bets + proven.bets,
      voids: given.voids + proven.voids,
      "gas used": Number(given.gas),
      balances: given.balances.slice(0, 18),
      replay: proven.report.verdict,
      verdict: verdicts[index] === undefined ? "holds" : "fails",
    })),
  );
  const first = verdicts.find((verdict) => verdict !== undefined);
  if (first === undefined) return;
  console.error(styleText("red", first));
  process.exitCode = 1;
}

async function runOn(name: ClientName, bets: number): Promise<Result> {
  const node = await startNode(name);
  try {
    return await Promise.race([node.ended, playOn().catch(afterTheEnd)]);
  } finally {
    await node.stop();
  }

  /** A node's connections break before its process is known to have ended, and that is what is to be told. */
  async function afterTheEnd(error: unknown): Promise<never> {
    await Promise.race([node.ended, sleep(ENDING_MS)]);
    if (commandErrorIn(error)) throw error;
    const why = error instanceof BaseError ? error.shortMessage : String(error);
    throw new Error(`On ${TITLES[name]}: ${why}`, { cause: error });
  }

  async function playOn(): Promise<Result> {
    const chain = await chainOf(node);
    const version = (await chain.client.request({ method: "web3_clientVersion" })) as string;
    console.log(`${TITLES[name]}, process ${node.pid}: ${version}`);
    const given = await playGiven(chain, bets);
    console.log(`  ${given.bets} bets with given words, ${given.voids} void, ${given.gas} gas`);
    const proven = await playProven(chain, bets);
    console.log(
      `  ${proven.bets} bets with proven words, ${proven.voids} void, replay ${proven.report.verdict}`,
    );
    return { name, version: versionIn(version), given, proven };
  }
}

async function playGiven(chain: Chain, bets: number): Promise<Result["given"]> {
  const deployment = await deployLocally(chain.client);
  const words = await givenWords(chain, deployment);
  const from = (await chain.client.getBlockNumber()) + 1n;
  const transcript = new Transcript();
  const table = { chain, deployment, words, transcript, bets };
  const played = await play(table);
  const balances = transcript.hash;
  await meetRefusals(table);
  const gas = await noteTransactions(chain, from, transcript);
  return { ...played, gas, balances, transcript };
}

async function playProven(chain: Chain, bets: number): Promise<Result["proven"]> {
  const deployment = await deployLocally(chain.client);
  const words = provenWords(chain, deployment);
  const table = { chain, deployment, words, transcript: new Transcript(), bets };
  const played = await play(table);
  return { ...played, report: await replay(chain, deployment) };
}

function replay({ client, url }: Chain, deployment: Deployment): Promise<Report> {
  return runAudit({
    node: httpNode(url),
    deployment,
    rules: "chain",
    receipts: true,
    code: {
      codeAt: async (address) => (await client.getCode({ address })) ?? "0x",
      artifact: artifactOf,
    },
  });
}

/** Why a node's run is not what it should be; nothing if it is. */
function verdictOf({ name, given, proven }: Result, reference: Result): string | undefined {
  const { report } = proven;
  const failed = report.checks.find((check) => check.failed > 0);
  if (failed) {
    const { note = "", block, expected, found } = failed.failures[0]!;
    return `The replay on ${TITLES[name]} fails in ${failed.id} ${note}, block ${block}: expected ${expected}, found ${found}`;
  }
  if (report.verdict !== "clean") return `The replay on ${TITLES[name]} is ${report.verdict}`;
  const { placed, refunded, open } = report.bets;
  if (placed !== proven.bets || refunded !== proven.voids || open !== 0)
    return `The replay on ${TITLES[name]} finds ${placed} bets, ${refunded} refunded, ${open} open, where ${proven.bets} were placed and ${proven.voids} refunded`;
  return firstDifference(
    { title: TITLES[reference.name], entries: reference.given.transcript.entries },
    { title: TITLES[name], entries: given.transcript.entries },
  );
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${message}\nWhat to do: run it again with DEBUG=1 for the details.`;
}

function versionIn(text: string): string {
  return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? text;
}

/** viem wraps what a transport throws. */
function commandErrorIn(error: unknown): CommandError | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (at instanceof CommandError) return at;
  return undefined;
}
