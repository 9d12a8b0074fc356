import type { Hex } from "viem";
import { type DesignKind, KINDS, type Table } from "./design-tables.ts";
import { type Frame, type Goal, drafts } from "./design-search.ts";
import { Stream } from "./design-walk.ts";
import type { AnyGame } from "./index.ts";
import {
  type Fraction,
  type Par,
  TOLERANCE,
  compare,
  decimal,
  fraction,
  minus,
  over,
  parOf,
  parseFraction,
  plus,
  rootDecimal,
  times,
} from "./par.ts";
import type { GameContract, OutcomeClass } from "./types.ts";

/**
 * The payout designer: tables of whole numbers that meet an operator's targets, proven on exact fractions. It knows the
 * rules of the games and the targets, and nothing else: no player, no past result. What it finds is a new table, to be
 * listed like any other game, behind the timelock.
 */

export type { DesignKind, Table } from "./design-tables.ts";

/** Ratios are per unit staked. Volatility is sigma: the standard deviation of the payout per unit staked. */
export type Targets = {
  rtp: Fraction;
  hit?: Fraction;
  volatility?: Fraction;
  /** The largest multiplier. */
  maxWin?: Fraction;
  /** The least multiplier of what is no loss: a hit that wins nothing is no win. */
  leastWin: Fraction;
  /** The least RTP that the licence's profile allows, at every stake from the least one on. */
  floor: Fraction;
  /** The largest share of losses disguised as wins: returns below the stake. */
  ldw: Fraction;
  /** The top award is won at least once in so many draws, on average. */
  topOdds?: Fraction;
  /** RTP and hit frequency may be off by it, volatility by it times itself. */
  tolerance: Fraction;
  /** Units. */
  leastStake: bigint;
  seed: bigint;
};

/** A table that the game's contract takes. */
export type Draft = {
  /** Whose table it takes the place of. */
  game: AnyGame;
  choice: Hex;
  distribution: readonly OutcomeClass[];
  contract: GameContract;
  /** The table in the order of the game: segments, buckets, hits, prizes. */
  layout: readonly string[];
};

export type Design = Draft & {
  par: Par;
  inService: Par;
};

export const DEFAULTS = {
  rtp: fraction(97n, 100n),
  leastWin: fraction(11n, 10n),
  /** Malta's. */
  floor: fraction(85n, 100n),
  ldw: fraction(0n, 1n),
  tolerance: fraction(1n, 1_000n),
  leastStake: 80_000n,
  seed: 0n,
} as const;

/** What the casino refuses above, whatever the profile. */
const CASINO_MOST = fraction(9_999n, 10_000n);
const CASINO_LEAST = fraction(8n, 10n);
const ONE = fraction(1n, 1n);
const NOTHING = fraction(0n, 1n);
/** How near to the edge of what can be the nearest is looked for. */
const NEARLY = fraction(97n, 100n);

/** The targets can't be met. */
export class DesignRefused extends Error {
  override readonly name = "DesignRefused";
  /** The constraint that binds. */
  readonly binding: string;
  /** The nearest that was found, where any table at all keeps the constraints. */
  readonly nearest: Design | undefined;

  constructor(binding: string, message: string, nearest?: Design) {
    super(message);
    this.binding = binding;
    this.nearest = nearest;
  }
}

/**
 * A table that meets the targets, in place of the given one or of the one in service that is nearest to them.
 * Throws {@link DesignRefused} where there is none, or none was found; RangeError for targets that are no ratios.
 */
export function design(kind: DesignKind, targets: Targets, table?: Table): Design {
  checkTargets(targets);
  const { games, mostHundredths, framesOf } = KINDS[kind];
  const tables = table
    ? [table]
    : games.flatMap((game) => game.choices().map((choice) => ({ game, choice })));
  const goal = goalOf(targets, mostHundredths);
  const frames = tables.flatMap((each) => framesOf(each, goal, targets.seed));
  const contradiction = contradictionOf(targets, {
    most: fraction(BigInt(mostHundredths), 100n),
    rarest: fraction(BigInt(Math.max(...frames.map(rarestOf))), 1n),
  });

  if (contradiction !== undefined) {
    const { binding, message, relaxed } = contradiction;
    throw new DesignRefused(binding, message, nearestOf(kind, { ...targets, ...relaxed }, table));
  }

  let nearest: { design: Design; breaks: string[]; distance: number } | undefined;
  for (const draft of drafts(frames, goal, targets.seed)) {
    const found = {
      ...draft,
      par: parOf(draft.distribution),
      inService: parOf(draft.game.distribution(draft.choice)),
    };
    const breaks = broken(found.par, targets);
    const distance = distanceOf(found.par, targets);
    if (breaks.length === 0 && distance <= 1) return found;
    // What keeps the constraints comes before what is near.
    const isNearer =
      nearest === undefined ||
      breaks.length < nearest.breaks.length ||
      (breaks.length === nearest.breaks.length && distance < nearest.distance);
    if (isNearer) nearest = { design: found, breaks, distance };
  }

  if (nearest === undefined) {
    throw new DesignRefused("format", "No table of this game can be laid out for these targets.");
  }
  const binding = nearest.breaks.join(", ") || furthest(nearest.design.par, targets);
  const message = `No table of this game was found that meets the ${binding} with the other targets.`;
  throw new DesignRefused(binding, message, nearest.design);
}

/** What meets targets that contradict nothing, or what comes nearest to them. */
function nearestOf(kind: DesignKind, relaxed: Targets, table?: Table): Design | undefined {
  try {
    return design(kind, relaxed, table);
  } catch (error) {
    if (error instanceof DesignRefused) return error.nearest;
    throw error;
  }
}

/** How far each target was missed; all at most 1 is met. In tolerances. */
export function misses(par: Par, targets: Targets): { target: string; miss: Fraction }[] {
  const off = (a: Fraction, b: Fraction) =>
    over(compare(a, b) < 0n ? minus(b, a) : minus(a, b), targets.tolerance);
  const { hit, volatility } = targets;
  return [
    { target: "rtp", miss: off(par.rtp, targets.rtp) },
    ...(hit ? [{ target: "hit", miss: off(par.hitFrequency, hit) }] : []),
    ...(volatility
      ? [{ target: "volatility", miss: volatilityMiss(par, volatility, targets) }]
      : []),
  ];
}

/** Exact where it decides: 1 or less only if the variance lies between the squares of the bounds. */
function volatilityMiss({ variance }: Par, wanted: Fraction, { tolerance }: Targets): Fraction {
  const [least, most] = [minus(ONE, tolerance), plus(ONE, tolerance)].map((bound) =>
    times(bound, wanted),
  );
  const within =
    compare(variance, times(least!, least!)) >= 0n && compare(variance, times(most!, most!)) <= 0n;
  const ratio = Math.sqrt(numberOf(variance)) / numberOf(wanted);
  const miss = fraction(
    BigInt(Math.round((Math.abs(ratio - 1) / numberOf(tolerance)) * 1e6)),
    1_000_000n,
  );
  if (within) return compare(miss, ONE) > 0n ? ONE : miss;
  return compare(miss, ONE) > 0n ? miss : fraction(1_000_001n, 1_000_000n);
}

/** Constraints, as against targets, are kept or broken. */
export function broken(par: Par, targets: Targets): string[] {
  const { maxWin, topOdds, floor, ldw, leastStake } = targets;
  const top = par.topAward;
  // The floor holds at every stake: what rounding may take is taken off before.
  const rounded = minus(par.rtp, TOLERANCE);
  return [
    ...(compare(rounded, floor) < 0n || compare(rounded, CASINO_LEAST) < 0n ? ["floor"] : []),
    ...(compare(par.rtp, CASINO_MOST) > 0n ? ["rtp"] : []),
    ...(maxWin && compare(top.multiplier, maxWin) > 0n ? ["max-win"] : []),
    ...(topOdds && compare(times(top.probability, topOdds), ONE) < 0n ? ["top-odds"] : []),
    ...(compare(par.disguisedLosses, ldw) > 0n ? ["ldw"] : []),
    ...(par.leastStake > leastStake ? ["least-stake"] : []),
  ];
}

/** Targets that can't be met together, and the nearest that contradict nothing. */
type Contradiction = { binding: string; message: string; relaxed: Partial<Targets> };

/**
 * What no table of any game could meet, named by the constraint that binds: bounds on the moments of payouts that are
 * nothing, below the stake for at most `ldw` of the draws, or from the least win to the largest.
 */
function contradictionOf(
  { rtp, hit, volatility, maxWin, leastWin, floor, ldw, topOdds, tolerance }: Targets,
  format: { most: Fraction; rarest: Fraction },
): Contradiction | undefined {
  if (compare(plus(rtp, tolerance), plus(floor, TOLERANCE)) < 0n) {
    return {
      binding: "floor",
      message: `An RTP of ${shown(rtp)} is under the profile's floor of ${shown(floor)}; the nearest is ${shown(plus(floor, TOLERANCE))}, which keeps the floor when payouts are rounded.`,
      relaxed: { rtp: plus(floor, TOLERANCE) },
    };
  }
  if (compare(rtp, CASINO_MOST) > 0n) {
    return {
      binding: "rtp",
      message: `The casino lists no RTP above ${shown(CASINO_MOST)}.`,
      relaxed: { rtp: minus(CASINO_MOST, tolerance) },
    };
  }
  const most = maxWin && compare(maxWin, format.most) < 0n ? maxWin : format.most;
  const mostName = most === maxWin ? "max-win" : "format";
  if (compare(most, leastWin) < 0n) {
    return {
      binding: mostName,
      message: `The largest win of ${shown(most)} is under the least of ${shown(leastWin)}.`,
      relaxed: { maxWin: undefined },
    };
  }

  const wins =
    hit && compare(hit, plus(ldw, tolerance)) > 0n ? minus(minus(hit, ldw), tolerance) : NOTHING;
  const returned = times(wins, leastWin);
  if (hit && compare(returned, plus(rtp, tolerance)) > 0n) {
    return {
      binding: "hit",
      message: `A hit frequency of ${shown(hit)}, with at most ${shown(ldw)} of losses disguised as wins, returns at least ${shown(returned)} when a win pays at least ${shown(leastWin)}: more than the RTP of ${shown(rtp)}. The largest that can is ${shown(plus(ldw, over(rtp, leastWin)))}; else lower --least-win or raise --ldw.`,
      relaxed: { hit: times(NEARLY, plus(ldw, over(rtp, leastWin))) },
    };
  }
  if (volatility === undefined) return undefined;

  // By Cauchy and Schwarz the second moment is at least RTP^2 / hit.
  const [lowRtp, highHit] = [minus(rtp, tolerance), hit ? plus(hit, tolerance) : ONE];
  const leastVariance = times(times(lowRtp, lowRtp), minus(over(ONE, highHit), ONE));
  const wantedMost = times(volatility, plus(ONE, tolerance));
  if (compare(times(wantedMost, wantedMost), leastVariance) < 0n) {
    return {
      binding: "volatility",
      message: `At an RTP of ${shown(rtp)} a hit frequency of ${shown(highHit)} alone makes a volatility of ${rootDecimal(leastVariance, 4, "up")}: ${shown(volatility)} is less than any table can have. Raise --volatility or --hit.`,
      relaxed: { volatility: over(rootOf(leastVariance), NEARLY) },
    };
  }

  // All that is spare beyond the least win in one award, which can't be rarer than its odds allow.
  const least = wins === NOTHING ? NOTHING : leastWin;
  const spare = minus(plus(rtp, tolerance), returned);
  const rarest = topOdds && compare(topOdds, format.rarest) < 0n ? topOdds : format.rarest;
  const byOdds = plus(least, times(spare, rarest));
  const oddsBind = compare(byOdds, most) < 0n;
  const [top, binding] = oddsBind
    ? [byOdds, rarest === topOdds ? "top-odds" : "format"]
    : [most, mostName];
  // (x - least)(x - top) <= 0 for every win x; returns below the stake add less than their share of draws.
  const square = plus(times(returned, least), times(spare, plus(least, top)));
  const mostVariance = minus(plus(square, ldw), times(lowRtp, lowRtp));
  const wantedLeast = times(volatility, minus(ONE, tolerance));
  if (compare(times(wantedLeast, wantedLeast), mostVariance) > 0n) {
    const why = oddsBind
      ? `no award rarer than 1 in ${shown(rarest)}`
      : `awards up to ${shown(top)}`;
    return {
      binding,
      message: `With ${why} (${binding}), an RTP of ${shown(rtp)}${hit ? ` and a hit frequency of ${shown(hit)}` : ""}, volatility is at most ${rootDecimal(mostVariance, 4, "down")}, not ${shown(volatility)}.`,
      relaxed: { volatility: times(NEARLY, rootOf(mostVariance)) },
    };
  }
  return undefined;
}

/** One in how many draws the rarest award of a frame is. */
function rarestOf(frame: Frame<Draft>): number {
  if (frame.kind === "made") return frame.rarest;
  return frame.kind === "fixed" ? Math.floor(frame.space / frame.weights.at(-1)!) : frame.space;
}

/** What an illustration drew: never a proof of anything. */
export type Illustration = { rounds: number; rtp: number; hit: number; expectedHalfWidth: number };

/** So many draws out of a keccak stream, each class as often as its weight says. */
export function illustrate(
  { distribution, par }: Pick<Design, "distribution" | "par">,
  { rounds, seed }: { rounds: number; seed: bigint },
): Illustration {
  const stream = new Stream(seed);
  const ends: bigint[] = [];
  let end = 0n;
  for (const { weight } of distribution) ends.push((end += weight));
  let [paidWad, hits] = [0n, 0];
  for (let round = 0; round < rounds; round++) {
    const drawn = stream.next() % par.space;
    const { multiplierWad } = distribution[ends.findIndex((each) => drawn < each)]!;
    paidWad += multiplierWad;
    if (multiplierWad > 0n) hits++;
  }
  const rtp = numberOf(fraction(paidWad, 10n ** 18n * BigInt(rounds)));
  const expectedHalfWidth = (1.96 * Math.sqrt(numberOf(par.variance))) / Math.sqrt(rounds);
  return { rounds, rtp, hit: hits / rounds, expectedHalfWidth };
}

function goalOf(targets: Targets, mostHundredths: number): Goal {
  const { rtp, hit, volatility, maxWin, leastWin, ldw, topOdds, tolerance } = targets;
  return {
    rtp: numberOf(rtp),
    hit: hit && numberOf(hit),
    sigma: volatility && numberOf(volatility),
    tolerance: numberOf(tolerance),
    leastWin: Math.ceil(numberOf(times(leastWin, fraction(100n, 1n)))),
    maxWin: Math.min(
      mostHundredths,
      maxWin ? Math.floor(numberOf(times(maxWin, fraction(100n, 1n)))) : mostHundredths,
    ),
    ldw: numberOf(ldw),
    topChance: topOdds ? 1 / numberOf(topOdds) : 0,
  };
}

function checkTargets({
  rtp,
  hit,
  volatility,
  floor,
  ldw,
  topOdds,
  tolerance,
  leastWin,
}: Targets): void {
  const within = (name: string, value: Fraction | undefined, most?: Fraction) => {
    if (value === undefined) return;
    if (value.numerator <= 0n || (most && compare(value, most) > 0n)) {
      throw new RangeError(`${name} must be above 0${most ? ` and at most ${shown(most)}` : ""}.`);
    }
  };
  within("The RTP", rtp, ONE);
  within("The hit frequency", hit, ONE);
  within("Volatility", volatility);
  within("The floor", floor, ONE);
  within("The tolerance", tolerance, fraction(1n, 10n));
  within("The top award's odds", topOdds);
  if (compare(leastWin, ONE) < 0n)
    throw new RangeError("The least win must be at least the stake, 1.");
  if (ldw.numerator < 0n || compare(ldw, ONE) > 0n)
    throw new RangeError("The share of disguised losses is 0 to 1.");
}

function distanceOf(par: Par, targets: Targets): number {
  return Math.max(...misses(par, targets).map(({ miss }) => numberOf(miss)));
}

function furthest(par: Par, targets: Targets): string {
  return misses(par, targets).toSorted((a, b) => numberOf(b.miss) - numberOf(a.miss))[0]!.target;
}

function rootOf(square: Fraction): Fraction {
  return parseFraction(rootDecimal(square, 6, "down"));
}

function shown(value: Fraction): string {
  return decimal(value, 4, "down").replace(/\.?0+$/, "");
}

/** For the search, and for display. */
export function numberOf(value: Fraction): number {
  return Number(decimal(value, 18, "down"));
}
