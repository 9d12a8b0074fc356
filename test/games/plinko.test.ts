import { network } from "hardhat";
import { concat, keccak256, numberToHex, parseAbi } from "viem";
import { describe, expect, it } from "vitest";
import { type PlinkoRisk, plinkoRisks, plinkoTables } from "../../sdk/games/plinko-tables.ts";
import { plinko, plinkoBuckets } from "../../sdk/games/plinko.ts";
import { IllegalChoice, WAD, oddsOf } from "../../sdk/games/types.ts";

const BOARDS = Array.from({ length: 9 }, (_, index) => 8 + index).flatMap((rows) =>
  plinkoRisks.map((risk) => ({ rows, risk })),
);

describe("plinko, by enumeration", () => {
  it.each(BOARDS)("counts every path of $rows rows at $risk risk", (board) => {
    const choice = plinko.encode(board);
    const paths = new Map<bigint, bigint>();
    const buckets = plinkoBuckets(choice);
    for (let path = 0; path < 2 ** board.rows; path++) {
      const bucket = ones(path);
      const multiplier = (BigInt(buckets[bucket]!) * WAD) / 100n;
      paths.set(multiplier, (paths.get(multiplier) ?? 0n) + 1n);
    }
    // Every path of a short board, a spread of a long one.
    for (let path = 0; path < 2 ** board.rows; path += board.rows > 10 ? 61 : 1) {
      const hundredths = BigInt(buckets[ones(path)]!);
      expect(plinko.multiplierWad(choice, BigInt(path))).toBe((hundredths * WAD) / 100n);
    }
    const counted = [...paths].map(([multiplierWad, weight]) => ({
      label: "",
      weight,
      multiplierWad,
    }));
    const distribution = plinko.distribution(choice);
    expect(new Map(distribution.map((one) => [one.multiplierWad, one.weight]))).toEqual(paths);
    expect(distribution).toHaveLength(paths.size);
    expect(plinko.odds(choice)).toEqual(oddsOf(counted));
  });

  it.each(BOARDS)("returns 98.5% to 99% on $rows rows at $risk risk", (board) => {
    const { rtpWad, maxMultiplierWad } = plinko.odds(plinko.encode(board));
    expect(rtpWad).toBeGreaterThanOrEqual((WAD * 985n) / 1000n);
    expect(rtpWad).toBeLessThanOrEqual((WAD * 99n) / 100n);
    const half = plinkoTables[board.rows]![board.risk];
    expect(half).toHaveLength(Math.floor(board.rows / 2) + 1);
    expect(maxMultiplierWad).toBe((BigInt(half[0]!) * WAD) / 100n);
    // The further out, the more.
    expect(half).toEqual([...new Set(half)].toSorted((one, other) => other - one));
  });

  it("raises the variance with the risk, and the top award with the rows too", () => {
    for (let rows = 8; rows <= 16; rows++) {
      const [low, medium, high] = plinkoRisks.map((risk) => oddsFor(rows, risk).varianceWad);
      expect(low).toBeLessThan(medium!);
      expect(medium).toBeLessThan(high!);
    }
    for (const risk of plinkoRisks) {
      for (let rows = 9; rows <= 16; rows++) {
        const [fewer, more] = [oddsFor(rows - 1, risk), oddsFor(rows, risk)];
        expect(more.maxMultiplierWad).toBeGreaterThan(fewer.maxMultiplierWad);
      }
    }
  });

  it("is created with the tables that it tells an auditor", async () => {
    const { viem } = await network.create();
    const chain = await viem.getPublicClient();
    const { address } = await viem.deployContract(plinko.contract.name, [...plinko.contract.args]);
    const abi = parseAbi([
      "function table(bytes16) view returns (uint256[])",
      "function tableHash() view returns (bytes32)",
    ]);
    for (const choice of plinko.choices()) {
      const table = await chain.readContract({
        abi,
        address,
        functionName: "table",
        args: [choice],
      });
      expect(table.map(Number)).toEqual(plinkoBuckets(choice));
    }
    const words = plinko.contract.args[0] as readonly bigint[];
    const hash = keccak256(concat(words.map((word) => numberToHex(word, { size: 32 }))));
    expect(await chain.readContract({ abi, address, functionName: "tableHash" })).toBe(hash);
  });

  it("decodes what it encodes, and says it in words", () => {
    for (const board of BOARDS) expect(plinko.decode(plinko.encode(board))).toEqual(board);
    const choice = plinko.encode({ rows: 16, risk: "high" });
    expect(plinko.describe(choice)).toBe("16 rows, high risk");
    expect(plinko.describeOutcome(2n ** 200n, choice)).toBe("Bucket 0, 1000.00×");
    expect(plinko.outcome(0b101n, plinko.encode({ rows: 8, risk: "low" }))).toEqual({
      path: [true, false, true, false, false, false, false, false],
      bucket: 2,
    });
    for (const rows of [7, 17, 8.5, Number.NaN]) {
      expect(() => plinko.encode({ rows, risk: "low" })).toThrow(IllegalChoice);
    }
    expect(() => plinko.encode({ rows: 8, risk: "none" as "low" })).toThrow(IllegalChoice);
  });

  function oddsFor(rows: number, risk: PlinkoRisk) {
    return plinko.odds(plinko.encode({ rows, risk }));
  }

  function ones(path: number): number {
    return [...path.toString(2)].filter((digit) => digit === "1").length;
  }
});
