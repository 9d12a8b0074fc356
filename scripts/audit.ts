import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Hex } from "viem";
import { Command, Option } from "commander";
import type { Artifact } from "../sdk/audit/code.ts";
import { CheckpointInvalid, formatCheckpoint, parseCheckpoint } from "../sdk/audit/checkpoint.ts";
import type { Report } from "../sdk/audit/report.ts";
import type { EndedBet } from "../sdk/audit/model.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { deploymentAt } from "./audit-deployment.ts";
import { htmlOf } from "./audit-report.ts";
import { type Node, httpNode } from "./audit-rpc.ts";
import { type Progress, type Standing, runAudit } from "./audit-run.ts";
import { startVerifiers } from "./audit-workers.ts";
import { CommandError } from "./command-error.ts";
import { deploymentFile, readDeployment } from "./connection.ts";
import { integer } from "./options.ts";

type Options = {
  rpc: string;
  deployment?: string;
  from?: number;
  to?: number;
  json?: string;
  html?: string;
  csv?: string;
  resume?: string | true;
  workers: number;
  rules: "twin" | "chain";
  state?: true;
  receipts?: true;
  artifacts: string;
};

const ARTIFACTS = fileURLToPath(new URL("../artifacts/", import.meta.url));
const CHECKPOINT_MS = 30_000;
const SHOWN_FAILURES = 5;
const EXIT = { clean: 0, findings: 1, incomplete: 2 } as const;

/** `audit`: replays a house from chain history alone. Exits 0 clean, 1 with findings, 2 where it could not finish. */
export function register(program: Command): void {
  program
    .command("audit")
    .description(
      "Check every bet, proof, payout and balance since deployment, from the chain alone",
    )
    .option("--rpc <url>", "node of the chain; no archive is needed", "http://127.0.0.1:8545")
    .option(
      "--deployment <file | address>",
      "the deployment's file or the casino's address; deployments/<chainId>.json by default",
    )
    .option(
      "--from <block>",
      "judge from this block on; what came before is replayed and not judged",
      integer,
    )
    .option("--to <block>", "stop after this block; at the chain's head by default", integer)
    .option("--json <file>", "write the report (docs/schemas/audit.schema.json)")
    .option("--html <file>", "write the report as one page")
    .option("--csv <file>", "write each bet with its end")
    .option("--resume [file]", "go on from the checkpoint of a run that was stopped")
    .option(
      "--workers <n>",
      "threads that verify proofs",
      integer,
      Math.max(1, availableParallelism() - 1),
    )
    .addOption(
      new Option("--rules <which>", "also ask the games' contracts for each payout")
        .choices(["twin", "chain"])
        .default("twin"),
    )
    .option("--state", "compare the books at every epoch too; needs an archive node")
    .option(
      "--receipts",
      "rebuild each block's receipts root: proves that the node left out no log; slower",
    )
    .option(
      "--artifacts <folder>",
      "the compiler's output to compare the code with, as `npm run build` leaves it",
      ARTIFACTS,
    )
    .action(async (options: Options) => {
      process.exitCode = await audit(options).catch((error: unknown) => {
        console.error(
          error instanceof CommandError ? `${error.message}\nWhat to do: ${error.hint}.` : error,
        );
        return EXIT.incomplete;
      });
    });
}

async function audit(options: Options): Promise<number> {
  const node = httpNode(options.rpc);
  const deployment = await deploymentOf(node, options.deployment);
  const file =
    typeof options.resume === "string"
      ? options.resume
      : `audit-${deployment.chainId}.checkpoint.json`;
  const resume = options.resume === undefined ? undefined : readCheckpoint(file, deployment);
  const { from = 0 } = options;
  if (resume && resume.audit.state.judgedFrom !== from)
    throw new CommandError(
      `The checkpoint is of an audit from block ${resume.audit.state.judgedFrom} on.`,
      "give the same --from, or start without --resume",
    );
  const verifiers = startVerifiers(options.workers);
  const csv = options.csv === undefined ? undefined : openCsv(options.csv, resume !== undefined);
  const progress = meter();
  const collectGarbage = garbageCollector();
  let stopping = false;
  let saved = Date.now();
  const stop = () => (stopping = true);
  process.once("SIGINT", stop);

  try {
    const report = await runAudit({
      node,
      deployment,
      rules: options.rules,
      ...(options.to === undefined ? {} : { to: options.to }),
      ...(options.from === undefined ? {} : { from: options.from }),
      ...(resume ? { resume } : {}),
      everyState: options.state === true,
      receipts: options.receipts === true,
      code: {
        codeAt: async (address) => (await node.request("eth_getCode", [address, "latest"])) as Hex,
        artifact: (contract) => artifactOf(contract, options.artifacts),
      },
      verify: verifiers.verify,
      onProgress: progress.show,
      ...(csv ? { onBet: csv.write } : {}),
      onCheckpoint: async (standing) => {
        collectGarbage();
        if (stopping || Date.now() - saved > CHECKPOINT_MS) {
          writeCheckpoint(file, standing);
          saved = Date.now();
        }
        return stopping;
      },
    });
    progress.end();
    if (stopping) console.log(`Stopped. Go on with --resume ${file}`);
    else if (existsSync(file)) rmSync(file);
    if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
    if (options.html) writeFileSync(options.html, htmlOf(report));
    console.log(summary(report));
    return EXIT[report.verdict];
  } finally {
    process.off("SIGINT", stop);
    csv?.close();
    await verifiers.close();
  }
}

async function deploymentOf(node: Node, given: string | undefined): Promise<Deployment> {
  if (given !== undefined && /^0x[0-9a-fA-F]{40}$/.test(given))
    return deploymentAt(node, given as Hex);
  const chainId = Number(await node.request("eth_chainId"));
  const path = given ?? deploymentFile(chainId);
  if (!existsSync(path))
    throw new CommandError(
      `There is no deployment at ${path}.`,
      "give its file or the casino's address with --deployment",
    );
  const deployment = readDeployment(path);
  if (deployment.chainId !== chainId) {
    throw new CommandError(
      `${path} is about chain ${deployment.chainId}, but the node serves chain ${chainId}.`,
      "give the node or the deployment of the same chain",
    );
  }
  return deployment;
}

/** The compiler's output in a folder, if it is there. */
export function artifactOf(contract: string, artifacts = ARTIFACTS): Artifact | undefined {
  const folder =
    contract === "AccessManager"
      ? "@openzeppelin/contracts/access/manager/"
      : ["Casino", "Bankroll", "VrfSource", "Annex", "Limits", "Sessions", "Eligibility"].includes(
            contract,
          )
        ? "contracts/"
        : "contracts/games/";
  const path = join(artifacts, `${folder}${contract}.sol/${contract}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Artifact) : undefined;
}

function readCheckpoint(file: string, deployment: Deployment): Standing {
  if (!existsSync(file))
    throw new CommandError(`There is no checkpoint at ${file}.`, "start without --resume");
  try {
    const text = readFileSync(file, "utf8");
    const { audit, rest } = parseCheckpoint(text, deployment);
    const { sources, next } = rest as Pick<Standing, "sources" | "next">;
    return { audit, sources, next };
  } catch (error) {
    if (!(error instanceof CheckpointInvalid)) throw error;
    throw new CommandError(`${file}: ${error.message}`, "delete it and start without --resume", {
      cause: error,
    });
  }
}

/** Whole or not at all: a run can end at any time. */
function writeCheckpoint(file: string, { audit, sources, next }: Standing): void {
  writeFileSync(`${file}.part`, formatCheckpoint(audit, { sources, next }));
  renameSync(`${file}.part`, file);
}

function openCsv(path: string, append: boolean): { write(bet: EndedBet): void; close(): void } {
  const file = openSync(path, append ? "a" : "w");
  if (!append) writeSync(file, "bet,block,transaction,asset,game,choice,stake,rounds,paid,end\n");
  return {
    write: ({ betId, block, tx, asset, game, choice, stake, rounds, paid, end }) => {
      writeSync(
        file,
        `${betId},${block},${tx},${asset},${game},${choice},${stake},${rounds},${paid},${end}\n`,
      );
    },
    close: () => closeSync(file),
  };
}

/**
 * Frees what earlier blocks left behind. V8 would let it grow with the machine's memory, first of all the space of what is
 * new; what an audit keeps is as much after ten million bets as after ten thousand.
 */
function garbageCollector(): () => void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

/** A line that says how far it is, how fast, and how long it takes still; one now and then where no one watches. */
function meter(): { show(progress: Progress): void; end(): void } {
  const started = Date.now();
  let [first, shown, told] = [-1, 0, false];
  return {
    show({ block, to, bets, rounds }) {
      if (first < 0) first = block;
      const now = Date.now();
      if (now - shown < (process.stderr.isTTY ? 200 : 10_000)) return;
      shown = now;
      told = true;
      const seconds = (now - started) / 1_000;
      const left = block > first ? ((to - block) * seconds) / (block - first) : 0;
      const line = `block ${block} of ${to}, ${bets} bets, ${rounds} rounds, ${Math.round(bets / seconds)} bets/s, ${Math.ceil(left)} s left`;
      process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
    },
    end: () => {
      if (told && process.stderr.isTTY) process.stderr.write("\r\u001b[K");
    },
  };
}

function summary(report: Report): string {
  const { house, blocks, checks, bets, rounds, games } = report;
  const lines = [
    `${house.name} (chain ${house.chainId}), casino ${house.casino}`,
    `Blocks ${blocks.from} to ${blocks.to}, ${blocks.toHash}`,
    ...(blocks.judgedFrom === undefined
      ? []
      : [
          `Judged from block ${blocks.judgedFrom} on; before it, ${blocks.failedBefore} checks failed`,
        ]),
    `${bets.placed} bets: ${bets.settled} settled, ${bets.refunded} refunded, ${bets.open} open; ${rounds.requested} rounds: ${rounds.drawn} drawn, ${rounds.voided} void`,
    ...games.map(
      ({ name, bets: count, measured, exact, halfWidth }) =>
        `  ${name.padEnd(18)} ${String(count).padStart(9)} bets, return ${(100 * measured).toFixed(2)}% of exactly ${(100 * exact).toFixed(2)}% ± ${(100 * halfWidth).toFixed(2)}`,
    ),
    "",
    ...checks.map(({ id, passed, failed, unchecked, reason }) => {
      const mark = failed > 0 ? "✗" : passed > 0 ? "✓" : "·";
      const rest = [
        failed > 0 ? `${failed} failed` : "",
        unchecked > 0 ? `${unchecked} not made: ${reason}` : "",
      ]
        .filter(Boolean)
        .join(", ");
      return `${mark} ${id.padEnd(24)} ${String(passed).padStart(9)} passed${rest ? `, ${rest}` : ""}`;
    }),
  ];
  for (const { id, failures } of checks) {
    for (const { block, tx, note, expected, found } of failures.slice(0, SHOWN_FAILURES)) {
      lines.push(
        "",
        `✗ ${id}${note ? `, ${note}` : ""}: block ${block}${tx ? `, transaction ${tx}` : ""}`,
        `    expected ${expected}`,
        `    found    ${found}`,
      );
    }
  }
  return [...lines, "", `Verdict: ${report.verdict}`, `Report:  ${report.hash}`].join("\n");
}

// By itself, with nothing installed but what it imports.
if (import.meta.main) {
  const program = new Command("casino");
  register(program);
  await program.parseAsync([...process.argv.slice(0, 2), "audit", ...process.argv.slice(2)]);
}
