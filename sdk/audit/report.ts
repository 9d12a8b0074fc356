import { keccak256, stringToHex } from "viem";
import { games } from "../games/index.ts";
import { CHECKS, type CheckId, type Failure, type Group, groupOf } from "./checks.ts";
import { type Test, ALPHA, judge } from "./judge.ts";
import { endReplay } from "./replay.ts";
import type { Audit } from "./state.ts";
import { logE } from "./statistics.ts";
import type { ClassTally } from "./counts.ts";

/** The name and version of the report's form: docs/schemas/audit.schema.json. */
export const SCHEMA = "glasshouse.audit/1";

export type Check = {
  id: CheckId;
  group: Group;
  says: string;
  passed: number;
  failed: number;
  unchecked: number;
  reason?: string;
  failures: Failure[];
};

type Figures = {
  bets: number;
  /** Payout per stake, each bet counting alike: measured, exact, and half the width of its 95% interval. */
  measured: number;
  exact: number;
  halfWidth: number;
  hits: number;
  expectedHits: number;
};

/** Amounts are units, as decimal text; times are seconds. */
export type Report = {
  schema: typeof SCHEMA;
  /** keccak256 of the canonical JSON of all the rest: equal for two auditors who saw the same. */
  hash: string;
  verdict: "clean" | "findings" | "incomplete";
  house: { name: string; chainId: number; casino: string; accessManager: string; commit?: string };
  /** `judgedFrom` where the audit was to judge later blocks only; `failedBefore` is what it found in the earlier ones. */
  blocks: {
    from: number;
    to: number;
    toHash: string;
    toTime: number;
    judgedFrom?: number;
    failedBefore?: number;
  };
  rules: "twin" | "chain";
  checks: Check[];
  /** `skipped` counts orders that were carried and could not be placed. */
  bets: {
    placed: number;
    settled: number;
    refunded: number;
    faulty: number;
    open: number;
    skipped: number;
  };
  rounds: {
    requested: number;
    drawn: number;
    voided: number;
    failed: number;
    late: number;
    delays: number[];
  };
  assets: Record<string, string | number>[];
  games: (Figures & {
    id: number;
    name: string;
    logE: number;
    classes: (Figures & { choice: string })[];
    money: { asset: string; bets: number; staked: string; paid: string }[];
  })[];
  statistics: { alpha: number; tests: Test[] };
  governance: {
    members: { role: string; account: string; delay: number }[];
    calls: { block: number; tx: string; name: string; by: string; role: string; waited: number }[];
    callCount: number;
    pauses: { from: number; until: number; by: string }[];
  };
  series: { returns: number[][]; houses: number[][][] };
};

/** Ends the audit: the last checks, the statistics, the verdict. */
export function reportOf(audit: Audit, { complete }: { complete: boolean }): Report {
  endReplay(audit);
  const tests = judge(audit);
  const { facts, state, statistics, book } = audit;
  const { deployment } = facts;
  const checks = (Object.keys(CHECKS) as CheckId[]).map((id): Check => {
    const { passed, failed, unchecked, reason, failures } = book[id];
    return {
      id,
      group: groupOf(id),
      says: CHECKS[id],
      passed,
      failed,
      unchecked,
      ...(reason === undefined ? {} : { reason }),
      failures,
    };
  });
  const found = checks.some(({ failed }) => failed > 0);
  const body: Omit<Report, "hash"> = {
    schema: SCHEMA,
    verdict: found ? "findings" : complete ? "clean" : "incomplete",
    house: {
      name: deployment.name,
      chainId: facts.chainId,
      casino: facts.casino,
      accessManager: facts.manager,
      ...(deployment.commit === undefined ? {} : { commit: deployment.commit }),
    },
    blocks: {
      from: state.firstBlock,
      to: state.block,
      toHash: state.hash,
      toTime: state.timestamp,
      ...(state.judgedFrom === 0
        ? {}
        : { judgedFrom: state.judgedFrom, failedBefore: state.failedBefore }),
    },
    rules: audit.rules,
    checks,
    bets: {
      ...statistics.bets,
      skipped: state.skipped,
      open: state.assets.reduce((sum, asset) => sum + asset.openBets + asset.closing.openBets, 0),
    },
    rounds: statistics.rounds,
    assets: state.assets.map((asset, id) => ({
      id,
      symbol: symbolOf(audit, id),
      decimals: deployment.assets.find((known) => known.id === id)?.ledgerDecimals ?? 0,
      held: `${asset.held}`,
      ledger: `${asset.ledger}`,
      escrow: `${asset.escrow}`,
      bankroll: `${asset.bankroll}`,
      reserved: `${asset.reserved}`,
      fees: `${asset.fees}`,
      accrued: `${asset.accrued}`,
      turnover: `${asset.turnover}`,
      paid: `${asset.paid}`,
      feesEarned: `${asset.feesEarned}`,
      shares: `${state.shares[id]?.supply ?? 0n}`,
    })),
    games: [...statistics.games]
      .toSorted(([a], [b]) => a - b)
      .map(([id, tally]) => ({
        id,
        name: games[id]?.name ?? `game ${id}`,
        ...figuresOf(tally),
        logE: rounded(logE(tally.logs)),
        classes: [...tally.classes]
          .map(([choice, kind]) => ({ choice, ...figuresOf(kind) }))
          .toSorted((a, b) => b.bets - a.bets),
        money: [...statistics.money]
          .filter(([key]) => key.startsWith(`${id}:`))
          .map(([key, { bets, staked, paid }]) => ({
            asset: symbolOf(audit, Number(key.split(":")[1])),
            bets,
            staked: `${staked}`,
            paid: `${paid}`,
          })),
      })),
    statistics: {
      alpha: ALPHA,
      tests: tests.map((test) => ({
        ...test,
        log10: rounded(test.log10),
        bound: rounded(test.bound),
      })),
    },
    governance: {
      members: [...state.governance.members].map(([key, { delay }]) => {
        const [role = "", account = ""] = key.split(":");
        return { role, account, delay };
      }),
      calls: state.governance.calls,
      callCount: state.governance.callCount,
      pauses: state.pauses,
    },
    series: {
      returns: statistics.returns.points.map((point) => point.map(rounded)),
      houses: statistics.houses.map(({ points }) => points),
    },
  };
  return { ...body, hash: hashOf(body) };
}

/** The hash of a report: keccak256 of its JSON with keys in order and without `hash`. */
export function hashOf(report: object): string {
  const { hash: _, ...body } = report as { hash?: string };
  return keccak256(stringToHex(canonical(body)));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return `{${entries
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`)
    .join(",")}}`;
}

function figuresOf({ bets, paid, expected, variance, hits, expectedHits }: ClassTally): Figures {
  return {
    bets,
    measured: rounded(paid / bets),
    exact: rounded(expected / bets),
    halfWidth: rounded((1.96 * Math.sqrt(variance)) / bets),
    hits,
    expectedHits: rounded(expectedHits),
  };
}

function symbolOf({ facts }: Audit, id: number): string {
  return facts.deployment.assets.find((asset) => asset.id === id)?.symbol ?? `asset ${id}`;
}

/** To nine significant digits: what all machines agree on. */
function rounded(value: number): number {
  return Number(value.toPrecision(9));
}
