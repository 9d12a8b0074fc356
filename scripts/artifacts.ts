import { existsSync, readFileSync } from "node:fs";
import type { Abi, Hex } from "viem";
import { CommandError } from "./command-error.ts";

/** ABI and bytecode of a contract as the build left them; `name` is its path below artifacts/ without `.json`. */
export function artifactOf(name: string): { abi: Abi; bytecode: Hex } {
  const file = new URL(`../artifacts/${name}.json`, import.meta.url);
  if (!existsSync(file))
    throw new CommandError(`artifacts/${name}.json is missing.`, "run `npm run build`");
  const { abi, bytecode } = JSON.parse(readFileSync(file, "utf8")) as { abi: Abi; bytecode: Hex };
  return { abi, bytecode };
}
