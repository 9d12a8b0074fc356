/**
 * A copy of the sources for the tools, `.tools/project`, laid out as they expect: nothing they write lands among the
 * project's files, and every path lies under one root.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { CommandError } from "../command-error.ts";
import { need, ROOT, TOOLS } from "./tools.ts";

export const PROJECT = join(TOOLS, "project");

const LIBRARIES = ["@openzeppelin/contracts", "@chainlink/contracts/src/v0.8"];
const COORDINATOR =
  "artifacts/@chainlink/contracts/src/v0.8/vrf/dev/VRFCoordinatorV2_5.sol/VRFCoordinatorV2_5.json";

/** The compiler's settings that the deployed bytecode has, too. */
const FOUNDRY = `[profile.default]
src = "contracts"
test = "test/contracts"
script = "none"
libs = ["node_modules"]
solc = "${join(TOOLS, "bin", "solc")}"
offline = true
evm_version = "prague"
via_ir = true
optimizer = true
optimizer_runs = ${optimizerRuns()}
bytecode_hash = "none"
ast = true
auto_detect_remappings = false
remappings = ["@chainlink/=node_modules/@chainlink/", "@openzeppelin/=node_modules/@openzeppelin/"]

[profile.default.fuzz]
runs = 256

[profile.default.invariant]
runs = 64
depth = 64
fail_on_revert = false

[lint]
lint_on_build = false
`;

/** Brings the copy up to date. Files that are the same keep their time, so that nothing is built twice. */
export function syncProject(): void {
  for (const folder of ["contracts", "test/contracts", "test/symbolic"]) mirror(folder);
  for (const library of LIBRARIES) {
    const to = join(PROJECT, "node_modules", library);
    if (existsSync(to)) continue;
    cpSync(join(ROOT, "node_modules", library), to, {
      recursive: true,
      dereference: true,
      filter: (path) => statSync(path).isDirectory() || path.endsWith(".sol"),
    });
  }
  write(join(PROJECT, "foundry.toml"), FOUNDRY);
  write(
    join(PROJECT, "remappings.txt"),
    "@chainlink/=node_modules/@chainlink/\n@openzeppelin/=node_modules/@openzeppelin/\n",
  );
}

/** forge's settings for one use of the project, whose output has a folder of its own. */
export function forgeEnvironment(use: string): Record<string, string> {
  return { FOUNDRY_OUT: `out/${use}`, FOUNDRY_CACHE_PATH: `cache/${use}` };
}

/** Compiles the contracts alone, with the build-info that slither reads. */
export function buildContracts(): void {
  console.log("forge: building the contracts …");
  rmSync(join(PROJECT, "out/contracts/build-info"), { recursive: true, force: true });
  const output = need("forge", ["build", "contracts", "--build-info", "--force"], {
    cwd: PROJECT,
    env: forgeEnvironment("contracts"),
  });
  // An exception of the compiler itself does not reach forge's exit code.
  if (!existsSync(join(PROJECT, "out/contracts/build-info")))
    throw new CommandError(`forge built nothing:\n${output.slice(-2_000)}`, "see what it says");
}

/** Chainlink's coordinator as Hardhat built it, with its pinned compiler, where forge's `getCode` finds it. */
export function placeCoordinator(out: string): void {
  const { abi, bytecode, deployedBytecode } = JSON.parse(
    readFileSync(join(ROOT, COORDINATOR), "utf8"),
  ) as { abi: unknown; bytecode: string; deployedBytecode: string };
  const folder = join(out, "VRFCoordinatorV2_5.sol");
  mkdirSync(folder, { recursive: true });
  const code = (object: string) => ({ object, sourceMap: "", linkReferences: {} });
  write(
    join(folder, "VRFCoordinatorV2_5.json"),
    JSON.stringify({ abi, bytecode: code(bytecode), deployedBytecode: code(deployedBytecode) }),
  );
}

/** The coordinator's creation code, `0x…`. */
export function coordinatorCode(): string {
  return (JSON.parse(readFileSync(join(ROOT, COORDINATOR), "utf8")) as { bytecode: string })
    .bytecode;
}

/** All files below a folder of the copy, relative to the project's root. */
export function solidityFiles(folder: string): string[] {
  return readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".sol"))
    .map((name) => `${folder}/${name}`)
    .toSorted();
}

export function write(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return;
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
}

/** As hardhat.config.ts has it for our own compiler: the first one there. */
function optimizerRuns(): number {
  const runs = /optimizer: \{ enabled: true, runs: ([\d_]+)/.exec(
    readFileSync(join(ROOT, "hardhat.config.ts"), "utf8"),
  )?.[1];
  if (runs === undefined) throw new Error("hardhat.config.ts names no number of runs.");
  return Number(runs.replaceAll("_", ""));
}

function mirror(folder: string): void {
  const from = join(ROOT, folder);
  const to = join(PROJECT, folder);
  const names = readdirSync(from, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".sol"),
  );
  for (const name of names) write(join(to, name), readFileSync(join(from, name), "utf8"));
  if (!existsSync(to)) return;
  for (const name of readdirSync(to, { recursive: true, encoding: "utf8" })) {
    if (name.endsWith(".sol") && !names.includes(name)) rmSync(join(to, name));
  }
}
