/**
 * Builds, runs the Solidity tests, then vitest, one after the other; arguments go to vitest as
 * filters. The last line is `N passed, N failed`, summed from both runners' machine-readable
 * results. A runner that breaks or runs nothing counts as a failure.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

interface Tally {
  passed: number;
  failed: number;
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const RESULTS = `${ROOT}.glasshouse/test-results/`;

rmSync(RESULTS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });

const total: Tally = { passed: 0, failed: 0 };
for (const suite of [runBuild, runSolidity, runVitest]) {
  const { passed, failed } = suite();
  total.passed += passed;
  total.failed += failed;
  if (suite === runBuild && failed > 0) break;
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);

function runBuild(): Tally {
  const built = run("hardhat", "build", "--quiet") && run("node", "scripts/generate-abis.ts");
  return { passed: 0, failed: built ? 0 : 1 };
}

function runSolidity(): Tally {
  const results = `${RESULTS}solidity.json`;
  const ok = run("node", "scripts/test-solidity.ts", results);
  return honest("Solidity", ok, existsSync(results) ? read<Tally>(results) : undefined);
}

function runVitest(): Tally {
  const results = `${RESULTS}vitest.json`;
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
  const ok = run("vitest", "run", ...reporters, ...process.argv.slice(2));
  return honest("vitest", ok, existsSync(results) ? tally(read<VitestReport>(results)) : undefined);
}

function tally({ numPassedTests, numFailedTests, testResults }: VitestReport): Tally {
  // A file that can't be loaded, or whose hooks fail, fails without failing a test of its own.
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}

/** Never lets a runner that failed, or ran nothing, look like one that passed. */
function honest(name: string, ok: boolean, counted: Tally | undefined): Tally {
  const { passed, failed } = counted ?? { passed: 0, failed: 0 };
  if (failed > 0) return { passed, failed };
  if (passed === 0) console.error(`${name}: no test ran`);
  else if (!ok) console.error(`${name}: the run failed outside of its tests`);
  return { passed, failed: ok && passed > 0 ? 0 : 1 };
}

function run(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { cwd: ROOT, stdio: "inherit" }).status === 0;
}

function read<Value>(path: string): Value {
  return JSON.parse(readFileSync(path, "utf8")) as Value;
}
