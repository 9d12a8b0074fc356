/**
 * Runs the outside tools over the contracts: detectors, provers, a fuzzing campaign and the coverage of the tests.
 *
 * Installs what it needs at exact versions into `.tools/`. Fails on a finding that docs/security/triage.json does not
 * decide on, on an entry there that matches nothing any more, and on lines or branches that no test reaches.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, Option } from "commander";
import { CommandError } from "./command-error.ts";
import { medusa } from "./security/campaigns.ts";
import { coverage } from "./security/coverage.ts";
import { aderyn, forgeLint, slither, solhint, wake } from "./security/detectors.ts";
import { identify, triage } from "./security/findings.ts";
import type { Decision, Finding, Report } from "./security/findings.ts";
import { halmos, smt } from "./security/provers.ts";
import { install, ROOT, TOOLS, writeSolc } from "./security/tools.ts";
import { syncProject } from "./security/workspace.ts";

const RUNS: Record<string, () => Report[]> = {
  solhint,
  "forge-lint": forgeLint,
  slither,
  aderyn,
  wake,
  halmos,
  smt,
  medusa,
  coverage,
};
const TRIAGE = join(ROOT, "docs/security/triage.json");

const program = new Command("npm run security --")
  .description("Run the outside tools over the contracts")
  .addOption(new Option("--only <tools...>", "run these alone").choices(Object.keys(RUNS)))
  .parse();

try {
  const { only } = program.opts<{ only?: string[] }>();
  process.exitCode = check(only ?? Object.keys(RUNS)) ? 0 : 1;
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  console.error(`${error.message}\nWhat to do: ${error.hint}.`);
  process.exitCode = 1;
}

function check(tools: string[]): boolean {
  mkdirSync(TOOLS, { recursive: true });
  writeSolc();
  install("forge");
  syncProject();
  const failed: string[] = [];
  const findings = tools.flatMap((tool) => {
    const started = Date.now();
    console.log(`\n${tool} …`);
    try {
      const found = identify(RUNS[tool]?.() ?? []);
      const seconds = Math.round((Date.now() - started) / 1_000);
      console.log(`${tool}: ${count(found)} (${seconds} s)`);
      return found;
    } catch (error) {
      // The others can still tell what they find; the whole fails in the end.
      if (!(error instanceof CommandError)) throw error;
      console.error(`${tool} failed: ${error.message}`);
      failed.push(tool);
      return [];
    }
  });
  const ran = tools.filter((tool) => !failed.includes(tool));
  const decisions = JSON.parse(readFileSync(TRIAGE, "utf8")) as Decision[];
  const { untriaged, stale } = triage(findings, decisions, ran);
  const open = new Set(untriaged);
  writeFileSync(
    join(TOOLS, "findings.json"),
    JSON.stringify(
      findings.map((finding) => ({ ...finding, triaged: !open.has(finding) })),
      null,
      2,
    ),
  );
  for (const { id, severity, file, line, message } of untriaged) {
    console.error(`untriaged, ${severity}: ${id}\n  ${file}:${line}  ${message}`);
  }
  for (const entry of stale) console.error(`stale: ${entry} matches no finding`);
  console.log(
    `\n${findings.length} findings, ${untriaged.length} untriaged, ${stale.length} stale entries (.tools/findings.json)`,
  );
  if (failed.length > 0) console.error(`Did not run to the end: ${failed.join(", ")}`);
  return untriaged.length + stale.length + failed.length === 0;
}

function count(findings: Finding[]): string {
  const severities = ["high", "medium", "low", "info"] as const;
  const parts = severities
    .map((severity) => [severity, findings.filter((each) => each.severity === severity).length])
    .filter(([, number]) => number !== 0)
    .map(([severity, number]) => `${number} ${severity}`);
  return parts.length === 0 ? "nothing found" : parts.join(", ");
}
