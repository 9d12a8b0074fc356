/** The Solidity tests that mutants have to get past. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Artifact } from "@nomicfoundation/edr";
import { importsOf } from "./compiler.ts";

const ROOT = join(import.meta.dirname, "../..");
const TESTS = "test/contracts";
const FIXTURE = `${TESTS}/CasinoFixture.sol`;
const ARTIFACTS = join(ROOT, "artifacts");
const BANKROLL = "contracts/Bankroll.sol";
const COORDINATOR = "@chainlink/contracts/src/v0.8/vrf/dev/VRFCoordinatorV2_5.sol";

interface Built {
  contractName: string;
  sourceName: string;
  inputSourceName?: string;
  buildInfoId: string;
  abi: unknown[];
  bytecode: string;
  deployedBytecode: string;
  linkReferences: Artifact["contract"]["linkReferences"];
  deployedLinkReferences: Artifact["contract"]["deployedLinkReferences"];
}

/** A file of suites. */
export interface SuiteFile {
  file: string;
  /** The files whose code is part of its own. */
  embedded: Set<string>;
  /** Whether it deploys the casino, by its name. */
  deploysCasino: boolean;
}

/** Suites that a change of the targets can fail: those of games have nothing to do with them. */
export function suiteFiles(): SuiteFile[] {
  return readdirSync(join(ROOT, TESTS), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".t.sol"))
    .map((name) => `${TESTS}/${name}`)
    .toSorted()
    .map((file) => ({
      file,
      embedded: embeddedIn(file),
      deploysCasino: closureOf(file).has(FIXTURE),
    }))
    .filter(({ embedded, deploysCasino }) => embedded.size > 0 || deploysCasino);
}

/** The file and all that it imports. */
export function closureOf(file: string): Set<string> {
  const seen = new Set<string>();
  const look = (name: string): void => {
    if (seen.has(name) || name.startsWith("@")) return;
    seen.add(name);
    for (const each of importsOf(name, read(name))) look(each);
  };
  look(file);
  return seen;
}

/**
 * What a suite's own code has in it: contracts that it or a fixture creates, and types that it tests itself. (A fixture
 * that only uses a type keeps it as it is, or it would expect what the mutant does.)
 */
function embeddedIn(file: string): Set<string> {
  const types = importsOf(file, read(file)).filter((name) => name.startsWith("contracts/types/"));
  const created = [...closureOf(file)]
    .filter((name) => name.startsWith(TESTS))
    .flatMap((name) => [...read(name).matchAll(/\bnew (\w+)\(/g)])
    .map(([, name]) => `contracts/${name}.sol`)
    .filter((name) => existsSync(join(ROOT, name)));
  return new Set([...types, ...created].flatMap((each) => [...closureOf(each)]));
}

/** Hardhat's own build of all contracts in a file. */
export function builtArtifacts(file: string): Artifact[] {
  const folder = join(ARTIFACTS, file);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => {
      const built = JSON.parse(readFileSync(join(folder, name), "utf8")) as Built;
      const version = /^solc-(\d+)_(\d+)_(\d+)/.exec(built.buildInfoId);
      return {
        id: {
          name: built.contractName,
          solcVersion: version?.slice(1).join(".") ?? "",
          source: built.inputSourceName ?? built.sourceName,
        },
        contract: {
          abi: JSON.stringify(built.abi),
          bytecode: built.bytecode,
          linkReferences: built.linkReferences,
          deployedBytecode: built.deployedBytecode,
          deployedLinkReferences: built.deployedLinkReferences,
        },
      };
    });
}

/** The contracts that suites deploy by name and no mutant is in: the coordinator, a bankroll, handlers of invariants. */
export function foreignArtifacts(): Artifact[] {
  const fixtures = readdirSync(join(ROOT, TESTS, "fixtures")).map(
    (name) => `${TESTS}/fixtures/${name}`,
  );
  return [COORDINATOR, BANKROLL, ...fixtures].flatMap(builtArtifacts);
}

function read(name: string): string {
  return readFileSync(join(ROOT, name), "utf8");
}
