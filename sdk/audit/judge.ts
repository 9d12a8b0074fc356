import { games } from "../games/index.ts";
import { type CheckId, fail, pass, skip } from "./checks.ts";
import type { Audit } from "./state.ts";
import {
  type Ranks,
  chiSquareOfRanks,
  chiSquareTail,
  chiSquareUniform,
  logE,
} from "./statistics.ts";

/** One statistical test: an e-value or a p-value, against a bound that all tests share. */
export type Test = {
  check: CheckId;
  what: string;
  kind: "e" | "p";
  /** The e-value's decimal logarithm, or the p-value's. */
  log10: number;
  bound: number;
  bets: number;
  passed: boolean;
};

/** How often a fair house may fail any of the tests at all. */
export const ALPHA = 1e-3;
/** Fewer bets say nothing. */
const LEAST = 160;

type Candidate = Omit<Test, "bound" | "passed">;

/**
 * Runs all tests and counts each in the book. Correction for their number K (Bonferroni): a p-value fails below
 * ALPHA / K, an e-value above K / ALPHA; by Ville's inequality and the union bound a fair house fails any of them with
 * a probability of at most ALPHA, as far as chi-square holds for the counts at hand.
 */
export function judge(audit: Audit): Test[] {
  const { statistics, book, state } = audit;
  const candidates: Candidate[] = [];
  for (const [id, tally] of [...statistics.games].toSorted(([a], [b]) => a - b)) {
    const name = games[id]?.name ?? `game ${id}`;
    candidates.push({
      check: "statistics.return",
      what: name,
      kind: "e",
      log10: logE(tally.logs),
      bets: tally.bets,
    });
    if (tally.bets < LEAST) skip(book, "statistics.outcomes", `fewer than ${LEAST} bets`);
    else
      candidates.push(
        chiSquare("statistics.outcomes", name, chiSquareUniform(tally.ranks), tally.bets),
      );
  }
  groups("statistics.hours", "hours of the day", statistics.hours);
  groups("statistics.producers", "block producers", [...statistics.producers.values()]);
  groups("statistics.players", "tenths of the players", statistics.players);
  groups("statistics.voids", "void bets", [statistics.voids]);

  const bound = {
    p: Math.log10(ALPHA / candidates.length),
    e: Math.log10(candidates.length / ALPHA),
  };
  return candidates.map((candidate) => {
    const { kind, log10, check, what } = candidate;
    const passed = kind === "e" ? log10 <= bound.e : log10 >= bound.p;
    const limit = bound[kind];
    if (passed) pass(book, check);
    else
      fail(
        book,
        check,
        { block: state.block },
        `10^${limit.toFixed(2)} at the ${kind === "e" ? "most" : "least"}`,
        `10^${log10.toFixed(2)}`,
        what,
      );
    return { ...candidate, bound: limit, passed };
  });

  function groups(check: CheckId, what: string, ranks: readonly Ranks[]): void {
    const test = chiSquareOfRanks(ranks);
    if (test.degrees === 0) return skip(book, check, "too few bets");
    candidates.push(
      chiSquare(
        check,
        what,
        test,
        ranks.reduce((sum, { count }) => sum + count, 0),
      ),
    );
  }
}

function chiSquare(
  check: CheckId,
  what: string,
  { value, degrees }: { value: number; degrees: number },
  bets: number,
): Candidate {
  const p = chiSquareTail(value, degrees);
  return { check, what, kind: "p", log10: Math.log10(Math.max(p, 1e-300)), bets };
}
