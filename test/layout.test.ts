import { describe, expect, it } from "vitest";
import { decodeReserve, encodeReserve } from "../sdk/layout.ts";

describe("a reserve in 16 bits", () => {
  it("rounds reserves up to the next float, and keeps floats as they are", () => {
    const values = [
      0n,
      1n,
      1_023n,
      1_024n,
      2_047n,
      2_048n,
      2_049n,
      4_095n,
      4_096n,
      10n ** 9n,
      2n ** 56n - 1n,
      2047n << 62n,
    ];
    for (const value of values) {
      const stored = decodeReserve(encodeReserve(value));
      expect(stored).toBeGreaterThanOrEqual(value);
      expect((stored - value) * 1_024n).toBeLessThanOrEqual(value);
    }
    for (const value of values.filter((each) => each > 0n)) {
      expect(decodeReserve(encodeReserve(value) - 1n)).toBeLessThan(value);
    }
    for (let code = 0n; code < 65_536n; code += 7n)
      expect(encodeReserve(decodeReserve(code))).toBe(code);
    expect(() => encodeReserve((2047n << 62n) + 1n)).toThrow("does not fit");
  });
});
