/** The tools that prove: halmos on the symbolic properties, the compiler's own checker on arithmetic and games. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { CommandError } from "../command-error.ts";
import type { Report, Severity } from "./findings.ts";
import { environment, install, need, run, TOOLS } from "./tools.ts";
import { forgeEnvironment, PROJECT, solidityFiles } from "./workspace.ts";

const PROPERTY_SECONDS = 60;
/** z3's own measure of work, about three seconds of it, so that a slow machine proves what a fast one does. */
const QUERY_WORK = 1_000_000;
const QUERY_SECONDS = 120;
/** So many undecided questions in a row about one source, and the rest of its questions go unasked. */
const PATIENCE = 24;

const UNKNOWN = "unknown";

interface HalmosOutput {
  test_results: Record<string, { name: string; exitcode: number }[]>;
}

/** https://github.com/a16z/halmos on `check_…` of test/symbolic: every input, on the bytecode as deployed. */
export function halmos(): Report[] {
  const program = install("halmos");
  install("forge");
  const env = {
    ...forgeEnvironment("symbolic"),
    FOUNDRY_SRC: "test/symbolic",
    FOUNDRY_TEST: "test/symbolic",
  };
  need("forge", ["build", "test/symbolic"], { cwd: PROJECT, env });
  const json = join(TOOLS, "halmos.json");
  rmSync(json, { force: true });
  const { output } = run(
    program,
    [
      "--no-status",
      "--forge-build-out=out/symbolic",
      `--json-output=${json}`,
      `--solver-timeout-assertion=${PROPERTY_SECONDS}s`,
    ],
    { cwd: PROJECT, env },
  );
  if (!existsSync(json)) {
    throw new CommandError(`halmos wrote no report:\n${output.slice(-2_000)}`, "see what it says");
  }
  const { test_results } = JSON.parse(readFileSync(json, "utf8")) as HalmosOutput;
  const rows = Object.entries(test_results).flatMap(([place, tests]) =>
    tests.map((test) => ({ file: place.slice(0, place.indexOf(":")), ...test })),
  );
  if (rows.length === 0) throw new CommandError("halmos ran no property.", "see test/symbolic");
  const plain = stripVTControlCharacters(output);
  const failed = rows.filter(({ exitcode }) => exitcode !== 0);
  console.log(`halmos: ${rows.length - failed.length} of ${rows.length} properties proven`);
  return failed.map(({ file, name }) => ({
    tool: "halmos",
    detector: plain.includes(`[TIMEOUT] ${name}`) ? "unproven" : "violated",
    severity: "high",
    file,
    line: lineOf(file, name),
    message: name,
  }));
}

function lineOf(file: string, signature: string): number {
  const text = readFileSync(join(PROJECT, file), "utf8").split("\n");
  const name = signature.slice(0, signature.indexOf("("));
  return text.findIndex((line) => line.includes(`function ${name}(`)) + 1;
}

interface Checked {
  errors?: {
    severity: "error" | "warning" | "info";
    errorCode: string;
    message: string;
    formattedMessage: string;
    sourceLocation?: { file: string; start: number };
  }[];
}

interface Compiler {
  compile(
    input: string,
    callbacks: {
      import(path: string): { contents: string } | { error: string };
      smtSolver(query: string): { contents: string };
    },
  ): string;
}

/**
 * The SMTChecker's CHC engine with z3: overflows, underflows, divisions by zero, bounds of arrays and assertions,
 * in every game and in the arithmetic of Float16. What it can't decide within its time comes back as `unproven`.
 */
export function smt(): Report[] {
  const z3 = install("z3");
  const compiler = createRequire(import.meta.url)("solc") as Compiler;
  const games = solidityFiles("contracts/games").filter(
    (file) => !/\/(Game|SlotMath)\.sol$/.test(file),
  );
  let proven = 0;
  let undecided = 0;
  const ask = (query: string) => {
    const answer = undecided < PATIENCE ? solve(z3, query) : UNKNOWN;
    undecided = answer === UNKNOWN ? undecided + 1 : 0;
    return { contents: answer };
  };
  const reports = [...games, "test/symbolic/Float16.sym.sol"].flatMap((file) => {
    undecided = 0;
    const input = {
      language: "Solidity",
      sources: { [file]: { content: readFileSync(join(PROJECT, file), "utf8") } },
      settings: {
        outputSelection: { "*": { "*": [] } },
        modelChecker: {
          engine: "chc",
          solvers: ["smtlib2"],
          showUnproved: true,
          showProvedSafe: true,
          contracts: { [file]: concrete(file) },
        },
      },
    };
    const { errors = [] } = JSON.parse(
      compiler.compile(JSON.stringify(input), {
        import: load,
        smtSolver: ask,
      }),
    ) as Checked;
    const broken = errors.find(({ severity }) => severity === "error");
    if (broken !== undefined) throw new CommandError(broken.formattedMessage, "fix the source");
    const safe = errors.filter(({ message }) => /check is safe!/.test(message)).length;
    const open = errors.flatMap(toReport);
    console.log(`smt: ${file}: ${safe} proven, ${open.length} not`);
    proven += safe;
    return open;
  });
  console.log(`smt: ${proven} checks proven, ${reports.length} not`);
  return reports;
}

function toReport({ message, sourceLocation }: NonNullable<Checked["errors"]>[number]): Report[] {
  const match = /^CHC: (.+?) (happens|might happen) here/.exec(message);
  if (match === null || sourceLocation === undefined) return [];
  const source = readFileSync(join(PROJECT, sourceLocation.file), "utf8");
  const severity: Severity = match[2] === "happens" ? "high" : "low";
  return [
    {
      tool: "smt",
      detector: `${severity === "high" ? "violated" : "unproven"}-${kind(match[1] ?? "")}`,
      severity,
      file: sourceLocation.file,
      line: source.slice(0, sourceLocation.start).split("\n").length,
      message: message.split("\n")[0] ?? "",
    },
  ];
}

function kind(phrase: string): string {
  const words = phrase
    .replace(/\(.*?\)/, "")
    .trim()
    .toLowerCase();
  return words.split(/\s+/).join("-");
}

function concrete(file: string): string[] {
  const text = readFileSync(join(PROJECT, file), "utf8");
  return [...text.matchAll(/^contract (\w+)/gm)].map((match) => match[1] ?? "");
}

function load(path: string): { contents: string } | { error: string } {
  const found = [path, `node_modules/${path}`].map((at) => join(PROJECT, at)).find(existsSync);
  return found === undefined
    ? { error: "File not found" }
    : { contents: readFileSync(found, "utf8") };
}

/** As the compiler calls z3 itself, with limits of our own. */
function solve(z3: string, query: string): string {
  const options = [
    `rlimit=${QUERY_WORK}`,
    "rewriter.pull_cheap_ite=true",
    "fp.spacer.q3.use_qgen=true",
    "fp.spacer.mbqi=false",
    "fp.spacer.ground_pobs=false",
  ];
  const { stdout } = spawnSync(z3, ["-in", "-smt2", `-T:${QUERY_SECONDS}`, ...options], {
    input: query,
    encoding: "utf8",
    env: environment(),
    maxBuffer: 1 << 28,
  });
  return /^(?:sat|unsat)/.test(stdout) ? stdout : UNKNOWN;
}
