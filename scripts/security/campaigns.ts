/** Medusa's campaign, with the handlers of the Solidity tests. */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { CommandError } from "../command-error.ts";
import { cheatcodesOfMedusa, withCodes } from "./cheatcodes.ts";
import type { Report } from "./findings.ts";
import { install, need, run, TOOLS } from "./tools.ts";
import { coordinatorCode, PROJECT, write } from "./workspace.ts";

const CAMPAIGN = join(TOOLS, "campaign");
const CAMPAIGN_SECONDS = 300;
const FIXTURE = "test/contracts/fixtures/Test.sol";

/** Medusa knows constructors only. */
const HARNESS = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {InvariantsTest} from "./Invariants.t.sol";

contract MedusaInvariants {
    constructor() payable {
        new InvariantsTest().setUp();
    }
}
`;

interface AbiItem {
  type: string;
  name?: string;
  stateMutability?: string;
  inputs?: { type: string }[];
}

/**
 * https://github.com/crytic/medusa: calls the handler's functions in any order and, between them, the invariants
 * themselves, guided by coverage.
 */
export function medusa(): Report[] {
  const program = install("medusa");
  install("slither");
  install("forge");
  prepareCampaign();
  const invariants = signatures("InvariantsTest", "Invariants.t.sol").filter((name) =>
    name.includes(".invariant_"),
  );
  const calls = [...signatures("Handler", "Handler.sol"), ...invariants];
  write(join(CAMPAIGN, "medusa.json"), JSON.stringify(configuration(calls), null, 2));
  console.log(`medusa: ${CAMPAIGN_SECONDS} seconds of ${calls.length} functions …`);
  const { code, output } = run(program, ["fuzz", "--config", "medusa.json"], {
    cwd: CAMPAIGN,
    env: pathWithCrytic(),
  });
  writeFileSync(join(TOOLS, "medusa.log"), output);
  const plain = stripVTControlCharacters(output);
  const summary = plain.match(/fuzz: elapsed.*$/gm)?.at(-1);
  if (summary === undefined || /executed .*?calls: 0 /.test(summary)) {
    throw new CommandError(`medusa did not run:\n${plain.slice(-2_000)}`, "see .tools/medusa.log");
  }
  console.log(`medusa: ${summary}`);
  const failed = [...plain.matchAll(/\[FAILED\] Assertion Test: (\w+)\.(\w+)\(/g)];
  if (code !== 0 && failed.length === 0) {
    throw new CommandError(`medusa failed:\n${plain.slice(-2_000)}`, "see .tools/medusa.log");
  }
  return failed.map(([, contract = "", name = ""]) => ({
    tool: "medusa",
    detector: "violated",
    severity: "high",
    file: `test/contracts/${contract === "Handler" ? "fixtures/Handler.sol" : "Invariants.t.sol"}`,
    line: 1,
    message: `${contract}.${name}: the calls are in .tools/medusa.log`,
  }));
}

function prepareCampaign(): void {
  for (const folder of ["contracts", "test/contracts", "node_modules"]) {
    rmSync(join(CAMPAIGN, folder), { recursive: true, force: true });
    cpSync(join(PROJECT, folder), join(CAMPAIGN, folder), { recursive: true });
  }
  const fixture = readFileSync(join(PROJECT, FIXTURE), "utf8");
  writeFileSync(join(CAMPAIGN, FIXTURE), cheatcodesOfMedusa(fixture, coordinatorCode()));
  for (const file of ["CasinoFixture.sol", "Campaign.sol"]) {
    const path = join(CAMPAIGN, "test/contracts", file);
    writeFileSync(path, withCodes(readFileSync(path, "utf8")));
  }
  writeFileSync(join(CAMPAIGN, "test/contracts/Medusa.sol"), HARNESS);
  write(
    join(CAMPAIGN, "foundry.toml"),
    readFileSync(join(PROJECT, "foundry.toml"), "utf8").replace('"prague"', '"cancun"'),
  );
  console.log("forge: building the campaign …");
  rmSync(join(CAMPAIGN, "out"), { recursive: true, force: true });
  const output = need("forge", ["build", "test/contracts/Medusa.sol", "--build-info", "--force"], {
    cwd: CAMPAIGN,
  });
  // Not every failure of the compiler reaches forge's exit code.
  if (!existsSync(join(CAMPAIGN, "out/Invariants.t.sol")))
    throw new CommandError(`forge built nothing:\n${output.slice(-2_000)}`, "see what it says");
}

function signatures(contract: string, file: string): string[] {
  const path = join(CAMPAIGN, "out", file, `${contract}.json`);
  const { abi } = JSON.parse(readFileSync(path, "utf8")) as { abi: AbiItem[] };
  return abi
    .filter(
      ({ type, name = "", stateMutability }) =>
        type === "function" &&
        (name.startsWith("invariant_") ||
          (stateMutability !== "view" && stateMutability !== "pure" && name !== "setUp")),
    )
    .map(
      ({ name, inputs = [] }) => `${contract}.${name}(${inputs.map(({ type }) => type).join(",")})`,
    );
}

function configuration(calls: string[]): object {
  return {
    fuzzing: {
      workers: 2,
      timeout: CAMPAIGN_SECONDS,
      testLimit: 0,
      callSequenceLength: 64,
      corpusDirectory: "corpus",
      coverageEnabled: true,
      coverageFormats: [],
      targetContracts: ["MedusaInvariants"],
      targetContractsBalances: ["0xffffffffffffffffffffffff"],
      constructorArgs: {},
      deployerAddress: "0x30000",
      senderAddresses: ["0x10000"],
      blockNumberDelayMax: 1,
      blockTimestampDelayMax: 1,
      blockGasLimit: 2_000_000_000,
      transactionGasLimit: 1_000_000_000,
      testing: {
        stopOnFailedTest: true,
        stopOnNoTests: true,
        testAllContracts: true,
        testViewMethods: true,
        targetFunctionSignatures: calls,
        excludeFunctionSignatures: [],
        assertionTesting: { enabled: true, panicCodeConfig: { failOnAssertion: true } },
        propertyTesting: { enabled: false },
        optimizationTesting: { enabled: false },
      },
      chainConfig: {
        codeSizeCheckDisabled: true,
        cheatCodes: { cheatCodesEnabled: true, enableFFI: false },
        skipAccountChecks: true,
      },
    },
    slither: { useSlither: false },
    compilation: {
      platform: "crytic-compile",
      platformConfig: {
        target: ".",
        solcVersion: "",
        exportDirectory: "",
        args: ["--ignore-compile"],
      },
    },
    logging: { level: "info", logDirectory: "", noColor: true },
  };
}

/** medusa reads forge's output through crytic-compile, which comes with slither. */
function pathWithCrytic(): Record<string, string> {
  return {
    PATH: [
      join(TOOLS, "slither/bin"),
      join(TOOLS, "forge/node_modules/.bin"),
      process.env["PATH"] ?? "",
    ].join(delimiter),
  };
}
