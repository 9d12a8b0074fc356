import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { network } from "hardhat";
import type { PublicClient } from "viem";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { register } from "../scripts/design.ts";
import { gameAbi } from "../sdk/abis.ts";
import { chancesOf, correlated, hitChance, slotDistribution } from "../sdk/games/design-reels.ts";
import { argsOf, machineOf } from "../sdk/games/design-slots.ts";
import { type DesignKind, KINDS } from "../sdk/games/design-tables.ts";
import {
  DEFAULTS,
  type Design,
  DesignRefused,
  type Targets,
  broken,
  design,
  illustrate,
  misses,
  numberOf,
} from "../sdk/games/design.ts";
import { Stream } from "../sdk/games/design-walk.ts";
import { compare, decimal, fraction, parOf, parseFraction, rootDecimal } from "../sdk/games/par.ts";
import { type OutcomeClass, WAD, oddsOf, roundSeed } from "../sdk/games/types.ts";

type Wanted = Partial<
  Record<"rtp" | "hit" | "volatility" | "maxWin" | "leastWin" | "floor" | "ldw" | "topOdds", string>
>;

function targetsOf(wanted: Wanted): Targets {
  return {
    ...DEFAULTS,
    ...Object.fromEntries(
      Object.entries(wanted).map(([name, value]) => [name, parseFraction(value)]),
    ),
  };
}

/** Targets that each kind can meet. */
const MET: readonly [DesignKind, Wanted][] = [
  ["wheel", { hit: "0.25", volatility: "2" }],
  ["wheel", { rtp: "0.96", hit: "0.5", volatility: "1.5", maxWin: "6" }],
  ["wheel", { hit: "0.8", volatility: "0.9", ldw: "0.4" }],
  ["plinko", { volatility: "3" }],
  ["plinko", { rtp: "0.985", volatility: "1", ldw: "0.6" }],
  ["keno", { volatility: "20" }],
  ["keno", { rtp: "0.95", volatility: "12", topOdds: "1e5", maxWin: "2000" }],
  ["scratch", { hit: "0.25", volatility: "8" }],
  ["scratch", { hit: "0.25", volatility: "8", maxWin: "150" }],
  ["scratch", { hit: "0.3", volatility: "40", topOdds: "1e4" }],
  ["scratch", { hit: "0.9", volatility: "3", ldw: "0.3" }],
  ["slots", { hit: "0.25", volatility: "8", maxWin: "1000" }],
  ["slots", { rtp: "0.95", hit: "0.2", volatility: "4", topOdds: "20000" }],
];

describe("the designer", () => {
  let chain: PublicClient;
  let deploy: (contract: Design["contract"]) => Promise<`0x${string}`>;
  beforeAll(async () => {
    const { viem } = await network.create();
    chain = await viem.getPublicClient();
    deploy = async ({ name, args }) => (await viem.deployContract(name, [...args])).address;
  });

  it.each(MET)("meets for %s %j, exactly and as its contract counts it", async (kind, wanted) => {
    const targets = targetsOf(wanted);
    const found = design(kind, targets);

    // By plain integers, without the sheet: RTP, hit frequency and variance within their tolerance.
    let [space, first, second, hits, low] = [0n, 0n, 0n, 0n, 0n];
    for (const { weight, multiplierWad } of found.distribution) {
      space += weight;
      first += weight * multiplierWad;
      second += weight * multiplierWad ** 2n;
      if (multiplierWad > 0n) hits += weight;
      if (multiplierWad > 0n && multiplierWad < WAD) low += weight;
    }
    const mean = Number(first) / Number(space * WAD);
    const sigma = Math.sqrt(Number(second) / Number(space) / 1e36 - mean * mean);
    expect(Math.abs(mean - Number(wanted.rtp ?? 0.97))).toBeLessThan(0.00101);
    expect(
      Math.abs(Number(hits) / Number(space) - Number(wanted.hit ?? Number(hits) / Number(space))),
    ).toBeLessThan(0.00101);
    expect(Math.abs(sigma / Number(wanted.volatility) - 1)).toBeLessThan(0.00101);
    expect(Number(low) / Number(space)).toBeLessThanOrEqual(Number(wanted.ldw ?? 0));

    const best = found.distribution[0]!;
    expect(best.multiplierWad).toBeLessThanOrEqual(
      BigInt(Math.round(Number(wanted.maxWin ?? 1e9) * 1e6)) * 10n ** 12n,
    );
    expect(Number(space) / Number(best.weight)).toBeLessThanOrEqual(Number(wanted.topOdds ?? 1e12));

    const rules = await deploy(found.contract);
    const onChain = await chain.readContract({
      address: rules,
      abi: gameAbi,
      functionName: "odds",
      args: [found.choice],
    });
    const { maxMultiplierWad, rtpWad, varianceWad } = oddsOf(found.distribution);
    expect(onChain).toEqual([maxMultiplierWad, rtpWad, varianceWad]);
  });

  it.each(["wheel", "plinko", "keno"] as const)("changes one table of %s alone", (kind) => {
    const { game, contract } = design(kind, targetsOf({}));
    const ours = contract.args[0] as readonly bigint[];
    const theirs = game.contract.args[0] as readonly bigint[];
    expect(ours).toHaveLength(theirs.length);
    expect(ours.filter((word, at) => word !== theirs[at])).toHaveLength(1);
  });

  it("replaces the table that it is told to", () => {
    const game = KINDS.plinko.games[0]!;
    const choice = game.choices().at(-1)!;
    const found = design("plinko", targetsOf({ volatility: "5" }), { game, choice });
    expect(found.choice).toBe(choice);
    expect(found.inService).toEqual(parOf(game.distribution(choice)));
  });

  it("finds the same for the same seed", () => {
    const targets = targetsOf({ hit: "0.3", volatility: "6" });
    expect(design("scratch", targets).contract).toEqual(design("scratch", targets).contract);
  });

  it.each<[DesignKind, Wanted, string, RegExp]>([
    ["scratch", { hit: "0.9" }, "hit", /largest that can is 0\.8818/],
    ["wheel", { hit: "0.9" }, "hit", /returns at least 0\.9889/],
    ["scratch", { hit: "0.3", volatility: "1" }, "volatility", /less than any table can have/],
    ["wheel", { hit: "0.25", volatility: "8" }, "format", /no award rarer than 1 in 50/],
    ["scratch", { hit: "0.3", volatility: "100", maxWin: "50" }, "max-win", /at most 5\.6775/],
    [
      "scratch",
      { hit: "0.3", volatility: "40", topOdds: "500" },
      "top-odds",
      /no award rarer than 1 in 500/,
    ],
    ["keno", { rtp: "0.8" }, "floor", /under the profile's floor of 0\.85/],
    ["plinko", { rtp: "1", volatility: "2" }, "rtp", /no RTP above 0\.9999/],
    ["plinko", { hit: "0.25", volatility: "8" }, "hit", /No table of this game was found/],
  ])(
    "refuses for %s %j, naming %s, with the nearest that can",
    (kind, wanted, binding, message) => {
      const refused = refusalOf(kind, wanted);
      expect(refused.binding).toBe(binding);
      expect(refused.message).toMatch(message);

      // What it offers keeps every constraint but the one that binds, and can be asked for.
      const nearest = refused.nearest!;
      expect(broken(nearest.par, targetsOf({ ...wanted, rtp: "0.9" }))).toEqual([]);
      const again = design(
        kind,
        targetsOf({
          ...wanted,
          rtp: decimal(nearest.par.rtp, 5, "down"),
          ...(wanted.hit && { hit: decimal(nearest.par.hitFrequency, 5, "down") }),
          ...(wanted.volatility && { volatility: rootDecimal(nearest.par.variance, 4, "down") }),
        }),
      );
      expect(again.par.space).toBeGreaterThan(0n);
    },
  );

  it("names the constraint that nothing it found keeps", () => {
    const targets = { ...targetsOf({ hit: "0.25", volatility: "8" }), leastStake: 10n };
    const refused = refusalOf("scratch", {}, targets);
    expect(refused.binding).toBe("least-stake");
    expect(refused.nearest!.par.leastStake).toBeGreaterThan(10n);
  });

  it("refuses what is no target", () => {
    const wrong: Wanted[] = [{ rtp: "0" }, { hit: "1.1" }, { ldw: "2" }, { leastWin: "0.5" }];
    for (const wanted of wrong) {
      expect(() => design("scratch", targetsOf(wanted)), JSON.stringify(wanted)).toThrow(
        RangeError,
      );
    }
  });

  function refusalOf(kind: DesignKind, wanted: Wanted, targets = targetsOf(wanted)): DesignRefused {
    try {
      design(kind, targets);
    } catch (error) {
      if (error instanceof DesignRefused) return error;
      throw error;
    }
    throw new Error("It was not refused");
  }
});

describe.each([...KINDS.slots.games])("the reels of $key", (game) => {
  const machine = machineOf(game);
  const service = game.distribution(game.choices()[0]!);

  it("are counted as its twin counts them, and written as its contract reads them", () => {
    const weights = (classes: readonly OutcomeClass[]) =>
      classes.map(({ weight, multiplierWad }) => [multiplierWad, weight]);
    expect(weights(slotDistribution(machine))).toEqual(weights(service));
    expect(argsOf(machine)).toEqual(game.contract.args);
  });

  it("have the hit frequency, RTP and second moment of the whole distribution", () => {
    const par = parOf(service);
    const shortest = machine.pays.map((runs) => runs.findIndex((pays) => pays > 0) >>> 0);
    expect(hitChance(machine, shortest)).toBeCloseTo(numberOf(par.hitFrequency), 12);

    const entries = machine.pays.flatMap((runs, symbol) =>
      runs.map((_, run) => ({ symbol, run })).filter(({ run }) => run >= 2),
    );
    const lines = machine.lines.length;
    const stakes = entries.map(
      ({ symbol, run }) => machine.pays[symbol]![run]! / (symbol === 1 ? 1 : lines),
    );
    const mean = entries.reduce(
      (sum, { symbol, run }, at) =>
        sum + stakes[at]! * chancesOf(machine, symbol)[run]! * (symbol === 1 ? 1 : lines),
      0,
    );
    const square = correlated(machine, entries).reduce(
      (sum, row, a) =>
        row.reduce((part, chance, b) => part + chance * stakes[a]! * stakes[b]!, sum),
      0,
    );
    expect(mean).toBeCloseTo(numberOf(par.rtp), 12);
    expect((square - mean * mean) / numberOf(par.variance)).toBeCloseTo(1, 12);
  });

  it("are designed anew where it is named", () => {
    const found = design("slots", targetsOf({ hit: "0.2", volatility: "6" }), {
      game,
      choice: game.choices()[0]!,
    });
    expect(found.game).toBe(game);
    expect(misses(found.par, targetsOf({ hit: "0.2", volatility: "6" }))).toHaveLength(3);
  });
});

describe("what decides", () => {
  const coin = parOf([
    { label: "win", weight: 1n, multiplierWad: (WAD * 198n) / 100n },
    { label: "loss", weight: 1n, multiplierWad: 0n },
  ]);
  const missed = (wanted: Wanted) =>
    misses(coin, targetsOf(wanted))
      .filter(({ miss }) => compare(miss, fraction(1n, 1n)) > 0n)
      .map(({ target }) => target);

  it("is exact at the edge of the tolerance", () => {
    expect(missed({ rtp: "0.989", hit: "0.501", volatility: "0.99" })).toEqual([]);
    expect(missed({ rtp: "0.9889999", hit: "0.5010001", volatility: "0.992" })).toEqual([
      "rtp",
      "hit",
      "volatility",
    ]);
    // 0.99 lies within 1 part in 1,000 of these two, and of nothing further out.
    expect(missed({ rtp: "0.99", volatility: "0.990990990990990990" })).toEqual([]);
    expect(missed({ rtp: "0.99", volatility: "0.990990990990990992" })).toEqual(["volatility"]);
  });

  it("names each constraint that a table breaks", () => {
    const targets = targetsOf({ floor: "0.9899999", maxWin: "1.97", topOdds: "1.9" });
    expect(broken(coin, { ...targets, leastStake: 4_851n })).toEqual([
      "floor",
      "max-win",
      "top-odds",
      "least-stake",
    ]);
    expect(broken(coin, { ...targetsOf({ floor: "0.9899" }), leastStake: 4_852n })).toEqual([]);
    const half = parOf([
      { label: "half", weight: 1n, multiplierWad: WAD / 2n },
      { label: "win", weight: 1n, multiplierWad: (WAD * 14n) / 10n },
    ]);
    expect(broken(half, targetsOf({ ldw: "0.4" }))).toEqual(["ldw"]);
    expect(broken(half, targetsOf({ ldw: "0.5" }))).toEqual([]);
  });
});

describe("the illustration", () => {
  it("draws from the keccak stream that it names", () => {
    const stream = new Stream(7n);
    expect([stream.next(), stream.next()]).toEqual([roundSeed(7n, 0), roundSeed(7n, 1)]);
  });

  it("is the same for the same seed, and near what is exact", () => {
    const found = design("scratch", targetsOf({ hit: "0.3", volatility: "3" }));
    const [one, two] = [1, 1].map(() => illustrate(found, { rounds: 20_000, seed: 3n }));
    expect(one).toEqual(two);
    expect(Math.abs(one!.rtp - 0.97)).toBeLessThan(2 * one!.expectedHalfWidth);
    expect(Math.abs(one!.hit - 0.3)).toBeLessThan(0.015);
  });
});

describe("the command", () => {
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-design-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("prints the sheet, the difference, the illustration and the calls, and writes them", () => {
    const json = join(folder, "wheel.json");
    const printed = casino(
      "wheel",
      "--hit",
      "0.25",
      "--volatility",
      "2",
      "--rounds",
      "1000",
      "--json",
      json,
    );
    expect(printed).toMatch(/RTP +97\.0000 %/);
    expect(printed).toMatch(/in service +difference/);
    expect(printed).toContain("Illustration, no proof: 1,000 draws");
    expect(printed).toMatch(/Rules will be at 0x[0-9a-fA-F]{40}/);
    expect(printed).toContain("casino.listGame(address)");

    const written = JSON.parse(readFileSync(json, "utf8"));
    expect(written.schema).toBe("glasshouse.design/1");
    expect(written.deploy.data.startsWith(`0x${"0".repeat(64)}`)).toBe(true);
    expect(written.list.data.endsWith(written.deploy.rules.slice(2).toLowerCase())).toBe(true);
    expect(written.designed.sheets[0].rtp.exact).toBe("97/100");
  });

  it.each([
    [["cards"], /Allowed choices are/],
    [["wheel", "--rtp", "much"], /must be a number/],
    [["wheel", "--seed", "-1"], /must be a whole number/],
    [["wheel", "--rtp", "0"], /must be above 0/],
    [["wheel", "--table", "60 segments"], /is no choice of Wheel/],
    [["wheel", "--rounds", "0"], /no illustration/],
    [["scratch", "--hit", "0.9"], /Binding: hit\.[^]*The nearest that was found/],
  ])("refuses %j in words", (args, message) => {
    expect(() => casino(...args)).toThrow(message);
  });

  /** What the command prints; throws what it refuses with. */
  function casino(...args: string[]): string {
    const lines: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((line) => void lines.push(line));
    const program = new Command().exitOverride();
    register(program);
    for (const command of program.commands) {
      command.exitOverride().configureOutput({ writeErr: () => {} });
    }
    try {
      program.parse(["design", ...args], { from: "user" });
    } finally {
      log.mockRestore();
    }
    return lines.join("\n");
  }
});
