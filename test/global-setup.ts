import hre from "hardhat";

/** Builds the contracts once for all test files. */
export default async function buildContracts(): Promise<void> {
  await hre.tasks.getTask("build").run({ quiet: true });
}
