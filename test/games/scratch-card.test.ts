import { keccak256, numberToHex } from "viem";
import { describe, expect, it } from "vitest";
import { gridOf, scratchCard } from "../../sdk/games/scratch-card.ts";
import { SCRATCH_CARD } from "../../sdk/games/scratch-tables.ts";
import { IllegalChoice, WAD } from "../../sdk/games/types.ts";

const CARD = scratchCard.choices()[0]!;
const SYMBOLS = SCRATCH_CARD.prizes.length;

describe("scratch card", () => {
  it("pays, over all of its tickets, what its table says, and returns 97.5%", () => {
    const counts = new Map<bigint, bigint>();
    for (let ticket = 0n; ticket < BigInt(SCRATCH_CARD.tickets); ticket++) {
      const paid = scratchCard.multiplierWad(CARD, ticket);
      counts.set(paid, (counts.get(paid) ?? 0n) + 1n);
    }
    const classes = scratchCard.distribution(CARD);
    expect(counts).toEqual(
      new Map(classes.map(({ multiplierWad, weight }) => [multiplierWad, weight])),
    );
    expect(scratchCard.odds(CARD).rtpWad).toBe((WAD * 975n) / 1000n);
  });

  it("shows the prize three times, and nothing else three times, on every card", () => {
    for (let prize = -1; prize < SYMBOLS; prize++) {
      for (let sample = 0; sample < 300; sample++) {
        const shown = timesShown(gridOf(prize < 0 ? null : prize, word(sample)));
        expect(shown.reduce((sum, times) => sum + times, 0)).toBe(9);
        const others = shown.filter((_, symbol) => symbol !== prize);
        expect(shown[prize] ?? 3).toBe(3);
        expect(Math.max(...others)).toBeLessThanOrEqual(2);
      }
    }
  });

  it("draws each picture of a prize from exactly one of as many numbers", () => {
    // Placing three, then counting the others by how many of them come twice: 83,790 fillings of six cells.
    const winning = 84n * 83_790n;
    // Nine cells of eight symbols by how many come twice: none is impossible, one to four are not.
    const losing = 1_451_520n + 15_240_960n + 25_401_600n + 6_350_400n;
    for (const [prize, pictures] of [
      [0, winning],
      [7, winning],
      [null, losing],
    ] as const) {
      expect(gridOf(prize, pictures)).toEqual(gridOf(prize, 0n));
      expect(gridOf(prize, 2n * pictures - 1n)).toEqual(gridOf(prize, pictures - 1n));
      // In alphabetical order, each after the one before: no two are alike.
      const step = pictures / 997n;
      for (let draw = 0n; draw + 1n < pictures; draw += step) {
        const [here, next] = [gridOf(prize, draw), gridOf(prize, draw + 1n)];
        expect(here.join("") < next.join("")).toBe(true);
      }
      expect(gridOf(prize, 0n).join("") < gridOf(prize, pictures - 1n).join("")).toBe(true);
    }
  });

  it("comes no nearer to a prize on a losing card than the other symbols do", () => {
    const cards = 4_000;
    const pairs = Array.from({ length: SYMBOLS }, () => 0);
    for (let sample = 0; sample < cards; sample++) {
      for (const [symbol, times] of timesShown(gridOf(null, word(sample))).entries()) {
        if (times === 2) pairs[symbol]!++;
      }
    }
    const mean = pairs.reduce((sum, seen) => sum + seen, 0) / SYMBOLS;
    for (const seen of pairs) expect(Math.abs(seen - mean)).toBeLessThan(4.5 * Math.sqrt(mean));
  });

  it("says the card in words, and refuses a choice", () => {
    const { ticket, prize, multiplierWad, grid } = scratchCard.outcome(1_000_003n, CARD);
    expect({ ticket, prize, multiplierWad }).toEqual({
      ticket: 3,
      prize: 0,
      multiplierWad: 10_000n * WAD,
    });
    expect(grid).toEqual(gridOf(0, 1n));
    expect(scratchCard.outcome(999_999n, CARD).prize).toBeNull();
    expect(scratchCard.describeOutcome(0n, CARD)).toMatch(/^10000 times the stake: (\d+ ){8}\d+$/);
    expect(scratchCard.describeOutcome(999_999n, CARD)).toMatch(/^No prize: /);
    expect(scratchCard.describe(CARD)).toBe("One card");
    expect(scratchCard.decode(scratchCard.encode({}))).toEqual({});
    expect(() => scratchCard.decode("0x01000000000000000000000000000000")).toThrow(IllegalChoice);
  });
});

function timesShown(grid: readonly number[]): number[] {
  return Array.from(
    { length: SYMBOLS },
    (_, symbol) => grid.filter((shown) => shown === symbol).length,
  );
}

function word(sample: number): bigint {
  return BigInt(keccak256(numberToHex(sample, { size: 32 })));
}
