import { type Hex, hexToBytes, keccak256 } from "viem";

/** The bits of one entry in a block's bloom filter of logs (Yellow Paper, 4.3.1). */
export type BloomBits = number[];

/** The three of 2,048 bits that an address or a topic sets. */
export function bloomBitsOf(entry: Hex): BloomBits {
  const hash = hexToBytes(keccak256(hexToBytes(entry)));
  return [0, 2, 4].map((at) => ((hash[at]! << 8) | hash[at + 1]!) & 2047);
}

/** Whether a block may hold a log with this entry; `false` is certain. */
export function mayHold(bloom: string, bits: BloomBits): boolean {
  return bits.every((bit) => {
    // The lowest bit is the last one of the text.
    const nibble = parseInt(bloom[bloom.length - 1 - (bit >> 2)] ?? "0", 16);
    return (nibble & (1 << (bit & 3))) !== 0;
  });
}
