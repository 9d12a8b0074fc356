import { describe, expect, it } from "vitest";
import { coinFlip } from "../../sdk/games/coin-flip.ts";
import { WAD } from "../../sdk/games/types.ts";

describe("coin flip, by enumeration", () => {
  it("has exactly the odds that its two sides give", () => {
    for (const side of ["heads", "tails"] as const) {
      const choice = coinFlip.encode({ side });
      const payouts = [0n, 1n].map((seed) => coinFlip.payout({ stake: WAD, choice, seed }));
      const [first, second] = payouts as [bigint, bigint];
      expect(coinFlip.odds(choice)).toEqual({
        maxMultiplierWad: first > second ? first : second,
        rtpWad: (first + second) / 2n,
        varianceWad: (2n * (first ** 2n + second ** 2n) - (first + second) ** 2n) / (4n * WAD),
      });
      expect(coinFlip.decode(choice)).toEqual({ side });
      expect(payouts.filter((payout) => payout > 0n)).toHaveLength(1);
    }
    expect(coinFlip.describeOutcome(3n, coinFlip.choices()[0]!)).toBe("Tails");
    expect(coinFlip.describe(coinFlip.encode({ side: "heads" }))).toBe("Heads");
  });
});
