/** Compiles sources, as they are for their AST and with the mutants in them. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, normalize } from "node:path";
import type { Artifact } from "@nomicfoundation/edr";
import config from "../../hardhat.config.ts";
import { type Node, prepare } from "./ast.ts";
import { instrument, type Schemata } from "./schemata.ts";

/** The part of solc's JavaScript interface that is used here; it has no types of its own. */
interface Solc {
  compile(input: string): string;
  version(): string;
}
interface Output {
  errors?: {
    severity: string;
    formattedMessage: string;
    sourceLocation?: { file: string; start: number; end: number };
  }[];
  sources?: Record<string, { ast: unknown }>;
  contracts?: Record<string, Record<string, Contract>>;
}
interface Contract {
  abi: unknown[];
  evm: { bytecode: Code; deployedBytecode: Code };
}
interface Code {
  object: string;
  linkReferences: Artifact["contract"]["linkReferences"];
}

const ROOT = join(import.meta.dirname, "../..");
const ATTEMPTS = 20;
const solc = createRequire(import.meta.url)("solc") as Solc;
const { settings } = (config.solidity as { compilers: { settings: object }[] }).compilers[0]!;

/** The sources of these files and of all that they import, by the names that imports give them. */
export function readSources(files: string[]): Record<string, string> {
  const sources: Record<string, string> = {};
  const add = (name: string): void => {
    if (name in sources) return;
    const source = readFileSync(
      join(ROOT, name.startsWith("@") ? "node_modules" : "", name),
      "utf8",
    );
    sources[name] = source;
    for (const imported of importsOf(name, source)) add(imported);
  };
  for (const file of files) add(file);
  return sources;
}

export function importsOf(name: string, source: string): string[] {
  return [...source.matchAll(/^import\s+(?:[^"]*?from\s+)?"([^"]+)";/gms)].map(([, path]) =>
    path!.startsWith(".") ? normalize(join(dirname(name), path!)) : path!,
  );
}

/** A file's own sources among these: itself and what it imports. */
export function closure(sources: Record<string, string>, file: string): Record<string, string> {
  const found: Record<string, string> = {};
  const add = (name: string): void => {
    if (name in found) return;
    found[name] = sources[name]!;
    for (const each of importsOf(name, sources[name]!)) add(each);
  };
  add(file);
  return found;
}

export function astsOf(sources: Record<string, string>): Map<string, Node> {
  return prepare(sound(compile(sources, { "*": { "": ["ast"] } })).sources!);
}

/** The sources with the wanted mutants that the compiler takes. */
export function withMutants(
  sources: Record<string, string>,
  asts: Map<string, Node>,
  targets: string[],
  isWanted: (id: number) => boolean,
): Schemata {
  const unfit = new Set<number>();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const schemata = instrument(sources, asts, targets, (id) => isWanted(id) && !unfit.has(id));
    const { errors = [] } = compile(schemata.sources, { "*": { "*": ["abi"] } });
    const fatal = errors.filter(({ severity }) => severity === "error");
    if (fatal.length === 0) return schemata;
    for (const { sourceLocation, formattedMessage } of fatal) {
      const { file, start, end } = sourceLocation ?? { file: "", start: 0, end: 0 };
      const blamed = schemata.blame(file, start, end);
      if (blamed.length === 0) throw new Error(formattedMessage);
      for (const id of blamed) unfit.add(id);
    }
  }
  throw new Error(`The compiler still refuses mutants after ${ATTEMPTS} attempts.`);
}

/** What the runner takes, of the contracts in these files. */
export function artifactsOf(sources: Record<string, string>, files: string[]): Artifact[] {
  const wanted = ["abi", "evm.bytecode", "evm.deployedBytecode"];
  const selection = Object.fromEntries(files.map((file) => [file, { "*": wanted }]));
  const { contracts = {} } = sound(compile(sources, selection));
  const solcVersion = solc.version().split("+")[0]!;
  return Object.entries(contracts).flatMap(([file, inFile]) =>
    Object.entries(inFile).map(([name, { abi, evm }]) => ({
      id: { name, solcVersion, source: `project/${file}` },
      contract: {
        abi: JSON.stringify(abi),
        bytecode: `0x${evm.bytecode.object}`,
        linkReferences: evm.bytecode.linkReferences,
        deployedBytecode: `0x${evm.deployedBytecode.object}`,
        deployedLinkReferences: evm.deployedBytecode.linkReferences,
      },
    })),
  );
}

/** Throws the first error. */
function sound(output: Output): Output {
  const fatal = output.errors?.find(({ severity }) => severity === "error");
  if (fatal !== undefined) throw new Error(fatal.formattedMessage);
  return output;
}

function compile(
  sources: Record<string, string>,
  outputSelection: Record<string, Record<string, string[]>>,
): Output {
  const content = Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [name, { content: source }]),
  );
  const input = {
    language: "Solidity",
    sources: content,
    settings: {
      ...settings,
      // Enough for the stack: what more would save in gas, it would cost in time.
      optimizer: {
        enabled: true,
        details: {
          cse: false,
          constantOptimizer: false,
          yul: true,
          yulDetails: { stackAllocation: true, optimizerSteps: "jmul" },
        },
      },
      outputSelection,
    },
  };
  return JSON.parse(solc.compile(JSON.stringify(input))) as Output;
}
