import type { Hex } from "viem";
import type { Draft } from "./design.ts";
import type { Frame, Goal, Habits } from "./design-search.ts";
import { slotFrame } from "./design-slots.ts";
import type { AnyGame } from "./index.ts";
import { keno } from "./keno.ts";
import { parOf } from "./par.ts";
import { plinko } from "./plinko.ts";
import { scratchCard } from "./scratch-card.ts";
import { CUT_GLASS, MOLTEN_GLASS, STAINED_GLASS } from "./slot-machines.ts";
import { cutGlass, moltenGlass, stainedGlass } from "./slots.ts";
import { type GameContract, type OutcomeClass, WAD } from "./types.ts";
import { wheel } from "./wheel.ts";

/** What the designer knows of each game: which draws its rules fix, and how its contract takes a table. */

export type DesignKind = "slots" | "wheel" | "plinko" | "keno" | "scratch";

/** A table in service: one choice, or all choices that pay alike, of a game. */
export type Table = { game: AnyGame; choice: Hex };

type Kind = {
  /** Those in service, any of which may be replaced. */
  games: readonly AnyGame[];
  /** The largest multiplier that the contract's table holds. */
  mostHundredths: number;
  framesOf(table: Table, goal: Goal, seed: bigint): Frame<Draft>[];
};

const HUNDREDTH = WAD / 100n;
const RISKS = ["low", "medium", "high"];

const LETTERS = new Map(
  [
    { game: cutGlass, machine: CUT_GLASS },
    { game: stainedGlass, machine: STAINED_GLASS },
    { game: moltenGlass, machine: MOLTEN_GLASS },
  ].map(({ game, machine }) => [game.key, machine.symbols.map(({ letter }) => letter).join("")]),
);

export const KINDS: Readonly<Record<DesignKind, Kind>> = {
  slots: {
    games: [cutGlass, stainedGlass, moltenGlass],
    mostHundredths: 2 ** 32 - 1,
    framesOf: (table, _goal, seed) => [
      slotFrame(table, {
        habits: habitsOf(table.game, table.choice),
        letters: LETTERS.get(table.game.key)!,
        seed,
      }),
    ],
  },
  wheel: { games: [wheel], mostHundredths: 2 ** 16 - 1, framesOf: wheelFrames },
  plinko: { games: [plinko], mostHundredths: 2 ** 24 - 1, framesOf: plinkoFrames },
  keno: { games: [keno], mostHundredths: 2 ** 23 - 1, framesOf: kenoFrames },
  scratch: { games: [scratchCard], mostHundredths: 2 ** 32 - 1, framesOf: scratchFrames },
};

// -- Wheel: equal segments, at most six different prizes --

const WHEEL_PRIZES = 6;
const WHEEL_SEGMENTS = 50;
const SEGMENT_BITS = 3n;
const PRIZE_BITS = 16n;
/** How the winning segments may be shared out among the prizes: each smaller prize has so many times the segments. */
const GROWTHS = [1, 1.5, 2, 3, 5];

function wheelFrames({ game, choice }: Table, goal: Goal): Frame<Draft>[] {
  const { segments, risk } = game.decode(choice) as { segments: number; risk: string };
  const habits = habitsOf(game, choice);
  const winners = (goal.hit ?? habits.hit) * segments;
  const table = (segments / 10 - 1) * RISKS.length + RISKS.indexOf(risk);
  return [...new Set([Math.floor(winners), Math.round(winners), Math.ceil(winners)])]
    .filter((count) => count >= 1 && count <= segments)
    .flatMap((count) => partitions(count, segments))
    .map((weights) => ({
      kind: "fixed" as const,
      space: segments,
      weights,
      mayPayNothing: false,
      habits,
      build(multipliers: readonly number[]) {
        const wheel = spread(multipliers, weights, segments);
        return {
          game,
          choice,
          distribution: merged(
            wheel.map((pays) => ({ label: times(pays), weight: 1n, pays: BigInt(pays) })),
          ),
          contract: replacing(game, table, wheelWord(wheel)),
          layout: wheel.map(times),
        };
      },
    }));
}

/** Winning segments by prize, from the least prize to the best. */
function partitions(winners: number, segments: number): number[][] {
  const most = Math.min(winners, winners === segments ? WHEEL_PRIZES : WHEEL_PRIZES - 1);
  const found = GROWTHS.flatMap((growth) =>
    Array.from({ length: most }, (_, fewer) => {
      const parts = Array.from({ length: most - fewer }, (_, at) => growth ** at);
      const total = parts.reduce((sum, part) => sum + part, 0);
      const counts = parts.map((part) => Math.max(1, Math.floor((part * winners) / total)));
      counts[counts.length - 1]! += winners - counts.reduce((sum, count) => sum + count, 0);
      return counts.toReversed();
    }),
  ).filter((counts) => counts.every((count) => count >= 1));
  return [...new Map(found.map((counts) => [counts.join(), counts])).values()];
}

/** Winning segments evenly around the wheel, and among them each prize as evenly as the rarer ones leave it. */
function spread(
  multipliers: readonly number[],
  weights: readonly number[],
  segments: number,
): number[] {
  const winners = weights.reduce((sum, weight) => sum + weight, 0);
  const prizes: (number | undefined)[] = Array.from({ length: winners });
  const rarestFirst = [...weights.entries()].toReversed();
  for (const [order, [at, weight]] of rarestFirst.entries()) {
    const from = Math.floor(((order * winners) / rarestFirst.length) % winners);
    for (let copy = 0; copy < weight; copy++) {
      let place = (from + Math.floor((copy * winners) / weight)) % winners;
      while (prizes[place] !== undefined) place = (place + 1) % winners;
      prizes[place] = multipliers[at]!;
    }
  }
  const wheel = Array.from({ length: segments }, () => 0);
  for (const [at, prize] of prizes.entries()) wheel[Math.floor((at * segments) / winners)] = prize!;
  return wheel;
}

/** As the contract takes it: 3 bits to a segment for the number of its prize, then 16 bits to a prize, the least first. */
export function wheelWord(wheel: readonly number[]): bigint {
  const prizes = [...new Set(wheel)].toSorted((a, b) => a - b);
  const numbers = wheel.map(
    (pays, at) => BigInt(prizes.indexOf(pays)) << (SEGMENT_BITS * BigInt(at)),
  );
  const base = SEGMENT_BITS * BigInt(WHEEL_SEGMENTS);
  const values = prizes.map((pays, at) => BigInt(pays) << (base + PRIZE_BITS * BigInt(at)));
  return [...numbers, ...values].reduce((word, part) => word | part, 0n);
}

// -- Plinko: binomial buckets, alike left and right --

const LEAST_ROWS = 8;
const LANE_BITS = 24n;

function plinkoFrames({ game, choice }: Table): Frame<Draft>[] {
  const { rows, risk } = game.decode(choice) as { rows: number; risk: string };
  // From the middle outwards, both sides together.
  const buckets = Array.from({ length: Math.floor(rows / 2) + 1 }, (_, at) => at).toReversed();
  const weights = buckets.map((at) => Number(ways(rows, at)) * (2 * at === rows ? 1 : 2));
  const table = (rows - LEAST_ROWS) * RISKS.length + RISKS.indexOf(risk);
  return [
    {
      kind: "fixed",
      space: 2 ** rows,
      weights,
      mayPayNothing: true,
      habits: habitsOf(game, choice),
      build: (multipliers) => ({
        game,
        choice,
        distribution: merged(
          multipliers.map((pays, at) => ({
            label: `bucket ${buckets[at]! + 1} from the edge`,
            weight: BigInt(weights[at]!),
            pays: BigInt(pays),
          })),
        ),
        contract: replacing(game, table, lanes(multipliers.toReversed(), LANE_BITS)),
        layout: multipliers.toReversed().map(times),
      }),
    },
  ];
}

// -- Keno: hits of the picks, without replacement --

const NUMBERS = 40;
const DRAWN = 10;
const MOST_PICKS = 10;
const ENTRY_BITS = 23n;

function kenoFrames({ game, choice }: Table): Frame<Draft>[] {
  const { picks, risk } = game.decode(choice) as { picks: readonly number[]; risk: string };
  const count = picks.length;
  const weights = Array.from({ length: count + 1 }, (_, hits) =>
    Number(ways(count, hits) * ways(NUMBERS - count, DRAWN - hits)),
  );
  const table = RISKS.indexOf(risk) * MOST_PICKS + count - 1;
  return [
    {
      kind: "fixed",
      space: Number(ways(NUMBERS, DRAWN)),
      weights,
      mayPayNothing: true,
      habits: habitsOf(game, choice),
      build: (multipliers) => ({
        game,
        choice,
        distribution: merged(
          multipliers.map((pays, hits) => ({
            label: `${hits} of ${count} hit`,
            weight: BigInt(weights[hits]!),
            pays: BigInt(pays),
          })),
        ),
        contract: replacing(game, table, lanes(multipliers, ENTRY_BITS)),
        layout: multipliers.map(times),
      }),
    },
  ];
}

// -- Scratch card: how many tickets win what --

const MOST_PRIZES = 8;

function scratchFrames({ game, choice }: Table): Frame<Draft>[] {
  const tickets = game.contract.args[0] as bigint;
  return [
    {
      kind: "free",
      space: Number(tickets),
      maxClasses: MOST_PRIZES,
      habits: habitsOf(game, choice),
      build(multipliers, weights) {
        const pays = multipliers.map(BigInt).toReversed();
        const winners = weights.map(BigInt).toReversed();
        const lost = winners.reduce((left, each) => left - each, tickets);
        const won = pays.map((each, at) => ({
          label: times(Number(each)),
          weight: winners[at]!,
          multiplierWad: each * HUNDREDTH,
        }));
        return {
          game,
          choice,
          distribution: [...won, { label: "no prize", weight: lost, multiplierWad: 0n }],
          contract: { name: game.contract.name, args: [tickets, winners, pays] },
          layout: won.map(({ label, weight }) => `${weight} tickets at ${label}`),
        };
      },
    },
  ];
}

// -- What they share --

function habitsOf(game: AnyGame, choice: Hex): Habits {
  const { hitFrequency, variance } = parOf(game.distribution(choice));
  const number = ({ numerator, denominator }: { numerator: bigint; denominator: bigint }) =>
    Number((numerator * 10n ** 15n) / denominator) / 1e15;
  return { hit: number(hitFrequency), sigma: Math.sqrt(number(variance)) };
}

/** The game's own tables with one of them replaced. */
function replacing(game: AnyGame, table: number, word: bigint): GameContract {
  const words = game.contract.args[0] as readonly bigint[];
  return {
    name: game.contract.name,
    args: [words.with(table, word), ...game.contract.args.slice(1)],
  };
}

/** The first value in the lowest bits. */
export function lanes(values: readonly number[], bits: bigint): bigint {
  return values.reduce((word, value, at) => word | (BigInt(value) << (bits * BigInt(at))), 0n);
}

/** Classes of the same pay as one, the best paid first. */
function merged(rows: readonly { label: string; weight: bigint; pays: bigint }[]): OutcomeClass[] {
  const byPay = new Map<bigint, { labels: Set<string>; weight: bigint }>();
  for (const { label, weight, pays } of rows) {
    const found = byPay.get(pays) ?? { labels: new Set(), weight: 0n };
    found.labels.add(label);
    found.weight += weight;
    byPay.set(pays, found);
  }
  return [...byPay]
    .toSorted(([a], [b]) => (a < b ? 1 : -1))
    .map(([pays, { labels, weight }]) => ({
      label: [...labels].join(", "),
      weight,
      multiplierWad: pays * HUNDREDTH,
    }));
}

function times(hundredths: number): string {
  return `${(hundredths / 100).toFixed(2)}×`;
}

/** How many ways there are to take `k` of `n`, in any order. */
function ways(n: number, k: number): bigint {
  let count = 1n;
  for (let i = 1; i <= k; i++) count = (count * BigInt(n - k + i)) / BigInt(i);
  return count;
}
