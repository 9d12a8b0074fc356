import { type Hash, isHash, isHex } from "viem";
import type { Command } from "commander";
import { placedIn } from "../sdk/actions/place-bet.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { type Verification, verifyBet } from "../sdk/verify.ts";
import { CommandError } from "./command-error.ts";
import { answering, connect, loadDeployment } from "./connection.ts";

type Options = { rpc: string; deployment?: string; json?: true };
type Client = Awaited<ReturnType<typeof connect>>;

const MARKS = { passed: "✓", failed: "✗", pending: "·", refundable: "!" } as const;

/** `verify`: replays a bet from chain data alone and prints each step. Exits 1 where a step fails. */
export function register(program: Command): void {
  program
    .command("verify")
    .description("Replay a bet from the chain alone: proof, word, seed, outcome and payout")
    .argument("<bet>", "bet id, or the hash of the transaction that placed it")
    .option("--rpc <url>", "node of the chain", "http://127.0.0.1:8545")
    .option("--deployment <file>", "deployments/<chainId>.json by default")
    .option("--json", "print one JSON object")
    .action(run);
}

async function run(bet: string, options: Options): Promise<void> {
  if (!/^\d+$/.test(bet) && !isHex(bet)) {
    throw new CommandError(
      `"${bet}" is neither a bet id nor a transaction.`,
      "copy it from the bet's page",
    );
  }
  const client = await connect(options.rpc);
  const deployment = await loadDeployment(client, options.deployment);
  const found = await answering(options.rpc, betsOf(client, deployment, bet));
  for (const parameters of found) {
    const verification = await answering(
      options.rpc,
      verifyBet(client, { deployment, ...parameters }),
    );
    console.log(options.json ? JSON.stringify(verification, stringify, 2) : report(verification));
    if (verification.verdict === "invalid") process.exitCode = 1;
  }
}

/** The bet itself, or those that the transaction placed. */
async function betsOf(
  client: Client,
  deployment: Deployment,
  bet: string,
): Promise<{ betId: bigint; placedTx?: Hash }[]> {
  if (isHash(bet) && bet.length === 66) {
    const receipt = await client.getTransactionReceipt({ hash: bet }).catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== "TransactionReceiptNotFoundError")
        throw error;
      throw new CommandError(
        `The chain has no transaction ${bet}.`,
        "check the hash, and that --rpc is the bet's chain",
      );
    });
    const betIds = placedIn(receipt, deployment);
    if (betIds.length === 0) {
      throw new CommandError(
        `Transaction ${bet} placed no bet with ${deployment.casino}.`,
        "give the one that placed it",
      );
    }
    return betIds.map((betId) => ({ betId, placedTx: bet }));
  }
  return [{ betId: BigInt(bet) }];
}

function report({ betId, verdict, steps }: Verification): string {
  const lines = steps.flatMap(({ status, title, detail, evidence }) => [
    `${MARKS[status]} ${title}: ${detail}`,
    ...Object.entries(evidence).map(([name, value]) => `    ${name.padEnd(14)} ${value}`),
  ]);
  return [`Bet ${betId}`, ...lines, `Verdict: ${verdict}`].join("\n");
}

function stringify(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
