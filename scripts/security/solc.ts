/**
 * The npm compiler behind the command line of solc, for tools that would download one.
 *
 * Speaks the three dialects that the tools use: `--version`, `--standard-json` on standard input, and
 * `REMAPPING… --ast-compact-json FILE…`. Which compiler: GLASSHOUSE_SOLC_PACKAGE, by default the project's own.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

interface Compiler {
  version(): string;
  compile(input: string, callbacks?: { import(path: string): Imported }): string;
}

type Imported = { contents: string } | { error: string };

interface Output {
  errors?: { severity: string; formattedMessage: string }[];
  sources?: Record<string, { ast?: unknown }>;
}

const require = createRequire(import.meta.url);
const compiler = require(process.env["GLASSHOUSE_SOLC_PACKAGE"] ?? "solc") as Compiler;
const args = process.argv.slice(2);

if (args.includes("--version")) {
  const version = compiler.version().replace("Emscripten.clang", "Linux.g++");
  print(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else if (args.includes("--ast-compact-json")) {
  printTrees(args);
} else {
  print(signed(compiler.compile(readFileSync(0, "utf8"))));
}

function printTrees(words: string[]): void {
  const remappings = words.filter((word) => word.includes("="));
  const files = words.filter((word) => word.endsWith(".sol") && !word.includes("="));
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(
      files.map((file) => [file, { content: readFileSync(file, "utf8") }]),
    ),
    settings: { remappings, outputSelection: { "*": { "": ["ast"] } } },
  };
  const output = JSON.parse(
    signed(compiler.compile(JSON.stringify(input), { import: load })),
  ) as Output;
  const errors = output.errors?.filter(({ severity }) => severity === "error") ?? [];
  if (errors.length > 0) {
    process.stderr.write(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
    process.exit(1);
  }
  const trees = Object.entries(output.sources ?? {}).map(
    ([file, { ast }]) => `======= ${file} =======\n${JSON.stringify(ast)}\n`,
  );
  print(`JSON AST (compact format):\n\n\n${trees.join("\n")}`);
}

function load(path: string): Imported {
  return existsSync(path) ? { contents: readFileSync(path, "utf8") } : { error: "File not found" };
}

/** The ids of built-in symbols are negative; the 32-bit compiler prints them modulo 2^32. */
function signed(json: string): string {
  return json.replaceAll(/(?<=[[:,] ?)42949\d{5}(?=[,\]}])/g, (digits) => {
    const id = Number(digits) - 2 ** 32;
    return id > -1_000 ? String(id) : digits;
  });
}

/** Whole, however slowly the pipe is read. */
function print(text: string): void {
  process.stdout.write(text);
}
