import { readFileSync } from "node:fs";
import fc from "fast-check";
import { network } from "hardhat";
import type { Address, Hex, PublicClient } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import { gameAbi } from "../sdk/abis.ts";
import { decodeError } from "../sdk/errors.ts";
import { type AnyGame, gameById, gameByKey, games } from "../sdk/games/index.ts";
import { IllegalChoice, type Series, type Wager, oddsOf } from "../sdk/games/types.ts";

const ROUNDS = 200;
const BATCH = 25;
const MAX_STAKE = 2n ** 40n - 1n;

type Vectors = {
  legal: Record<
    "choice" | "stake" | "seed" | "payout" | "maxMultiplierWad" | "rtpWad" | "varianceWad",
    string[]
  >;
  illegal: { choice: string[] };
};

const rules: Record<string, Address> = {};
let chain: PublicClient;

beforeAll(async () => {
  const { viem } = await network.create();
  chain = await viem.getPublicClient();
  for (const { key, contract } of Object.values(games))
    rules[key] = (await viem.deployContract(contract.name, [...contract.args])).address;
});

describe("the registry", () => {
  it("finds each game by its number and by its key", () => {
    for (const game of Object.values(games)) {
      expect(gameById(game.id)).toBe(game);
      expect(gameByKey(game.key)).toBe(game);
    }
    expect(() => gameById(99)).toThrow("No game is known as 99");
    expect(() => gameByKey("poker")).toThrow("No game is known as poker");
  });
});

describe.each(Object.values(games))("$name", (game: AnyGame) => {
  const { legal, illegal } = vectorsOf(game.key);

  it("pays and prices the hand-computed rows, and so does the contract", async () => {
    expect(legal.choice.length).toBeGreaterThan(0);
    for (const [row, choice] of (legal.choice as Hex[]).entries()) {
      const wager = { stake: BigInt(legal.stake[row]!), choice, seed: BigInt(legal.seed[row]!) };
      const expected = {
        payout: BigInt(legal.payout[row]!),
        odds: {
          maxMultiplierWad: BigInt(legal.maxMultiplierWad[row]!),
          rtpWad: BigInt(legal.rtpWad[row]!),
          varianceWad: BigInt(legal.varianceWad[row]!),
        },
      };
      expect({ payout: game.payout(wager), odds: game.odds(choice) }).toEqual(expected);
      expect(await bothOnChain(game, { ...ONE_ROUND, ...wager })).toMatchObject(expected);
    }
  });

  it("refuses the illegal rows, as the contract does", async () => {
    expect(illegal.choice.length).toBeGreaterThan(0);
    for (const choice of illegal.choice as Hex[]) {
      const ours = both(game, { ...ONE_ROUND, stake: 1n, choice, seed: 0n });
      expect(ours).toBe("IllegalChoice");
      expect(await bothOnChain(game, { ...ONE_ROUND, stake: 1n, choice, seed: 0n })).toBe(ours);
    }
  });

  it("has the odds of its distribution, for every kind of choice", () => {
    for (const choice of game.choices()) {
      const { maxMultiplierWad, rtpWad, varianceWad } = game.odds(choice);
      const exact = oddsOf(game.distribution(choice));
      expect({ choice, maxMultiplierWad, rtpWad }).toEqual({
        choice,
        maxMultiplierWad: exact.maxMultiplierWad,
        rtpWad: exact.rtpWad,
      });
      expect(varianceWad).toBeGreaterThanOrEqual(exact.varianceWad);
    }
  });

  it("agrees with the contract on any stake, choice, seed and series of rounds", async () => {
    let legalChoices = 0;
    const batches = fc.sample(
      fc.array(seriesOf(game), { minLength: BATCH, maxLength: BATCH }),
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

const ONE_ROUND = { rounds: 1, stopGain: 0n, stopLoss: 0n };

function both(game: AnyGame, series: Series) {
  try {
    return {
      odds: game.odds(series.choice),
      payout: game.payout(series),
      payouts: game.payouts(series),
    };
  } catch (error) {
    if (error instanceof IllegalChoice) return error.name;
    throw error;
  }
}

async function bothOnChain(game: AnyGame, series: Series) {
  const contract = { abi: gameAbi, address: rules[game.key]! } as const;
  const { stake, choice, seed, rounds, stopGain, stopLoss } = series;
  const calls = await Promise.allSettled([
    chain.readContract({ ...contract, functionName: "odds", args: [choice] }),
    chain.readContract({ ...contract, functionName: "payout", args: [stake, choice, seed] }),
    chain.readContract({
      ...contract,
      functionName: "payouts",
      args: [stake, choice, seed, BigInt(rounds), stopGain, stopLoss],
    }),
  ]);
  const [odds, payout, payouts] = calls;
  if (
    odds.status === "fulfilled" &&
    payout.status === "fulfilled" &&
    payouts.status === "fulfilled"
  ) {
    const [maxMultiplierWad, rtpWad, varianceWad] = odds.value;
    const [paid, played] = payouts.value;
    return {
      odds: { maxMultiplierWad, rtpWad, varianceWad },
      payout: payout.value,
      payouts: { paid, played: Number(played) },
    };
  }
  const names = calls.map((call) =>
    call.status === "rejected" ? (decodeError(call.reason)?.name ?? call.reason) : "passed",
  );
  return names.every((name) => name === names[0]) ? names[0] : names;
}

/** Legal choices, such with a byte or two changed, and any bytes; small seeds and far ones; short series. */
function seriesOf(game: AnyGame): fc.Arbitrary<Series> {
  const legal = fc.constantFrom(...game.choices());
  const near = fc
    .tuple(legal, fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 255 }))
    .map(([choice, index, byte]) => withByte(choice, index, byte));
  const anyBytes = fc
    .uint8Array({ minLength: 16, maxLength: 16 })
    .map((array): Hex => `0x${Buffer.from(array).toString("hex")}`);
  const wager: fc.Arbitrary<Wager> = fc.record({
    stake: fc.bigInt({ min: 0n, max: MAX_STAKE }),
    choice: fc.oneof(
      { weight: 3, arbitrary: legal },
      { weight: 3, arbitrary: near },
      { weight: 1, arbitrary: anyBytes },
    ),
    seed: fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      fc.bigInt({ min: 0n, max: 20_000n }),
    ),
  });
  const stop = fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: MAX_STAKE * 4n }));
  return fc
    .tuple(wager, fc.integer({ min: 1, max: 12 }), stop, stop)
    .map(([bet, rounds, stopGain, stopLoss]) => ({ ...bet, rounds, stopGain, stopLoss }));
}

function withByte(choice: Hex, index: number, byte: number): Hex {
  const at = 2 + index * 2;
  return `0x${choice.slice(2, at)}${byte.toString(16).padStart(2, "0")}${choice.slice(at + 2)}`;
}

function vectorsOf(key: string): Vectors {
  return JSON.parse(
    readFileSync(new URL(`./vectors/${key}.json`, import.meta.url), "utf8"),
  ) as Vectors;
}
