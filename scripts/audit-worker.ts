/** A thread that verifies proofs and signatures: what is posted to it comes back verified. */
import { parentPort } from "node:worker_threads";
import { type Work, verifyWork } from "../sdk/audit/work.ts";

parentPort?.on("message", (tasks: Work[]) => parentPort?.postMessage(tasks.map(verifyWork), []));
