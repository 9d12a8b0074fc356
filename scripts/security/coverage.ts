/** Lines and branches of the contracts that the Solidity tests reach, by `forge coverage`. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { CommandError } from "../command-error.ts";
import type { Report } from "./findings.ts";
import { install, run, TOOLS } from "./tools.ts";
import { placeCoordinator, PROJECT, solidityFiles } from "./workspace.ts";

const SUITES = "test/contracts";
/** Each line is asked for once: fuzzing is short, the long suites are left out. */
const FUZZ_RUNS = "32";
const LONG = /Invariants\.t\.sol$|\/adversaries\//;
/**
 * What a test of gas measures, this build does not have: it is not optimised. And counts over all rolls or deals take
 * it half an hour, to ask once more for lines that the other tests reach.
 */
const LEFT_OUT = "_gas\\(|_over_all_|_every_roll_";

/** How often each line and each arm of a branch was run, by file. */
interface Hits {
  lines: Map<number, number>;
  /** By line, branch and arm, as lcov numbers them. */
  arms: Map<string, number>;
}

/**
 * Every line and every arm that no test reaches is a finding, and so is a file that was not measured.
 *
 * @throws CommandError if a test fails
 */
export function coverage(): Report[] {
  install("forge");
  return missed(groups().map(([group, suites]) => measure(group, suites)));
}

/** Every line and arm that none of these runs reached. */
export function missed(lcovs: string[]): Report[] {
  const files = new Map<string, Hits>();
  for (const lcov of lcovs) add(files, lcov);
  const reports: Report[] = [];
  let [lines, linesHit, arms, armsHit] = [0, 0, 0, 0];
  for (const file of measurable()) {
    const hits = files.get(file);
    const report = (detector: string, line: number) =>
      reports.push({
        tool: "coverage",
        detector,
        severity: "medium",
        file,
        line,
        message: `no test reaches this ${detector}`,
      });
    if (hits === undefined) {
      report("file", 1);
      continue;
    }
    lines += hits.lines.size;
    arms += hits.arms.size;
    for (const [line, count] of hits.lines) {
      if (count === 0) report("line", line);
      else ++linesHit;
    }
    for (const [arm, count] of hits.arms) {
      if (count === 0) report("branch", Number(arm.split(",")[0]));
      else ++armsHit;
    }
  }
  console.log(`coverage: ${linesHit} of ${lines} lines, ${armsHit} of ${arms} branches hit`);
  return reports;
}

/** The suites of the games and those of the house: two builds of half the size. */
export function groups(): [string, string[]][] {
  const suites = solidityFiles(SUITES).filter(
    (file) => file.endsWith(".t.sol") && !LONG.test(file),
  );
  const ofGame = (file: string) =>
    existsSync(join(PROJECT, "contracts/games", basename(file, ".t.sol") + ".sol"));
  return [
    ["games", suites.filter(ofGame)],
    ["house", suites.filter((file) => !ofGame(file))],
  ];
}

/** Contracts with code that is deployed; those of local chains are not. */
function measurable(): string[] {
  return solidityFiles("contracts").filter(
    (file) => !/^contracts\/(interfaces|local)\//.test(file),
  );
}

/** Builds and runs some suites.
 *
 * @returns what they reached, as lcov
 * @throws CommandError if a test fails
 */
export function measure(group: string, suites: string[]): string {
  const root = join(TOOLS, "coverage", group);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  for (const name of ["contracts", "node_modules", "foundry.toml", "remappings.txt"]) {
    cpSync(join(PROJECT, name), join(root, name), { recursive: true });
  }
  for (const file of withImports(suites)) cpSync(join(PROJECT, file), join(root, file));
  for (const file of [...suites, ...measurable()]) unname(join(root, file));
  placeCoordinator(join(root, "out"));
  const lcov = join(root, "lcov.info");
  console.log(`forge: building ${suites.length} suites of the ${group}, and testing …`);
  const { output } = run(
    "forge",
    ["coverage", "--ir-minimum", "--no-match-test", LEFT_OUT, "--report", "lcov"].concat(
      "--report-file",
      lcov,
    ),
    {
      cwd: root,
      env: {
        // What the suites import is built, and no more.
        FOUNDRY_SRC: SUITES,
        FOUNDRY_FUZZ_RUNS: FUZZ_RUNS,
        FOUNDRY_GAS_LIMIT: "9223372036854775807",
        FOUNDRY_MEMORY_LIMIT: "2147483648",
        FOUNDRY_CODE_SIZE_LIMIT: "10000000",
      },
    },
  );
  const log = join(root, "coverage.log");
  writeFileSync(log, output);
  const failed = output.match(/^\[FAIL.*$/gm) ?? [];
  if (failed.length > 0) {
    throw new CommandError(`Tests fail under forge:\n${failed.join("\n")}`, `see ${log}`);
  }
  if (!existsSync(lcov)) {
    throw new CommandError(`forge measured nothing:\n${output.slice(-2_000)}`, `see ${log}`);
  }
  return readFileSync(lcov, "utf8");
}

/** forge takes a contract with a function `table…` for a table test, and leaves it out: in the copy it is renamed. */
function unname(path: string): void {
  const text = readFileSync(path, "utf8");
  const renamed = text.replaceAll(/\btable\(/g, "itsTable(");
  if (renamed !== text) writeFileSync(path, renamed);
}

/** The suites and what they import of the tests' own files: forge builds whatever lies in the folder. */
function withImports(suites: string[]): Set<string> {
  const files = new Set(suites);
  for (const file of files) {
    const text = readFileSync(join(PROJECT, file), "utf8");
    for (const [, path = ""] of text.matchAll(/from "(\.{1,2}\/[^"]+)";/g)) {
      const imported = join(dirname(file), path);
      if (imported.startsWith(SUITES)) files.add(imported);
    }
  }
  return files;
}

/** Adds what one run reached. */
function add(files: Map<string, Hits>, lcov: string): void {
  for (const record of lcov.split("end_of_record")) {
    const file = /^SF:(.+)$/m.exec(record)?.[1];
    if (file === undefined) continue;
    const hits = files.get(file) ?? { lines: new Map(), arms: new Map() };
    files.set(file, hits);
    for (const [, line, count] of record.matchAll(/^DA:(\d+),(\d+)/gm)) {
      tally(hits.lines, Number(line), count);
    }
    for (const [, arm = "", count] of record.matchAll(/^BRDA:(\d+,\d+,\d+),(\d+|-)/gm)) {
      tally(hits.arms, arm, count);
    }
  }
}

function tally<Key>(counts: Map<Key, number>, key: Key, count: string | undefined): void {
  counts.set(key, (counts.get(key) ?? 0) + (Number(count) || 0));
}
