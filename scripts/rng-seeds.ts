import { keccakP } from "@noble/hashes/sha3.js";
import { type Hex, keccak256, numberToHex, stringToHex } from "viem";
import { prove } from "../sdk/vrf.ts";

/** The secret key that proves the words: public, so that anyone gets the same ones. */
export const SECRET_KEY: Hex = keccak256(stringToHex("Glasshouse rng-test"));
/** How many bets share a word. */
export const BETS_PER_WORD = 10_000;
export const CHAIN_ID = 31_337n;
export const CASINO: Hex = "0x000000000000000000000000000000000000c51e";

const WORD_MASK = (1n << 224n) - 1n;

/** The word of a real VRF proof, for the request numbered so in the block with that number's hash. */
export function vrfWord(request: number): bigint {
  return prove({
    secretKey: SECRET_KEY,
    preSeed: BigInt(request),
    blockHash: keccak256(numberToHex(request, { size: 32 })),
  }).word;
}

/**
 * Seeds of a round's bets from the first one on, as the casino derives them:
 * `keccak256(abi.encode(word mod 2^224, chainId, casino, betId))`. Twice as fast as hashing bytes: it fills the sponge
 * itself, whose one block holds the four words.
 */
export function* seedsOf(word: bigint, first = 0): Generator<bigint, never> {
  const state = new Uint32Array(50);
  const bytes = new DataView(state.buffer);
  const block = new Uint8Array(136);
  const fixed = new DataView(block.buffer);
  for (const [index, value] of [word & WORD_MASK, CHAIN_ID, BigInt(CASINO)].entries()) {
    for (let limb = 0; limb < 4; limb++) {
      fixed.setBigUint64(32 * index + 8 * limb, value >> BigInt(192 - 64 * limb));
    }
  }
  // Keccak's padding.
  block[128] = 0x01;
  block[135] = 0x80;
  const filled = new Uint32Array(block.buffer);
  for (let betId = first; ; betId++) {
    state.fill(0);
    state.set(filled);
    bytes.setUint32(124, betId);
    keccakP(state);
    yield (
      (bytes.getBigUint64(0) << 192n) |
      (bytes.getBigUint64(8) << 128n) |
      (bytes.getBigUint64(16) << 64n) |
      bytes.getBigUint64(24)
    );
  }
}
