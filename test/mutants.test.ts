/** A sample of `npm run test:mutants`: other mutants of another contract whenever a contract changes. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { targetFiles } from "./mutants/campaign.ts";

const MUTANTS = 24;
const ROOT = join(import.meta.dirname, "..");

test("the tests notice a sample of changes to the contracts", { timeout: 900_000 }, async () => {
  const files = targetFiles();
  const sources = createHash("sha256");
  for (const file of files) sources.update(readFileSync(join(ROOT, file)));
  const seed = sources.digest().readUInt32BE();
  const file = files[seed % files.length]!;
  const args = ["--only", file, "--sample", String(MUTANTS), "--seed", String(seed)];

  const { code, output } = await mutants(args);

  expect(code, `npm run test:mutants -- ${args.join(" ")}\n${output}`).toBe(0);
  expect(output).toMatch(/^[1-9]\d* of \d+ mutants\.$/m);
});

function mutants(args: string[]): Promise<{ code: unknown; output: string }> {
  const main = join(import.meta.dirname, "mutants/main.ts");
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, output: `${stdout}\n${stderr}` });
    });
  });
}
