import { network } from "hardhat";
import { concat, keccak256, numberToHex, parseAbi } from "viem";
import { describe, expect, it } from "vitest";
import { IllegalChoice, WAD, oddsOf } from "../../sdk/games/types.ts";
import { wheelRisks, wheelTables } from "../../sdk/games/wheel-tables.ts";
import { wheel, wheelSegments } from "../../sdk/games/wheel.ts";

const WHEELS = [10, 20, 30, 40, 50].flatMap((segments) =>
  wheelRisks.map((risk) => ({ segments, risk })),
);

describe("wheel, by enumeration", () => {
  it.each(WHEELS)("pays every one of $segments segments at $risk risk", ({ segments, risk }) => {
    const choice = wheel.encode({ segments, risk });
    const table = wheelTables[segments]![risk];
    expect(table).toHaveLength(segments);
    const spins = table.map((hundredths, segment) => {
      const seed = BigInt(segment + 1_000 * segments);
      expect(wheel.outcome(seed, choice)).toEqual({ segment });
      const multiplierWad = wheel.multiplierWad(choice, seed);
      expect(multiplierWad).toBe((BigInt(hundredths) * WAD) / 100n);
      return { label: "", weight: 1n, multiplierWad };
    });
    expect(wheel.odds(choice)).toEqual(oddsOf(spins));
    const distribution = wheel.distribution(choice);
    const segmentsListed = distribution.reduce((sum, { weight }) => sum + weight, 0n);
    expect(segmentsListed).toBe(BigInt(segments));
    for (const { multiplierWad, weight } of distribution) {
      expect(spins.filter((spin) => spin.multiplierWad === multiplierWad)).toHaveLength(
        Number(weight),
      );
    }
  });

  it.each(WHEELS)("returns 97% to 99% on $segments segments at $risk risk", (choice) => {
    const { rtpWad } = wheel.odds(wheel.encode(choice));
    expect(rtpWad).toBeGreaterThanOrEqual((WAD * 97n) / 100n);
    expect(rtpWad).toBeLessThanOrEqual((WAD * 99n) / 100n);
    // More than one prize, and something to lose.
    const prizes = wheel.distribution(wheel.encode(choice)).map(({ label }) => label);
    expect(prizes.length).toBeGreaterThanOrEqual(3);
    expect(prizes.at(-1)).toBe("0.00×");
  });

  it("raises the variance with the risk and with the segments", () => {
    for (const segments of [10, 20, 30, 40, 50]) {
      const [low, medium, high] = wheelRisks.map((risk) => variance(segments, risk));
      expect(low).toBeLessThan(medium!);
      expect(medium).toBeLessThan(high!);
    }
    for (const risk of wheelRisks) {
      for (const segments of [20, 30, 40, 50]) {
        expect(variance(segments, risk)).toBeGreaterThan(variance(segments - 10, risk));
      }
    }
  });

  it("is created with the tables that it tells an auditor", async () => {
    const { viem } = await network.create();
    const chain = await viem.getPublicClient();
    const { address } = await viem.deployContract(wheel.contract.name, [...wheel.contract.args]);
    const abi = parseAbi([
      "function table(bytes16) view returns (uint256[])",
      "function tableHash() view returns (bytes32)",
    ]);
    for (const choice of wheel.choices()) {
      const table = await chain.readContract({
        abi,
        address,
        functionName: "table",
        args: [choice],
      });
      expect(table.map(Number)).toEqual(wheelSegments(choice));
    }
    const words = wheel.contract.args[0] as readonly bigint[];
    const hash = keccak256(concat(words.map((word) => numberToHex(word, { size: 32 }))));
    expect(await chain.readContract({ abi, address, functionName: "tableHash" })).toBe(hash);
  });

  it("decodes what it encodes, and says it in words", () => {
    for (const choice of WHEELS) expect(wheel.decode(wheel.encode(choice))).toEqual(choice);
    const choice = wheel.encode({ segments: 50, risk: "high" });
    expect(wheel.describe(choice)).toBe("50 segments, high risk");
    expect(wheel.describeOutcome(100n, choice)).toBe("30.00×");
    for (const segments of [0, 5, 15, 60, Number.NaN]) {
      expect(() => wheel.encode({ segments, risk: "low" })).toThrow(IllegalChoice);
    }
    expect(() => wheel.encode({ segments: 10, risk: "none" as "low" })).toThrow(IllegalChoice);
  });

  function variance(segments: number, risk: (typeof wheelRisks)[number]): bigint {
    return wheel.odds(wheel.encode({ segments, risk })).varianceWad;
  }
});
