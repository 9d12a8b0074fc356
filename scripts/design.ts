import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Argument, type Command, InvalidArgumentError } from "commander";
import {
  type Abi,
  type Address,
  concatHex,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  keccak256,
  numberToHex,
  size,
} from "viem";
import { casinoAbi } from "../sdk/abis.ts";
import {
  DEFAULTS,
  type Design,
  type DesignKind,
  DesignRefused,
  type Illustration,
  type Table,
  type Targets,
  broken,
  design,
  illustrate,
} from "../sdk/games/design.ts";
import { KINDS } from "../sdk/games/design-tables.ts";
import {
  type Fraction,
  type Par,
  type ParSheet,
  decimal,
  inverse,
  parDocument,
  rootDecimal,
  showFraction,
} from "../sdk/games/par.ts";
import { artifactOf } from "./artifacts.ts";
import { CommandError } from "./command-error.ts";
import { columns, grouped, multiplier, percent, sheetText, sheetsPage } from "./par-page.ts";
import { choiceOf, fractionOption } from "./par.ts";

/** Deploys by salt and code alone, at the same address on every chain (EIP-2470's predecessor, keyless). */
const CREATE2_DEPLOYER: Address = "0x4e59b44847b379578588920cA78FbF26c0B4956C";
const SALT = numberToHex(0n, { size: 32 });
const ARTIFACTS = fileURLToPath(new URL("../artifacts/", import.meta.url));
const SCHEMA = "glasshouse.design/1";

type Options = {
  rtp: Fraction;
  hit?: Fraction;
  volatility?: Fraction;
  maxWin?: Fraction;
  leastWin: Fraction;
  floor: Fraction;
  ldw: Fraction;
  topOdds?: Fraction;
  tolerance: Fraction;
  leastStake: bigint;
  seed: bigint;
  table?: string;
  rounds: bigint;
  json?: string;
  html?: string;
};

/** `design`: tables that meet targets, proven on exact fractions, and the calls that would list one. */
export function register(program: Command): void {
  const command = program
    .command("design")
    .description("Search a payout table that meets targets, exactly computed")
    .addArgument(new Argument("<kind>", "what to design").choices(Object.keys(KINDS)));
  const ratios: [flags: string, says: string, standard?: Fraction][] = [
    ["--rtp <number>", "return to player", DEFAULTS.rtp],
    ["--hit <number>", "hit frequency: share of draws that pay anything"],
    ["--volatility <number>", "sigma: the standard deviation of the payout per unit staked"],
    ["--max-win <number>", "the largest multiplier"],
    ["--least-win <number>", "the least multiplier of a win", DEFAULTS.leastWin],
    ["--floor <number>", "the least RTP of the licence's profile, at every stake", DEFAULTS.floor],
    ["--ldw <number>", "the largest share of losses disguised as wins", DEFAULTS.ldw],
    ["--top-odds <number>", "the top award is won once in so many draws or more often"],
    [
      "--tolerance <number>",
      "how far RTP and hit may be off, and volatility in proportion",
      DEFAULTS.tolerance,
    ],
  ];
  for (const [flags, says, standard] of ratios) {
    const shown = standard === undefined ? says : `${says} (${plain(standard)} by default)`;
    command.option(flags, shown, fractionOption);
  }
  command
    .option(
      "--least-stake <units>",
      `the least stake offered (${DEFAULTS.leastStake} by default)`,
      whole,
    )
    .option("--seed <number>", "of the search and of the illustration (0 by default)", whole)
    .option("--table <choice>", "the choice whose table to replace; by default the nearest")
    .option("--rounds <number>", "of the illustration (100000 by default)", whole)
    .option("--json <file>", "write the table, its sheet and the calls as JSON")
    .option("--html <file>", "write its sheet as a printable page")
    .addHelpText(
      "after",
      `
Volatility is sigma, the standard deviation of the payout per unit staked: 1 for even money, about 6 for a number at
roulette. What is not asked for stays near the table in service. A table is accepted on exact fractions alone; the
simulation only illustrates. The same seed finds the same table. Nothing here looks at players or past results: what is
found is a new game, listed behind the timelock, and no table in service changes.`,
    )
    .action((kind: DesignKind, options: Partial<Options>) =>
      run(kind, { ...DEFAULTS, rounds: 100_000n, ...options }),
    );
}

function whole(value: string): bigint {
  if (!/^\d{1,78}$/.test(value)) throw new InvalidArgumentError("It must be a whole number.");
  return BigInt(value);
}

function run(kind: DesignKind, options: Options): void {
  const { table, rounds, json, html, ...targets } = options;
  if (rounds < 1n || rounds > 10_000_000n) {
    throw new CommandError(`${rounds} rounds are no illustration.`, "take 1 to 10000000");
  }
  const found = searched(kind, targets, table === undefined ? undefined : tableOf(kind, table));
  const sheet = sheetOf(found, found.par);
  const illustration = illustrate(found, { rounds: Number(rounds), seed: targets.seed });
  const calls = callsOf(found);

  if (json !== undefined) {
    const document = {
      schema: SCHEMA,
      kind,
      targets: Object.fromEntries(
        Object.entries(targets).map(([name, value]) => [
          name,
          typeof value === "bigint" ? `${value}` : showFraction(value),
        ]),
      ),
      layout: found.layout,
      designed: parDocument([sheet]),
      inService: parDocument([sheetOf(found, found.inService)]),
      illustration,
      ...calls,
    };
    write(json, `${JSON.stringify(document, bigintsAsText, 1)}\n`);
  }
  if (html !== undefined) write(html, sheetsPage([sheet]));
  console.log(report(found, sheet, targets, illustration, calls));
}

/** A machine by its key, or a choice of the game. */
function tableOf(kind: DesignKind, named: string): Table {
  const { games } = KINDS[kind];
  const machine = games.find(({ key }) => key === named);
  const game = machine ?? games[0]!;
  return { game, choice: machine ? machine.choices()[0]! : choiceOf(game, named) };
}

/** Turns refusals into messages with what can be met. */
function searched(kind: DesignKind, targets: Targets, table: Table | undefined): Design {
  try {
    return design(kind, targets, table);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new CommandError(error.message, "run it with --help to see what each target means", {
        cause: error,
      });
    }
    if (!(error instanceof DesignRefused)) throw error;
    const { message, binding, nearest } = error;
    const lines = [message, `Binding: ${binding}.`];
    if (nearest === undefined)
      throw new CommandError(lines.join("\n"), "loosen it", { cause: error });
    lines.push(
      `The nearest that was found, in place of ${nearest.game.name}, ${nearest.game.describe(nearest.choice)}:`,
      ...comparison(nearest, targets).map((line) => `  ${line}`),
      ...wrapped(nearest.layout),
    );
    throw new CommandError(
      lines.join("\n"),
      `ask for ${asked(nearest.par, targets)}, or loosen another target`,
      {
        cause: error,
      },
    );
  }
}

/** The options that its own figures would be asked for with, instead of those that were. */
function asked(par: Par, targets: Targets): string {
  const { rtp, hitFrequency, variance, topAward, leastStake, disguisedLosses } = par;
  const { hit, volatility } = targets;
  const breaks = new Set(broken(par, targets));
  return [
    `--rtp ${decimal(rtp, 5, "down")}`,
    ...(hit ? [`--hit ${decimal(hitFrequency, 5, "down")}`] : []),
    ...(volatility ? [`--volatility ${rootDecimal(variance, 4, "down")}`] : []),
    ...(breaks.has("max-win") ? [`--max-win ${decimal(topAward.multiplier, 2, "up")}`] : []),
    ...(breaks.has("top-odds")
      ? [`--top-odds ${decimal(inverse(topAward.probability), 0, "up")}`]
      : []),
    ...(breaks.has("ldw") ? [`--ldw ${decimal(disguisedLosses, 5, "up")}`] : []),
    ...(breaks.has("least-stake") ? [`--least-stake ${leastStake}`] : []),
  ].join(" ");
}

function sheetOf({ game, choice, inService }: Design, par: Par): ParSheet {
  const { id, key, name, contract } = game;
  return {
    game: { id, key, name, contract: contract.name },
    choice,
    description:
      par === inService ? game.describe(choice) : `designed, in place of ${game.describe(choice)}`,
    ...par,
  };
}

type Calls = ReturnType<typeof callsOf>;

/** What deploys the rules and proposes them; without built contracts only what they are created with. */
function callsOf({ contract: { name, args } }: Design) {
  const contract = { name, args };
  if (!existsSync(`${ARTIFACTS}contracts/games/${name}.sol/${name}.json`)) {
    return { contract, deploy: undefined, list: undefined };
  }
  const { abi, bytecode } = artifactOf(`contracts/games/${name}.sol/${name}`);
  const initCode = encodeDeployData({ abi: abi as Abi, bytecode, args: [...args] });
  const rules = getContractAddress({
    opcode: "CREATE2",
    from: CREATE2_DEPLOYER,
    salt: SALT,
    bytecode: initCode,
  });
  return {
    contract,
    deploy: { to: CREATE2_DEPLOYER, data: concatHex([SALT, initCode]), rules },
    list: {
      function: "listGame(address)",
      data: encodeFunctionData({ abi: casinoAbi, functionName: "listGame", args: [rules] }),
    },
  };
}

function report(
  found: Design,
  sheet: ParSheet,
  targets: Targets,
  illustration: Illustration,
  calls: Calls,
): string {
  const { rounds, rtp, hit, expectedHalfWidth } = illustration;
  return [
    `A table for ${found.game.name}, in place of ${found.game.describe(found.choice)}:`,
    ...wrapped(found.layout),
    "",
    sheetText(sheet),
    "",
    ...comparison(found, targets),
    "",
    `Illustration, no proof: ${grouped(`${rounds}`)} draws from keccak256(${targets.seed}, i) return ${(100 * rtp).toFixed(3)} %, hit ${(100 * hit).toFixed(3)} %.`,
    `95% of such runs return within ${(100 * expectedHalfWidth).toFixed(3)} points of the RTP.`,
    "",
    ...registration(calls),
  ].join("\n");
}

/** Target, designed and in service, side by side. */
function comparison({ par, inService }: Design, targets: Targets): string[] {
  const { rtp, hit, volatility, maxWin, ldw, topOdds } = targets;
  const ratio = (value: Fraction | undefined) => (value ? `${percent(value, "down", 3)} %` : "-");
  const atMost = (text: string | undefined) => (text === undefined ? "-" : `<= ${text}`);
  const oneIn = (value: Fraction) => `1 in ${grouped(decimal(value, 0, "up"))}`;
  const difference = (ours: Par, theirs: Par, of: (par: Par) => number) => {
    const change = of(ours) - of(theirs);
    return `${change < 0 ? "-" : "+"}${Math.abs(change).toFixed(3)}`;
  };
  const points = (of: (par: Par) => Fraction) =>
    difference(par, inService, (each) => Number(percent(of(each), "down", 6)));
  const times = ({ topAward }: Par) => Number(decimal(topAward.multiplier, 6, "down"));
  const odds = ({ topAward }: Par) => Number(decimal(inverse(topAward.probability), 3, "up"));
  const sigma = ({ variance }: Par) => Number(rootDecimal(variance, 6, "up"));
  return columns(
    [
      ["", "target", "designed", "in service", "difference"],
      ["RTP", ratio(rtp), ratio(par.rtp), ratio(inService.rtp), points((each) => each.rtp)],
      [
        "hit frequency",
        ratio(hit),
        ratio(par.hitFrequency),
        ratio(inService.hitFrequency),
        points((each) => each.hitFrequency),
      ],
      [
        "volatility",
        volatility ? decimal(volatility, 3, "down") : "-",
        rootDecimal(par.variance, 3, "up"),
        rootDecimal(inService.variance, 3, "up"),
        difference(par, inService, sigma),
      ],
      [
        "disguised losses",
        atMost(ratio(ldw)),
        ratio(par.disguisedLosses),
        ratio(inService.disguisedLosses),
        points((each) => each.disguisedLosses),
      ],
      [
        "top award",
        atMost(maxWin && `${multiplier(maxWin)} ×`),
        `${multiplier(par.topAward.multiplier)} ×`,
        `${multiplier(inService.topAward.multiplier)} ×`,
        difference(par, inService, times),
      ],
      [
        "top award odds",
        atMost(topOdds && oneIn(topOdds)),
        oneIn(inverse(par.topAward.probability)),
        oneIn(inverse(inService.topAward.probability)),
        difference(par, inService, odds),
      ],
    ],
    "lrrrr",
  );
}

function registration({ contract, deploy, list }: Calls): string[] {
  const args = JSON.stringify(contract.args, bigintsAsText);
  if (deploy === undefined || list === undefined) {
    return [
      `Create ${contract.name} with ${args}`,
      "The contracts are not built: run `npm run build` for the deployment's calldata.",
    ];
  }
  return [
    `Create ${contract.name} with ${args}`,
    `Deploy: to ${deploy.to}, ${size(deploy.data)} bytes of data (in full in --json), keccak256 ${keccak256(deploy.data)}`,
    `Rules will be at ${deploy.rules} on every chain that has this deployer.`,
    `List, through the timelock: casino.${list.function}, data ${list.data}`,
  ];
}

/** Lines of at most 100 columns, where the parts are not longer. */
function wrapped(parts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length < 100)
      lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(`  ${part}`);
  }
  return lines;
}

function plain(value: Fraction): string {
  return decimal(value, 4, "down").replace(/\.?0+$/, "");
}

function bigintsAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}` : value;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
