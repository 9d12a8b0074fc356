import { readFileSync } from "node:fs";
import fc from "fast-check";
import { network } from "hardhat";
import type { Address, Hex, PublicClient } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import { gameAbi } from "../sdk/abis.ts";
import { decodeError } from "../sdk/errors.ts";
import { coinFlip } from "../sdk/games/coin-flip.ts";
import { dice } from "../sdk/games/dice.ts";
import { type AnyGame, gameById, gameByKey, games } from "../sdk/games/index.ts";
import { IllegalChoice, WAD } from "../sdk/games/types.ts";

const ROUNDS = 400;
const BATCH = 25;
const MAX_STAKE = 2n ** 40n - 1n;

type Vectors = {
  legal: Record<
    "choice" | "stake" | "seed" | "payout" | "maxMultiplierWad" | "rtpWad" | "varianceWad",
    string[]
  >;
  illegal: { choice: string[] };
};

const contracts = { "coin-flip": "CoinFlip", dice: "Dice" } as const;
const rules: Record<string, Address> = {};
let chain: PublicClient;

beforeAll(async () => {
  const { viem } = await network.create();
  chain = await viem.getPublicClient();
  for (const [key, contract] of Object.entries(contracts))
    rules[key] = (await viem.deployContract(contract)).address;
});

describe("the registry", () => {
  it("finds each game by its number and by its key", () => {
    for (const game of Object.values(games)) {
      expect(gameById(game.id)).toBe(game);
      expect(gameByKey(game.key)).toBe(game);
    }
    expect(() => gameById(9)).toThrow("No game is known as 9");
    expect(() => gameByKey("poker")).toThrow("No game is known as poker");
  });
});

describe.each(Object.values(games))("$name", (game: AnyGame) => {
  const { legal, illegal } = vectorsOf(game.key);

  it("pays and prices the hand-computed rows", () => {
    for (const [row, choice] of legal.choice.entries()) {
      const [stake, seed] = [BigInt(legal.stake[row]!), BigInt(legal.seed[row]!)];
      expect(game.payout({ stake, choice: choice as Hex, seed })).toBe(BigInt(legal.payout[row]!));
      expect(game.odds(choice as Hex)).toEqual({
        maxMultiplierWad: BigInt(legal.maxMultiplierWad[row]!),
        rtpWad: BigInt(legal.rtpWad[row]!),
        varianceWad: BigInt(legal.varianceWad[row]!),
      });
    }
  });

  it("refuses the illegal rows, as the contract does", async () => {
    for (const choice of illegal.choice as Hex[]) {
      const ours = both(game, { stake: 1n, choice, seed: 0n });
      expect(ours).toBe("IllegalChoice");
      expect(await bothOnChain(game, { stake: 1n, choice, seed: 0n })).toBe(ours);
    }
  });

  it("agrees with the contract on any stake, choice and seed", async () => {
    let legalChoices = 0;
    const batches = fc.sample(
      fc.array(betOf(game), { minLength: BATCH, maxLength: BATCH }),
      ROUNDS / BATCH,
    );
    for (const bets of batches) {
      const theirs = await Promise.all(bets.map((bet) => bothOnChain(game, bet)));
      for (const [index, bet] of bets.entries()) {
        const ours = both(game, bet);
        expect(
          ours,
          JSON.stringify(bet, (_, value) => (typeof value === "bigint" ? `${value}` : value)),
        ).toEqual(theirs[index]);
        if (ours !== "IllegalChoice") legalChoices++;
      }
    }
    // Neither kind of choice may fall out of the sample.
    expect(legalChoices).toBeGreaterThan(ROUNDS / 10);
    expect(legalChoices).toBeLessThan(ROUNDS);
  });
});

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
    expect(dice.describeOutcome(10_005n)).toBe("0.05");
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
    expect(coinFlip.describeOutcome(3n)).toBe("Tails");
    expect(coinFlip.describe(coinFlip.encode({ side: "heads" }))).toBe("Heads");
  });
});

type Wager = { stake: bigint; choice: Hex; seed: bigint };

function both(game: AnyGame, wager: Wager) {
  try {
    return { odds: game.odds(wager.choice), payout: game.payout(wager) };
  } catch (error) {
    if (error instanceof IllegalChoice) return error.name;
    throw error;
  }
}

async function bothOnChain(game: AnyGame, { stake, choice, seed }: Wager) {
  const contract = { abi: gameAbi, address: rules[game.key]! } as const;
  const [odds, payout] = await Promise.allSettled([
    chain.readContract({ ...contract, functionName: "odds", args: [choice] }),
    chain.readContract({ ...contract, functionName: "payout", args: [stake, choice, seed] }),
  ]);
  if (odds.status === "fulfilled" && payout.status === "fulfilled") {
    const [maxMultiplierWad, rtpWad, varianceWad] = odds.value;
    return { odds: { maxMultiplierWad, rtpWad, varianceWad }, payout: payout.value };
  }
  const names = [odds, payout].map((call) =>
    call.status === "rejected" ? decodeError(call.reason)?.name : "passed",
  );
  return names[0] === names[1] ? names[0] : names;
}

/** Any bytes, and often some near a legal choice; seeds often at the edges of the winning rolls. */
function betOf(game: AnyGame): fc.Arbitrary<Wager> {
  const bytes = fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map((array): Hex => `0x${Buffer.from(array).toString("hex")}`);
  const lead = fc.tuple(fc.integer({ min: 0, max: 10_100 }), fc.integer({ min: 0, max: 2 }));
  const near = lead.map(([target, side]) =>
    pad(game.key === "dice" ? hex(target, 4) + hex(side, 2) : hex(side, 2)),
  );
  return fc
    .record({
      stake: fc.bigInt({ min: 0n, max: MAX_STAKE }),
      choice: fc.oneof({ weight: 4, arbitrary: near }, { weight: 1, arbitrary: bytes }),
      far: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      edge: fc.option(fc.bigInt({ min: -1n, max: 1n })),
    })
    .map(({ stake, choice, far, edge }) => {
      const target = BigInt(choice.slice(0, 6));
      return {
        stake,
        choice,
        seed: edge === null ? far : (far % 10n ** 60n) * 10_000n + target + edge + 10_000n,
      };
    });
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function pad(lead: string): Hex {
  return `0x${lead.padEnd(32, "0")}`;
}

function vectorsOf(key: string): Vectors {
  return JSON.parse(
    readFileSync(new URL(`./vectors/${key}.json`, import.meta.url), "utf8"),
  ) as Vectors;
}
