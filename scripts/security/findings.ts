/** What a tool reports, under a name that outlives edits elsewhere, and the decisions on it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "../command-error.ts";
import { PROJECT } from "./workspace.ts";

export type Severity = "high" | "medium" | "low" | "info";

export interface Report {
  tool: string;
  detector: string;
  severity: Severity;
  file: string;
  line: number;
  message: string;
}

export interface Finding extends Report {
  /** `tool:detector:Contract.function`, with `#2` and so on for further ones of the same. */
  id: string;
}

/** One decision, on findings or, below medium severity, on a whole class of them: `tool:detector:*`. */
export interface Decision {
  decision: "false positive" | "accepted" | "by design";
  reason: string;
  /** Found in some runs and not in others, of the same sources: no fault if it is missing. */
  fickle?: true;
  findings: string[];
}

export interface Triage {
  untriaged: Finding[];
  /** Entries that match no finding of the tools that ran, and are not fickle. */
  stale: string[];
}

const CONTRACT = /^(?:abstract )?(?:contract|library|interface) (\w+)/;
const MEMBER =
  /^ {4}(?:function|modifier|event|error|struct|enum) (\w+)|^ {4}(constructor|receive|fallback)\b/;

/** Gives each report its id, in the order of the files, lines and messages. */
export function identify(reports: Report[]): Finding[] {
  const seen = new Map<string, number>();
  return reports
    .toSorted(
      (a, b) =>
        a.file.localeCompare(b.file) || a.line - b.line || a.message.localeCompare(b.message),
    )
    .map((report) => {
      const base = `${report.tool}:${report.detector}:${locate(report.file, report.line)}`;
      const count = (seen.get(base) ?? 0) + 1;
      seen.set(base, count);
      return { ...report, id: count === 1 ? base : `${base}#${count}` };
    });
}

/** `Contract.function` around a line, from the formatter's indentation. */
function locate(file: string, line: number): string {
  const lines = readFileSync(join(PROJECT, file), "utf8").split("\n");
  let member: string | undefined;
  let left = false;
  for (let at = Math.min(line, lines.length) - 1; at >= 0; --at) {
    const text = lines[at] ?? "";
    const contract = CONTRACT.exec(text);
    if (contract !== null)
      return member === undefined ? `${contract[1]}` : `${contract[1]}.${member}`;
    // A member that has closed before the line is not around it.
    if (at !== line - 1 && /^ {4}(?:\}|.*;$)/.test(text) && !/^ {5}/.test(text)) left = true;
    const found = MEMBER.exec(text);
    if (found !== null && member === undefined && !left) member = found[1] ?? found[2];
  }
  return file.slice(file.lastIndexOf("/") + 1, -".sol".length);
}

/** @throws CommandError if a class entry covers a finding of high or medium severity */
export function triage(findings: Finding[], decisions: Decision[], ran: string[]): Triage {
  const entries = decisions.flatMap(({ findings: ids }) => ids);
  const repeated = entries.filter((entry, at) => entries.indexOf(entry) !== at);
  if (repeated.length > 0) {
    throw new CommandError(`Triaged twice: ${repeated.join(", ")}`, "keep one entry for each");
  }
  const exact = new Set(entries.filter((entry) => !entry.endsWith("*")));
  const classes = entries.filter((entry) => entry.endsWith("*"));
  const used = new Set<string>();
  const untriaged = findings.filter(({ id, severity }) => {
    if (exact.has(id)) {
      used.add(id);
      return false;
    }
    if (severity === "high" || severity === "medium") return true;
    const covering = classes.find((entry) => id.startsWith(entry.slice(0, -1)));
    if (covering !== undefined) used.add(covering);
    return covering === undefined;
  });
  const fickle = decisions.flatMap((each) => (each.fickle === true ? each.findings : []));
  const stale = entries.filter(
    (entry) =>
      ran.includes(entry.slice(0, entry.indexOf(":"))) &&
      !used.has(entry) &&
      !fickle.includes(entry),
  );
  return { untriaged, stale };
}
