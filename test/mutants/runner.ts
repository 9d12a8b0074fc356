/** Runs Solidity test suites against given code under a given switch, by Hardhat's engine. */
import {
  CollectStackTraces,
  EdrContext,
  type Artifact,
  type SuiteResult,
} from "@nomicfoundation/edr";
import {
  L1_CHAIN_TYPE,
  l1GenesisState,
  l1HardforkFromString,
  l1SolidityTestRunnerFactory,
  PRAGUE,
} from "@nomicfoundation/edr";

export interface Suite {
  name: string;
  artifact: Artifact;
  /** The contracts of its file, for the engine to know what an invariant calls. */
  neighbours: Artifact[];
  /** Tests that fail without any mutant: gas bounds and sizes, which the switches break. */
  excluded: string[];
}

export interface Outcome {
  passed: string[];
  failed: string[];
}

/** The engine's answer to endless loops; the dearest tests need a third of it. */
const GAS = 1n << 29n;
const FUZZ_RUNS = 16;
const INVARIANTS = { runs: 8, depth: 32, failOnRevert: false, shrinkRunLimit: 0 };
const SEED = "0x61";

let engine: Promise<EdrContext> | undefined;

/**
 * @param library What tests deploy by name.
 * @param active The number of the mutant; 0 for none.
 */
export async function run(
  library: Artifact[],
  suite: Suite,
  active: number,
  projectRoot: string,
): Promise<Outcome> {
  engine ??= start();
  const context = await engine;
  const excluded = suite.excluded.map((each) => `^${each}\\b`).join("|");
  const { testResults: tests } = await new Promise<SuiteResult>((resolve, reject) => {
    // The result comes by a callback of its own, which may be later than the promise.
    context
      .runSolidityTests(
        L1_CHAIN_TYPE,
        [...library, ...suite.neighbours],
        [suite.artifact.id],
        {
          projectRoot,
          hardfork: PRAGUE,
          localPredeploys: l1GenesisState(l1HardforkFromString(PRAGUE)),
          disableBlockGasLimit: true,
          disableTransactionGasCap: true,
          gasLimit: GAS,
          blockCoinbase: Buffer.from(active.toString(16).padStart(40, "0"), "hex"),
          fuzz: { runs: FUZZ_RUNS, seed: SEED },
          invariant: INVARIANTS,
          collectStackTraces: CollectStackTraces.OnFailure,
          ...(excluded === "" ? {} : { excludeTestPattern: excluded }),
        },
        { buildInfos: [], ignoreContracts: true },
        resolve,
      )
      .catch(reject);
  });
  const named = (failed: boolean) =>
    tests
      .filter(({ status }) => (status === "Failure") === failed)
      .map(({ name }) => name.replace(/\(.*/, ""));
  return { passed: named(false), failed: named(true) };
}

/** The suites among the contracts of a file. */
export function suitesAmong(neighbours: Artifact[]): Suite[] {
  return neighbours.flatMap((artifact) => {
    const { abi, bytecode } = artifact.contract;
    if (bytecode === "0x" || !/"name":"(test|invariant)/.test(abi)) return [];
    return [{ name: artifact.id.name, artifact, neighbours, excluded: [] }];
  });
}

async function start(): Promise<EdrContext> {
  const context = new EdrContext();
  await context.registerSolidityTestRunnerFactory(L1_CHAIN_TYPE, l1SolidityTestRunnerFactory());
  return context;
}
