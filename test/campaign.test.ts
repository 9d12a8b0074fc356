import { readFileSync, readdirSync } from "node:fs";
import type { Abi } from "viem";
import { expect, test } from "vitest";
import { bankrollAbi, casinoAbi, limitsAbi, sessionsAbi } from "../sdk/abis.ts";

const HANDLER = new URL("./contracts/fixtures/handler/", import.meta.url);

/** All that the handler of the invariants calls: `casino.settle(…)`, `ICasino.bet`, and of overloads `"mint(uint256,address)"`. */
const source = readdirSync(HANDLER)
  .map((name) => readFileSync(new URL(name, HANDLER), "utf8"))
  .join("\n");

test.each<[string, Abi]>([
  ["casino", casinoAbi],
  ["sessions", sessionsAbi],
  ["limits", limitsAbi],
  ["bankroll", bankrollAbi],
])("the invariants' handler drives each function of the %s that changes state", (_, abi) => {
  const functions = abi
    .filter((item) => item.type === "function")
    .filter(({ stateMutability }) => stateMutability !== "view" && stateMutability !== "pure");
  const missing = functions.filter(({ name, inputs }) => {
    const overloaded = functions.filter((other) => other.name === name).length > 1;
    const signature = `"${name}(${inputs.map(({ type }) => type).join(",")})"`;
    return overloaded ? !source.includes(signature) : !new RegExp(`\\.${name}\\b`).test(source);
  });
  expect(missing.map(({ name }) => name)).toEqual([]);
});
