/** Puts mutants into the contracts, a batch at a time, and finds a test that fails for each. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Artifact } from "@nomicfoundation/edr";
import type { Node } from "./ast.ts";
import { artifactsOf, astsOf, closure, readSources, withMutants } from "./compiler.ts";
import type { Mutant } from "./mutant.ts";
import { run, type Suite, suitesAmong } from "./runner.ts";
import { instrument } from "./schemata.ts";
import {
  builtArtifacts,
  closureOf,
  foreignArtifacts,
  type SuiteFile,
  suiteFiles,
} from "./suites.ts";

/** What the suites deploy by its name. */
const CASINO = "contracts/Casino.sol";
/** Microseconds of the processors. */
const SLOW = 200_000;
const ROOT = join(import.meta.dirname, "../..");
/** Builds and results, so that a run goes on where the last one ended. */
export const FOLDER = join(ROOT, ".glasshouse/mutants");

export interface Project {
  targets: string[];
  sources: Record<string, string>;
  asts: Map<string, Node>;
  suites: SuiteFile[];
  mutants: Mutant[];
}

export interface Verdict {
  mutant: Mutant;
  /** The suite and the test that failed first; undefined of a survivor. */
  killer?: string;
}

/** The code that mutants of one file are run with, and the tests that pass while none is active. */
interface Code {
  library: Artifact[];
  quick: Suite[];
  /** Those that only what gets past the others is worth. */
  slow: Suite[];
}

/** All contracts but the games, which vectors and exact laws hold to the last digit. */
export function targetFiles(): string[] {
  return ["contracts", "contracts/types"].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => name.endsWith(".sol"))
      .map((name) => `${folder}/${name}`),
  );
}

/** Reads the targets and finds all their mutants. */
export function readProject(targets: string[]): Project {
  const suites = suiteFiles();
  const sources = readSources([...targets, ...suites.map(({ file }) => file)]);
  const asts = astsOf(sources);
  const { mutants } = instrument(sources, asts, targets, () => true);
  return { targets, sources, asts, suites, mutants };
}

/**
 * Runs mutants, file by file.
 * @param inside The mutants to compile together; of the same ones, the code is found again in a later run.
 * @param active Those of them to run.
 * @param tell Gets each verdict as it is known.
 */
export async function runMutants(
  { sources, asts, targets, suites }: Project,
  inside: Mutant[],
  active: Mutant[],
  tell: (verdict: Verdict) => void,
  say: (line: string) => void,
): Promise<void> {
  const wanted = new Set(inside.map(({ id }) => id));
  const asked = new Set(active.map(({ id }) => id));
  const schemata = withMutants(sources, asts, targets, (id) => wanted.has(id));
  const order = new Order();
  const alive: { mutant: Mutant; code: Code }[] = [];
  for (const file of targets) {
    const mutants = schemata.mutants.filter((each) => each.file === file && asked.has(each.id));
    if (mutants.length === 0) continue;
    const code = await codeFor(file, schemata.sources, suites, say);
    for (const mutant of mutants) {
      const killer = await killerOf(code, order.of(code.quick, mutant), mutant);
      if (killer === undefined) {
        alive.push({ mutant, code });
        continue;
      }
      order.learn(mutant, killer.suite);
      tell({ mutant, killer: nameOf(killer) });
    }
    say(
      `${file}: ${alive.filter(({ mutant }) => mutant.file === file).length} got past the quick suites`,
    );
  }
  for (const { mutant, code } of alive) {
    const killer = await killerOf(code, order.of(code.slow, mutant), mutant);
    if (killer !== undefined) order.learn(mutant, killer.suite);
    tell({ mutant, ...(killer === undefined ? {} : { killer: nameOf(killer) }) });
  }
}

interface Killer {
  suite: Suite;
  test: string;
}

async function killerOf(
  { library }: Code,
  suites: Suite[],
  { id }: Mutant,
): Promise<Killer | undefined> {
  for (const suite of suites) {
    const { failed } = await run(library, suite, id, ROOT);
    if (failed[0] !== undefined) return { suite, test: failed[0] };
  }
  return undefined;
}

function nameOf({ suite, test }: Killer): string {
  return `${suite.name}.${test}`;
}

/** With the mutants wherever the file's code is part of, and as built elsewhere. */
async function codeFor(
  file: string,
  sources: Record<string, string>,
  suites: SuiteFile[],
  say: (line: string) => void,
): Promise<Code> {
  const isOf = new Set(
    suites.filter(({ embedded }) => embedded.has(file)).map((each) => each.file),
  );
  if (closureOf(CASINO).has(file)) isOf.add(CASINO);
  const artifactsIn = (unit: string) =>
    isOf.has(unit) ? compiled(sources, unit, say) : builtArtifacts(unit);
  const library = [...artifactsIn(CASINO), ...foreignArtifacts()];
  const code: Code = { library, quick: [], slow: [] };
  const usesCasino = closureOf(CASINO).has(file);
  const concerned = suites.filter(
    (each) => each.embedded.has(file) || (usesCasino && each.deploysCasino),
  );
  for (const suite of concerned.flatMap((each) => suitesAmong(artifactsIn(each.file)))) {
    const before = process.cpuUsage();
    const { failed } = await run(library, suite, 0, ROOT);
    const { user, system } = process.cpuUsage(before);
    suite.excluded.push(...failed);
    if (failed.length > 0)
      say(`left out, as it fails without a mutant: ${suite.name}.${failed.join(", ")}`);
    (user + system > SLOW ? code.slow : code.quick).push(suite);
  }
  return code;
}

/** Compiles a file's contracts, unless the very same was compiled before. */
function compiled(
  all: Record<string, string>,
  file: string,
  say: (line: string) => void,
): Artifact[] {
  const sources = closure(all, file);
  const hash = createHash("sha256")
    .update(JSON.stringify([sources, file]))
    .digest("hex");
  const path = join(FOLDER, `${hash.slice(0, 16)}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as Artifact[];
  const started = performance.now();
  const artifacts = artifactsOf(sources, [file]);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path, JSON.stringify(artifacts));
  say(
    `compiled ${file} with its mutants in ${Math.round((performance.now() - started) / 1_000)} s`,
  );
  return artifacts;
}

/** Which suites to ask first: those that killed neighbours. */
class Order {
  readonly #kills = new Map<string, number>();

  of(suites: Suite[], mutant: Mutant): Suite[] {
    const score = ({ name }: Suite) =>
      1_000 * this.#killed(name, mutant.function) + 10 * this.#killed(name, mutant.file);
    return suites.toSorted((a, b) => score(b) - score(a));
  }

  learn(mutant: Mutant, { name }: Suite): void {
    for (const where of [mutant.function, mutant.file])
      this.#kills.set(`${name} ${where}`, this.#killed(name, where) + 1);
  }

  #killed(name: string, where: string): number {
    return this.#kills.get(`${name} ${where}`) ?? 0;
  }
}
