import { fail, pass } from "./checks.ts";
import { type ProofTask, type Verified, verifyFulfilment } from "./proof.ts";
import type { Block } from "./records.ts";
import { replayBlock, takeTasks } from "./replay.ts";
import { type Report, reportOf } from "./report.ts";
import { type Audit, type HouseFacts, newAudit } from "./state.ts";

/** Audits blocks that are at hand, in this thread and without a network: in a page, in a test, of a recording. */
export function auditBlocks(
  facts: HouseFacts,
  blocks: Iterable<Block>,
  verify: (task: ProofTask) => Verified = verifyFulfilment,
): { report: Report; audit: Audit } {
  const audit = newAudit(facts);
  for (const block of blocks) {
    replayBlock(audit, block);
    for (const task of takeTasks(audit)) if (task.kind === "proof") bookProof(audit, verify(task));
  }
  return { report: reportOf(audit, { complete: true }), audit };
}

/** Counts a proof that was verified, wherever that was done. */
export function bookProof({ book }: Audit, { at, flaw }: Verified): void {
  if (flaw) fail(book, "randomness.proof", at, flaw.expected, flaw.found);
  else pass(book, "randomness.proof");
}
