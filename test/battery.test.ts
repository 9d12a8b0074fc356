import { keccak256, toHex } from "viem";
import { describe, expect, it } from "vitest";
import { BETS_PER_WORD, CASINO, CHAIN_ID, seedsOf, vrfWord } from "../scripts/rng-seeds.ts";
import { follow, viewsOf } from "../scripts/rng-views.ts";
import { type Assessment, absorb, holm, watchesOf } from "../sdk/games/battery.ts";
import { coinFlip } from "../sdk/games/coin-flip.ts";
import { dice } from "../sdk/games/dice.ts";
import { gammaQ } from "../sdk/games/gamma.ts";
import { games } from "../sdk/games/index.ts";
import { seedOf } from "../sdk/layout.ts";
import { verify, prove } from "../sdk/vrf.ts";

const LEVEL = 0.01;
const ROUNDS = 100_000;

describe("the battery", () => {
  it("knows the tails of chi-square and of the normal law", () => {
    // Critical values at 5% and 1%, of published tables.
    expect(gammaQ(1 / 2, 3.841458820694124 / 2)).toBeCloseTo(0.05, 12);
    expect(gammaQ(10 / 2, 18.307038053275146 / 2)).toBeCloseTo(0.05, 12);
    expect(gammaQ(10 / 2, 23.209251158954356 / 2)).toBeCloseTo(0.01, 12);
    expect(gammaQ(100 / 2, 124.34211340400407 / 2)).toBeCloseTo(0.05, 12);
    expect(gammaQ(1, 7)).toBeCloseTo(Math.exp(-7), 15);
    expect(gammaQ(2, 3)).toBeCloseTo(4 * Math.exp(-3), 14);
    expect(gammaQ(30_000, 30_000)).toBeCloseTo(0.5 - 1 / (3 * Math.sqrt(2 * Math.PI * 30_000)), 7);
    expect(gammaQ(5, 0)).toBe(1);
  });

  it("rejects by Holm's steps: the least p-value at level / n, the next at level / (n - 1)", () => {
    expect(holm([0.04, 0.01, 0.02, 0.5], 0.05)).toEqual([false, true, false, false]);
    expect(holm([0.02, 0.01, 0.015, 0.04], 0.05)).toEqual([true, true, true, true]);
    expect(holm([0.013, 0.013, 0.013, 0.013], 0.05)).toEqual([false, false, false, false]);
    expect(holm([], 0.05)).toEqual([]);
  });

  it("refuses a law that is none", () => {
    for (const law of [[], [1], [0.5, 0.6], [0, 1], [0.5, Number.NaN, 0.5]]) {
      expect(() => watchesOf(law, ROUNDS)).toThrow(RangeError);
    }
  });

  it("gives p-values that are uniform where outcomes follow their law, test by test", () => {
    const laws = [[0.5, 0.5], uniform(37), [0.001, 0.019, 0.18, 0.3, 0.5], [0.96, 0.04]];
    const seen = new Map<string, number[]>();
    const draw = uniforms(1);
    for (const law of laws) {
      for (let stream = 0; stream < 25; stream++) {
        const assessments = assess(law, 20_000, () => symbolAt(law, draw()));
        for (const { test, pValue } of assessments) {
          seen.set(test, [...(seen.get(test) ?? []), pValue]);
        }
      }
    }
    expect(seen.size).toBe(7);
    for (const [test, pValues] of seen) {
      // Of n p-values, the distance from a straight line is above 1.95 / sqrt(n) once in 1,000.
      const ascending = pValues.toSorted((a, b) => a - b);
      const steps = ascending.map((p, rank) => Math.abs(p - (rank + 0.5) / ascending.length));
      expect({ test, bound: Math.max(...steps) * Math.sqrt(ascending.length) < 1.95 }).toEqual({
        test,
        bound: true,
      });
    }
  });

  it("has seen the same in two lanes as in one, but for what crosses between them", () => {
    const lane = { games: ["coin-flip", "dice"], rounds: 24_000 };
    const whole = follow({ ...lane, from: 0, to: 24_000 });
    const halves = [
      follow({ ...lane, from: 0, to: 12_000 }),
      follow({ ...lane, from: 12_000, to: 24_000 }),
    ];
    for (const [index, { law }] of lane.games.flatMap((key) => viewsOf(game(key))).entries()) {
      const watches = watchesOf(law, lane.rounds);
      for (const half of halves) absorb(watches, half[index]!);
      expect(watches[0]!.counts).toEqual(whole[index]![0]);
      expect(watches[1]!.counts).toEqual(whole[index]![1]);
      const [changes, outcomes, stretches] = watches[2]!.counts;
      expect([outcomes, stretches]).toEqual([24_000, 2]);
      expect(whole[index]![2]![0]! - changes!).toBeLessThanOrEqual(1);
    }
  });
});

describe("seeds for the battery", () => {
  it("are those that the casino derives from the words of real proofs", () => {
    const word = vrfWord(3);
    const chain = { word, chainId: Number(CHAIN_ID), casino: CASINO };
    const seeds = seedsOf(word);
    for (let betId = 0n; betId < 300n; betId++) {
      expect(seeds.next().value).toBe(seedOf({ ...chain, betId }));
    }
    expect(seedsOf(word, BETS_PER_WORD - 1).next().value).toBe(
      seedOf({ ...chain, betId: BigInt(BETS_PER_WORD - 1) }),
    );
    const secretKey = keccak256(toHex("Glasshouse rng-test"));
    const blockHash = keccak256(toHex(3, { size: 32 }));
    const { proof } = prove({ secretKey, preSeed: 3n, blockHash });
    expect(verify({ proof, blockHash })).toMatchObject({ valid: true, word });
  });
});

describe.each(Object.values(games))("$name, drawn from real words", (tested) => {
  it("passes every test of each of its views", () => {
    const rounds = 30_000;
    const report = follow({ games: [tested.key], rounds, from: 0, to: rounds });
    const assessments = viewsOf(tested).flatMap(({ law }, index) => {
      const watches = watchesOf(law, rounds);
      absorb(watches, report[index]!);
      return watches.flatMap((watch) => watch.assess() ?? []);
    });
    expect(assessments.length).toBeGreaterThan(3);
    // One family of all games: the seeds are fixed, so this either always passes or never does.
    expect(assessments.filter(({ pValue }) => pValue < LEVEL / 500)).toEqual([]);
  });
});

describe("generators known to be bad are caught", () => {
  it("a roulette pocket from eight bits: pockets below 34 come once more in 256", () => {
    const draw = uniforms(2);
    const caught = rejected(assess(uniform(37), ROUNDS, () => Math.floor(draw() * 256) % 37));
    expect(caught).toContain("outcomes");
    expect(rejected(assess(uniform(37), ROUNDS, () => Math.floor(draw() * 37)))).toEqual([]);
  });

  it("keno that takes the next free number where one is taken", () => {
    const draw = uniforms(3);
    const probed = () => {
      const taken = new Set<number>();
      while (taken.size < 10) {
        let number = Math.floor(draw() * 40);
        while (taken.has(number)) number = (number + 1) % 40;
        taken.add(number);
      }
      return taken;
    };
    const fair = () => {
      const taken = new Set<number>();
      while (taken.size < 10) taken.add(Math.floor(draw() * 40));
      return taken;
    };
    // Hits on a ticket of eight numbers in a row.
    const law = Array.from({ length: 9 }, (_, hits) => {
      return (choose(8, hits) * choose(32, 10 - hits)) / choose(40, 10);
    });
    const hits = (taken: Set<number>) => [...taken].filter((number) => number < 8).length;
    expect(rejected(assess(law, ROUNDS / 4, () => hits(probed())))).toContain("outcomes");
    expect(rejected(assess(law, ROUNDS / 4, () => hits(fair())))).toEqual([]);
  });

  it("a bit that sticks, where a game reads it", () => {
    const low = viewed("coin-flip", 0, (seed) => seed | 1n);
    expect(low).toContain("outcomes");
    const third = viewed("dice", 1, (seed) => seed & ~4n);
    expect(third).toContain("outcomes");
  });

  it("a generator of a short period", () => {
    const period = [...uniformSeeds(2_000)];
    let index = 0;
    const repeated = viewed("dice", 1, () => period[index++ % period.length]!);
    expect(repeated).toContain("outcomes");
    expect(repeated).toContain("pairs");
  });

  it("outcomes that come as often as they should, but one after the other too regularly", () => {
    let next = 0;
    const caught = rejected(assess(uniform(37), ROUNDS, () => (next = (next + 15) % 37)));
    expect(caught).toEqual(
      expect.arrayContaining([
        "outcomes",
        "pairs",
        "runs",
        "serial correlation",
        "gaps",
        "coupon collector",
        "maximum of eight",
      ]),
    );
  });

  it("outcomes that remember the one before", () => {
    const draw = uniforms(4);
    let previous = 0;
    const sticky = () => (previous = draw() < 0.03 ? previous : Math.floor(draw() * 37));
    const caught = rejected(assess(uniform(37), ROUNDS, sticky));
    expect(caught).toEqual(expect.arrayContaining(["pairs", "runs", "serial correlation"]));
    expect(caught).not.toContain("outcomes");
  });

  it("an outcome that the law excludes", () => {
    const [view] = viewsOf({ ...coinFlip, multiplierWad: () => 7n });
    expect(() => view!.symbolOf(0n)).toThrow(RangeError);
  });
});

function viewed(key: string, view: number, seedFrom: (seed: bigint) => bigint): string[] {
  const { law, symbolOf } = viewsOf(game(key))[view]!;
  const seeds = uniformSeeds(ROUNDS);
  return rejected(assess(law, ROUNDS, () => symbolOf(seedFrom(seeds.next().value as bigint))));
}

function* uniformSeeds(count: number): Generator<bigint> {
  const seeds = seedsOf(vrfWord(1));
  for (let index = 0; index < count; index++) yield seeds.next().value;
}

/** Numbers below 1 with 52 uniform bits, of the seeds of a word. */
function uniforms(request: number): () => number {
  const seeds = seedsOf(vrfWord(request));
  // Four numbers of a seed, below a bit that marks the end.
  const end = 1n << 208n;
  let rest = 1n;
  return () => {
    if (rest === 1n) rest = (seeds.next().value % end) + end;
    const bits = Number(rest & ((1n << 52n) - 1n));
    rest >>= 52n;
    return bits / 2 ** 52;
  };
}

function assess(law: readonly number[], rounds: number, next: () => number): Assessment[] {
  const watches = watchesOf(law, rounds);
  for (let round = 0; round < rounds; round++) {
    const symbol = next();
    for (const watch of watches) watch.record(symbol);
  }
  return watches.flatMap((watch) => watch.assess() ?? []);
}

function rejected(assessments: Assessment[]): string[] {
  const flags = holm(
    assessments.map(({ pValue }) => pValue),
    LEVEL,
  );
  return assessments.filter((_, index) => flags[index]).map(({ test }) => test);
}

function game(key: string) {
  return key === "dice" ? dice : coinFlip;
}

function uniform(symbols: number): number[] {
  return Array.from({ length: symbols }, () => 1 / symbols);
}

function symbolAt(law: readonly number[], at: number): number {
  let sum = 0;
  const symbol = law.findIndex((probability) => (sum += probability) > at);
  return symbol < 0 ? law.length - 1 : symbol;
}

function choose(n: number, k: number): number {
  return k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k;
}
