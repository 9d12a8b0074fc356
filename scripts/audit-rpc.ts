import { setTimeout as sleep } from "node:timers/promises";
import { CommandError } from "./command-error.ts";

/** What an audit asks of a node. Answers are JSON-RPC's own, unjudged. */
export type Node = { request(method: string, params?: readonly unknown[]): Promise<unknown> };

/** The node answered, and refused: the range may hold too much, the method may be missing, the state may be gone. */
export class Refused extends Error {
  override readonly name = "Refused";
}

type Pending = {
  method: string;
  params: readonly unknown[];
  resolve(value: unknown): void;
  reject(error: Error): void;
};
type Answer = { id?: number; result?: unknown; error?: { code?: number; message?: string } };

const BATCH = 60;
const AT_ONCE = 4;
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 250;
const TIMEOUT_MS = 60_000;
/** JSON-RPC's and the usual providers' "too many requests". */
const BUSY = new Set([-32_005, -32_016, 429]);

/** A node over HTTP: what is asked at the same moment goes out in batches; what fails is asked again, at growing intervals. */
export function httpNode(url: string): Node {
  const queue: Pending[] = [];
  let [running, batch, planned] = [0, BATCH, false];

  return {
    request: (method, params = []) =>
      new Promise((resolve, reject) => {
        queue.push({ method, params, resolve, reject });
        if (planned) return;
        planned = true;
        queueMicrotask(pump);
      }),
  };

  function pump(): void {
    planned = false;
    while (running < AT_ONCE && queue.length > 0) {
      running++;
      void send(queue.splice(0, batch)).finally(() => {
        running--;
        pump();
      });
    }
  }

  async function send(calls: Pending[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answers = await post(calls);
        if (answers.some(({ error }) => error && BUSY.has(error.code ?? 0)) && attempt < ATTEMPTS) {
          throw new Error("the node is busy");
        }
        for (const [index, call] of calls.entries()) settle(call, answers[index]);
        return;
      } catch (error) {
        if (error instanceof Refused && calls.length > 1) {
          // A node that takes no batches, or smaller ones.
          batch = Math.max(1, batch >> 1);
          queue.unshift(...calls);
          return;
        }
        if (error instanceof Refused || attempt === ATTEMPTS) {
          for (const call of calls)
            call.reject(error instanceof Refused ? error : unreachable(error));
          return;
        }
        await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
      }
    }
  }

  async function post(calls: Pending[]): Promise<Answer[]> {
    const body = calls.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params }));
    const json = await answerOf(JSON.stringify(calls.length === 1 ? body[0] : body));
    if (!Array.isArray(json)) {
      if (calls.length > 1) throw new Refused(json.error?.message ?? "The node takes no batches.");
      return [json];
    }
    const answers = json.toSorted((a, b) => (a.id ?? 0) - (b.id ?? 0));
    if (answers.length !== calls.length) throw new Error("the node answered a part of a batch");
    return answers;
  }

  async function answerOf(body: string): Promise<Answer | Answer[]> {
    // Not AbortSignal.timeout: it would keep each answer until its time is over.
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const headers = { "content-type": "application/json" };
      const response = await fetch(url, { method: "POST", headers, body, signal: abort.signal });
      if (response.status === 413) throw new Refused("The answer is too large for the node.");
      if (response.status === 429 || response.status >= 500)
        throw new Error(`HTTP ${response.status}`);
      return (await response.json()) as Answer | Answer[];
    } finally {
      clearTimeout(timer);
    }
  }

  function unreachable(error: unknown): CommandError {
    const { origin } = new URL(url);
    const why = error instanceof Error ? error.message : String(error);
    return new CommandError(
      `No answer from ${origin} after ${ATTEMPTS} attempts: ${why}.`,
      "check --rpc, and run it again with --resume",
      { cause: error },
    );
  }
}

function settle({ resolve, reject }: Pending, answer: Answer | undefined): void {
  if (answer?.error) reject(new Refused(answer.error.message ?? "the node refused"));
  else resolve(answer?.result);
}
