import { describe, expect, it } from "vitest";
import { type SicBoChoice, bets, sicBo } from "../../sdk/games/sic-bo.ts";
import { IllegalChoice, WAD, oddsOf } from "../../sdk/games/types.ts";

const FACES = [1, 2, 3, 4, 5, 6];
const ROLLS = FACES.flatMap((z) => FACES.flatMap((y) => FACES.map((x) => [x, y, z])));

describe("sic bo, by enumeration", () => {
  it("rolls each of the 216 throws once", () => {
    expect(ROLLS.map((_, seed) => sicBo.outcome(BigInt(seed), sicBo.choices()[0]!).dice)).toEqual(
      ROLLS,
    );
  });

  it("pays each bet on the throws that the rule book names", () => {
    for (const { choice } of bets()) {
      const bet = sicBo.decode(choice);
      for (const [seed, dice] of ROLLS.entries()) {
        const paid = sicBo.payout({ stake: 1n, choice, seed: BigInt(seed) }) > 0n;
        expect({ bet, dice, paid }).toEqual({ bet, dice, paid: wins(bet, dice) });
      }
    }
  });

  it("has the distribution that all throws give, and returns 35/36 of its stakes on every bet", () => {
    for (const { choice } of bets()) {
      const counts = new Map<bigint, bigint>();
      for (const seed of ROLLS.keys()) {
        const multiplier = sicBo.multiplierWad(choice, BigInt(seed));
        counts.set(multiplier, (counts.get(multiplier) ?? 0n) + 1n);
      }
      const distribution = sicBo.distribution(choice);
      expect(new Map(distribution.map((each) => [each.multiplierWad, each.weight]))).toEqual(
        counts,
      );
      expect(sicBo.odds(choice)).toEqual(oddsOf(distribution));
      const exact = (WAD * 35n) / 36n;
      expect(exact - sicBo.odds(choice).rtpWad).toBeLessThan(2n);
      expect(exact - sicBo.odds(choice).rtpWad).toBeGreaterThanOrEqual(0n);
    }
  });

  it("lists 52 bets with the names and prices of a board, none with an edge above 5%", () => {
    const board = bets();
    expect(board).toHaveLength(52);
    expect(new Set(board.map(({ name }) => name)).size).toBe(52);
    expect(board.map(({ choice }) => choice)).toEqual(sicBo.choices());
    expect(board.filter(({ highEdge }) => highEdge)).toEqual([]);
    const priced = board.map(({ name, maxMultiplierWad }) => [
      name,
      Number(maxMultiplierWad) / 1e18,
    ]);
    expect(Object.fromEntries(priced)).toMatchObject({
      Small: 2,
      "Total 4": 70,
      "Total 8": 10,
      "Total 9": 8.4,
      "Any triple": 35,
      "Number 6": 15,
      "Double 1": 13.125,
      "Triple 6": 210,
      "5 and 6": 7,
    });
  });

  it("decodes what it encodes, and says it in words", () => {
    for (const [index, choice] of sicBo.choices().entries()) {
      expect(BigInt(choice) >> 120n).toBe(BigInt(index));
      expect(sicBo.encode(sicBo.decode(choice))).toBe(choice);
    }
    expect(sicBo.describe(sicBo.encode({ bet: "pair", numbers: [2, 3] }))).toBe("2 and 3");
    expect(sicBo.describe(sicBo.encode({ bet: "small" }))).toBe("Small");
    expect(sicBo.describeOutcome(215n, sicBo.choices()[0]!)).toBe("6 6 6, total 18");
    const illegal: SicBoChoice[] = [
      { bet: "total", total: 3 },
      { bet: "total", total: 18 },
      { bet: "single", number: 0 },
      { bet: "triple", number: 7 },
      { bet: "pair", numbers: [3, 3] },
      { bet: "pair", numbers: [4, 2] },
    ];
    for (const bet of illegal) expect(() => sicBo.encode(bet)).toThrow(IllegalChoice);
  });
});

function wins(bet: SicBoChoice, dice: readonly number[]): boolean {
  const total = dice[0]! + dice[1]! + dice[2]!;
  const kinds = new Set(dice).size;
  const count = (number: number) => dice.filter((die) => die === number).length;
  if (bet.bet === "any triple") return kinds === 1;
  if (bet.bet === "total") return total === bet.total;
  if (bet.bet === "single") return count(bet.number) > 0;
  if (bet.bet === "double") return count(bet.number) > 1;
  if (bet.bet === "triple") return count(bet.number) > 2;
  if (bet.bet === "pair") return bet.numbers.every((number) => count(number) > 0);
  const property = { small: total < 11, big: total > 10, odd: total % 2 > 0, even: total % 2 < 1 };
  return kinds > 1 && property[bet.bet];
}
