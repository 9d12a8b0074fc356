import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type RouletteChip,
  type RouletteKind,
  americanRoulette,
  europeanRoulette,
  rouletteBets,
} from "../../sdk/games/roulette.ts";
import { IllegalChoice, WAD, oddsOf } from "../../sdk/games/types.ts";

const WHEELS = [
  { game: europeanRoulette, zeros: 1 as const },
  { game: americanRoulette, zeros: 2 as const },
];

/** How many of each kind the rule books list, and what they win beside the stake. */
const RULE_BOOK: Record<RouletteKind, { european: number; american: number; odds: number }> = {
  straight: { european: 37, american: 38, odds: 35 },
  split: { european: 60, american: 62, odds: 17 },
  trio: { european: 2, american: 3, odds: 11 },
  street: { european: 12, american: 12, odds: 11 },
  "first-four": { european: 1, american: 0, odds: 8 },
  basket: { european: 0, american: 1, odds: 6 },
  corner: { european: 22, american: 22, odds: 8 },
  "six-line": { european: 11, american: 11, odds: 5 },
  column: { european: 3, american: 3, odds: 2 },
  dozen: { european: 3, american: 3, odds: 2 },
  "even-money": { european: 6, american: 6, odds: 1 },
};

describe.each(WHEELS)("$game.name, by enumeration", ({ game, zeros }) => {
  const pockets = Array.from({ length: 36 + zeros }, (_, pocket) => pocket);
  const bets = rouletteBets(zeros);

  it("offers the bets of the rule book at its prices, each once", () => {
    for (const [kind, { odds, ...counts }] of Object.entries(RULE_BOOK)) {
      const ofKind = bets.filter((bet) => bet.kind === kind);
      expect(ofKind).toHaveLength(zeros === 1 ? counts.european : counts.american);
      for (const { payoff } of ofKind) expect(payoff).toBe(odds + 1);
    }
    const codes = bets.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].toSorted((one, other) => one - other));
    expect(new Set(bets.map(({ name }) => name)).size).toBe(bets.length);
    expect(new Set(bets.map((bet) => bet.pockets.toSorted().join())).size).toBe(bets.length);
  });

  it("covers numbers that lie together", () => {
    for (const { kind, pockets: covered } of bets) {
      const cells = covered.filter((n) => n >= 1 && n <= 36).map(cellOf);
      if (
        cells.length < covered.length ||
        !["split", "street", "corner", "six-line"].includes(kind)
      )
        continue;
      const streets = new Set(cells.map(({ street }) => street));
      const columns = new Set(cells.map(({ column }) => column));
      // A full rectangle without a gap.
      expect(streets.size * columns.size).toBe(covered.length);
      for (const lines of [[...streets], [...columns]]) {
        expect(Math.max(...lines) - Math.min(...lines)).toBe(lines.length - 1);
      }
    }
  });

  it("pays every bet on its pockets and on no other, and prices it exactly", () => {
    for (const { code, pockets: covered, payoff, edgeWad, steep } of bets) {
      const choice = game.encode({ chips: [{ bet: code, weight: 1 + (code % 255) }] });
      const spins = pockets.map((pocket) => ({
        label: "",
        weight: 1n,
        multiplierWad: game.multiplierWad(choice, BigInt(pocket + 100 * pockets.length)),
      }));
      for (const [pocket, { multiplierWad }] of spins.entries()) {
        expect(multiplierWad).toBe(covered.includes(pocket) ? BigInt(payoff) * WAD : 0n);
      }
      expect(game.odds(choice)).toEqual(oddsOf(spins));
      const kept = pockets.length - payoff * covered.length;
      expect(edgeWad).toBe((BigInt(kept) * WAD) / BigInt(pockets.length));
      expect(steep).toBe(kept / pockets.length > 0.05);
    }
  });

  it("shares the stake among several chips by their weights", () => {
    fc.assert(
      fc.property(chipsOf(), (chips) => {
        const choice = game.encode({ chips });
        const weights = chips.reduce((sum, { weight }) => sum + weight, 0);
        const spins = pockets.map((pocket) => {
          const paid = chips.reduce((sum, { bet, weight }) => sum + weight * alone(bet, pocket), 0);
          const multiplierWad = (BigInt(paid) * WAD) / BigInt(weights);
          expect(game.multiplierWad(choice, BigInt(pocket))).toBe(multiplierWad);
          return { label: "", weight: 1n, multiplierWad };
        });
        expect(game.odds(choice)).toEqual(oddsOf(spins));
        expect(game.decode(choice)).toEqual({
          chips: chips.toSorted((one, other) => one.bet - other.bet),
        });
      }),
    );
  });

  it("refuses no chip, a ninth one, two on one bet, and weights that are none", () => {
    const eight = Array.from({ length: 8 }, (_, bet) => ({ bet, weight: 1 }));
    expect(game.decode(game.encode({ chips: eight }))).toEqual({ chips: eight });
    const refused: RouletteChip[][] = [
      [],
      [...eight, { bet: 17, weight: 1 }],
      [
        { bet: 17, weight: 1 },
        { bet: 17, weight: 2 },
      ],
      [{ bet: 39, weight: 1 }],
      [{ bet: 256, weight: 1 }],
      [{ bet: 17, weight: 0 }],
      [{ bet: 17, weight: 256 }],
      [{ bet: 17, weight: 1.5 }],
    ];
    for (const chips of refused) expect(() => game.encode({ chips })).toThrow(IllegalChoice);
  });

  it("says a choice and a spin in words", () => {
    const chips = [
      { bet: 240, weight: 3 },
      { bet: 44, weight: 1 },
    ];
    expect(game.describe(game.encode({ chips }))).toBe("Split 4, 7 × 1; Red × 3");
    expect(game.describe(game.encode({ chips: chips.slice(0, 1) }))).toBe("Red");
    const choice = game.choices()[0]!;
    expect(game.describeOutcome(17n, choice)).toBe("17 black");
    expect(game.describeOutcome(36n, choice)).toBe("36 red");
    expect(game.describeOutcome(BigInt(pockets.length), choice)).toBe("0");
    expect(game.describeOutcome(37n, choice)).toBe(zeros === 1 ? "0" : "00");
  });

  function chipsOf(): fc.Arbitrary<RouletteChip[]> {
    const chip = fc.record({
      bet: fc.constantFrom(...bets.map(({ code }) => code)),
      weight: fc.integer({ min: 1, max: 255 }),
    });
    return fc.uniqueArray(chip, { selector: ({ bet }) => bet, minLength: 1, maxLength: 8 });
  }

  function alone(code: number, pocket: number): number {
    const { pockets: covered, kind } = bets.find((bet) => bet.code === code)!;
    return covered.includes(pocket) ? RULE_BOOK[kind].odds + 1 : 0;
  }

  function cellOf(n: number): { street: number; column: number } {
    return { street: Math.floor((n - 1) / 3), column: (n - 1) % 3 };
  }
});

describe("roulette's edges", () => {
  it("are 1/37 on every European bet, 2/38 on every American one but the basket", () => {
    expect(new Set(rouletteBets(1).map(({ edgeWad }) => edgeWad))).toEqual(new Set([WAD / 37n]));
    expect(rouletteBets(1).some(({ steep }) => steep)).toBe(false);
    expect(rouletteBets(2).every(({ steep }) => steep)).toBe(true);
    for (const { kind, edgeWad } of rouletteBets(2)) {
      expect(edgeWad).toBe(((kind === "basket" ? 3n : 2n) * WAD) / 38n);
    }
  });
});
