/** Puts mutants into the contracts and finds a test that fails for each. */
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
/**
 * The engine keeps each step of a failed test: of an endless loop, or of one that does much, until the memory is full.
 * Then the process stops with this code, and goes on in a new one.
 */
export const AGAIN = 75;
const EXHAUSTED = "the memory, full of the steps of a failure";
const MEMORY = 3 * 2 ** 30;
const WATCH_MILLISECONDS = 20;
/** Suites that take seconds: many sequences or episodes. */
const SLOW = /\/adversaries\/|Invariants|Conservation/;
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
  /** The suite and the test that failed first, or the memory; undefined of a survivor. */
  killer?: string;
}

interface Prepared {
  suite: Suite;
  /** What it deploys by name. */
  library: Artifact[];
}

/** Suites that have the mutant in their own code; those that deploy the casino; the slow ones of both. */
export const STAGES = ["own", "quick", "slow"] as const;
type Stage = (typeof STAGES)[number];

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
 * @param tell Gets each verdict as it is known, and keeps it at once: full memory ends the process with `AGAIN`.
 */
export async function runMutants(
  { sources, asts, targets, suites }: Project,
  inside: Mutant[],
  active: Mutant[],
  tell: (verdict: Verdict) => void,
  say: (line: string) => void,
  stages: readonly Stage[] = STAGES,
): Promise<void> {
  const wanted = new Set(inside.map(({ id }) => id));
  const asked = new Set(active.map(({ id }) => id));
  const schemata = withMutants(sources, asts, targets, (id) => wanted.has(id));
  const bench = new Bench(schemata.sources, suites, say);
  const order = new Order();
  let alive = schemata.mutants.filter(({ id }) => asked.has(id));
  for (const stage of stages) {
    const past: Mutant[] = [];
    for (const mutant of alive) {
      const watch = setInterval(() => {
        if (process.memoryUsage.rss() < MEMORY) return;
        tell({ mutant, killer: EXHAUSTED });
        process.exit(AGAIN);
      }, WATCH_MILLISECONDS);
      const killer = await killerOf(
        order.of(await bench.suitesFor(mutant.file, stage), mutant),
        mutant,
      );
      clearInterval(watch);
      if (killer === undefined) {
        past.push(mutant);
        continue;
      }
      order.learn(mutant, killer.suite);
      tell({ mutant, killer: `${killer.suite.name}.${killer.test}` });
    }
    alive = past;
    say(`${alive.length} got past the ${stage} suites`);
  }
  for (const mutant of alive) tell({ mutant });
}

async function killerOf(
  suites: Prepared[],
  { id }: Mutant,
): Promise<{ suite: Suite; test: string } | undefined> {
  for (const { suite, library } of suites) {
    const { failed } = await run(library, suite, id, ROOT);
    if (failed[0] !== undefined) return { suite, test: failed[0] };
  }
  return undefined;
}

/** Suites that can run: compiled with the mutants where they must be, their sound tests known. */
class Bench {
  readonly #sources: Record<string, string>;
  readonly #suites: SuiteFile[];
  readonly #say: (line: string) => void;
  readonly #fixtures = foreignArtifacts();
  readonly #inCasino = closureOf(CASINO);
  readonly #prepared = new Map<string, Promise<Prepared[]>>();

  constructor(sources: Record<string, string>, suites: SuiteFile[], say: (line: string) => void) {
    this.#sources = sources;
    this.#suites = suites;
    this.#say = say;
  }

  async suitesFor(file: string, stage: Stage): Promise<Prepared[]> {
    const stageOf = (each: SuiteFile): Stage | undefined => {
      const isOwn = each.embedded.has(file);
      if (!isOwn && !(each.deploysCasino && this.#inCasino.has(file))) return undefined;
      if (SLOW.test(each.file)) return "slow";
      return isOwn ? "own" : "quick";
    };
    const found: Prepared[][] = [];
    for (const each of this.#suites.filter((one) => stageOf(one) === stage))
      found.push(await this.#prepare(each, file));
    return found.flat();
  }

  #prepare(suite: SuiteFile, file: string): Promise<Prepared[]> {
    const [isMutated, hasMutatedCasino] = [suite.embedded.has(file), this.#inCasino.has(file)];
    const key = `${suite.file} ${isMutated} ${hasMutatedCasino}`;
    const known = this.#prepared.get(key) ?? this.#run(suite, isMutated, hasMutatedCasino);
    this.#prepared.set(key, known);
    return known;
  }

  async #run(
    { file, deploysCasino }: SuiteFile,
    isMutated: boolean,
    hasMutatedCasino: boolean,
  ): Promise<Prepared[]> {
    const artifactsIn = (unit: string, isCompiled: boolean) =>
      isCompiled ? compiled(this.#sources, unit, this.#say) : builtArtifacts(unit);
    const casino = deploysCasino ? artifactsIn(CASINO, hasMutatedCasino) : [];
    const library = [...casino, ...this.#fixtures];
    const prepared: Prepared[] = [];
    for (const suite of suitesAmong(artifactsIn(file, isMutated))) {
      const { passed, failed } = await run(library, suite, 0, ROOT);
      // It would fail with every mutant, and kill none.
      if (failed.includes("setUp")) {
        this.#say(`left out, as its setUp fails without a mutant: ${suite.name}`);
        continue;
      }
      suite.excluded.push(...failed);
      const left = failed.map((each) => `${suite.name}.${each}`);
      for (const each of left) this.#say(`left out, as it fails without a mutant: ${each}`);
      if (passed.length === 0) continue;
      prepared.push({ suite, library });
    }
    return prepared;
  }
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

/** Which suites to ask first: those that killed neighbours, and the one with the contract's name. */
class Order {
  readonly #kills = new Map<string, number>();

  of(suites: Prepared[], mutant: Mutant): Prepared[] {
    const score = ({ suite: { name } }: Prepared) =>
      1_000 * this.#killed(name, mutant.function) +
      10 * this.#killed(name, mutant.file) +
      (mutant.function.startsWith(`${name.replace(/Test$/, "")}.`) ? 5 : 0);
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
