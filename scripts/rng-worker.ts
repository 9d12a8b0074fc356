import { parentPort, workerData } from "node:worker_threads";
import { type Lane, follow } from "./rng-views.ts";

/** A thread of `rng-test`: follows its lane and posts what it saw. */
const report = follow(workerData as Lane);
parentPort!.postMessage(
  report,
  report.flat().map(({ buffer }) => buffer),
);
