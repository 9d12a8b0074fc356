import type { Hex } from "viem";
import type { Deployment } from "../deployment.ts";
import { games } from "../games/index.ts";
import { type Book, equal, fail, holds, skip } from "./checks.ts";

/** The code on chain against the compiler's output. */

/** What the compiler made of a contract; `immutableReferences` are the places of constants set at creation. */
export type Artifact = {
  deployedBytecode: Hex;
  immutableReferences?: Record<string, readonly { start: number; length: number }[]>;
};

export type CodeSource = {
  /** The code at an address now. */
  codeAt(address: Hex): Promise<Hex>;
  /** The compiler's output, by the name of the contract; undefined where this checkout has not built it. */
  artifact(contract: string): Artifact | undefined;
};

const DELEGATECALL = 0xf4;
const CALLCODE = 0xf2;
const SELFDESTRUCT = 0xff;
const PUSH1 = 0x60;
const PUSH32 = 0x7f;
const INVALID = 0xfe;

/** Compares every contract of the deployment, and those that the casino `made`, by name. Block 0 stands for "now". */
export async function checkCode(
  book: Book,
  deployment: Deployment,
  source: CodeSource,
  made: readonly (readonly [string, Hex])[] = [],
): Promise<void> {
  const contracts: [string, Hex][] = [
    ["AccessManager", deployment.accessManager],
    ["Casino", deployment.casino],
    ...deployment.assets.map(({ bankroll }): [string, Hex] => ["Bankroll", bankroll]),
    ...deployment.games.map(({ id, rules }): [string, Hex] => [
      games[id]?.contract.name ?? `game ${id}`,
      rules,
    ]),
    ...made.map(([name, address]): [string, Hex] => [name, address]),
  ];
  for (const [name, address] of contracts) {
    const [code, artifact] = [await source.codeAt(address), source.artifact(name)];
    const at = { block: 0 };
    const note = `${name} at ${address}`;
    if (!artifact) skip(book, "code.bytecode", `${name} is not built here`);
    else
      equal(
        book,
        "code.bytecode",
        at,
        "the compiler's output",
        differenceOf(code, artifact) ?? "the compiler's output",
        note,
      );
    // AccessManager can call itself several times in one transaction (OpenZeppelin's Multicall), by delegatecall.
    const foreign = opcodesIn(code).filter(
      (opcode) => opcode !== DELEGATECALL || name !== "AccessManager",
    );
    const none = foreign.length === 0;
    holds(
      book,
      "code.opcodes",
      at,
      none,
      "no delegatecall, callcode or selfdestruct",
      foreign.map((opcode) => `0x${opcode.toString(16)}`).join(", "),
      note,
    );
  }
  for (const { id, key } of deployment.games) {
    const known = games[id];
    if (known) equal(book, "history.deployment", { block: 0 }, known.key, key, `game ${id}`);
    else
      fail(
        book,
        "history.deployment",
        { block: 0 },
        "a game that these rules know",
        `game ${id}, ${key}`,
      );
  }
}

/** Where code differs from the compiler's output, constants aside; undefined where it does not. */
export function differenceOf(
  code: Hex,
  { deployedBytecode, immutableReferences = {} }: Artifact,
): string | undefined {
  if (code === "0x") return "no code";
  if (code.length !== deployedBytecode.length)
    return `${code.length / 2 - 1} bytes, not ${deployedBytecode.length / 2 - 1}`;
  const masked = new Set<number>();
  for (const { start, length } of Object.values(immutableReferences).flat()) {
    for (let byte = start; byte < start + length; byte++) masked.add(byte);
  }
  for (let byte = 0; byte < code.length / 2 - 1; byte++) {
    const at = 2 + 2 * byte;
    if (
      !masked.has(byte) &&
      code.slice(at, at + 2).toLowerCase() !== deployedBytecode.slice(at, at + 2).toLowerCase()
    )
      return `another byte at ${byte}`;
  }
  return undefined;
}

/** Opcodes that could run foreign code or end the contract, in the code proper: what follows `INVALID` and is not jumped to is data. */
export function opcodesIn(code: Hex): number[] {
  const bytes = Uint8Array.from({ length: code.length / 2 - 1 }, (_, index) =>
    Number.parseInt(code.slice(2 + 2 * index, 4 + 2 * index), 16),
  );
  const found = new Set<number>();
  for (let at = 0; at < bytes.length; at++) {
    const opcode = bytes[at]!;
    if (opcode === INVALID) break;
    if (opcode >= PUSH1 && opcode <= PUSH32) at += opcode - PUSH1 + 1;
    if (opcode === DELEGATECALL || opcode === CALLCODE || opcode === SELFDESTRUCT)
      found.add(opcode);
  }
  return [...found];
}
