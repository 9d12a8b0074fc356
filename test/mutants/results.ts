/** What is known of each mutant: verdicts of earlier runs, and the survivors that a person has explained. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Mutant } from "./mutant.ts";

/** What a mutant is recognised by when lines have moved. */
type Identity = Pick<Mutant, "file" | "function" | "operator" | "original" | "mutated" | "source">;

/** A survivor, and why no test can or need tell it from the original. */
export type Explained = Identity & { reason: string };

interface Known {
  /** Hashes of the mutated file and of all tests, which a verdict holds for; a kill for any tests. */
  file: string;
  tests: string;
  killer?: string;
}

const EXPLAINED = join(import.meta.dirname, "survivors.json");

export function explainedSurvivors(): Explained[] {
  return JSON.parse(readFileSync(EXPLAINED, "utf8")) as Explained[];
}

export function isSame(a: Identity, b: Identity): boolean {
  return identityOf(a) === identityOf(b);
}

/** Verdicts in a file, so that a run goes on where the last one ended. */
export class Verdicts {
  readonly #path: string;
  readonly #sources: Record<string, string>;
  readonly #tests: string;
  readonly #known: Record<string, Known>;

  constructor(path: string, sources: Record<string, string>) {
    this.#path = path;
    this.#sources = sources;
    const tests = Object.entries(sources).filter(([name]) => name.startsWith("test/"));
    this.#tests = hash(JSON.stringify(tests));
    this.#known = existsSync(path)
      ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, Known>)
      : {};
  }

  /** The verdict, unless there is none that still holds. */
  of(mutant: Mutant): { killer?: string } | undefined {
    const known = this.#known[keyOf(mutant)];
    if (known?.file !== hash(this.#sources[mutant.file]!)) return undefined;
    return known.killer !== undefined || known.tests === this.#tests ? known : undefined;
  }

  add(mutant: Mutant, killer?: string): void {
    const file = hash(this.#sources[mutant.file]!);
    this.#known[keyOf(mutant)] = {
      file,
      tests: this.#tests,
      ...(killer === undefined ? {} : { killer }),
    };
  }

  save(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(this.#path, JSON.stringify(this.#known, null, 1));
  }
}

/** The place tells apart what the identity leaves open: two of the same in one function. */
function keyOf(mutant: Mutant): string {
  return `${identityOf(mutant)} ${mutant.line}:${mutant.column}`;
}

function identityOf(mutant: Identity): string {
  const { file, function: where, operator, original, mutated, source } = mutant;
  return [file, where, operator, original, mutated, source].join(" | ");
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
