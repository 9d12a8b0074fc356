/**
 * Chainlink VRF v2.5: making and checking proofs.
 *
 * The formulas are those of Chainlink's `VRF.sol` (proofs) and `VRFCoordinatorV2_5.sol` (seeds, ids, calldata),
 * on secp256k1 with Keccak-256. They resemble RFC 9381 and are incompatible with it.
 *
 * w(n) below is n as 32 bytes, big-endian; ‖ is concatenation; a point is w(x) ‖ w(y); P is the prime of the field
 * and N the order of the group.
 */
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytesToNumberBE, numberToBytesBE } from "@noble/curves/utils.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import {
  decodeFunctionData,
  encodeFunctionData,
  getAddress,
  parseAbi,
  type Address,
  type Hex,
} from "viem";

/** A point of the curve, [x, y]. */
export type AffinePoint = readonly [bigint, bigint];

/** `VRF.Proof` of the coordinator, field for field. */
export type Proof = {
  readonly pk: AffinePoint;
  readonly gamma: AffinePoint;
  readonly c: bigint;
  readonly s: bigint;
  /** What the contract calls `seed` is the request's preSeed: the block hash is mixed in on chain. */
  readonly seed: bigint;
  readonly uWitness: Address;
  readonly cGammaWitness: AffinePoint;
  readonly sHashWitness: AffinePoint;
  readonly zInv: bigint;
};

/** `VRFTypes.RequestCommitmentV2Plus`: what the coordinator remembers of a request, as a hash. */
export type RequestCommitment = {
  readonly blockNum: bigint;
  readonly subId: bigint;
  readonly callbackGasLimit: number;
  readonly numWords: number;
  readonly sender: Address;
  readonly extraArgs: Hex;
};

/** `output` is the `outputSeed` of `RandomWordsFulfilled`, `word` the first word that the consumer gets. */
export type Randomness = { readonly output: bigint; readonly word: bigint };

/** The check that failed, in the order in which the contract makes them. */
export type Step = keyof typeof REASONS;

export type Verdict =
  | ({ readonly valid: true } & Randomness)
  | { readonly valid: false; readonly step: Step; readonly reason: string };

/** The part of `VRFCoordinatorV2_5` that requests, fulfilments and their audit need. */
export const coordinatorAbi = parseAbi([
  "struct Proof { uint256[2] pk; uint256[2] gamma; uint256 c; uint256 s; uint256 seed; address uWitness; uint256[2] cGammaWitness; uint256[2] sHashWitness; uint256 zInv; }",
  "struct RequestCommitment { uint64 blockNum; uint256 subId; uint32 callbackGasLimit; uint32 numWords; address sender; bytes extraArgs; }",
  "function fulfillRandomWords(Proof proof, RequestCommitment rc, bool onlyPremium) returns (uint96 payment)",
  "function s_requestCommitments(uint256 requestId) view returns (bytes32)",
  "function s_provingKeys(bytes32 keyHash) view returns (bool exists, uint64 maxGas)",
  "event ProvingKeyRegistered(bytes32 keyHash, uint64 maxGas)",
  "event ProvingKeyDeregistered(bytes32 keyHash, uint64 maxGas)",
  "event RandomWordsRequested(bytes32 indexed keyHash, uint256 requestId, uint256 preSeed, uint256 indexed subId, uint16 minimumRequestConfirmations, uint32 callbackGasLimit, uint32 numWords, bytes extraArgs, address indexed sender)",
  "event RandomWordsFulfilled(uint256 indexed requestId, uint256 outputSeed, uint256 indexed subId, uint96 payment, bool nativePayment, bool success, bool onlyPremium)",
  "error GasPriceExceeded(uint256 gasPrice, uint256 maxGas)",
  "error IncorrectCommitment()",
  "error InsufficientBalance()",
  "error NoCorrespondingRequest()",
  "error NoSuchProvingKey(bytes32 keyHash)",
]);

/** The calldata is not one `fulfillRandomWords` call: a batch, another function, or garbage. */
export class NotAFulfilment extends Error {
  override readonly name = "NotAFulfilment";
}

/** A secret key or nonce outside [1, N-1]. */
export class ScalarOutOfRange extends Error {
  override readonly name = "ScalarOutOfRange";
}

const { Point } = secp256k1;
const { Fp, Fn } = Point;
type CurvePoint = InstanceType<typeof Point>;

/** P = 3 (mod 4), so that a square's root is its power to (P + 1) / 4. */
const ROOT_EXPONENT = (Fp.ORDER + 1n) / 4n;

/** Domain tags of `VRF.sol`. */
const HASH_TO_CURVE = 1n;
const CHALLENGE = 2n;
const OUTPUT = 3n;

/** Bits of the window in which multiples of a public key are tabled: 12 ms once, 0.6 ms saved at each proof. */
const KEY_WINDOW = 6;
const MAX_KEYS = 16;

const REASONS = {
  malformed: "The proof does not have the shape that the coordinator reads.",
  publicKeyOnCurve: "The public key is not a point on the curve.",
  gammaOnCurve: "Gamma is not a point on the curve.",
  cGammaWitnessOnCurve: "The witness of c·gamma is not a point on the curve.",
  sHashWitnessOnCurve: "The witness of s·hash is not a point on the curve.",
  uWitness:
    "The u witness does not match c·publicKey + s·G: c, s, the public key or the witness is not the oracle's.",
  distinctWitnesses: "The witnesses of c·gamma and s·hash share their x, so no sum is defined.",
  cGammaWitness: "The witness of c·gamma is wrong: it is not c times gamma.",
  sHashWitness: "The witness of s·hash is wrong, or made for another seed or block hash.",
  zInv: "zInv is wrong: it does not invert the denominator of the witnesses' sum.",
  challenge: "The challenge does not match: c is not the hash of this proof's points.",
} as const;

/** The public key of a VRF secret key. Throws ScalarOutOfRange. */
export function publicKeyOf(secretKey: Hex): AffinePoint {
  return affine(Point.BASE.multiply(scalar(BigInt(secretKey), "The secret key")));
}

/** keccak(pk): the name of a key at the coordinator (`hashOfKey`). */
export function keyHashOf(pk: AffinePoint): Hex {
  return toHex(keccak_256(words(...pk)));
}

/** keccak(keyHash ‖ sender ‖ subId ‖ nonce); the nonce counts the sender's requests on a subscription from 1. */
export function preSeedOf(request: {
  keyHash: Hex;
  sender: Address;
  subId: bigint;
  nonce: bigint;
}): bigint {
  return hash(words(BigInt(request.keyHash), BigInt(request.sender), request.subId, request.nonce));
}

/** keccak(keyHash ‖ preSeed). */
export function requestIdOf({ keyHash, preSeed }: { keyHash: Hex; preSeed: bigint }): bigint {
  return hash(words(BigInt(keyHash), preSeed));
}

/** keccak(preSeed ‖ blockHash), with the hash of the request's own block: what the proof is really about. */
export function actualSeedOf({ preSeed, blockHash }: { preSeed: bigint; blockHash: Hex }): bigint {
  return hash(words(preSeed, BigInt(blockHash)));
}

/** keccak(output ‖ index): the word at `index` of those that the consumer gets. */
export function wordOf(output: bigint, index: bigint | number): bigint {
  return hash(words(output, BigInt(index)));
}

/**
 * Proves the randomness of a request under a secret key.
 *
 * The nonce is derived from the secret key and the seed, so that two proofs never share one by chance; pass one only
 * to reproduce a test vector, for two proofs with the same nonce give the key away. Throws ScalarOutOfRange.
 */
export function prove(request: {
  secretKey: Hex;
  preSeed: bigint;
  blockHash: Hex;
  nonce?: bigint;
}): { proof: Proof } & Randomness {
  const secret = scalar(BigInt(request.secretKey), "The secret key");
  const seed = actualSeedOf(request);
  const nonce = scalar(request.nonce ?? nonceOf(secret, seed), "The nonce");

  const pk = affine(Point.BASE.multiply(secret));
  const hashed = hashToCurve(pk, seed);
  const gammaPoint = hashed.multiply(secret);
  const gamma = affine(gammaPoint);
  const uWitness = addressOf(affine(Point.BASE.multiply(nonce)));
  const v = affine(hashed.multiply(nonce));

  const c = challengeOf(affine(hashed), pk, gamma, uWitness, v);
  const s = Fn.sub(nonce, Fn.mul(Fn.create(c), secret));

  const cGammaWitness = affine(gammaPoint.multiplyUnsafe(Fn.create(c)));
  const sHashWitness = affine(hashed.multiplyUnsafe(s));
  const zInv = Fp.inv(denominatorOf(cGammaWitness, sHashWitness));

  const witnesses = { uWitness: getAddress(uWitness), cGammaWitness, sHashWitness, zInv };
  const proof = { pk, gamma, c, s, seed: request.preSeed, ...witnesses };
  return { proof, ...randomnessOf(gamma) };
}

/**
 * Checks a proof as the coordinator does, in the same order, against the hash of the request's block.
 *
 * Never throws, whatever the proof is made of: a refusal names the step that failed and says in words why.
 */
export function verify({ proof, blockHash }: { proof: Proof; blockHash: Hex }): Verdict {
  const flaw = flawOf(proof, blockHash);
  if (flaw !== undefined) return { valid: false, step: "malformed", reason: flaw };

  const key = keyPoint(proof.pk);
  if (key === undefined) return refusal("publicKeyOnCurve");
  const gamma = pointOn(proof.gamma);
  if (gamma === undefined) return refusal("gammaOnCurve");
  const cGamma = pointOn(proof.cGammaWitness);
  if (cGamma === undefined) return refusal("cGammaWitnessOnCurve");
  const sHash = pointOn(proof.sHashWitness);
  if (sHash === undefined) return refusal("sHashWitnessOnCurve");

  const u = product(key, proof.c)?.add(Point.BASE.multiplyUnsafe(Fn.create(proof.s)));
  const uWitness = proof.uWitness.toLowerCase();
  if (u === undefined || u.is0() || addressOf(affine(u)) !== uWitness) return refusal("uWitness");

  const hashed = hashToCurve(proof.pk, actualSeedOf({ preSeed: proof.seed, blockHash }));
  if (cGamma.x === sHash.x) return refusal("distinctWitnesses");
  if (!product(gamma, proof.c)?.equals(cGamma)) return refusal("cGammaWitness");
  if (!product(hashed, proof.s)?.equals(sHash)) return refusal("sHashWitness");

  const denominator = denominatorOf(proof.cGammaWitness, proof.sHashWitness);
  if (Fp.mul(denominator, Fp.create(proof.zInv)) !== 1n) return refusal("zInv");

  const v = affine(cGamma.add(sHash));
  const c = challengeOf(affine(hashed), proof.pk, proof.gamma, uWitness, v);
  if (c !== proof.c) return refusal("challenge");

  return { valid: true, ...randomnessOf(proof.gamma) };
}

/** Calldata of `fulfillRandomWords(proof, commitment, false)`. */
export function encodeFulfilment({
  proof,
  commitment,
}: {
  proof: Proof;
  commitment: RequestCommitment;
}): Hex {
  return encodeFunctionData({
    abi: coordinatorAbi,
    functionName: "fulfillRandomWords",
    args: [proof, commitment, false],
  });
}

/** Proof and commitment out of the calldata of one `fulfillRandomWords` call. Throws NotAFulfilment. */
export function decodeFulfilment(calldata: Hex): { proof: Proof; commitment: RequestCommitment } {
  let call;
  try {
    call = decodeFunctionData({ abi: coordinatorAbi, data: calldata });
  } catch (cause) {
    throw new NotAFulfilment("The calldata is no call of the coordinator.", { cause });
  }
  if (call.functionName !== "fulfillRandomWords") {
    throw new NotAFulfilment(`The calldata calls ${call.functionName}, not fulfillRandomWords.`);
  }

  const [proof, commitment] = call.args;
  return { proof, commitment };
}

function randomnessOf(gamma: AffinePoint): Randomness {
  const output = hash(words(OUTPUT, ...gamma));
  return { output, word: wordOf(output, 0) };
}

function refusal(step: Step): Verdict {
  return { valid: false, step, reason: REASONS[step] };
}

/** What Solidity's ABI decoder would refuse of a proof, in words. */
function flawOf(proof: unknown, blockHash: unknown): string | undefined {
  if (typeof blockHash !== "string" || !/^0x[0-9a-f]{64}$/i.test(blockHash))
    return "The block hash is not 32 bytes.";
  if (typeof proof !== "object" || proof === null) return REASONS.malformed;

  const fields = proof as Record<string, unknown>;
  for (const name of ["pk", "gamma", "cGammaWitness", "sHashWitness"]) {
    const point = fields[name];
    if (!Array.isArray(point) || point.length !== 2 || !point.every(isWord))
      return `${name} is not a pair of uint256.`;
  }
  for (const name of ["c", "s", "seed", "zInv"]) {
    if (!isWord(fields[name])) return `${name} is not a uint256.`;
  }
  const { uWitness } = fields;
  if (typeof uWitness !== "string" || !/^0x[0-9a-f]{40}$/i.test(uWitness))
    return "uWitness is not an address.";
  return undefined;
}

function isWord(value: unknown): boolean {
  return typeof value === "bigint" && value >= 0n && value < 1n << 256n;
}

/**
 * scalar · point, or nothing where the contract's way to multiply fails: it uses `ecrecover`, which refuses an x
 * beyond the group's order and a scalar that is zero.
 */
function product(point: CurvePoint, factor: bigint): CurvePoint | undefined {
  const reduced = Fn.create(factor);
  return reduced === 0n || point.x >= Fn.ORDER ? undefined : point.multiplyUnsafe(reduced);
}

/** The point with these coordinates if they are reduced and on the curve. */
function pointOn([x, y]: AffinePoint): CurvePoint | undefined {
  const onCurve = x < Fp.ORDER && y < Fp.ORDER && Fp.sqr(y) === curve(x);
  return onCurve ? Point.fromAffine({ x, y }) : undefined;
}

const keys = new Map<bigint, { point: CurvePoint; tabled: boolean }>();

/** As `pointOn`; an audit meets the same few keys again and again, so one met twice gets a table of its multiples. */
function keyPoint(pk: AffinePoint): CurvePoint | undefined {
  const known = keys.get(pk[0]);
  if (known !== undefined && known.point.Y === pk[1]) {
    if (!known.tabled) known.point.precompute(KEY_WINDOW);
    known.tabled = true;
    return known.point;
  }

  const point = pointOn(pk);
  if (point === undefined) return undefined;
  if (keys.size === MAX_KEYS) keys.clear();
  keys.set(pk[0], { point, tabled: false });
  return point;
}

/** y² of the curve's equation. */
function curve(x: bigint): bigint {
  return Fp.add(Fp.mul(Fp.sqr(x), x), 7n);
}

/** Tries x after x until one is on the curve; the y is the even one. `_hashToCurve` of VRF.sol. */
function hashToCurve(pk: AffinePoint, seed: bigint): CurvePoint {
  let x = fieldHash(words(HASH_TO_CURVE, ...pk, seed));
  for (;;) {
    const ySquared = curve(x);
    const y = Fp.pow(ySquared, ROOT_EXPONENT);
    if (Fp.sqr(y) === ySquared) return Point.fromAffine({ x, y: y % 2n === 0n ? y : Fp.neg(y) });
    x = fieldHash(words(x));
  }
}

/** A hash below P. `_fieldHash` of VRF.sol. */
function fieldHash(bytes: Uint8Array): bigint {
  let x = hash(bytes);
  while (x >= Fp.ORDER) x = hash(words(x));
  return x;
}

/** c, not reduced. `_scalarFromCurvePoints` of VRF.sol, whose arguments come in another order than it packs them. */
function challengeOf(
  hashed: AffinePoint,
  pk: AffinePoint,
  gamma: AffinePoint,
  uWitness: string,
  v: AffinePoint,
) {
  return hash(
    concatBytes(words(CHALLENGE, ...hashed, ...pk, ...gamma, ...v), hexToBytes(uWitness.slice(2))),
  );
}

/** The z that `_projectiveECAdd` of VRF.sol arrives at, summing two points: the fifth power of their distance in x. */
function denominatorOf([x1]: AffinePoint, [x2]: AffinePoint): bigint {
  return Fp.pow(Fp.sub(x2, x1), 5n);
}

/** HMAC-SHA256 under the secret key of seed ‖ attempt, until it falls within [1, N-1]. */
function nonceOf(secret: bigint, seed: bigint): bigint {
  for (let attempt = 0n; ; attempt++) {
    const nonce = bytesToNumberBE(hmac(sha256, words(secret), words(seed, attempt)));
    if (Fn.isValidNot0(nonce)) return nonce;
  }
}

function scalar(value: bigint, what: string): bigint {
  if (!Fn.isValidNot0(value)) throw new ScalarOutOfRange(`${what} is not within [1, N-1].`);
  return value;
}

/** The low 20 bytes of a point's hash, in lower case. */
function addressOf(point: AffinePoint): Hex {
  return toHex(keccak_256(words(...point)).subarray(12));
}

function affine(point: CurvePoint): AffinePoint {
  const { x, y } = point.toAffine();
  return [x, y];
}

function words(...values: bigint[]): Uint8Array {
  return concatBytes(...values.map((value) => numberToBytesBE(value, 32)));
}

function hash(bytes: Uint8Array): bigint {
  return bytesToNumberBE(keccak_256(bytes));
}

function toHex(bytes: Uint8Array): Hex {
  return `0x${bytesToHex(bytes)}`;
}
