import { toFunctionSignature } from "viem";
import { describe, expect, it } from "vitest";
import { casinoAbi as ofPages } from "../app/abi.ts";
import { casinoAbi } from "../sdk/abis.ts";

describe("the ABI of the pages", () => {
  it("is a part of the contract's", () => {
    for (const item of ofPages) {
      const own = casinoAbi.find((each) => each.type === "function" && each.name === item.name);
      expect(own, item.name).toBeDefined();
      if (own?.type !== "function") continue;
      expect(toFunctionSignature(item)).toBe(toFunctionSignature(own));
      expect(item.stateMutability).toBe(own.stateMutability);
      expect(item.outputs).toEqual(strip(own.outputs));
    }
  });
});

/** Without the names that only the compiler needs. */
function strip(parameters: readonly unknown[]): unknown[] {
  return parameters.map((parameter) => {
    const { name, type, components } = parameter as {
      name: string;
      type: string;
      components?: readonly unknown[];
    };
    return {
      ...(name ? { name } : {}),
      type,
      ...(components ? { components: strip(components) } : {}),
    };
  });
}
