import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import { classRows } from "../scripts/par-page.ts";
import { register } from "../scripts/par.ts";
import { dice } from "../sdk/games/dice.ts";
import { games } from "../sdk/games/index.ts";
import {
  type Par,
  TOLERANCE,
  decimal,
  fraction,
  indexSquared,
  integerRoot,
  leastStakeOf,
  parDocument,
  parOf,
  parSheet,
  parseFraction,
  rootDecimal,
  showFraction,
} from "../sdk/games/par.ts";
import { type OutcomeClass, WAD } from "../sdk/games/types.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Weights and hundredths of the stake. */
function classes(...rows: [weight: number, hundredths: number][]): OutcomeClass[] {
  return rows.map(([weight, hundredths]) => ({
    label: `${hundredths}`,
    weight: BigInt(weight),
    multiplierWad: (BigInt(hundredths) * WAD) / 100n,
  }));
}

function shown(par: Par) {
  return {
    rtp: showFraction(par.rtp),
    edge: showFraction(par.edge),
    variance: showFraction(par.variance),
    sigma: rootDecimal(par.variance, 4, "down"),
    hit: showFraction(par.hitFrequency),
    kelly: showFraction(par.kellyStake),
    rounds: par.roundsWithinOnePoint,
  };
}

describe("the PAR sheet", () => {
  it("has a coin at 1.98: RTP 99%, sigma 0.99", () => {
    expect(shown(parOf(classes([1, 198], [1, 0])))).toEqual({
      rtp: "99/100",
      edge: "1/100",
      variance: "9801/10000",
      sigma: "0.9900",
      hit: "1/2",
      kelly: "100/9801",
      // 38416 x 0.9801 = 37651.5...
      rounds: 37_652n,
    });
  });

  it("has a straight bet of European roulette: RTP 36/37 = 97.297%, sigma 5.84", () => {
    expect(shown(parOf(classes([1, 3_600], [36, 0])))).toEqual({
      rtp: "36/37",
      edge: "1/37",
      // 36^2 x 36 / 37^2.
      variance: "46656/1369",
      sigma: "5.8378",
      hit: "1/37",
      // (1/37) / (46656/1369) = 37/46656.
      kelly: "37/46656",
      rounds: 1_309_231n,
    });
  });

  it("has dice of 10% at 9.7: RTP 97%, sigma 2.91", () => {
    expect(shown(parOf(classes([10, 970], [90, 0])))).toEqual({
      rtp: "97/100",
      edge: "3/100",
      // 0.1 x 0.9 x 9.7^2 = 8.4681.
      variance: "84681/10000",
      sigma: "2.9100",
      hit: "1/10",
      kelly: "100/28227",
      rounds: 325_311n,
    });
  });

  it("tells wins, stakes back, disguised losses and losses apart", () => {
    // Of 20: one pays 5, two pay 2, three the stake, four half of it.
    const par = parOf(classes([1, 500], [2, 200], [3, 100], [4, 50], [10, 0]));
    expect(showFraction(par.rtp)).toBe("7/10");
    // (25 + 8 + 3 + 1) / 20 - 0.49.
    expect(showFraction(par.variance)).toBe("34/25");
    expect(showFraction(par.hitFrequency)).toBe("1/2");
    expect(showFraction(par.pushes)).toBe("3/20");
    expect(showFraction(par.disguisedLosses)).toBe("1/5");
    expect(showFraction(par.topAward.multiplier)).toBe("5");
    expect(showFraction(par.topAward.probability)).toBe("1/20");
    expect(par.classes.map(({ share }) => showFraction(share))).toEqual([
      "1/4",
      "1/5",
      "3/20",
      "1/10",
      "0",
    ]);
  });

  it("adds the odds of a top award that several classes pay", () => {
    const par = parOf(classes([1, 500], [2, 500], [7, 0]));
    expect(showFraction(par.topAward.probability)).toBe("3/10");
  });

  it("has the volatility index of 1.645 sigma", () => {
    const par = parOf(classes([1, 198], [1, 0]));
    expect(rootDecimal(indexSquared(par), 5, "down")).toBe("1.62855");
  });

  it("has no Kelly stake where nothing varies, and refuses an empty distribution", () => {
    expect(showFraction(parOf(classes([1, 90])).kellyStake)).toBe("0");
    expect(() => parOf([])).toThrow(RangeError);
  });
});

describe("the least stake", () => {
  it("is 1 where all multipliers are whole", () => {
    expect(leastStakeOf(classes([1, 3_600], [36, 0]), TOLERANCE)).toBe(1n);
  });

  it("is found by hand for the coin at 1.98", () => {
    // A stake of 50 k + 1 loses 0.98 of a unit in half of the draws: too much below 0.49 / 0.0001 = 4,900.
    expect(leastStakeOf(classes([1, 198], [1, 0]), TOLERANCE)).toBe(4_852n);
  });

  it("is where every larger stake keeps the tolerance and the one before it does not", () => {
    const multiplier = fc.bigInt({ min: 0n, max: 5n * WAD });
    const coarse = fc.bigInt({ min: 0n, max: 500n }).map((hundredths) => (hundredths * WAD) / 100n);
    const distribution = fc.array(
      fc.record({
        label: fc.constant(""),
        weight: fc.bigInt({ min: 1n, max: 50n }),
        multiplierWad: fc.oneof(multiplier, coarse),
      }),
      { minLength: 1, maxLength: 4 },
    );
    const tolerance = fraction(1n, 100n);
    fc.assert(
      fc.property(distribution, (outcomes) => {
        const least = leastStakeOf(outcomes, tolerance);
        const space = outcomes.reduce((sum, { weight }) => sum + weight, 0n);
        const keeps = (stake: bigint) => {
          const exact = outcomes.reduce(
            (sum, each) => sum + each.weight * stake * each.multiplierWad,
            0n,
          );
          const paid = outcomes.reduce(
            (sum, each) => sum + each.weight * ((stake * each.multiplierWad) / WAD),
            0n,
          );
          return (exact - paid * WAD) * 100n <= stake * space * WAD;
        };
        // Above 1 / tolerance nothing can fail.
        for (let stake = least; stake <= 101n; stake++) expect(keeps(stake)).toBe(true);
        expect(least > 1n && keeps(least - 1n)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe("the rows of a sheet with many classes", () => {
  it("are bands of multipliers that leave nothing out", () => {
    const many = classes(
      ...Array.from({ length: 100 }, (_, at): [number, number] => [at + 1, (99 - at) ** 2]),
    );
    const rows = classRows({ ...parSheet(dice, dice.choices()[0]!), ...parOf(many) });
    expect(rows.map(({ label }) => label)).toEqual([
      "50 to under 100 times",
      "20 to under 50 times",
      "10 to under 20 times",
      "5 to under 10 times",
      "2 to under 5 times",
      "1 to under 2 times",
      "less than the stake",
      "nothing",
    ]);
    expect(rows[0]!.pays).toBe("at most 98.01 ×");
    const total = rows.reduce((sum, { chance }) => sum + Number.parseFloat(chance), 0);
    expect(total).toBeCloseTo(100, 4);
    // Weights 1 to 29 of 5,050 pay 50 times or more.
    expect(rows[0]!.chance).toBe("8.613861 %");
  });
});

describe("exact numbers", () => {
  it("round as they are told, towards minus infinity or away from it", () => {
    expect(decimal(fraction(2n, 3n), 4, "down")).toBe("0.6666");
    expect(decimal(fraction(2n, 3n), 4, "up")).toBe("0.6667");
    expect(decimal(fraction(-2n, 3n), 2, "down")).toBe("-0.67");
    expect(decimal(fraction(-2n, 3n), 2, "up")).toBe("-0.66");
    expect(decimal(fraction(3n, 4n), 2, "up")).toBe("0.75");
    expect(decimal(fraction(7n, 2n), 0, "down")).toBe("3");
  });

  it("have roots that are the nearest below and above", () => {
    expect(rootDecimal(fraction(2n, 1n), 6, "down")).toBe("1.414213");
    expect(rootDecimal(fraction(2n, 1n), 6, "up")).toBe("1.414214");
    expect(rootDecimal(fraction(9n, 4n), 3, "up")).toBe("1.500");
    expect(rootDecimal(fraction(1n, 3n), 3, "up")).toBe("0.578");
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 300n }), (square) => {
        const root = integerRoot(square);
        expect(root * root <= square && (root + 1n) ** 2n > square).toBe(true);
      }),
    );
  });

  it("are read exactly, or refused", () => {
    const read = (text: string) => showFraction(parseFraction(text));
    expect(["0.97", "1/3", "1e6", ".5", "12", "2.5e-3"].map(read)).toEqual([
      "97/100",
      "1/3",
      "1000000",
      "1/2",
      "12",
      "1/400",
    ]);
    for (const text of ["", ".", "1/0", "-1", "0x10", "1e9999", "1,5"]) {
      expect(() => parseFraction(text), text).toThrow(RangeError);
    }
  });
});

describe.each(Object.values(games))("sheets of $key", (game) => {
  it("agree with the odds that the contract declares", () => {
    for (const choice of game.choices()) {
      const sheet = parSheet(game, choice);
      const odds = game.odds(choice);
      const { numerator, denominator } = sheet.rtp;
      expect(odds.rtpWad).toBe((numerator * WAD) / denominator);
      expect(odds.varianceWad * sheet.variance.denominator).toBeGreaterThanOrEqual(
        sheet.variance.numerator * WAD,
      );
      expect(showFraction(sheet.topAward.multiplier)).toBe(
        showFraction(fraction(odds.maxMultiplierWad, WAD)),
      );
    }
  });

  it("follow the published schema", () => {
    const sheets = game.choices().map((choice) => parSheet(game, choice));
    expect(violations(JSON.parse(JSON.stringify(parDocument(sheets))))).toEqual([]);
  });
});

describe("the schema", () => {
  const document = () =>
    JSON.parse(JSON.stringify(parDocument([parSheet(dice, dice.choices()[0]!)])));

  it.each<[string, (sheet: Record<string, object>, all: Record<string, unknown>) => void]>([
    ["a missing figure", (sheet) => void delete sheet.rtp],
    ["a figure of its own", (sheet) => Object.assign(sheet, { luck: "1" })],
    ["a number where text belongs", (sheet) => Object.assign(sheet, { space: 10_000 })],
    ["a short decimal", (sheet) => Object.assign(sheet.rtp!, { decimal: "0.99" })],
    ["another version", (_, all) => Object.assign(all, { schema: "glasshouse.par/2" })],
    ["no sheet", (_, all) => Object.assign(all, { sheets: [] })],
  ])("refuses %s", (_, spoil) => {
    const spoilt = document();
    expect(violations(spoilt)).toEqual([]);
    spoil(spoilt.sheets[0], spoilt);
    expect(violations(spoilt)).not.toEqual([]);
  });
});

describe("the command", () => {
  const folder = mkdtempSync(join(tmpdir(), "glasshouse-par-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("prints a sheet, and writes it as JSON and as a page", () => {
    const [json, html] = [join(folder, "one.json"), join(folder, "one.html")];
    const printed = casino("dice", '{"target":1000,"over":false}', "--json", json, "--html", html);
    expect(printed).toContain("Dice: Under 10.00");
    expect(printed).toMatch(/Volatility \(sigma\) +2\.9700/);
    const document = JSON.parse(readFileSync(json, "utf8"));
    expect(violations(document)).toEqual([]);
    expect(document.sheets[0].rtp.exact).toBe("99/100");
    const page = readFileSync(html, "utf8");
    expect(page).toContain("Under 10.00");
    expect(page).not.toMatch(/(src|href)="(?!#)/);
  });

  it("prints a line for each listed choice where none is named", () => {
    const printed = casino("dice");
    for (const choice of dice.choices()) expect(printed).toContain(choice);
  });

  it.each(["0x138800", "under 50.00", '{"target":5000,"over":false}'])(
    "takes %s for the same choice",
    (choice) => {
      expect(casino("dice", choice)).toContain("choice 0x13880000000000000000000000000000");
    },
  );

  it.each([
    [["craps-table"], /No game is known as craps-table/],
    [["dice", "0xffff"], /does not offer 0xffff/],
    [["dice", "{"], /is no choice of Dice/],
    [["dice", "null"], /is no choice of Dice/],
    [[], /No game is named/],
    [["--check"], /--check goes with --all/],
    [["dice", "--all"], /--all is of every game/],
    [["--all", "--json", "x"], /are for one game/],
    [["dice", "--tolerance", "2"], /above 0 and below 1/],
  ])("refuses %j in words", (args, message) => {
    expect(() => casino(...args)).toThrow(message);
  });

  it("writes all sheets, and says when they are stale", () => {
    const out = join(folder, "all");
    casino("--all", "--out", out);
    const check = () => casino("--all", "--check", "--out", out);
    expect(check()).toContain("as the rules have them");

    const path = join(out, "dice.json");
    const fresh = readFileSync(path, "utf8");
    writeFileSync(path, fresh.replace("99/100", "98/100"));
    expect(check).toThrow(/Stale in .*: dice\.json\./);
    writeFileSync(path, fresh);
    writeFileSync(join(out, "faro.html"), "");
    expect(check).toThrow(/Stale in .*: faro\.html\./);
    casino("--all", "--out", out);
    expect(check()).toContain("as the rules have them");
  });

  /** What the command prints; throws what it refuses with. */
  function casino(...args: string[]): string {
    const lines: string[] = [];
    const log = vi.spyOn(console, "log").mockImplementation((line) => void lines.push(line));
    const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
    register(program);
    for (const command of program.commands) {
      command.exitOverride().configureOutput({ writeErr: () => {} });
    }
    try {
      program.parse(["par", ...args], { from: "user" });
    } finally {
      log.mockRestore();
    }
    return lines.join("\n");
  }
});

type Schema = {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: "object" | "array" | "string" | "integer";
  const?: unknown;
  pattern?: string;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: false;
  items?: Schema;
  minItems?: number;
};

/** What a value has against the published schema, in the part of JSON Schema that it uses. */
function violations(value: unknown): string[] {
  const root = JSON.parse(
    readFileSync(join(ROOT, "docs/schemas/par.schema.json"), "utf8"),
  ) as Schema;
  const known = new Set(
    "$schema $id $defs $ref title description type const pattern required properties additionalProperties items minItems".split(
      " ",
    ),
  );

  const check = (schema: Schema, found: unknown, path: string): string[] => {
    const unread = Object.keys(schema).filter((keyword) => !known.has(keyword));
    if (unread.length > 0) return [`${path}: the test reads no ${unread.join(", ")}`];
    const referred = schema.$ref?.replace("#/$defs/", "");
    const own = referred === undefined ? [] : check(root.$defs![referred]!, found, path);
    if ("const" in schema && found !== schema.const) own.push(`${path}: not ${schema.const}`);
    if (schema.type === "integer" && !Number.isInteger(found)) own.push(`${path}: no integer`);
    if (schema.type === "string" && typeof found !== "string") own.push(`${path}: no text`);
    if (schema.pattern && !(typeof found === "string" && new RegExp(schema.pattern).test(found)))
      own.push(`${path}: not like ${schema.pattern}`);
    if (schema.type === "array") {
      if (!Array.isArray(found)) return [...own, `${path}: no list`];
      if (found.length < (schema.minItems ?? 0)) own.push(`${path}: too short`);
      own.push(...found.flatMap((each, at) => check(schema.items!, each, `${path}/${at}`)));
    }
    if (schema.type === "object") {
      if (typeof found !== "object" || found === null) return [...own, `${path}: no object`];
      const missing = schema.required!.filter((name) => !(name in found));
      own.push(...missing.map((name) => `${path}: without ${name}`));
      for (const [name, each] of Object.entries(found)) {
        const property = schema.properties![name];
        own.push(
          ...(property ? check(property, each, `${path}/${name}`) : [`${path}: has ${name}`]),
        );
      }
    }
    return own;
  };
  return check(root, value, "");
}
