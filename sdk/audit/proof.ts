import { type Hex, decodeFunctionData, parseAbi } from "viem";
import {
  type Proof,
  type RequestCommitment,
  decodeFulfilment,
  encodeFulfilment,
  keyHashOf,
  requestIdOf,
  verify,
} from "../vrf.ts";
import type { Verified } from "./signatures.ts";
import type { Task } from "./state.ts";

/** Verifying a proof: no state, so that any thread can do it. */

export type ProofTask = Extract<Task, { kind: "proof" }>;

/** The call of Chainlink's BatchVRFCoordinatorV2Plus, which fulfils several requests in one transaction. */
const batchAbi = parseAbi([
  "struct Proof { uint256[2] pk; uint256[2] gamma; uint256 c; uint256 s; uint256 seed; address uWitness; uint256[2] cGammaWitness; uint256[2] sHashWitness; uint256 zInv; }",
  "struct RequestCommitment { uint64 blockNum; uint256 subId; uint32 callbackGasLimit; uint32 numWords; address sender; bytes extraArgs; }",
  "function fulfillRandomWords(Proof[] proofs, RequestCommitment[] rcs)",
]);
const BATCH_SELECTOR = "0x6abb1721";
const SELECTOR = "301f42e9";
/** Where the words before, and after, `onlyPremium` are in the hex of the calldata. */
const [BEFORE_PREMIUM, AFTER_PREMIUM] = [10 + 64 * 14, 10 + 64 * 15];

/** Checks proof and commitment in a fulfilment's calldata against the request and its block. Never throws. */
export function verifyFulfilment(task: ProofTask): Verified {
  const { at } = task;
  const check = "randomness.proof";
  const flawed = (expected: unknown, found: unknown): Verified => ({
    ...({ check, at } as const),
    flaw: { expected: `${expected}`, found: `${found}` },
  });
  let found: { proof: Proof; commitment: RequestCommitment } | undefined;
  try {
    found = fulfilmentIn(task.calldata, task.requestId);
  } catch (error) {
    return flawed(
      "a proof in the transaction's calldata",
      error instanceof Error ? error.name : error,
    );
  }
  if (!found) return flawed(`a proof of request ${task.requestId}`, "none in the calldata");

  const { proof, commitment } = found;
  const pairs = [
    ["keyHash", task.keyHash, keyHashOf(proof.pk)],
    ["preSeed", task.preSeed, proof.seed],
    ["blockNum", BigInt(task.blockNum), commitment.blockNum],
    ["subId", task.subId, commitment.subId],
    ["callbackGasLimit", task.callbackGasLimit, commitment.callbackGasLimit],
    ["numWords", 1, commitment.numWords],
    ["sender", task.sender, commitment.sender.toLowerCase()],
    ["extraArgs", task.extraArgs, commitment.extraArgs],
  ] as const;
  for (const [name, expected, actual] of pairs) {
    if (expected !== actual) return flawed(`${name} ${expected}`, `${name} ${actual}`);
  }
  const verdict = verify({ proof, blockHash: task.blockHash });
  if (!verdict.valid) return flawed("a valid proof", `${verdict.step}: ${verdict.reason}`);
  if (verdict.output !== task.outputSeed)
    return flawed(`output ${verdict.output}`, `output ${task.outputSeed}`);
  return { check, at };
}

function fulfilmentIn(calldata: Hex, requestId: bigint) {
  if (!calldata.startsWith(BATCH_SELECTOR)) return decodeExactly(calldata);
  const [proofs, commitments] = decodeFunctionData({ abi: batchAbi, data: calldata }).args;
  const index = proofs.findIndex(
    ({ pk, seed }) => requestIdOf({ keyHash: keyHashOf(pk), preSeed: seed }) === requestId,
  );
  const [proof, commitment] = [proofs[index], commitments[index]];
  return proof && commitment ? { proof, commitment } : undefined;
}

/** One fulfilment, called by itself or through a forwarder; undefined where the bytes are not exactly its encoding. */
function decodeExactly(calldata: Hex) {
  const start = calldata.startsWith(`0x${SELECTOR}`) ? 2 : calldata.indexOf(SELECTOR);
  const call: Hex = `0x${calldata.slice(Math.max(start, 2))}`;
  const found = decodeFulfilment(call);
  const canonical = encodeFulfilment(found);
  const same =
    call.startsWith(canonical.slice(0, BEFORE_PREMIUM)) &&
    call.slice(AFTER_PREMIUM).startsWith(canonical.slice(AFTER_PREMIUM));
  return same ? found : undefined;
}
