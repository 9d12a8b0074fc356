/** The tools that read the sources and point at patterns: slither, aderyn, wake, solhint and forge's linter. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CommandError } from "../command-error.ts";
import type { Report, Severity } from "./findings.ts";
import { BIN, COMPILER, install, need, OLDER_COMPILER, ROOT, run, TOOLS } from "./tools.ts";
import { buildContracts, forgeEnvironment, PROJECT, solidityFiles, write } from "./workspace.ts";

interface SlitherElement {
  type: string;
  source_mapping: { filename_relative: string; lines: number[] };
}

interface SlitherOutput {
  success: boolean;
  error: string | null;
  results: {
    detectors?: {
      check: string;
      impact: "High" | "Medium" | "Low" | "Informational" | "Optimization";
      description: string;
      elements: SlitherElement[];
    }[];
  };
}

/** https://github.com/crytic/slither, on forge's build. */
export function slither(): Report[] {
  const program = install("slither");
  install("forge");
  buildContracts();
  const json = join(TOOLS, "slither.json");
  rmSync(json, { force: true });
  const out = ["--foundry-out-directory", "out/contracts"];
  const { output } = run(program, [".", "--ignore-compile", ...out, "--json", json], {
    cwd: PROJECT,
    env: forgeEnvironment("contracts"),
  });
  const { success, error, results } = read<SlitherOutput>(json, output);
  if (!success) throw new CommandError(`slither failed: ${error}`, "see what it says");
  const severities = {
    High: "high",
    Medium: "medium",
    Low: "low",
    Informational: "info",
    Optimization: "info",
  } as const;
  return ours(
    (results.detectors ?? []).map(({ check, impact, description, elements }) => ({
      tool: "slither",
      detector: check,
      severity: severities[impact],
      file: elements[0]?.source_mapping.filename_relative ?? "",
      line: lineOf(elements),
      message: description.trim().replaceAll(/\s+/g, " "),
    })),
  );
}

/** Of the expression that is meant, where slither names one in the function that it reports; else of the function. */
function lineOf(elements: SlitherElement[]): number {
  const [first, ...others] = elements;
  const node = others.find(
    ({ type, source_mapping: { filename_relative, lines } }) =>
      type === "node" &&
      filename_relative === first?.source_mapping.filename_relative &&
      first.source_mapping.lines.includes(lines[0] ?? 0),
  );
  return (node ?? first)?.source_mapping.lines[0] ?? 1;
}

interface AderynIssues {
  issues: {
    title: string;
    detector_name: string;
    instances: { contract_path: string; line_no: number }[];
  }[];
}

/** https://github.com/Cyfrin/aderyn, which looks for its compilers under the home folder. */
export function aderyn(): Report[] {
  const program = install("aderyn");
  const home = join(TOOLS, "aderyn", "home");
  const compilers = join(home, ".svm", COMPILER);
  mkdirSync(compilers, { recursive: true });
  copyFileSync(join(BIN, "solc"), join(compilers, `solc-${COMPILER}`));
  const json = join(TOOLS, "aderyn.json");
  rmSync(json, { force: true });
  const { output } = run(program, [".", "-s", "contracts", "--skip-update-check", "-o", json], {
    cwd: PROJECT,
    // It knows the EVM up to cancun; it only reads the syntax.
    env: { HOME: home, FOUNDRY_EVM_VERSION: "cancun" },
  });
  const { high_issues, low_issues } = read<Record<"high_issues" | "low_issues", AderynIssues>>(
    json,
    output,
  );
  const reports = ({ issues }: AderynIssues, severity: Severity) =>
    issues.flatMap(({ title, detector_name, instances }) =>
      instances.map(({ contract_path, line_no }) => ({
        tool: "aderyn",
        detector: detector_name,
        severity,
        file: contract_path,
        line: line_no,
        message: title,
      })),
    );
  return ours([...reports(high_issues, "high"), ...reports(low_issues, "low")]);
}

interface WakeDetection {
  detector_name: string;
  impact: "high" | "medium" | "low" | "warning" | "info";
  detection: { message: string; location: { relative_path: string; start_line: number } };
}

/** https://github.com/Ackee-Blockchain/wake; it knows compilers up to 0.8.34 and is given that one, from npm. */
export function wake(): Report[] {
  const program = install("wake");
  install("forge");
  const data = join(TOOLS, "wake", "home");
  listCompiler(data);
  const remappings = readFileSync(join(PROJECT, "remappings.txt"), "utf8").trim().split("\n");
  write(
    join(PROJECT, "wake.toml"),
    `[compiler.solc]
target_version = "${OLDER_COMPILER}"
evm_version = "prague"
via_IR = true
exclude_paths = ["node_modules", "test", "out", "cache"]
include_paths = []
remappings = ${JSON.stringify(remappings)}

[compiler.solc.optimizer]
enabled = true
runs = 200
`,
  );
  const json = join(PROJECT, ".wake", "detections.json");
  rmSync(json, { force: true });
  const { output } = run(program, ["detect", "--no-artifacts", "--export", "json", "all"], {
    cwd: PROJECT,
    env: {
      XDG_DATA_HOME: data,
      XDG_CONFIG_HOME: data,
      GLASSHOUSE_SOLC_PACKAGE: join(TOOLS, "forge/node_modules/solc"),
    },
  });
  const severities = { high: "high", medium: "medium", low: "low", warning: "low", info: "info" };
  return ours(
    read<WakeDetection[]>(json, output).map(({ detector_name, impact, detection }) => ({
      tool: "wake",
      detector: detector_name,
      severity: severities[impact] as Severity,
      file: detection.location.relative_path,
      line: detection.location.start_line,
      message: detection.message,
    })),
  );
}

/** Tells wake of one compiler that is already there, so that it downloads neither a list nor a compiler. */
function listCompiler(data: string): void {
  const name = `solc-${OLDER_COMPILER}`;
  const compilers = join(data, "wake", "compilers");
  const path = join(compilers, name, name);
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(join(BIN, "solc"), path);
  const keccak = need(join(TOOLS, "wake", "bin", "python"), [
    "-c",
    "import sys; from Crypto.Hash import keccak; print(keccak.new(digest_bits=256, data=open(sys.argv[1],'rb').read()).hexdigest())",
    path,
  ]).trim();
  const build = {
    path: name,
    version: OLDER_COMPILER,
    build: "npm",
    longVersion: OLDER_COMPILER,
    sha256: `0x${createHash("sha256").update(readFileSync(path)).digest("hex")}`,
    keccak256: `0x${keccak}`,
    urls: [],
  };
  // The oldest that wake supports stands first in its list: it takes that for what the platform has.
  const oldest = { ...build, version: "0.6.2", longVersion: "0.6.2" };
  writeFileSync(
    join(compilers, "solc.json"),
    JSON.stringify({
      builds: [oldest, build],
      releases: { [oldest.version]: name, [OLDER_COMPILER]: name },
      latestRelease: OLDER_COMPILER,
    }),
  );
}

/** The project's own linter, with its own rules. */
export function solhint(): Report[] {
  const { output } = run(join(ROOT, "node_modules/.bin/solhint"), [
    "--disc",
    "--formatter",
    "json",
    "contracts/**/*.sol",
  ]);
  const start = output.indexOf("[");
  if (start < 0) throw new CommandError(`solhint failed: ${output}`, "see what it says");
  const rows = JSON.parse(output.slice(start, output.lastIndexOf("]") + 1)) as {
    line?: number;
    severity?: string;
    message?: string;
    ruleId?: string;
    filePath?: string;
  }[];
  return rows.flatMap(({ line, severity, message, ruleId, filePath }) =>
    filePath === undefined
      ? []
      : [
          {
            tool: "solhint",
            detector: ruleId ?? "parser",
            severity: severity === "Error" ? ("medium" as const) : ("low" as const),
            file: filePath,
            line: line ?? 1,
            message: message ?? "",
          },
        ],
  );
}

interface ForgeDiagnostic {
  message: string;
  code: { code: string } | null;
  spans: { file_name: string; line_start: number }[];
}

/** forge's linter; it does not print a lint's severity, so each severity is asked for alone. */
export function forgeLint(): Report[] {
  install("forge");
  const severities = {
    high: "high",
    med: "medium",
    low: "low",
    info: "info",
    gas: "info",
  } as const;
  return Object.entries(severities).flatMap(([asked, severity]) => {
    const files = solidityFiles("contracts");
    const output = need("forge", ["lint", "--severity", asked, "--json", ...files], {
      cwd: PROJECT,
      env: forgeEnvironment("lint"),
    });
    return output
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as ForgeDiagnostic)
      .map(({ message, code, spans }) => ({
        tool: "forge-lint",
        detector: code?.code ?? "error",
        severity,
        file: spans[0]?.file_name ?? "",
        line: spans[0]?.line_start ?? 1,
        message,
      }));
  });
}

function ours(reports: Report[]): Report[] {
  return reports.filter(({ file }) => file.startsWith("contracts/"));
}

function read<Value>(path: string, output: string): Value {
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as Value;
  const end = output.trimEnd().split("\n").slice(-25).join("\n");
  throw new CommandError(`The tool wrote no report:\n${end}`, "see what it says");
}
