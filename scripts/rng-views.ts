import type { Hex } from "viem";
import { watchesOf } from "../sdk/games/battery.ts";
import { type AnyGame, gameByKey } from "../sdk/games/index.ts";
import { BETS_PER_WORD, seedsOf, vrfWord } from "./rng-seeds.ts";

/** A way to read a game's outcomes: as symbols, 0 to k - 1, whose probabilities are its law. */
export type View = {
  game: string;
  /** What is read. */
  view: string;
  law: number[];
  /** What the game's twin makes of a seed. Throws RangeError on an outcome that the law excludes. */
  symbolOf(seed: bigint): number;
};

/** A stretch of the stream: outcomes `from` to `to` of `rounds`, of each of these games. */
export type Lane = { games: string[]; rounds: number; from: number; to: number };
/** For each view of each game in turn, what its tests have seen: see `Watch.counts`. */
export type LaneReport = Float64Array<ArrayBuffer>[][];

/** What a game draws, beneath what it pays: `symbol` reads it from the outcome, below `symbols`, all as likely. */
type Draw = { view: string; symbols: number; symbol: (outcome: Fields) => number };
type Fields = Record<string, unknown>;

/**
 * For games that draw more than their payouts tell. For the others, payouts tell all, or the draw is tables of the
 * game's own.
 */
const DRAWS: Record<string, Draw> = {
  dice: {
    view: "roll, in hundredths of all",
    symbols: 100,
    symbol: (outcome) => Math.floor(number(outcome, "roll") / 100),
  },
  "european-roulette": pocket(37),
  "american-roulette": pocket(38),
  plinko: {
    view: "turns at the first eight pegs",
    symbols: 256,
    symbol: (outcome) =>
      list(outcome, "path")
        .slice(0, 8)
        .reduce<number>((turns, right) => turns * 2 + (right === true ? 1 : 0), 0),
  },
  keno: {
    view: "from the first number drawn to the last, around",
    symbols: 39,
    symbol: (outcome) => {
      const drawn = list(outcome, "drawn").map(Number);
      return ((drawn.at(-1)! - drawn[0]! + 40) % 40) - 1;
    },
  },
  baccarat: {
    view: "first card, of four decks",
    symbols: 208,
    symbol: (outcome) => Number(list(outcome, "player")[0]) % 208,
  },
  "sic-bo": {
    view: "dice",
    symbols: 216,
    symbol: (outcome) =>
      list(outcome, "dice").reduce<number>((roll, die) => roll * 6 + Number(die) - 1, 0),
  },
  craps: {
    view: "dice of the first roll",
    symbols: 36,
    symbol: (outcome) => {
      const [first, second] = list(outcome, "rolls")[0] as [number, number];
      return (first - 1) * 6 + second - 1;
    },
  },
};

/** The payouts of the game's most varied choice, and what it draws. */
export function viewsOf(game: AnyGame): View[] {
  const choice = mostVaried(game);
  const draw = DRAWS[game.key];
  const views = [payoutsOf(game, choice)];
  if (draw !== undefined) views.push(drawOf(game, choice, draw));
  return views;
}

/** Puts the seeds of a lane through each view of each of its games, and what they say to its tests. */
export function follow({ games, rounds, from, to }: Lane): LaneReport {
  const watched = games
    .flatMap((key) => viewsOf(gameByKey(key)))
    .map(({ law, symbolOf }) => ({ symbolOf, watches: watchesOf(law, rounds) }));
  for (let start = from; start < to;) {
    const end = Math.min(to, start + BETS_PER_WORD - (start % BETS_PER_WORD));
    for (const seed of seedsBetween(start, end)) {
      for (const { symbolOf, watches } of watched) {
        const symbol = symbolOf(seed);
        for (const watch of watches) watch.record(symbol);
      }
    }
    start = end;
  }
  return watched.map(({ watches }) => watches.map(({ counts }) => counts));
}

/** Of one word. */
function* seedsBetween(start: number, end: number): Generator<bigint> {
  const seeds = seedsOf(vrfWord(Math.floor(start / BETS_PER_WORD)), start % BETS_PER_WORD);
  for (let index = start; index < end; index++) yield seeds.next().value as bigint;
}

/** Payouts that differ, the largest first. */
function payoutsOf(game: AnyGame, choice: Hex): View {
  const symbols = new Map<bigint, number>();
  const law = lawOf(game, choice);
  for (const multiplierWad of law.keys()) symbols.set(multiplierWad, symbols.size);
  return {
    game: game.key,
    view: `payouts of ${game.describe(choice)}`,
    law: [...law.values()],
    symbolOf: (seed) => {
      const multiplierWad = game.multiplierWad(choice, seed);
      const symbol = symbols.get(multiplierWad);
      if (symbol === undefined) throw excluded(game, `${multiplierWad}`);
      return symbol;
    },
  };
}

function drawOf(game: AnyGame, choice: Hex, { view, symbols, symbol: read }: Draw): View {
  return {
    game: game.key,
    view,
    law: Array.from({ length: symbols }, () => 1 / symbols),
    symbolOf: (seed) => {
      const outcome = game.outcome(seed, choice) as Fields;
      const symbol = read(outcome);
      if (!Number.isInteger(symbol) || symbol < 0 || symbol >= symbols) {
        throw excluded(game, game.describeOutcome(seed, choice));
      }
      return symbol;
    },
  };
}

/** The choice whose payouts have the most entropy: it tells most about the draw. */
function mostVaried(game: AnyGame): Hex {
  const entropies = game.choices().map((choice) => ({ choice, entropy: entropyOf(game, choice) }));
  return entropies.reduce((best, each) => (each.entropy > best.entropy ? each : best)).choice;
}

function entropyOf(game: AnyGame, choice: Hex): number {
  return [...lawOf(game, choice).values()].reduce((sum, p) => sum - p * Math.log2(p), 0);
}

/** The probability of each payout. */
function lawOf(game: AnyGame, choice: Hex): Map<bigint, number> {
  const distribution = game.distribution(choice);
  const space = distribution.reduce((sum, { weight }) => sum + weight, 0n);
  const weights = new Map<bigint, bigint>();
  for (const { weight, multiplierWad } of distribution) {
    weights.set(multiplierWad, (weights.get(multiplierWad) ?? 0n) + weight);
  }
  return new Map(
    [...weights].map(([multiplierWad, weight]) => [multiplierWad, Number(weight) / Number(space)]),
  );
}

function pocket(symbols: number): Draw {
  return { view: "pocket", symbols, symbol: (outcome) => number(outcome, "pocket") };
}

function number(outcome: Fields, field: string): number {
  return Number(outcome[field]);
}

function list(outcome: Fields, field: string): unknown[] {
  const value = outcome[field];
  if (!Array.isArray(value)) throw new TypeError(`The outcome has no list of ${field}.`);
  return value;
}

function excluded(game: AnyGame, what: string): RangeError {
  return new RangeError(`${game.name} came to ${what}, which its law excludes.`);
}
