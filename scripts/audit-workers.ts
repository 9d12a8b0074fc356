import { Worker } from "node:worker_threads";
import type { Verified } from "../sdk/audit/signatures.ts";
import { type Work, verifyWork } from "../sdk/audit/work.ts";

/** Threads that verify proofs and signatures. */
export type Verifiers = {
  verify(tasks: Work[]): Promise<Verified[]>;
  close(): Promise<void>;
};

type Job = { tasks: Work[]; resolve(verified: Verified[]): void; reject(error: Error): void };

/** Starts `count` threads; with none, the caller's own verifies. */
export function startVerifiers(count: number): Verifiers {
  if (count === 0) {
    return { verify: async (tasks) => tasks.map(verifyWork), close: async () => {} };
  }
  const waiting: Job[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Job>();
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(new URL("./audit-worker.ts", import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 },
    });
    worker.on("message", (verified: Verified[]) => {
      busy.get(worker)?.resolve(verified);
      busy.delete(worker);
      idle.push(worker);
      next();
    });
    worker.on("error", (error: Error) => {
      for (const job of [...busy.values(), ...waiting.splice(0)]) job.reject(error);
      busy.clear();
    });
    idle.push(worker);
    return worker;
  });
  return {
    verify: (tasks) =>
      new Promise((resolve, reject) => {
        waiting.push({ tasks, resolve, reject });
        next();
      }),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };

  function next(): void {
    const worker = waiting.length > 0 ? idle.pop() : undefined;
    const job = worker && waiting.shift();
    if (!worker || !job) return;
    busy.set(worker, job);
    worker.postMessage(job.tasks, []);
  }
}
