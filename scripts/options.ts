import { InvalidArgumentError } from "commander";

/** Parses a command-line option that is a whole number, 0 or more. */
export function integer(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError("It must be a whole number.");
  return Number(value);
}
