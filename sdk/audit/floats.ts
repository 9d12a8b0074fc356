import { decodeReserve } from "../layout.ts";

/** Amounts as the contracts store them: the twin of `Float16`, as far as it rounds down. */

/** A mark as `HouseSlot` stores it: twelve bits of a floating number, rounded down. */
export function markOf(value: bigint): bigint {
  const spare = BigInt(Math.max(0, value.toString(2).length - 11));
  const code = value < 1_024n ? value : ((spare + 1n) << 10n) | ((value >> spare) & 1_023n);
  return decodeReserve((code >> 4n) << 4n);
}

/** An amount as a 16-bit float stores it, rounded down. */
export function floatDown(value: bigint): bigint {
  const spare = BigInt(Math.max(0, value.toString(2).length - 11));
  return (value >> spare) << spare;
}

export function isFloat(value: bigint): boolean {
  return floatDown(value) === value;
}
