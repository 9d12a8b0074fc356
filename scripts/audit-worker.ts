/** A thread that verifies proofs: what is posted to it comes back verified. */
import { parentPort } from "node:worker_threads";
import { type ProofTask, verifyFulfilment } from "../sdk/audit/proof.ts";

parentPort?.on("message", (tasks: ProofTask[]) =>
  parentPort?.postMessage(tasks.map(verifyFulfilment), []),
);
