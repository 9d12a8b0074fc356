import { describe, expect, it } from "vitest";
import { limbo } from "../../sdk/games/limbo.ts";
import { IllegalChoice, WAD } from "../../sdk/games/types.ts";

const DRAWS = 2n ** 64n;

describe("limbo, by arithmetic", () => {
  // Every target up to 30.00, and a thin spread of the others up to the last one.
  const targets = [
    ...Array.from({ length: 2_900 }, (_, index) => 101 + index),
    ...Array.from({ length: 2_000 }, (_, index) => 3_001 + index * 49_973),
    99_999_999,
    100_000_000,
  ];

  it("wins on the draws below its edge, and its result says so exactly", () => {
    for (const target of targets) {
      const choice = limbo.encode({ target });
      const won: bigint[] = [];
      const edge = (99n * DRAWS) / BigInt(target);
      for (const draw of [0n, 1n, edge - 1n, edge, edge + 1n, DRAWS - 1n]) {
        const paid = limbo.multiplierWad(choice, draw + 7n * DRAWS) > 0n;
        expect(limbo.outcome(draw, choice).result >= BigInt(target)).toBe(paid);
        if (paid) won.push(draw);
      }
      expect(won).toEqual([0n, 1n, edge - 1n]);
    }
  });

  it("pays exactly its target, at 99% less what rounding one of 2^64 draws takes", () => {
    for (const target of targets) {
      const choice = limbo.encode({ target });
      const { maxMultiplierWad, rtpWad, varianceWad } = limbo.odds(choice);
      const wins = (99n * DRAWS) / BigInt(target);
      expect(maxMultiplierWad).toBe((BigInt(target) * WAD) / 100n);
      expect(rtpWad).toBe((maxMultiplierWad * wins) / DRAWS);
      expect(rtpWad).toBeLessThanOrEqual((WAD * 99n) / 100n);
      expect(rtpWad).toBeGreaterThan((WAD * 99n) / 100n - 54_212n);
      const spread = DRAWS * wins * maxMultiplierWad ** 2n - (wins * maxMultiplierWad) ** 2n;
      const unit = DRAWS * DRAWS * WAD;
      expect(varianceWad).toBe((spread + unit - 1n) / unit);
    }
  });

  it("decodes what it encodes, and says it in words", () => {
    for (const target of targets) {
      expect(limbo.decode(limbo.encode({ target }))).toEqual({ target });
    }
    expect(limbo.describe(limbo.encode({ target: 101 }))).toBe("1.01×");
    expect(limbo.describe(limbo.encode({ target: 100_000_000 }))).toBe("1,000,000.00×");
    const choice = limbo.choices()[0]!;
    expect(limbo.describeOutcome(DRAWS - 1n, choice)).toBe("0.99×");
    expect(limbo.describeOutcome(DRAWS / 2n - 1n, choice)).toBe("1.98×");
    for (const target of [-1, 0, 100, 100_000_001, 1.5, 2 ** 32, Number.NaN]) {
      expect(() => limbo.encode({ target })).toThrow(IllegalChoice);
    }
  });
});
