import type { Hex } from "viem";
import type { AnyGame } from "./index.ts";
import { type OutcomeClass, WAD, divideUp } from "./types.ts";

/**
 * The PAR sheet of a choice: what it comes to, in exact rationals, out of the game's own distribution and nothing else.
 * Formulas and how to read them: docs/PAR.md; the JSON form: docs/schemas/par.schema.json.
 */

/** In lowest terms, the denominator above 0. */
export type Fraction = { readonly numerator: bigint; readonly denominator: bigint };

/** Where a decimal goes that has more places than are shown. */
export type Rounding = "down" | "up";

export type ParClass = {
  label: string;
  weight: bigint;
  probability: Fraction;
  /** Payout for one stake, the stake included. */
  multiplier: Fraction;
  /** Probability times multiplier: its part of the RTP. */
  share: Fraction;
};

/** What follows from a distribution; every ratio is per unit staked. */
export type Par = {
  /** How many equally likely draws there are. */
  space: bigint;
  classes: readonly ParClass[];
  /** The mean payout. */
  rtp: Fraction;
  /** 1 - RTP: the house's mean gain. */
  edge: Fraction;
  /** Of the payout. Its square root is sigma, which is what *volatility* means here. */
  variance: Fraction;
  /** How often anything is paid. */
  hitFrequency: Fraction;
  /** How often exactly the stake comes back. */
  pushes: Fraction;
  /** How often something comes back that is less than the stake: losses disguised as wins. */
  disguisedLosses: Fraction;
  topAward: { multiplier: Fraction; probability: Fraction };
  /** The least number of rounds after which the measured RTP is within one point of the true one, at 95%. */
  roundsWithinOnePoint: bigint;
  /** Edge over variance: the stake, as a share of the bankroll, at which its growth is fastest. */
  kellyStake: Fraction;
  /** From this stake (units) on, rounding down takes at most the tolerance from the RTP. */
  leastStake: bigint;
  tolerance: Fraction;
};

export type ParSheet = Par & {
  game: { id: number; key: string; name: string; contract: string };
  choice: Hex;
  description: string;
};

/** A hundredth of a point of RTP. */
export const TOLERANCE = fraction(1n, 10_000n);

/** (1.96 / 0.01)^2: two-sided 95% of the normal distribution, over one point. */
const WITHIN_ONE_POINT = 38_416n;

/** 1.645, of a 90% two-sided interval, squared. */
const INDEX_SQUARED = fraction(1_645n ** 2n, 1_000n ** 2n);

/** Residues times classes up to which the least stake is found over one period of the roundings. */
const MAX_PERIOD_WORK = 4_000_000n;

/** The sheet of one choice. Throws `IllegalChoice`. */
export function parSheet(game: AnyGame, choice: Hex, tolerance = TOLERANCE): ParSheet {
  const { id, key, name, contract } = game;
  return {
    game: { id, key, name, contract: contract.name },
    choice,
    description: game.describe(choice),
    ...parOf(game.distribution(choice), tolerance),
  };
}

/** All figures of a distribution, exactly. Throws a RangeError if it is empty. */
export function parOf(distribution: readonly OutcomeClass[], tolerance = TOLERANCE): Par {
  const [space, first, second] = momentsOf(distribution);
  if (space <= 0n) throw new RangeError("A distribution needs a class with a weight");

  const among = (included: (outcome: OutcomeClass) => boolean) =>
    fraction(
      distribution.filter(included).reduce((sum, { weight }) => sum + weight, 0n),
      space,
    );
  const rtp = fraction(first, space * WAD);
  const edge = fraction(space * WAD - first, space * WAD);
  const variance = fraction(second * space - first * first, (space * WAD) ** 2n);
  const topWad = distribution.reduce((top, each) => maxOf(top, each.multiplierWad), 0n);

  return {
    space,
    classes: distribution.map(({ label, weight, multiplierWad }) => ({
      label,
      weight,
      probability: fraction(weight, space),
      multiplier: fraction(multiplierWad, WAD),
      share: fraction(weight * multiplierWad, space * WAD),
    })),
    rtp,
    edge,
    variance,
    hitFrequency: among(({ multiplierWad }) => multiplierWad > 0n),
    pushes: among(({ multiplierWad }) => multiplierWad === WAD),
    disguisedLosses: among(({ multiplierWad }) => multiplierWad > 0n && multiplierWad < WAD),
    topAward: {
      multiplier: fraction(topWad, WAD),
      probability: among(({ multiplierWad }) => multiplierWad === topWad),
    },
    roundsWithinOnePoint: divideUp(WITHIN_ONE_POINT * variance.numerator, variance.denominator),
    kellyStake: variance.numerator === 0n ? fraction(0n, 1n) : over(edge, variance),
    leastStake: leastStakeOf(distribution, tolerance),
    tolerance,
  };
}

/** Sum of the weights, of weight x multiplier, and of weight x multiplier squared (WAD, WAD squared). */
export function momentsOf(distribution: readonly OutcomeClass[]): [bigint, bigint, bigint] {
  let [space, first, second] = [0n, 0n, 0n];
  for (const { weight, multiplierWad } of distribution) {
    space += weight;
    first += weight * multiplierWad;
    second += weight * multiplierWad * multiplierWad;
  }
  return [space, first, second];
}

/**
 * The least stake (units) such that it and every larger one has an RTP of at least the exact one less the tolerance,
 * with each payout rounded down to a unit.
 */
export function leastStakeOf(distribution: readonly OutcomeClass[], tolerance: Fraction): bigint {
  const classes = mergedByMultiplier(distribution).filter(
    ([multiplier]) => multiplier % WAD !== 0n,
  );
  if (classes.length === 0) return 1n;
  const [space] = momentsOf(distribution);
  // What is lost at a stake s is lost(s) / (s x space x WAD); it is too much where lost(s) x over > s x allowed.
  const lost = (stake: bigint) =>
    classes.reduce((sum, [multiplier, weight]) => sum + weight * ((stake * multiplier) % WAD), 0n);
  const allowed = tolerance.numerator * space * WAD;
  const tooLittle = (stake: bigint) => lost(stake) * tolerance.denominator > stake * allowed;

  // Roundings repeat with the least common denominator of the multipliers.
  const period = classes.reduce(
    (all, [multiplier]) => leastCommon(all, WAD / gcd(multiplier, WAD)),
    1n,
  );
  if (period * BigInt(classes.length) <= MAX_PERIOD_WORK) {
    let last = 0n;
    for (let residue = 1n; residue < period; residue++) {
      const below = divideUp(lost(residue) * tolerance.denominator, allowed) - 1n;
      if (below < residue) continue;
      last = maxOf(last, below - ((below - residue) % period));
    }
    return last + 1n;
  }
  // Less than a unit is lost of each payout: no stake above this can fail.
  const paying = classes.reduce((sum, [, weight]) => sum + weight, 0n);
  let stake = (paying * tolerance.denominator) / (tolerance.numerator * space);
  while (stake > 0n && !tooLittle(stake)) stake--;
  return stake + 1n;
}

function mergedByMultiplier(distribution: readonly OutcomeClass[]): [bigint, bigint][] {
  const weights = new Map<bigint, bigint>();
  for (const { multiplierWad, weight } of distribution) {
    weights.set(multiplierWad, (weights.get(multiplierWad) ?? 0n) + weight);
  }
  return [...weights];
}

// -- The published form --

/** An exact value, and its decimal rounded as docs/PAR.md says. */
export type Figure = { exact: string; decimal: string };

export const PAR_SCHEMA = "glasshouse.par/1";

/** `docs/schemas/par.schema.json`. Whole numbers are strings, so that no reader rounds them. */
export type ParDocument = {
  schema: typeof PAR_SCHEMA;
  sheets: readonly PublishedSheet[];
};

export type PublishedSheet = {
  game: ParSheet["game"];
  choice: { hex: Hex; description: string };
  space: string;
  classes: readonly {
    label: string;
    weight: string;
    probability: Figure;
    multiplier: Figure;
    share: Figure;
  }[];
  rtp: Figure;
  edge: Figure;
  variance: Figure;
  volatility: { exactSquare: string; decimal: string };
  volatilityIndex: { exactSquare: string; decimal: string };
  hitFrequency: Figure;
  pushes: Figure;
  disguisedLosses: Figure;
  topAward: { multiplier: Figure; probability: Figure; oneIn: Figure };
  roundsWithinOnePoint: string;
  kellyStake: Figure;
  leastStake: { units: string; tolerance: string };
};

/** Decimals of the published form. */
const PLACES = 18;

export function parDocument(sheets: readonly ParSheet[]): ParDocument {
  return { schema: PAR_SCHEMA, sheets: sheets.map(published) };
}

function published(sheet: ParSheet): PublishedSheet {
  const figure = (value: Fraction, rounding: Rounding): Figure => ({
    exact: showFraction(value),
    decimal: decimal(value, PLACES, rounding),
  });
  const root = (square: Fraction) => ({
    exactSquare: showFraction(square),
    decimal: rootDecimal(square, PLACES, "up"),
  });
  const { topAward } = sheet;
  return {
    game: sheet.game,
    choice: { hex: sheet.choice, description: sheet.description },
    space: `${sheet.space}`,
    classes: sheet.classes.map(({ label, weight, probability, multiplier, share }) => ({
      label,
      weight: `${weight}`,
      probability: figure(probability, "down"),
      multiplier: figure(multiplier, "down"),
      share: figure(share, "down"),
    })),
    rtp: figure(sheet.rtp, "down"),
    edge: figure(sheet.edge, "up"),
    variance: figure(sheet.variance, "up"),
    volatility: root(sheet.variance),
    volatilityIndex: root(indexSquared(sheet)),
    hitFrequency: figure(sheet.hitFrequency, "down"),
    pushes: figure(sheet.pushes, "up"),
    disguisedLosses: figure(sheet.disguisedLosses, "up"),
    topAward: {
      multiplier: figure(topAward.multiplier, "down"),
      probability: figure(topAward.probability, "down"),
      oneIn: figure(inverse(topAward.probability), "up"),
    },
    roundsWithinOnePoint: `${sheet.roundsWithinOnePoint}`,
    kellyStake: figure(sheet.kellyStake, "down"),
    leastStake: { units: `${sheet.leastStake}`, tolerance: showFraction(sheet.tolerance) },
  };
}

// -- Exact numbers and their decimals --

/** In lowest terms. Throws a RangeError for a denominator of 0 or less. */
export function fraction(numerator: bigint, denominator: bigint): Fraction {
  if (denominator <= 0n) throw new RangeError("A fraction needs a denominator above 0");
  const common = gcd(numerator < 0n ? -numerator : numerator, denominator);
  return { numerator: numerator / common, denominator: denominator / common };
}

/** "0.97", "1/3" or "12", exactly. Throws a RangeError for anything else. */
export function parseFraction(text: string): Fraction {
  const ratio = /^(\d+)\/([1-9]\d*)$/.exec(text);
  if (ratio) return fraction(BigInt(ratio[1]!), BigInt(ratio[2]!));
  const decimal = /^(\d*)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i.exec(text);
  if (!decimal || (!decimal[1] && !decimal[2])) throw new RangeError(`"${text}" is not a number`);
  const places = BigInt((decimal[2] ?? "").length) - BigInt(decimal[3] ?? 0);
  const digits = BigInt(`${decimal[1]}${decimal[2] ?? ""}`);
  return places >= 0n ? fraction(digits, 10n ** places) : fraction(digits * 10n ** -places, 1n);
}

export function showFraction({ numerator, denominator }: Fraction): string {
  return denominator === 1n ? `${numerator}` : `${numerator}/${denominator}`;
}

/** With that many places; "down" is towards minus infinity. */
export function decimal(value: Fraction, places: number, rounding: Rounding): string {
  const scaled = value.numerator * 10n ** BigInt(places);
  const down = floorDivide(scaled, value.denominator);
  const exact = down * value.denominator === scaled;
  return pointed(rounding === "down" || exact ? down : down + 1n, places);
}

/** The square root of a fraction, in decimals. */
export function rootDecimal(square: Fraction, places: number, rounding: Rounding): string {
  const scaled = square.numerator * 10n ** BigInt(2 * places);
  const down = integerRoot(scaled / square.denominator);
  const exact = down * down * square.denominator === scaled;
  return pointed(rounding === "down" || exact ? down : down + 1n, places);
}

/** The volatility index, 1.645 sigma, squared: what {@link rootDecimal} takes. */
export function indexSquared({ variance }: Par): Fraction {
  return times(variance, INDEX_SQUARED);
}

export function plus(a: Fraction, b: Fraction): Fraction {
  return fraction(
    a.numerator * b.denominator + b.numerator * a.denominator,
    a.denominator * b.denominator,
  );
}

export function minus(a: Fraction, b: Fraction): Fraction {
  return plus(a, { numerator: -b.numerator, denominator: b.denominator });
}

export function times(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.numerator, a.denominator * b.denominator);
}

/** Throws a RangeError for a divisor of 0 or less. */
export function over(a: Fraction, b: Fraction): Fraction {
  return fraction(a.numerator * b.denominator, a.denominator * b.numerator);
}

/** Throws a RangeError for 0 or less. */
export function inverse({ numerator, denominator }: Fraction): Fraction {
  return fraction(denominator, numerator);
}

/** Below, at or above 0 as `a` is below, at or above `b`. */
export function compare(a: Fraction, b: Fraction): bigint {
  return a.numerator * b.denominator - b.numerator * a.denominator;
}

/** Rounded down. */
export function integerRoot(square: bigint): bigint {
  if (square < 2n) return square;
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2));
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

function pointed(scaled: bigint, places: number): string {
  const sign = scaled < 0n ? "-" : "";
  const digits = `${scaled < 0n ? -scaled : scaled}`.padStart(places + 1, "0");
  if (places === 0) return sign + digits;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function floorDivide(a: bigint, b: bigint): bigint {
  const towardsZero = a / b;
  return a < 0n && towardsZero * b !== a ? towardsZero - 1n : towardsZero;
}

function gcd(a: bigint, b: bigint): bigint {
  while (b > 0n) [a, b] = [b, a % b];
  return a;
}

function leastCommon(a: bigint, b: bigint): bigint {
  return (a / gcd(a, b)) * b;
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
