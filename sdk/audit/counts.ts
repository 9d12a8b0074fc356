import type { Ranks } from "./statistics.ts";

/** What is counted along the way: as much of it for ten bets as for ten million. */

/** Choices of one kind. The expected figures are sums of each bet's exact odds. */
export type ClassTally = {
  bets: number;
  /** Sums over bets of: payout per stake, its mean, its variance. */
  paid: number;
  expected: number;
  variance: number;
  hits: number;
  expectedHits: number;
};

export type GameTally = ClassTally & {
  logs: number[];
  ranks: number[];
  classes: Map<string, ClassTally>;
};

/** Units. */
export type Money = { bets: number; staked: bigint; paid: bigint };

/** Points of a plot, thinned out as they grow. */
export type Series = { every: number; seen: number; points: number[][] };

export type Statistics = {
  bets: { placed: number; settled: number; refunded: number; faulty: number };
  rounds: {
    requested: number;
    drawn: number;
    voided: number;
    failed: number;
    late: number;
    delays: number[];
  };
  games: Map<number, GameTally>;
  money: Map<string, Money>;
  hours: Ranks[];
  producers: Map<string, Ranks>;
  players: Ranks[];
  /** What players staked so far, by player and asset; and by asset how many players staked about so much. */
  turnovers: Map<string, number>;
  spreads: number[][];
  voids: Ranks;
  /** All games: bets, and the sums of payouts, means and variances per stake; `returns` keeps copies of it. */
  total: number[];
  returns: Series;
  houses: Series[];
};

const KEPT_POINTS = 400;
/** Seconds; what takes longer is in the last bin. */
export const DELAY_BINS = 61;

export function newStatistics(): Statistics {
  const group = (): Ranks => ({ count: 0, sum: 0 });
  return {
    bets: { placed: 0, settled: 0, refunded: 0, faulty: 0 },
    rounds: {
      requested: 0,
      drawn: 0,
      voided: 0,
      failed: 0,
      late: 0,
      delays: Array.from({ length: DELAY_BINS }, () => 0),
    },
    games: new Map(),
    money: new Map(),
    hours: Array.from({ length: 24 }, group),
    producers: new Map(),
    players: Array.from({ length: 10 }, group),
    turnovers: new Map(),
    spreads: [],
    voids: group(),
    total: [0, 0, 0, 0],
    returns: newSeries(),
    houses: [],
  };
}

export function newSeries(): Series {
  return { every: 1, seen: 0, points: [] };
}

/** Adds a point now and then, so that at most 400 are kept, evenly spread. */
export function addPoint(series: Series, point: () => number[]): void {
  if (series.seen++ % series.every !== 0) return;
  series.points.push(point());
  if (series.points.length <= KEPT_POINTS) return;
  series.points = series.points.filter((_, index) => index % 2 === 0);
  series.every *= 2;
}
