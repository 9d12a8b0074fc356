import { keccak256, numberToHex } from "viem";
import { describe, expect, it } from "vitest";
import { KENO_PAYTABLES_HUNDREDTHS } from "../../sdk/games/keno-tables.ts";
import { keno } from "../../sdk/games/keno.ts";
import { IllegalChoice, WAD } from "../../sdk/games/types.ts";

const ANY = keno.choices()[0]!;
const RISKS = ["low", "medium", "high"] as const;

describe("keno", () => {
  it("draws each order of ten numbers from exactly one list of digits", () => {
    // There are as many lists as orders, and each order has a list that draws it: so each has one.
    for (let sample = 0; sample < 500; sample++) {
      const order = keno.outcome(word(sample), ANY).drawn;
      expect(new Set(order).size).toBe(10);
      expect(order.every((number) => number >= 1 && number <= 40)).toBe(true);
    }
    for (let sample = 0; sample < 500; sample++) {
      const order = anyOrder(sample);
      expect(keno.outcome(digitsOf(order), ANY).drawn).toEqual(order);
    }
  });

  it("draws all numbers, and all pairs of numbers, equally often", () => {
    const draws = 20_000;
    const pairs = new Map<number, number>();
    const places = new Map<number, number>();
    for (let sample = 0; sample < draws; sample++) {
      const { drawn } = keno.outcome(word(sample), ANY);
      for (const [place, number] of drawn.entries()) {
        count(places, place * 100 + number);
        for (const other of drawn) if (other > number) count(pairs, number * 100 + other);
      }
    }
    // 400 places of numbers with 360 degrees of freedom at the least, 780 pairs with 779: beyond 4.5 sigma.
    expect(chiSquare(places, 400, draws / 40)).toBeLessThan(400 + 4.5 * Math.sqrt(800));
    expect(chiSquare(pairs, 780, (draws * 45) / 780)).toBeLessThan(780 + 4.5 * Math.sqrt(1_560));
  });

  it("pays neighbours no more often than numbers far apart", () => {
    const draws = 20_000;
    const spreads = [
      [1, 2, 3],
      [38, 39, 40],
      [1, 20, 40],
      [7, 19, 31],
    ].map((picks) => keno.encode({ picks, risk: "medium" }));
    // All three hit: 10 * 9 * 8 of 40 * 39 * 38.
    const expected = (draws * 720) / 59_280;
    for (const choice of spreads) {
      let hits = 0;
      for (let sample = 0; sample < draws; sample++) {
        if (keno.outcome(word(sample), choice).hits === 3) hits++;
      }
      expect(Math.abs(hits - expected)).toBeLessThan(4.5 * Math.sqrt(expected));
    }
  });

  it("counts hits as a walk through all draws of a small cage does, and as pick after pick does", () => {
    // 8 numbers, 3 drawn, 3 picked: each of the 56 draws.
    const hits = [0, 0, 0, 0];
    for (let draw = 0; draw < 256; draw++) {
      if (bitsOf(draw) === 3) hits[bitsOf(draw & 0b111)]!++;
    }
    expect(hits).toEqual([0, 1, 2, 3].map((hit) => choose(3, hit) * choose(5, 3 - hit)));

    for (const choice of keno.choices()) {
      const { picks } = keno.decode(choice);
      const classes = keno.distribution(choice).toReversed();
      const total = classes.reduce((sum, { weight }) => sum + weight, 0n);
      expect(total).toBe(847_660_528n);
      for (const [hit, { weight, label }] of classes.entries()) {
        expect(label).toBe(`${hit} of ${picks.length} hit`);
        expect(Number(weight) / Number(total)).toBeCloseTo(chanceOf(picks.length, hit), 12);
      }
    }
  });

  it("returns 97% to 99% at every table, pays more for more hits, and never less than the stake", () => {
    for (const risk of RISKS) {
      for (const [index, table] of KENO_PAYTABLES_HUNDREDTHS[risk].entries()) {
        expect(table).toHaveLength(index + 2);
        expect(table[0]).toBe(0);
        expect(table).toEqual(table.toSorted((a, b) => a - b));
        expect(table.every((pays) => pays === 0 || pays >= 100)).toBe(true);
      }
    }
    for (const choice of keno.choices()) {
      const { rtpWad } = keno.odds(choice);
      expect(rtpWad).toBeGreaterThan((WAD * 97n) / 100n);
      expect(rtpWad).toBeLessThan((WAD * 99n) / 100n);
    }
  });

  it("spreads wider at each higher risk, but for one pick, where there is nothing to spread", () => {
    for (let picks = 2; picks <= 10; picks++) {
      const [low, medium, high] = RISKS.map((risk) => {
        const first = Array.from({ length: picks }, (_, index) => index + 1);
        return keno.odds(keno.encode({ picks: first, risk })).varianceWad;
      }) as [bigint, bigint, bigint];
      expect(medium).toBeGreaterThan(low);
      expect(high).toBeGreaterThan(medium);
    }
  });

  it("decodes what it encodes, and says it in words", () => {
    for (const choice of keno.choices()) expect(keno.encode(keno.decode(choice))).toBe(choice);
    const choice = keno.encode({ picks: [1, 40], risk: "high" });
    expect(choice).toBe("0x80000000010200000000000000000000");
    expect(keno.describe(choice)).toBe("1, 40 at high risk");
    expect(keno.describeOutcome(0n, choice)).toBe(
      "1, 40, 39, 38, 37, 36, 35, 34, 33, 32: 2 of 2 hit",
    );
    for (const picks of [[], [0], [41], [1.5], [3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]]) {
      expect(() => keno.encode({ picks, risk: "low" })).toThrow(IllegalChoice);
    }
  });
});

function word(sample: number): bigint {
  return BigInt(keccak256(numberToHex(sample, { size: 32 })));
}

/** Ten of forty, by sorting them by their hashes. */
function anyOrder(sample: number): number[] {
  const rank = (number: number) => keccak256(numberToHex(sample * 100 + number, { size: 32 }));
  return Array.from({ length: 40 }, (_, index) => index + 1)
    .toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
    .slice(0, 10);
}

/** The seed that draws this order: where each number lies when its turn comes. */
function digitsOf(order: readonly number[]): bigint {
  const balls = Array.from({ length: 40 }, (_, index) => index + 1);
  let [seed, place] = [0n, 1n];
  for (const number of order) {
    const index = balls.indexOf(number);
    seed += BigInt(index) * place;
    place *= BigInt(balls.length);
    const last = balls.pop()!;
    if (index < balls.length) balls[index] = last;
  }
  return seed;
}

/** The chance of so many hits by the order in which they come: hits and misses, ball by ball, in any order alike. */
function chanceOf(picks: number, hits: number): number {
  let chance = choose(10, hits);
  for (let i = 0; i < hits; i++) chance *= (picks - i) / (40 - i);
  for (let i = 0; i < 10 - hits; i++) chance *= (40 - picks - i) / (40 - hits - i);
  return chance;
}

function chiSquare(counts: Map<number, number>, cells: number, expected: number): number {
  let sum = (cells - counts.size) * expected;
  for (const seen of counts.values()) sum += (seen - expected) ** 2 / expected;
  return sum;
}

function count(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function choose(n: number, k: number): number {
  if (k < 0 || k > n) return 0;
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return ways;
}

function bitsOf(bits: number): number {
  return bits.toString(2).replaceAll("0", "").length;
}
