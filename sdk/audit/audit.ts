import { skip } from "./checks.ts";
import type { Block } from "./records.ts";
import { replayBlock, takeTasks } from "./replay.ts";
import { type Report, reportOf } from "./report.ts";
import type { Verified } from "./signatures.ts";
import { type Audit, type HouseFacts, newAudit } from "./state.ts";
import { type Work, bookWork, isWork, verifyWork } from "./work.ts";

/** Audits blocks that are at hand, in this thread and without a network: in a page, in a test, of a recording. */
export function auditBlocks(
  facts: HouseFacts,
  blocks: Iterable<Block>,
  verify: (task: Work) => Verified = verifyWork,
): { report: Report; audit: Audit } {
  const audit = newAudit(facts);
  for (const block of blocks) {
    replayBlock(audit, block);
    for (const task of takeTasks(audit)) {
      if (isWork(task)) bookWork(audit.book, verify(task));
      else if (task.kind === "key") skip(audit.book, "randomness.key", "no coordinator to ask");
    }
  }
  return { report: reportOf(audit, { complete: true }), audit };
}
