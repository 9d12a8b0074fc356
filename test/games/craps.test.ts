import type { Hex } from "viem";
import { describe, expect, it } from "vitest";
import { craps } from "../../sdk/games/craps.ts";
import { IllegalChoice, WAD, oddsOf } from "../../sdk/games/types.ts";

/** 36 come-out rolls, and for each the ends of a line, 9, 10 or 11 of them, as often. */
const LINES = 36n * 990n;

describe("craps, by enumeration", () => {
  const [pass, dontPass, field] = (["pass", "don't pass", "field"] as const).map((bet) =>
    craps.encode({ bet }),
  ) as [Hex, Hex, Hex];

  it("has the distribution that all lines give", () => {
    for (const choice of craps.choices()) {
      const counts = new Map<bigint, bigint>();
      for (let seed = 0n; seed < LINES; seed++) {
        const multiplier = craps.multiplierWad(choice, seed);
        counts.set(multiplier, (counts.get(multiplier) ?? 0n) + 1n);
      }
      const distribution = craps.distribution(choice);
      const space = distribution.reduce((sum, { weight }) => sum + weight, 0n);
      expect(distribution.length).toBe(counts.size);
      for (const { weight, multiplierWad } of distribution) {
        expect(weight * LINES).toBe(counts.get(multiplierWad)! * space);
      }
      expect(craps.odds(choice)).toEqual(oddsOf(distribution));
    }
  });

  it("has the chances that rolls until the point or a seven give", () => {
    // 4 and 10: 3 ways against 6; 5 and 9: 4; 6 and 8: 5. Over 1,980.
    const points = [3n, 4n, 5n].map((ways) => (2n * ways * 55n * ways) / (ways + 6n));
    const passes = (6n + 2n) * 55n + points.reduce((sum, each) => sum + each, 0n);
    expect(craps.distribution(pass)[0]).toMatchObject({ weight: passes });
    expect(craps.distribution(dontPass).map(({ weight }) => weight)).toEqual([
      1_980n - passes - 55n,
      55n,
      passes,
    ]);
  });

  it("has the published edges: 7/495, 3/220 and 1/36", () => {
    expect(craps.odds(pass).rtpWad).toBe((WAD * 488n) / 495n);
    expect(craps.odds(dontPass).rtpWad).toBe((WAD * 217n) / 220n);
    expect(craps.odds(field).rtpWad).toBe((WAD * 35n) / 36n);
  });

  it("shows rolls that lead by the rules to what is paid", () => {
    for (let seed = 0n; seed < LINES; seed += 7n) {
      const shown = craps.outcome(seed, pass);
      expect(shown).toEqual(replayed(shown.rolls));
      expect(craps.multiplierWad(pass, seed) > 0n).toBe(shown.passes);
      expect(craps.outcome(seed, dontPass)).toEqual(shown);
      expect(craps.outcome(seed, field)).toEqual({ rolls: shown.rolls.slice(0, 1) });
    }
  });

  it("ends a line with each roll that can end it, equally often", () => {
    // On a point of 6: the 5 rolls of 6 and the 6 rolls of 7.
    const comeOut = 5n - 1n;
    const ends = Array.from({ length: 11 }, (_, end) => {
      const { rolls } = craps.outcome(comeOut + 36n * BigInt(end), pass);
      return rolls.at(-1)!.join(" ");
    });
    expect(ends).toEqual([
      "1 5",
      "2 4",
      "3 3",
      "4 2",
      "5 1",
      "1 6",
      "2 5",
      "3 4",
      "4 3",
      "5 2",
      "6 1",
    ]);
    const ten = craps.outcome(23n + 36n * 2n, pass).rolls;
    expect([ten[0], ten.at(-1)]).toEqual([
      [6, 4],
      [6, 4],
    ]);
  });

  it("shows as many rolls as real dice would: 557/165 on average", () => {
    let rolls = 0;
    const lines = 20_000;
    for (let line = 0; line < lines; line++) {
      const seed = (BigInt(line) * 0x9e3779b97f4a7c15f39cc0605cedc835n) % 2n ** 128n;
      rolls += craps.outcome(seed, pass).rolls.length;
    }
    // Their standard deviation is 3.02: five standard errors.
    expect(Math.abs(rolls / lines - 557 / 165)).toBeLessThan((5 * 3.02) / Math.sqrt(lines));
  });

  it("decodes what it encodes, and says it in words", () => {
    for (const bet of ["pass", "don't pass", "field"] as const) {
      expect(craps.decode(craps.encode({ bet }))).toEqual({ bet });
    }
    expect(craps.describe(dontPass)).toBe("Don't pass");
    expect(craps.describeOutcome(35n, pass)).toBe("12");
    expect(craps.describeOutcome(4n + 36n * 5n, pass)).toBe("Point 6, then 7");
    expect(craps.describeOutcome(4n + 36n * 5n, field)).toBe("6");
    expect(() => craps.encode({ bet: "come" as "pass" })).toThrow(IllegalChoice);
  });
});

/** Plays a line by the rule book. Throws where dice are rolled after its end, or not up to it. */
function replayed(rolls: [number, number][]) {
  let point: number | undefined;
  for (const [index, dice] of rolls.entries()) {
    if (dice.some((die) => die < 1 || die > 6)) throw new Error(`No such dice: ${dice.join(" ")}`);
    const total = dice[0] + dice[1];
    const ends = point === undefined ? [2, 3, 7, 11, 12] : [point, 7];
    if (ends.includes(total) !== (index === rolls.length - 1)) throw new Error("Ends elsewhere");
    if (ends.includes(total)) {
      const passes = point === undefined ? total === 7 || total === 11 : total === point;
      return point === undefined ? { rolls, passes } : { rolls, point, passes };
    }
    point ??= total;
  }
  throw new Error("No rolls");
}
