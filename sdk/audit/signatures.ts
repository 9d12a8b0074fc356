import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { type Hex, hashTypedData } from "viem";
import type { CheckId, Place } from "./checks.ts";
import type { SignatureTask } from "./state.ts";

/** Verifying a signature: no state, so that any thread can do it. */

/** What came of work that was done elsewhere: an instance of a check. */
export type Verified = {
  check: CheckId;
  at: Place;
  flaw?: { expected: string; found: string };
  /** Why nothing could be said. */
  unchecked?: string;
};

const HALF_ORDER = secp256k1.Point.Fn.ORDER >> 1n;

/** Recovers who signed and counts for the one of the signers that it was. Never throws. */
export function verifySignature(task: SignatureTask): Verified {
  const { at, typedData, signature, signers, otherwise } = task;
  const check = signers[0]!.check;
  const account = signerOf(hashTypedData(typedData), signature);
  const signer = signers.find((known) => known.account === account);
  if (signer) return { check: signer.check, at, ...(signer.flaw ? { flaw: signer.flaw } : {}) };
  if (otherwise !== undefined) return { check, at, unchecked: otherwise };
  const expected = `a signature of ${signers.map((known) => known.account).join(" or ")}`;
  return { check, at, flaw: { expected, found: account ?? "of no account" } };
}

/** The account that made an ECDSA signature of 65 bytes; nothing where it is none, as OpenZeppelin's `tryRecover` has it. */
export function signerOf(digest: Hex, signature: Hex): Hex | undefined {
  if (!/^0x[0-9a-f]{130}$/i.test(signature)) return undefined;
  const [rs, v] = [signature.slice(2, 130), Number.parseInt(signature.slice(130), 16)];
  if (BigInt(`0x${rs.slice(64)}`) > HALF_ORDER) return undefined;
  if (v !== 27 && v !== 28) return undefined;
  try {
    const packed = hexToBytes(`0${v - 27}${rs}`);
    const recovered = secp256k1.recoverPublicKey(packed, hexToBytes(digest.slice(2)), {
      prehash: false,
    });
    const key = secp256k1.Point.fromBytes(recovered).toBytes(false);
    return `0x${bytesToHex(keccak_256(key.subarray(1))).slice(24)}`;
  } catch (error) {
    // No point of the curve has this r: nobody signed.
    if (error instanceof Error) return undefined;
    throw error;
  }
}
