/** Runs Hardhat's Solidity tests and writes `{passed, failed}` to the file named. */
import { writeFileSync } from "node:fs";
import hre from "hardhat";

interface Outcome {
  suiteResults: { testResults: { status: "Success" | "Failure" | "Skipped" }[] }[];
}

const [results] = process.argv.slice(2);
if (results === undefined) throw new Error("Name the file to write the results to.");

const run = (await hre.tasks.getTask(["test", "solidity"]).run({})) as
  { success: true; value: Outcome } | { success: false; error: Outcome };
const tests = (run.success ? run.value : run.error).suiteResults.flatMap(
  ({ testResults }) => testResults,
);
const passed = tests.filter(({ status }) => status === "Success").length;
const failed = tests.filter(({ status }) => status === "Failure").length;

writeFileSync(results, JSON.stringify({ passed, failed }));
process.exit(run.success ? 0 : 1);
