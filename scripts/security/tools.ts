/** Installs the outside tools, at exact versions, into `.tools/`, which git ignores. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError } from "../command-error.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const TOOLS = join(ROOT, ".tools");
export const BIN = join(TOOLS, "bin");

/** Newer than what wake and aderyn know: they are given this compiler, also from npm. */
export const OLDER_COMPILER = "0.8.34";
export const COMPILER = "0.8.37";

/** The same bytes everywhere: aderyn is built with their hash. */
const WRAPPER = `#!/bin/sh
# The npm compiler under the command line of solc, for tools that would download one.
exec "$GLASSHOUSE_NODE" "$GLASSHOUSE_SOLC" "$@"
`;

export type Installed =
  "forge" | "slither" | "halmos" | "wake" | "z3" | "aderyn" | "medusa" | "anvil" | "geth";

interface Recipe {
  version: string;
  /** The program, from `.tools`. */
  program: string;
  install(folder: string): void;
}

const RECIPES: Record<Installed, Recipe> = {
  forge: {
    version: "1.7.1",
    program: "forge/node_modules/.bin/forge",
    install: (folder) => installNpm(folder, ["@foundry-rs/forge@1.7.1", `solc@${OLDER_COMPILER}`]),
  },
  slither: python("slither", "0.11.6"),
  halmos: python("halmos", "0.3.3"),
  wake: python("wake", "4.22.2"),
  z3: {
    version: "4.12.6.0",
    program: "z3/bin/z3",
    install: (folder) => installPython(folder, ["z3-solver==4.12.6.0"]),
  },
  aderyn: { version: "0.1.9", program: "aderyn/bin/aderyn", install: installAderyn },
  medusa: { version: "1.5.1", program: "medusa/medusa", install: installMedusa },
  anvil: {
    version: "1.7.1",
    // Not its `.bin`: that one starts this one, which would outlive it.
    program: `anvil/node_modules/@foundry-rs/anvil-${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}/bin/anvil`,
    install: (folder) => installNpm(folder, ["@foundry-rs/anvil@1.7.1"]),
  },
  geth: { version: "1.17.8", program: "geth/geth", install: installGeth },
};

/**
 * Installs a tool where it is missing or of another version.
 *
 * @returns the path of its program
 * @throws CommandError with what its installer said
 */
export function install(name: Installed): string {
  const { version, program, install: run } = RECIPES[name];
  const folder = join(TOOLS, name);
  const stamp = join(folder, ".version");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== version) {
    console.log(`${name}: installing ${version} …`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    run(folder);
    writeFileSync(stamp, version);
  }
  return join(TOOLS, program);
}

export function versionOf(name: Installed): string {
  return RECIPES[name].version;
}

/** A solc that is the npm compiler: see solc.ts. */
export function writeSolc(): string {
  mkdirSync(BIN, { recursive: true });
  const path = join(BIN, "solc");
  writeFileSync(path, WRAPPER);
  chmodSync(path, 0o755);
  return path;
}

/** What every tool runs in: our solc and our forge come first. */
export function environment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GLASSHOUSE_NODE: process.execPath,
    GLASSHOUSE_SOLC: join(ROOT, "scripts", "security", "solc.ts"),
    PATH: [BIN, join(TOOLS, "forge/node_modules/.bin"), process.env["PATH"]].join(delimiter),
    ...extra,
  };
}

export interface Ran {
  code: number;
  output: string;
}

/** Runs a program to its end; its output is kept, not shown. A tool's exit code is for the caller to judge. */
export function run(
  program: string,
  args: string[],
  { cwd = ROOT, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Ran {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env: environment(env),
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (error !== undefined) {
    throw new CommandError(`${program} did not start: ${error.message}`, "install it and retry");
  }
  return { code: status ?? 1, output: stdout + stderr };
}

/** As `run`, and a failure is a failure. */
export function need(
  program: string,
  args: string[],
  options: Parameters<typeof run>[2] = {},
): string {
  const { code, output } = run(program, args, options);
  if (code === 0) return output;
  const end = output.trimEnd().split("\n").slice(-25).join("\n");
  throw new CommandError(`\`${[program, ...args].join(" ")}\` failed:\n${end}`, "see what it says");
}

function python(name: Installed, version: string): Recipe {
  const list = join(ROOT, "scripts", "security", "requirements", `${name}.txt`);
  return {
    version,
    program: `${name}/bin/${name}`,
    install: (folder) => installPython(folder, ["-r", list]),
  };
}

function installPython(folder: string, what: string[]): void {
  need("python3", ["-m", "venv", folder]);
  need(join(folder, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", ...what]);
}

function installNpm(folder: string, packages: string[]): void {
  writeFileSync(join(folder, "package.json"), '{"private":true}\n');
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--save-exact"];
  need("npm", ["install", ...quiet, ...packages], { cwd: folder });
}

/** Its build asks for the list of compilers that can be downloaded; it is given one that names ours alone. */
function installAderyn(folder: string): void {
  const list = join(folder, "compilers.json");
  const build = {
    version: COMPILER,
    sha256: `0x${createHash("sha256").update(WRAPPER).digest("hex")}`,
  };
  const releases = { [COMPILER]: `solc-${COMPILER}` };
  writeFileSync(list, JSON.stringify({ builds: [build], releases }));
  need("cargo", ["install", "aderyn", "--version", "0.1.9", "--locked", "--root", folder], {
    env: { SVM_RELEASES_LIST_JSON: list },
  });
}

function installMedusa(folder: string): void {
  writeFileSync(
    join(folder, "go.mod"),
    "module tools\n\ngo 1.24\n\nrequire github.com/crytic/medusa v1.5.1\n",
  );
  need("go", ["build", "-mod=mod", "-o", "medusa", "github.com/crytic/medusa"], { cwd: folder });
}

function installGeth(folder: string): void {
  need("go", ["install", "github.com/ethereum/go-ethereum/cmd/geth@v1.17.8"], {
    env: { GOBIN: folder },
  });
}
