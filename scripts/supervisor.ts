import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { styleText } from "node:util";

/** One process of the house. */
export interface Part {
  name: string;
  command: string;
  args?: string[];
  /** Added to this process's environment. */
  env?: Record<string, string>;
  /** A line of standard output, or a check that is polled; ready at once where left out. */
  ready?: RegExp | (() => Promise<boolean>);
  /** Parts that must have been ready before this one starts. */
  after?: string[];
  /** Its death stops the house: what it held is lost, so a restart would not bring it back. */
  critical?: boolean;
  /** Runs to its end, which is when it is ready; a failure stops the house. */
  once?: boolean;
}

export interface House {
  /** Resolves when all parts have been ready once; rejects when the house stops before. */
  ready: Promise<void>;
  /** Resolves when nothing runs any more: to the reason of a failure, or to nothing after `stop`. */
  closed: Promise<string | undefined>;
  /** Ends all parts, the last started first: SIGTERM, then SIGKILL after a grace period. */
  stop(): Promise<void>;
  /** Ends all parts at once. */
  kill(): void;
  /** Process id of a running part. */
  pid(name: string): number | undefined;
}

/** Milliseconds, except `attempts`. */
export interface Timing {
  firstDelay: number;
  longestDelay: number;
  /** A part that ran this long starts over with the first delay. */
  healthyAfter: number;
  killAfter: number;
  pollEvery: number;
  /** How often a part may die before it was ever ready; then the house gives up. */
  attempts: number;
}

const TIMING: Timing = {
  firstDelay: 250,
  longestDelay: 5_000,
  healthyAfter: 30_000,
  killAfter: 5_000,
  pollEvery: 100,
  attempts: 5,
};

const COLOURS = ["cyan", "magenta", "yellow", "green", "blue", "red"] as const;

interface Running {
  child: ChildProcess;
  exited: Promise<string>;
}

/** Starts the parts in the order of their dependencies and keeps them alive until `stop`. */
export function supervise({
  parts,
  print = console.log,
  timing: changes = {},
}: {
  parts: Part[];
  print?: (line: string) => void;
  timing?: Partial<Timing>;
}): House {
  checkOrder(parts);
  const timing = { ...TIMING, ...changes };
  const width = Math.max(...parts.map(({ name }) => name.length));
  const running = new Map<string, Running>();
  const readyParts = new Map(parts.map(({ name }) => [name, defer<void>()]));
  const closed = defer<string | undefined>();
  const stopping = new AbortController();
  const guard = startGuard();
  let stopped: Promise<void> | undefined;

  process.once("exit", kill);
  const ready = Promise.all([...readyParts.values()].map(({ promise }) => promise)).then(() => {});
  ready.catch(() => {}); // Whoever awaits `ready` hears of it; `closed` tells the reason anyway.
  for (const [index, part] of parts.entries()) {
    const colour = COLOURS[index % COLOURS.length] ?? "cyan";
    const prefix = styleText(colour, `${part.name.padEnd(width)} │`);
    void keepAlive(part, (line) => print(`${prefix} ${line}`));
  }
  return {
    ready,
    closed: closed.promise,
    stop: () => stop(),
    kill: () => {
      kill();
      void stop();
    },
    pid,
  };

  async function keepAlive(part: Part, log: (line: string) => void): Promise<void> {
    const own = readyParts.get(part.name);
    let wasReady = false;
    let deaths = 0;
    void own?.promise.then(
      () => (wasReady = true),
      () => {},
    );
    try {
      await Promise.all((part.after ?? []).map((name) => readyParts.get(name)?.promise));
    } catch {
      return; // The house stopped before its turn came.
    }
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      const end = await runOnce(part, log, () => own?.resolve());
      if (stopping.signal.aborted) return;
      if (part.once && end === "exit code 0") return own?.resolve();

      const fatal = whyFatal(part, end, wasReady, ++deaths);
      if (fatal !== undefined) return void stop(fatal);

      if (performance.now() - startedAt >= timing.healthyAfter) deaths = 1;
      const delay = Math.min(timing.firstDelay * 2 ** (deaths - 1), timing.longestDelay);
      log(`ended (${end}), starts again in ${delay / 1000} s`);
      await sleep(delay, undefined, { signal: stopping.signal }).catch(() => {}); // Stopped.
    }
  }

  function whyFatal(part: Part, end: string, wasReady: boolean, deaths: number) {
    if (part.once) return `${part.name} failed (${end}).`;
    if (part.critical) return `${part.name} ended (${end}), and what it held is lost.`;
    if (!wasReady && deaths >= timing.attempts) {
      return `${part.name} did not come up in ${deaths} attempts (${end}).`;
    }
    return undefined;
  }

  /** Runs a part until it ends and says how it ended. */
  async function runOnce(part: Part, log: (line: string) => void, becomeReady: () => void) {
    const child = spawn(part.command, part.args ?? [], {
      env: { ...process.env, ...part.env },
      // A group of its own: Ctrl-C reaches only us, and we can end it with all its descendants.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const pattern = part.ready instanceof RegExp ? part.ready : undefined;
    onLines(child.stdout, (line) => {
      log(line);
      if (pattern?.test(line)) becomeReady();
    });
    onLines(child.stderr, log);

    const over = new AbortController();
    const exited = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    running.set(part.name, { child, exited });
    guard.add(child.pid);

    if (typeof part.ready === "function") void poll(part.ready, over.signal, becomeReady);
    else if (pattern === undefined && !part.once) child.once("spawn", becomeReady);

    const end = await exited;
    over.abort();
    killGroup(child.pid, "SIGKILL"); // Whatever it left behind.
    guard.remove(child.pid);
    running.delete(part.name);
    return end;
  }

  async function poll(isReady: () => Promise<boolean>, over: AbortSignal, becomeReady: () => void) {
    while (!over.aborted) {
      // A check that throws means "not yet", as a refused connection does.
      if (await isReady().catch(() => false)) return over.aborted ? undefined : becomeReady();
      await sleep(timing.pollEvery);
    }
  }

  function stop(reason?: string): Promise<void> {
    stopped ??= stopAll(reason);
    return stopped;
  }

  async function stopAll(reason: string | undefined): Promise<void> {
    stopping.abort();
    for (const own of readyParts.values())
      own.reject(new Error(reason ?? "The house was stopped."));
    for (const { child, exited } of [...running.values()].toReversed()) {
      killGroup(child.pid, "SIGTERM");
      const patience = setTimeout(() => killGroup(child.pid, "SIGKILL"), timing.killAfter);
      await exited;
      clearTimeout(patience);
      killGroup(child.pid, "SIGKILL");
    }
    process.off("exit", kill);
    guard.end();
    closed.resolve(reason);
  }

  function kill(): void {
    stopping.abort();
    for (const { child } of running.values()) killGroup(child.pid, "SIGKILL");
  }

  function pid(name: string): number | undefined {
    return running.get(name)?.child.pid;
  }
}

/**
 * Ends the house on the first SIGINT, SIGTERM or SIGHUP, and kills it on a second one. npm passes
 * the terminal's Ctrl-C on a second time, so that what follows at once is the same one.
 */
export function stopOnSignals(house: House): void {
  let firstAt: number | undefined;
  const onSignal = () => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      void house.stop();
    } else if (now - firstAt > 500) {
      house.kill();
      process.exit(130);
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, onSignal);
  const off = () => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(signal, onSignal);
  };
  void house.closed.then(off);
}

/** The preferred port where it is free on loopback, another free one otherwise. */
export async function freePort(preferred: number): Promise<number> {
  return (await portIfFree(preferred)) ?? (await portIfFree(0)) ?? preferred;
}

function portIfFree(port: number): Promise<number | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const bound = typeof address === "object" ? address?.port : undefined;
      server.close(() => resolve(bound));
    });
  });
}

function defer<Value>() {
  let resolve: (value: Value) => void = () => {};
  let reject: (reason: Error) => void = () => {};
  const promise = new Promise<Value>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

function checkOrder(parts: Part[]): void {
  const seen = new Set<string>();
  for (const { name, after = [] } of parts) {
    const unknown = after.find((other) => !seen.has(other));
    if (unknown !== undefined)
      throw new Error(`${name} comes after ${unknown}: list that one first.`);
    if (seen.has(name)) throw new Error(`There are two parts named ${name}.`);
    seen.add(name);
  }
}

function onLines(stream: Readable, listener: (line: string) => void): void {
  createInterface({ input: stream }).on("line", listener);
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return; // It never started.
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // Gone already, or about to be: macOS refuses a signal to a group of the dead.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

/**
 * A shell that outlives us and kills the groups still listed when its input ends: so that even
 * `kill -9` on the supervisor leaves no orphan.
 */
function startGuard() {
  const script = `
    trap '' INT TERM HUP
    alive=' '
    while read -r change group; do
      case $change in
        add) alive="$alive$group " ;;
        remove) alive="\${alive%% $group *} \${alive#* $group }" ;;
      esac
    done
    for group in $alive; do kill -KILL "-$group" 2>/dev/null; done`;
  const shell = spawn("sh", ["-c", script], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.unref();
  shell.stdin.on("error", () => {}); // Without the guard the house still runs and stops.
  return {
    add: (pid: number | undefined) => pid && shell.stdin.write(`add ${pid}\n`),
    remove: (pid: number | undefined) => pid && shell.stdin.write(`remove ${pid}\n`),
    end: () => shell.stdin.end(),
  };
}
