import { type Abi, type Hex, getAddress } from "viem";

/** How the contracts' state is read. */

export type Call = { address: Hex; abi: Abi; functionName: string; args?: readonly unknown[] };

/** Reads of one block. */
export type Reader = {
  /** Results in order. */
  read(calls: readonly Call[]): Promise<unknown[]>;
  balanceOf(address: Hex): Promise<bigint>;
};

/** Accounts and lanes that are compared at the most, picked evenly; the sums cover the others. */
const COMPARED = 2_000;
export const AT_ONCE = 200;

/** All, or evenly spread ones where they are too many. */
export function picked<T>(all: readonly T[]): T[] {
  const step = Math.ceil(all.length / COMPARED);
  return all.filter((_, index) => index % step === 0);
}

export function* batches<T>(all: readonly T[], size = AT_ONCE): Generator<T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

export function playerOf(key: string): Hex {
  return getAddress(`0x${key.slice(0, 40)}`);
}
