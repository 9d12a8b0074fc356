import { describe, expect, it } from "vitest";
import { CUT_GLASS, MOLTEN_GLASS, STAINED_GLASS } from "../../sdk/games/slot-machines.ts";
import {
  cutGlass,
  distributionOf,
  layoutOf,
  moltenGlass,
  spin,
  stainedGlass,
} from "../../sdk/games/slots.ts";
import { IllegalChoice, WAD } from "../../sdk/games/types.ts";

const SPIN = cutGlass.choices()[0]!;
const MACHINES = [
  { game: cutGlass, machine: CUT_GLASS },
  { game: stainedGlass, machine: STAINED_GLASS },
  { game: moltenGlass, machine: MOLTEN_GLASS },
];

describe("slot machines", () => {
  it("count the windows of three reels as a walk through all 32,768 of them does", () => {
    const counts = new Map<bigint, bigint>();
    for (let seed = 0n; seed < 32n ** 3n; seed++) {
      const paid = cutGlass.multiplierWad(SPIN, seed);
      counts.set(paid, (counts.get(paid) ?? 0n) + 1n);
    }
    const classes = cutGlass.distribution(SPIN);
    expect(counts).toEqual(
      new Map(classes.map(({ multiplierWad, weight }) => [multiplierWad, weight])),
    );
  });

  it("count the windows of five reels as a walk through all of them does, on strips that repeat", () => {
    // Strips of eight stops told four times: 8^5 windows stand for 32^5, each for 4^5 of them.
    const reels = ["PCBTSVBO", "BPTCWSVB", "CBWTPOSB", "TPBSCVWT", "VTPCSBOB"].map((strip) =>
      strip.repeat(4),
    );
    const layout = layoutOf({ ...MOLTEN_GLASS, reels });
    const counts = new Map<bigint, bigint>();
    for (let window = 0; window < 8 ** 5; window++) {
      const stops = [0, 3, 6, 9, 12].map((bits) => (window >> bits) & 7);
      const paid = spin(layout, stops).multiplierWad;
      counts.set(paid, (counts.get(paid) ?? 0n) + 4n ** 5n);
    }
    const classes = distributionOf(layout);
    expect(classes.length).toBeGreaterThan(100);
    expect(counts).toEqual(
      new Map(classes.map(({ multiplierWad, weight }) => [multiplierWad, weight])),
    );
  });

  it.each(MACHINES)(
    "$game.name returns what symbol after symbol of one line gives",
    ({ game, machine }) => {
      const { strips, pays, lines } = layoutOf(machine);
      const reels = strips.length;
      // Every line is worth the same: a row of a reel shows each symbol at as many stops.
      let line = 0;
      for (let symbol = 2; symbol < machine.symbols.length; symbol++) {
        let unbroken = 1;
        for (let reel = 0; reel < reels; reel++) {
          unbroken *= strips[reel]!.filter((at) => at === symbol || at === 0).length;
          const next = strips[reel + 1]?.filter((at) => at === symbol || at === 0).length ?? 0;
          const ends = reel + 1 === reels ? 1 : (32 - next) * 32 ** (reels - reel - 2);
          line += unbroken * ends * pays[symbol]![reel + 1]!;
        }
      }
      // Scatters: every set of reels that show one, at three stops for each on the strip.
      let scatters = 0;
      for (let set = 0; set < 2 ** reels; set++) {
        const shown = strips.map((strip) => 3 * strip.filter((at) => at === 1).length);
        const windows = shown.reduce((n, at, reel) => n * ((set >> reel) & 1 ? at : 32 - at), 1);
        const count = set.toString(2).replaceAll("0", "").length;
        scatters += windows * pays[1]![count]!;
      }
      const lineBets = BigInt(line + scatters) * BigInt(lines.length);
      expect(game.odds(SPIN).rtpWad).toBe(
        (lineBets * WAD) / BigInt(lines.length) / 32n ** BigInt(reels),
      );
    },
  );

  it("differ in volatility, not in what they return, and win on 20% to 35% of all spins", () => {
    const sheets = MACHINES.map(({ game }) => {
      const classes = game.distribution(SPIN);
      const windows = classes.reduce((sum, { weight }) => sum + weight, 0n);
      const lost = classes.find(({ multiplierWad }) => multiplierWad === 0n)!.weight;
      return { ...game.odds(SPIN), hit: Number(windows - lost) / Number(windows) };
    });
    for (const { rtpWad, hit } of sheets) {
      expect(rtpWad).toBeGreaterThan((WAD * 97n) / 100n);
      expect(rtpWad).toBeLessThan((WAD * 98n) / 100n);
      expect(hit).toBeGreaterThan(0.2);
      expect(hit).toBeLessThan(0.35);
    }
    const [low, medium, high] = sheets.map(({ varianceWad }) => varianceWad) as [
      bigint,
      bigint,
      bigint,
    ];
    expect(medium).toBeGreaterThan(2n * low);
    expect(high).toBeGreaterThan(4n * medium);
  });

  it("never pay less than the stake on the machine of low volatility", () => {
    for (const { multiplierWad } of cutGlass.distribution(SPIN)) {
      expect(multiplierWad === 0n || multiplierWad >= WAD).toBe(true);
    }
  });

  it("pay the most at the first stops of all reels", () => {
    for (const { game } of MACHINES) {
      expect(game.multiplierWad(SPIN, 0n)).toBe(game.odds(SPIN).maxMultiplierWad);
    }
  });

  it("say what a seed shows, and refuse a choice", () => {
    const { stops, rows, wins, multiplierWad } = cutGlass.outcome(
      1n | (2n << 5n) | (3n << 10n),
      SPIN,
    );
    expect(stops).toEqual([1, 2, 3]);
    for (const [reel, strip] of CUT_GLASS.reels.entries()) {
      const shown = rows.map((row) => CUT_GLASS.symbols[row[reel]!]!.letter).join("");
      expect(shown).toBe((strip + strip).slice(reel + 1, reel + 4));
    }
    expect(BigInt(wins.reduce((sum, { pays }) => sum + pays, 0)) * WAD).toBe(5n * multiplierWad);
    for (const { game } of MACHINES) {
      expect(game.describeOutcome(0n, SPIN)).toMatch(/^([A-Z]+ ){2}[A-Z]+: [\d.]+ times$/);
      expect(game.describe(SPIN)).toMatch(/^(5|10) lines$/);
      expect(game.decode(game.encode({}))).toEqual({});
      expect(() => game.decode("0x01000000000000000000000000000000")).toThrow(IllegalChoice);
      expect(() => game.odds("0x00000000000000000000000000000001")).toThrow(IllegalChoice);
    }
  });
});
