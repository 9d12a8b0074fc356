/** The adversaries of `test/contracts/adversaries`, in more episodes than `npm test` plays. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SuiteResult } from "@nomicfoundation/edr";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import config from "../hardhat.config.ts";

type Suites = { suiteResults: SuiteResult[] };

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const SUITES = `${ROOT}test/contracts/adversaries/`;

/** Plays so many episodes of each simulation; Hardhat prints their figures. */
export async function adversaries(episodes: number, seed: number): Promise<boolean> {
  // Read by `Simulation.sol`.
  process.env.ADVERSARY_EPISODES = String(episodes);
  process.env.ADVERSARY_SEED = String(seed);
  const testFiles = readdirSync(SUITES)
    .filter((name) => name.endsWith(".t.sol"))
    .map((name) => `${SUITES}${name}`);
  const hardhat = await createHardhatRuntimeEnvironment(config, {}, ROOT);
  // All, and not the suites alone: they deploy the coordinator by its name.
  await hardhat.tasks.getTask("build").run({ quiet: true });
  const task = hardhat.tasks.getTask(["test", "solidity"]);
  const run = (await task.run({ testFiles, noCompile: true })) as
    { success: true; value: Suites } | { success: false; error: Suites };
  const tests = (run.success ? run.value : run.error).suiteResults.flatMap(
    ({ testResults }) => testResults,
  );
  const held = tests.filter(({ status }) => status === "Success").length;
  console.log(`${held} of ${tests.length} simulations of ${episodes} episodes held.`);
  return run.success && held > 0;
}
