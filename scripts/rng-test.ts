import { writeFile } from "node:fs/promises";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type Command, InvalidArgumentError } from "commander";
import { type Assessment, absorb, holm, watchesOf } from "../sdk/games/battery.ts";
import { type AnyGame, GameUnknown, gameByKey, games } from "../sdk/games/index.ts";
import { CommandError } from "./command-error.ts";
import { escaped } from "./html.ts";
import { integer } from "./options.ts";
import { BETS_PER_WORD, CASINO, CHAIN_ID, SECRET_KEY } from "./rng-seeds.ts";
import { type Lane, type LaneReport, viewsOf } from "./rng-views.ts";

type Options = { rounds: number; game?: string; json?: string; html?: string };

/** One test of one view of one game. */
type Line = Assessment & { game: string; view: string; symbols: number; rejected: boolean };

type Report = {
  rounds: number;
  seconds: number;
  roundsPerSecond: number;
  words: { secretKey: string; count: number; betsPerWord: number; chainId: number; casino: string };
  level: number;
  correction: string;
  passed: boolean;
  tests: Line[];
};

/** How often a family of tests may reject anything although outcomes follow their laws: 1 - 99%. */
const LEVEL = 0.01;
/** Fixed, so that a report does not depend on the machine. */
const LANES = 2;

/** `rng-test`: outcomes of real VRF words against the laws that the games declare. Exits 1 where a test rejects. */
export function register(program: Command): void {
  program
    .command("rng-test")
    .description("Test the games' outcomes, drawn from real VRF words, against their laws")
    .option("--rounds <n>", "outcomes of each game, 1,000 at least", atLeast(1_000), 10_000_000)
    .option("--game <key>", "one game instead of all")
    .option("--json <file>", "write the report as JSON")
    .option("--html <file>", "write the report as a page to print")
    .action(run);
}

async function run({ rounds, game, json, html }: Options): Promise<void> {
  const tested = game === undefined ? Object.values(games) : [known(game)];
  const started = performance.now();
  const lines = judged(await assessed(tested, rounds));
  const seconds = (performance.now() - started) / 1_000;

  const report: Report = {
    rounds,
    seconds: Number(seconds.toFixed(1)),
    roundsPerSecond: Math.round((rounds * tested.length) / seconds),
    words: {
      secretKey: SECRET_KEY,
      count: Math.ceil(rounds / BETS_PER_WORD),
      betsPerWord: BETS_PER_WORD,
      chainId: Number(CHAIN_ID),
      casino: CASINO,
    },
    level: LEVEL,
    correction: "Holm",
    passed: lines.every(({ rejected }) => !rejected),
    tests: lines,
  };
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  if (html !== undefined) await writeFile(html, pageOf(report));
  console.log(textOf(report));
  if (!report.passed) process.exitCode = 1;
}

function known(key: string): AnyGame {
  try {
    return gameByKey(key);
  } catch (error) {
    if (!(error instanceof GameUnknown)) throw error;
    const keys = Object.values(games).map((each) => each.key);
    throw new CommandError(`No game is known as ${key}.`, `choose one of ${keys.join(", ")}`);
  }
}

/** All tests of all views, their counts gathered by a thread for each lane. */
async function assessed(tested: AnyGame[], rounds: number): Promise<Omit<Line, "rejected">[]> {
  const middle = Math.ceil(rounds / LANES);
  const reports = await Promise.all(
    Array.from({ length: LANES }, (_, lane) =>
      followed({
        games: tested.map(({ key }) => key),
        rounds,
        from: lane * middle,
        to: Math.min(rounds, (lane + 1) * middle),
      }),
    ),
  );
  return tested.flatMap(viewsOf).flatMap((view, index) => {
    const watches = watchesOf(view.law, rounds);
    for (const report of reports) absorb(watches, report[index]!);
    return watches.flatMap((watch) => {
      const assessment = watch.assess();
      const { game, view: name, law } = view;
      return assessment ? [{ game, view: name, symbols: law.length, ...assessment }] : [];
    });
  });
}

async function followed(lane: Lane): Promise<LaneReport> {
  const worker = new Worker(new URL("./rng-worker.ts", import.meta.url), { workerData: lane });
  const [report] = (await once(worker, "message")) as [LaneReport];
  return report;
}

function judged(lines: Omit<Line, "rejected">[]): Line[] {
  const rejected = holm(
    lines.map(({ pValue }) => pValue),
    LEVEL,
  );
  return lines.map((line, index) => ({ ...line, rejected: rejected[index]! }));
}

function textOf(report: Report): string {
  return [
    ...report.tests.map((line) => `${line.rejected ? "✗" : "✓"} ${cells(line).join("  ")}`),
    "",
    ...statement(report),
  ].join("\n");
}

function cells({ game, view, symbols, test, statistic, degrees, pValue }: Line): string[] {
  return [
    game.padEnd(20),
    test.padEnd(18),
    `${degrees === undefined ? "z" : "χ²"} ${statistic.toFixed(2)}`.padEnd(14),
    (degrees === undefined ? "" : `${degrees}`).padEnd(6),
    pValue.toPrecision(3).padEnd(9),
    `${view} (${symbols})`,
  ];
}

function statement({ rounds, words, level, tests, passed, seconds, roundsPerSecond }: Report) {
  const rejected = tests.filter((line) => line.rejected).length;
  return [
    `${rounds.toLocaleString("en")} outcomes of each game. Words of real VRF proofs: ${words.count.toLocaleString("en")}; each seeds ${words.betsPerWord.toLocaleString("en")} bets, by keccak256 as in the casino.`,
    `${tests.length} tests, Holm's correction: if all outcomes follow their laws, a report rejects anything with a probability of ${level * 100}% at the most.`,
    passed
      ? "Passed: no test rejects at the 99% level."
      : `Failed: ${rejected} of ${tests.length} tests reject at the 99% level.`,
    `${seconds.toFixed(0)} s, ${roundsPerSecond.toLocaleString("en")} rounds a second.`,
  ];
}

function pageOf(report: Report): string {
  const rows = report.tests.map((line) => {
    const marks = [
      line.rejected ? "rejected" : "passed",
      ...cells(line).map((cell) => cell.trim()),
    ];
    return `<tr${line.rejected ? ' class="rejected"' : ""}>${marks.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Randomness of the games</title>
<style>
body { font: 14px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: 0.2rem 0.6rem; border-bottom: 1px solid #ccc }
.rejected td { font-weight: bold }
</style>
<h1>Randomness of the games</h1>
${statement(report)
  .map((sentence) => `<p>${escaped(sentence)}</p>`)
  .join("\n")}
<p>Secret key of the words: <code>${report.words.secretKey}</code></p>
<table>
<thead><tr><th>Verdict<th>Game<th>Test<th>Statistic<th>Degrees<th>p-value<th>Of (symbols)</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</html>
`;
}

function atLeast(least: number): (value: string) => number {
  return (value) => {
    const given = integer(value);
    if (given < least) throw new InvalidArgumentError(`It must be ${least} or more.`);
    return given;
  };
}
