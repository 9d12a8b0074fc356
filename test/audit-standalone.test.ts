import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Recording, recordHistory } from "../scripts/audit-recording.ts";
import { formatDeployment } from "../sdk/deployment.ts";
import { serveProvider } from "./support/serve-provider.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const PACKAGES = ["@noble/curves", "@noble/hashes", "commander", "viem"];

/** What a module names, types aside: those are stripped before it runs. */
const IMPORTS = [
  /^(?:import|export)\s(?!type\b)[^;"]*?from\s+"([^"]+)"/gm,
  /^import\s+"([^"]+)"/gm,
  /\bimport\(\s*"([^"]+)"/g,
  // A thread's own module.
  /new URL\("(\.[^"]+\.ts)",\s*import\.meta\.url\)/g,
];

/** All files that a module needs, and the packages that they name. */
function needsOf(entry: string): { files: string[]; packages: string[] } {
  const [files, packages] = [new Set<string>(), new Set<string>()];
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, name = ""] of IMPORTS.flatMap((pattern) => [...text.matchAll(pattern)])) {
      if (name.startsWith(".")) visit(join(dirname(file), name));
      else if (!name.startsWith("node:")) packages.add(/^(?:@[^/]+\/)?[^/]+/.exec(name)![0]);
    }
  };
  visit(join(ROOT, entry));
  return { files: [...files], packages: [...packages].toSorted() };
}

/** Packages with what they depend on themselves, as they are installed at the top; nested ones come along. */
function withDependencies(packages: string[]): string[] {
  const all = new Set<string>();
  const visit = (name: string, from: string): void => {
    const [nested, top] = [from, ROOT].map((folder) => join(folder, "node_modules", name)) as [
      string,
      string,
    ];
    const folder = existsSync(nested) ? nested : top;
    if (folder === top) all.add(name);
    const { dependencies = {} } = JSON.parse(
      readFileSync(join(folder, "package.json"), "utf8"),
    ) as { dependencies?: Record<string, string> };
    for (const dependency of Object.keys(dependencies))
      if (!all.has(dependency)) visit(dependency, folder);
  };
  for (const name of packages) visit(name, ROOT);
  return [...all].toSorted();
}

const needs = needsOf("scripts/audit.ts");

describe("the auditor's command", () => {
  test("needs four packages and what they need, and nothing of the app or the build", () => {
    expect(needs.packages).toEqual(PACKAGES);
    const all = withDependencies(PACKAGES);
    expect(all).toEqual(expect.arrayContaining(PACKAGES));
    for (const name of ["hardhat", "next", "react", "solc", "drizzle-orm", "wagmi", "hono"])
      expect(all).not.toContain(name);
    expect(all.length).toBeLessThan(20);
    const folders = new Set(needs.files.map((file) => relative(ROOT, file).split("/")[0]));
    expect([...folders].toSorted()).toEqual(["scripts", "sdk"]);
  });
});

describe("a copy of its files with these packages alone", () => {
  let recording: Recording;
  let server: Awaited<ReturnType<typeof serveProvider>>;
  let folder: string;

  beforeAll(async () => {
    recording = await recordHistory({ bets: 24, players: 6, perRound: 6 });
    server = await serveProvider(recording.request);
    folder = mkdtempSync(join(tmpdir(), "glasshouse-"));
    for (const file of needs.files) {
      const copy = join(folder, relative(ROOT, file));
      mkdirSync(dirname(copy), { recursive: true });
      cpSync(file, copy);
    }
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "house.json"), formatDeployment(recording.deployment));
    for (const name of withDependencies(PACKAGES)) {
      const link = join(folder, "node_modules", name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(ROOT, "node_modules", name), link);
    }
  });

  afterAll(async () => {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function run(): Promise<{ code: number; said: string }> {
    // Links are followed by name, so that packages find none but those of the copy.
    const flags = ["--preserve-symlinks", "--preserve-symlinks-main"];
    const options = ["--rpc", server.url, "--deployment", "house.json", "--workers", "1"];
    const child = spawn(process.execPath, [...flags, "scripts/audit.ts", ...options], {
      cwd: folder,
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, "exit")) as [number];
    return { code, said };
  }

  test("audits a house to a verdict, and says that it has no build to compare the code with", async () => {
    const { code, said } = await run();
    expect(said).toContain("Verdict: clean");
    expect(said).toMatch(/code\.bytecode .*not made: .* is not built here/);
    expect(code).toBe(0);
  });

  test("finds packages there and nowhere else", async () => {
    rmSync(join(folder, "node_modules", "commander"));
    const { code, said } = await run();
    expect(code).not.toBe(0);
    expect(said).toContain("Cannot find package 'commander'");
  });
});
