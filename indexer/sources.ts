import { type Address, getContractAddress } from "viem";

/**
 * The addresses whose logs are read, lower case: the casino, and the contracts for limits and sessions, which are the
 * first two that its constructor creates.
 */
export function sourcesOf(casino: Address): string[] {
  const created = [1n, 2n].map((nonce) => getContractAddress({ from: casino, nonce }));
  return [casino, ...created].map((address) => address.toLowerCase());
}
