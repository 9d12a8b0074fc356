import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, InvalidArgumentError } from "commander";
import type { Hex } from "viem";
import { padHex } from "viem";
import { type AnyGame, GameUnknown, gameByKey, games } from "../sdk/games/index.ts";
import {
  type Fraction,
  type ParSheet,
  TOLERANCE,
  parDocument,
  parSheet,
  parseFraction,
} from "../sdk/games/par.ts";
import { type Game, IllegalChoice } from "../sdk/games/types.ts";
import { CommandError } from "./command-error.ts";
import { indexMarkdown, sheetText, sheetsPage, summaryText } from "./par-page.ts";

/** Where `--all` writes. */
const FOLDER = fileURLToPath(new URL("../docs/par/", import.meta.url));

type Options = {
  json?: string;
  html?: string;
  all?: true;
  check?: true;
  out?: string;
  tolerance?: Fraction;
};

/** `par`: the PAR sheet of a wager, exact, as text, JSON and a printable page. */
export function register(program: Command): void {
  program
    .command("par")
    .description("The exact mathematics of a wager: RTP, edge, volatility, odds, stakes")
    .argument("[game]", "its key, such as dice")
    .argument(
      "[choice]",
      'hex, the JSON that the game\'s twin encodes ({"target":5000,"over":false}), or the words of one listed ("Under 50.00")',
    )
    .option("--json <file>", "write the sheets as JSON (docs/schemas/par.schema.json)")
    .option("--html <file>", "write the sheets as one printable page")
    .option(
      "--tolerance <number>",
      "share of a stake that rounding may take at the least stake (0.0001 by default)",
      ratio,
    )
    .option("--all", "write the sheets of all games")
    .option("--out <folder>", "where --all writes (docs/par/ by default)")
    .option("--check", "with --all: write nothing, fail where a sheet is stale")
    .addHelpText(
      "after",
      `
Volatility is sigma, the standard deviation of the payout per unit staked; the volatility index is 1.645 sigma.
Without a choice: one line for each kind of choice that has odds of its own.

Games: ${Object.values(games)
        .map(({ key }) => key)
        .join(", ")}`,
    )
    .action(run);
}

/** A fraction above 0 and below 1, as a command-line option. */
function ratio(value: string): Fraction {
  const parsed = fractionOption(value);
  if (parsed.numerator === 0n || parsed.numerator >= parsed.denominator) {
    throw new InvalidArgumentError("It must be above 0 and below 1.");
  }
  return parsed;
}

/** Parses a command-line option that is a number, exactly: "0.97", "1/3", "1e6". */
export function fractionOption(value: string): Fraction {
  try {
    return parseFraction(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidArgumentError("It must be a number such as 0.97, 1/3 or 1e6.");
  }
}

function run(key: string | undefined, choice: string | undefined, options: Options): void {
  if (options.check && !options.all) {
    throw new CommandError("--check goes with --all.", "run `par --all --check`");
  }
  if (options.all) return all(key, options);
  if (key === undefined) {
    throw new CommandError(
      "No game is named.",
      `name one of ${Object.values(games)
        .map((game) => game.key)
        .join(", ")}, or give --all`,
    );
  }
  const game = gameNamed(key);
  const choices = choice === undefined ? game.choices() : [choiceOf(game, choice)];
  const sheets = choices.map((each) => parSheet(game, each, options.tolerance ?? TOLERANCE));
  if (options.json !== undefined) write(options.json, jsonOf(sheets));
  if (options.html !== undefined) write(options.html, sheetsPage(sheets));
  if (sheets.length === 1) return console.log(sheetText(sheets[0]!));
  console.log(`${game.name}\n\n${summaryText(sheets)}\n\nName a choice for its whole sheet.`);
}

/** The game of that key. Throws CommandError. */
export function gameNamed(key: string): AnyGame {
  try {
    return gameByKey(key);
  } catch (error) {
    if (!(error instanceof GameUnknown)) throw error;
    const keys = Object.values(games).map((game) => game.key);
    throw new CommandError(`${error.message}.`, `choose one of ${keys.join(", ")}`, {
      cause: error,
    });
  }
}

/** A choice from hex (zeros at its end may be left out), JSON or the words of one listed. Throws CommandError. */
export function choiceOf(game: AnyGame, text: string): Hex {
  const listed = game.choices();
  const said = listed.find((each) => game.describe(each).toLowerCase() === text.toLowerCase());
  if (said !== undefined) return said;
  const example = JSON.stringify(game.decode(listed[0]!), bigintsAsText);
  const hint = `give hex, "${game.describe(listed[0]!)}" or '${example}'`;
  try {
    if (/^0x[0-9a-f]{2,32}$/i.test(text)) {
      const choice = padHex(text.toLowerCase() as Hex, { dir: "right", size: 16 });
      game.odds(choice);
      return choice;
    }
    // A registered game keeps its `encode`; what a person types is checked by it.
    return (game as Game).encode(JSON.parse(text, textAsBigints));
  } catch (error) {
    if (error instanceof IllegalChoice) {
      throw new CommandError(`${game.name} does not offer ${text}.`, hint, { cause: error });
    }
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError) {
      throw new CommandError(`${text} is no choice of ${game.name}.`, hint, { cause: error });
    }
    throw error;
  }
}

function bigintsAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}

function textAsBigints(_key: string, value: unknown): unknown {
  return typeof value === "string" && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
}

/** Every sheet of every game, or of one, in files; with `check`, whether the files are those. */
function all(
  key: string | undefined,
  { out = FOLDER, check, tolerance = TOLERANCE, json, html }: Options,
): void {
  if (json !== undefined || html !== undefined) {
    throw new CommandError(
      "--json and --html are for one game.",
      "leave them out, --all has --out",
    );
  }
  if (key !== undefined) {
    throw new CommandError("--all is of every game.", `leave out "${key}", or leave out --all`);
  }
  const wanted = filesOf(tolerance);
  const present = existsSync(out)
    ? readdirSync(out).filter((name) => /\.(json|html|md)$/.test(name))
    : [];
  const stale = [
    ...[...wanted].filter(([name, text]) => textAt(join(out, name)) !== text).map(([name]) => name),
    ...present.filter((name) => !wanted.has(name)),
  ];
  if (check) {
    if (stale.length > 0) {
      throw new CommandError(
        `Stale in ${out}: ${stale.join(", ")}.`,
        "run `npm run casino -- par --all`",
      );
    }
    return console.log(`${wanted.size} files are as the rules have them.`);
  }
  for (const [name, text] of wanted) write(join(out, name), text);
  for (const name of stale) if (!wanted.has(name)) rmSync(join(out, name));
  console.log(`${wanted.size} files in ${out}, ${stale.length} of them new or changed.`);
}

/** What `docs/par/` holds, by name: a JSON and a page for each game, and the index. */
export function filesOf(tolerance: Fraction): Map<string, string> {
  const sheets = Object.values(games).map((game) => ({
    key: game.key,
    sheets: game.choices().map((choice) => parSheet(game, choice, tolerance)),
  }));
  return new Map([
    ...sheets.flatMap(({ key, sheets: own }): [string, string][] => [
      [`${key}.json`, jsonOf(own)],
      [`${key}.html`, sheetsPage(own)],
    ]),
    ["README.md", indexMarkdown(sheets)],
  ]);
}

function jsonOf(sheets: readonly ParSheet[]): string {
  return `${JSON.stringify(parDocument(sheets), undefined, 1)}\n`;
}

function textAt(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
