/** Hardhat's tests of the contracts that `npm test` runs for seconds, at length: invariants and adversaries. */
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SuiteResult } from "@nomicfoundation/edr";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { numberToHex } from "viem";
import config from "../hardhat.config.ts";

type Suites = { suiteResults: SuiteResult[] };

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const SUITES = `${ROOT}test/contracts/`;
/** Tests at a time: a suite runs its own one after the other. */
const LANES = 2;

/** Each invariant in so many sequences of calls. */
export async function invariants(runs: number, depth: number, seed: number): Promise<boolean> {
  const solidity = {
    fuzz: { seed: numberToHex(seed) },
    invariant: { runs, depth, failOnRevert: true },
  };
  const { held, all } = await tally(SUITES, "invariant_", { ...config, test: { solidity } });
  console.log(`${held} of ${all} invariants held in ${runs} sequences of ${depth} calls each.`);
  return held === all;
}

/** So many episodes of each simulation; Hardhat prints their figures. */
export async function adversaries(episodes: number, seed: number): Promise<boolean> {
  // Read by `Simulation.sol`.
  process.env.ADVERSARY_EPISODES = String(episodes);
  process.env.ADVERSARY_SEED = String(seed);
  const { held, all } = await tally(`${SUITES}adversaries/`, "test_", config);
  console.log(`${held} of ${all} simulations of ${episodes} episodes held.`);
  return held === all;
}

/** Runs the functions of a folder's suites whose names begin so. Throws where there are none. */
async function tally(
  folder: string,
  prefix: string,
  settings: typeof config,
): Promise<{ held: number; all: number }> {
  const tests = readdirSync(folder)
    .filter((name) => name.endsWith(".t.sol"))
    .map((name) => `${folder}${name}`)
    .flatMap((path) =>
      [...readFileSync(path, "utf8").matchAll(new RegExp(`function (${prefix}\\w+)`, "g"))].map(
        ([, name]) => ({ testFiles: [path], grep: `^${name}\\b`, noCompile: true }),
      ),
    );
  if (tests.length === 0) throw new Error(`${folder} has no function ${prefix}…`);
  const hardhat = await createHardhatRuntimeEnvironment(settings, {}, ROOT);
  // All, and not the suites alone: they deploy the coordinator by its name.
  await hardhat.tasks.getTask("build").run({ quiet: true });
  const task = hardhat.tasks.getTask(["test", "solidity"]);
  const waiting = tests.values();
  let held = 0;
  const lane = async () => {
    for (const test of waiting) {
      const run = (await task.run(test)) as
        { success: true; value: Suites } | { success: false; error: Suites };
      held += (run.success ? run.value : run.error).suiteResults
        .flatMap(({ testResults }) => testResults)
        .filter(({ status }) => status === "Success").length;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { held, all: tests.length };
}
