import type { Hex } from "viem";
import { describe, expect, it } from "vitest";
import { dice } from "../../sdk/games/dice.ts";
import { IllegalChoice, WAD } from "../../sdk/games/types.ts";

describe("dice, by enumeration", () => {
  const wagers = [false, true].flatMap((over) =>
    Array.from({ length: 10_000 }, (_, target) => ({ target, over })).filter(isOffered),
  );

  it("offers each number of winning rolls from 1 to 9,800 on both sides", () => {
    expect(wagers).toHaveLength(2 * 9_800);
  });

  it("wins on exactly the rolls beyond its target: all 10,000 of them, for a spread of targets", () => {
    for (const wager of wagers.filter((_, index) => index % 97 === 0)) {
      expect(rolledWins(dice.encode(wager))).toBe(winsOf(wager));
    }
  });

  it("wins on exactly the rolls beyond its target: those at the edges, for every target", () => {
    for (const { target, over } of wagers) {
      const choice = dice.encode({ target, over });
      const won = [0, target - 1, target, target + 1, 9_999].filter(
        (roll) => roll >= 0 && dice.payout({ stake: WAD, choice, seed: BigInt(roll) }) > 0n,
      );
      expect(new Set(won)).toEqual(new Set(over ? [target + 1, 9_999] : [0, target - 1]));
    }
  });

  it("has exactly the odds that its winning rolls give", () => {
    for (const wager of wagers) {
      const choice = dice.encode(wager);
      const { maxMultiplierWad, rtpWad, varianceWad } = dice.odds(choice);
      const wins = BigInt(winsOf(wager));
      const mean = { of: wins * maxMultiplierWad, over: 10_000n };
      expect(rtpWad).toBe(mean.of / mean.over);
      // E[x^2] - E[x]^2, over 10^8.
      const spread = wins * 10_000n * maxMultiplierWad ** 2n - mean.of ** 2n;
      expect(varianceWad).toBe((spread + 10n ** 26n - 1n) / 10n ** 26n);
      expect(rtpWad).toBeLessThanOrEqual((WAD * 99n) / 100n);
      expect(rtpWad).toBeGreaterThan((WAD * 99n) / 100n - 2n);
    }
  });

  it("decodes what it encodes, and says it in words", () => {
    for (const wager of wagers) expect(dice.decode(dice.encode(wager))).toEqual(wager);
    expect(dice.describe(dice.encode({ target: 5_000, over: false }))).toBe("Under 50.00");
    expect(dice.describe(dice.encode({ target: 199, over: true }))).toBe("Over 1.99");
    expect(dice.describeOutcome(10_005n, dice.choices()[0]!)).toBe("0.05");
    for (const target of [-1, 0.5, 70_000, Number.NaN]) {
      expect(() => dice.encode({ target, over: true })).toThrow(IllegalChoice);
    }
  });

  function isOffered(wager: { target: number; over: boolean }): boolean {
    return winsOf(wager) >= 1 && winsOf(wager) <= 9_800;
  }

  function winsOf({ target, over }: { target: number; over: boolean }): number {
    return over ? 9_999 - target : target;
  }

  function rolledWins(choice: Hex): number {
    let wins = 0;
    for (let roll = 0n; roll < 10_000n; roll++)
      if (dice.payout({ stake: WAD, choice, seed: roll }) > 0n) wins++;
    return wins;
  }
});
