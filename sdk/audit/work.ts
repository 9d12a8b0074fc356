import { type Book, fail, pass, skip } from "./checks.ts";
import { type ProofTask, verifyFulfilment } from "./proof.ts";
import { type Verified, verifySignature } from "./signatures.ts";
import type { SignatureTask, Task } from "./state.ts";

/** Work without state: what threads do for an audit. */
export type Work = ProofTask | SignatureTask;

export function isWork(task: Task): task is Work {
  return task.kind === "proof" || task.kind === "signature";
}

/** Verifies a proof or a signature. Never throws. */
export function verifyWork(task: Work): Verified {
  return task.kind === "proof" ? verifyFulfilment(task) : verifySignature(task);
}

/** Counts what was verified, wherever that was done. */
export function bookWork(book: Book, { check, at, flaw, unchecked }: Verified): void {
  if (flaw) fail(book, check, at, flaw.expected, flaw.found);
  else if (unchecked !== undefined) skip(book, check, unchecked);
  else pass(book, check);
}
