import { describe, expect, it } from "vitest";
import { type Hand, rockPaperScissors } from "../../sdk/games/rock-paper-scissors.ts";
import { IllegalChoice, WAD } from "../../sdk/games/types.ts";

const HANDS: Hand[] = ["rock", "paper", "scissors"];
const BEATEN: Record<Hand, Hand> = { rock: "scissors", paper: "rock", scissors: "paper" };

describe("rock, paper, scissors, by enumeration", () => {
  it.each(HANDS)("beats, ties and loses once with %s", (hand) => {
    const choice = rockPaperScissors.encode({ hand });
    for (const seed of [0n, 1n, 2n, 2n ** 256n - 1n]) {
      const house = rockPaperScissors.outcome(seed, choice).hand;
      const due = house === BEATEN[hand] ? 196n : house === hand ? 100n : 0n;
      expect(rockPaperScissors.payout({ stake: 100n, choice, seed })).toBe(due);
    }
    const drawn = [0n, 1n, 2n].map((seed) => rockPaperScissors.outcome(seed, choice).hand);
    expect(new Set(drawn)).toEqual(new Set(HANDS));
  });

  it.each(HANDS)("has exactly the odds that the three hands of the house give to %s", (hand) => {
    const choice = rockPaperScissors.encode({ hand });
    const paid = [0n, 1n, 2n].map((seed) => rockPaperScissors.multiplierWad(choice, seed));
    const first = paid.reduce((sum, multiplier) => sum + multiplier, 0n);
    const second = paid.reduce((sum, multiplier) => sum + multiplier ** 2n, 0n);
    expect(rockPaperScissors.odds(choice)).toEqual({
      maxMultiplierWad: (WAD * 196n) / 100n,
      rtpWad: first / 3n,
      varianceWad: (3n * second - first ** 2n) / (9n * WAD) + 1n,
    });
    expect(rockPaperScissors.distribution(choice).map(({ label }) => label)).toEqual([
      "win",
      "tie",
      "loss",
    ]);
  });

  it("decodes what it encodes, and says it in words", () => {
    for (const hand of HANDS) {
      const choice = rockPaperScissors.encode({ hand });
      expect(rockPaperScissors.decode(choice)).toEqual({ hand });
    }
    expect(rockPaperScissors.describe(rockPaperScissors.encode({ hand: "paper" }))).toBe("Paper");
    expect(rockPaperScissors.describeOutcome(5n, rockPaperScissors.choices()[0]!)).toBe("Scissors");
    expect(() => rockPaperScissors.encode({ hand: "lizard" as Hand })).toThrow(IllegalChoice);
  });
});
