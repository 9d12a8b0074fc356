/** Mutants drawn at random, the same for the same seed. */
import { createHash } from "node:crypto";
import type { Mutant } from "./mutant.ts";

export function sampleOf(mutants: Mutant[], size: number, seed: number): Mutant[] {
  const rank = new Map(
    mutants.map((mutant) => [
      mutant,
      createHash("sha256").update(`${seed} ${mutant.id}`).digest("hex"),
    ]),
  );
  return mutants
    .toSorted((a, b) => (rank.get(a)! < rank.get(b)! ? -1 : 1))
    .slice(0, size)
    .toSorted((a, b) => a.id - b.id);
}
