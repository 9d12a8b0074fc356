import { describe, expect, test } from "vitest";
import { offerOf } from "../sdk/audit/offers.ts";
import {
  SHIFTS,
  chiSquareOfRanks,
  chiSquareTail,
  chiSquareUniform,
  logE,
  wager,
} from "../sdk/audit/statistics.ts";
import { judge } from "../sdk/audit/judge.ts";
import { type HouseFacts, newAudit } from "../sdk/audit/state.ts";
import { rankOf, tenthOf } from "../sdk/audit/tally.ts";
import { coinFlip } from "../sdk/games/coin-flip.ts";
import { dice } from "../sdk/games/dice.ts";
import { lnGamma } from "../sdk/games/gamma.ts";
import { roundSeed } from "../sdk/games/types.ts";

const seeds = (count: number) =>
  Array.from({ length: count }, (_, index) => roundSeed(2n ** 255n - 19n, index));

function ranksOf(
  game: typeof dice | typeof coinFlip,
  choice: `0x${string}`,
  draws: bigint[],
): number[] {
  const offer = offerOf(game.id, choice);
  if (typeof offer === "string") throw new Error(offer);
  return draws.map((seed) => rankOf(offer, game.multiplierWad(choice, seed), seed)!);
}

describe("the tail of chi-square", () => {
  // Abramowitz and Stegun, table 26.8: the 5% and 0.1% points.
  test.each([
    [1, 3.84146, 0.05],
    [5, 11.0705, 0.05],
    [10, 18.307, 0.05],
    [30, 43.773, 0.05],
    [1, 10.828, 0.001],
    [10, 29.588, 0.001],
    [100, 149.449, 0.001],
  ])("of %i degrees beyond %f is %f", (degrees, value, tail) => {
    expect(chiSquareTail(value, degrees)).toBeCloseTo(tail, 4);
  });

  test("starts at 1, and ln Γ is right where it is known", () => {
    expect(chiSquareTail(0, 3)).toBe(1);
    expect(lnGamma(5)).toBeCloseTo(Math.log(24), 10);
    expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 10);
  });
});

describe("ranks", () => {
  test("of fair draws are uniform, whatever is bet on", () => {
    const draws = seeds(4_000);
    for (const ranks of [
      ranksOf(coinFlip, coinFlip.encode({ side: "heads" }), draws),
      ranksOf(dice, dice.encode({ target: 1, over: false }), draws),
      ranksOf(dice, dice.encode({ target: 2_500, over: false }), draws),
      ranksOf(dice, dice.encode({ target: 199, over: true }), draws),
    ]) {
      const counts = Array.from({ length: 16 }, () => 0);
      for (const rank of ranks) counts[Math.floor(rank * 16)]!++;
      const { value, degrees } = chiSquareUniform(counts);
      expect(chiSquareTail(value, degrees)).toBeGreaterThan(1e-3);
    }
  });

  test("of draws of which every twentieth win was turned into a loss are not", () => {
    const choice = dice.encode({ target: 5_000, over: false });
    const offer = offerOf(dice.id, choice);
    if (typeof offer === "string") throw new Error(offer);
    let wins = 0;
    const ranks = seeds(40_000).map((seed) => {
      const multiplier = dice.multiplierWad(choice, seed);
      return rankOf(offer, multiplier > 0n && ++wins % 20 === 0 ? 0n : multiplier, seed)!;
    });
    const group = { count: ranks.length, sum: ranks.reduce((sum, rank) => sum + rank, 0) };
    const { value, degrees } = chiSquareOfRanks([group]);
    expect(chiSquareTail(value, degrees)).toBeLessThan(1e-6);
  });

  test("know no multiplier that the choice does not have", () => {
    const offer = offerOf(coinFlip.id, coinFlip.encode({ side: "tails" }));
    if (typeof offer === "string") throw new Error(offer);
    expect(rankOf(offer, 5n, 1n)).toBeUndefined();
  });

  test("of too few bets are not judged", () => {
    expect(chiSquareOfRanks([{ count: 29, sum: 0 }])).toEqual({ value: 0, degrees: 0 });
  });
});

describe("tenths of the players", () => {
  type Spread = Parameters<typeof tenthOf>[0];
  const fresh = (): Spread => ({ turnovers: new Map(), spreads: [] });
  const bet = (spread: Spread, account: string, escrow: bigint, asset = 0) =>
    tenthOf(spread, { account, asset, escrow });

  test("go by what each staked before, from the least to the most", () => {
    const spread = fresh();
    for (let player = 0; player < 100; player++)
      bet(spread, `${player}`, 2n ** BigInt(player % 50));
    const tenths = Array.from({ length: 100 }, (_, player) => bet(spread, `${player}`, 0n));
    expect(new Set(tenths)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    for (let player = 1; player < 50; player++)
      expect(tenths[player]).toBeGreaterThanOrEqual(tenths[player - 1]!);
  });

  test("do not depend on the bet that is being placed", () => {
    const [small, large] = [fresh(), fresh()];
    for (const spread of [small, large])
      for (let player = 0; player < 30; player++)
        bet(spread, `${player}`, 10n ** BigInt(player % 10));
    expect(bet(small, "7", 1n)).toBe(bet(large, "7", 10n ** 15n));
    expect(bet(small, "8", 0n)).toBeGreaterThanOrEqual(bet(large, "8", 0n));
  });

  test("are of each asset's own players, and count each once", () => {
    const spread = fresh();
    for (let bets = 0; bets < 5; bets++) bet(spread, "a", 100n);
    bet(spread, "b", 5n, 1);
    expect(spread.spreads.map((players) => players.reduce((sum, count) => sum + count, 0))).toEqual(
      [1, 1],
    );
  });

  test("show a house that pays its largest players worse, by this test alone", () => {
    const choice = coinFlip.encode({ side: "heads" });
    const offer = offerOf(coinFlip.id, choice);
    if (typeof offer === "string") throw new Error(offer);
    const audit = newAudit({ deployment: { assets: [] } } as unknown as HouseFacts);
    const { statistics, book } = audit;
    for (const [index, seed] of seeds(20_000).entries()) {
      const account = `${index % 100}`;
      const tenth = tenthOf(statistics, {
        account,
        asset: 0,
        escrow: BigInt(1 + (index % 100) ** 3),
      });
      const multiplier = coinFlip.multiplierWad(choice, seed);
      const rank = rankOf(offer, tenth === 9 && index % 7 === 0 ? 0n : multiplier, seed)!;
      for (const group of [statistics.players[tenth]!, statistics.hours[index % 24]!]) {
        group.count++;
        group.sum += rank;
      }
    }
    judge(audit);
    expect(book["statistics.players"].failed).toBe(1);
    expect(book["statistics.hours"].failed).toBe(0);
  });
});

describe("the e-value", () => {
  const play = (won: (seed: bigint) => boolean, count: number) => {
    const logs: number[] = [];
    for (const seed of seeds(count))
      wager(logs, { payout: won(seed) ? 1.98 : 0, mean: 0.99, variance: 0.9801, most: 1.98 });
    return logE(logs);
  };

  test("stays small for a fair coin, however long it is watched", () => {
    expect(
      Math.max(...[100, 1_000, 10_000].map((count) => play((seed) => seed % 2n === 0n, count))),
    ).toBeLessThan(2);
  });

  test("explodes for a coin that wins 46 times in a hundred, or 54", () => {
    expect(play((seed) => seed % 100n < 46n, 10_000)).toBeGreaterThan(6);
    expect(play((seed) => seed % 100n < 54n, 10_000)).toBeGreaterThan(6);
  });

  test("expects 1 of the next bet: each gambler's stake is fair at the exact odds", () => {
    const [win, loss]: [number[], number[]] = [[], []];
    wager(win, { payout: 1.98, mean: 0.99, variance: 0.9801, most: 1.98 });
    wager(loss, { payout: 0, mean: 0.99, variance: 0.9801, most: 1.98 });
    for (const index of SHIFTS.keys())
      expect((Math.exp(win[index]!) + Math.exp(loss[index]!)) / 2).toBeCloseTo(1, 12);
  });
});
