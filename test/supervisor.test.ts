import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { afterEach, expect, test } from "vitest";
import { freePort, type House, type Part, supervise } from "../scripts/supervisor.ts";

const FAST = { firstDelay: 10, longestDelay: 50, killAfter: 1_000, pollEvery: 10 };
const houses: House[] = [];

afterEach(async () => {
  await Promise.all(houses.splice(0).map((house) => house.stop()));
});

test("a killed part starts again", async () => {
  const { house } = open([sleeper("worker")]);
  await house.ready;
  const first = pidOf(house, "worker");

  process.kill(first, "SIGKILL");
  await until(() => house.pid("worker") !== undefined && house.pid("worker") !== first);

  expect(isAlive(first)).toBe(false);
  expect(isAlive(pidOf(house, "worker"))).toBe(true);
});

test("stop leaves no process, not even a grandchild or one that ignores SIGTERM", async () => {
  const stubborn = shell("stubborn", "trap '' TERM; sleep 1000 & echo child $!; wait; wait");
  const { house, lines } = open([sleeper("worker"), { ...stubborn, ready: /^child/ }]);
  await house.ready;
  const grandchild = Number(lines.join("\n").match(/child (\d+)/)?.[1]);
  const pids = [pidOf(house, "worker"), pidOf(house, "stubborn"), grandchild];
  expect(pids.map(isAlive)).toEqual([true, true, true]);

  await house.stop();

  await until(() => !pids.some(isAlive));
  expect(await house.closed).toBeUndefined();
});

test("a part starts only after those it needs are ready, and stops before them", async () => {
  const server = `
    process.on("SIGTERM", () => { console.log("stopped"); process.exit(); });
    console.log("started");
    setTimeout(() => console.log("open"), 100);
    setInterval(() => {}, 1000);`;
  const { house, lines } = open([
    { ...node("chain", server), ready: /^open$/ },
    { ...shell("deploy", "echo deployed"), after: ["chain"], once: true },
    { ...node("app", server), ready: /^open$/, after: ["deploy"] },
  ]);
  await house.ready;
  await house.stop();

  const chain = ["chain started", "chain open"];
  const app = ["app started", "app open"];
  expect(lines).toEqual([...chain, "deploy deployed", ...app, "app stopped", "chain stopped"]);
});

test("a polled check that throws means not yet", async () => {
  let polls = 0;
  const ready = async () => {
    polls += 1;
    if (polls < 3) throw new Error("connection refused");
    return true;
  };
  const { house } = open([{ ...sleeper("indexer"), ready }]);
  await house.ready;
  expect(polls).toBe(3);
});

test("the death of a critical part stops all others and says why", async () => {
  const { house } = open([{ ...sleeper("chain"), critical: true }, sleeper("keeper")]);
  await house.ready;
  const keeper = pidOf(house, "keeper");

  process.kill(pidOf(house, "chain"), "SIGKILL");

  expect(await house.closed).toBe("chain ended (SIGKILL), and what it held is lost.");
  expect(isAlive(keeper)).toBe(false);
});

test("a one-shot part that fails stops the house", async () => {
  const deploy = { ...shell("deploy", "exit 3"), once: true };
  const { house } = open([sleeper("chain"), deploy, { ...sleeper("app"), after: ["deploy"] }]);
  await expect(house.ready).rejects.toThrow("deploy failed (exit code 3).");
  expect(await house.closed).toBe("deploy failed (exit code 3).");
  expect(house.pid("app")).toBeUndefined();
});

test("a part that never comes up is given up", async () => {
  const { house } = open([{ ...shell("app", "exit 1"), ready: /never/ }], { attempts: 3 });
  expect(await house.closed).toBe("app did not come up in 3 attempts (exit code 1).");
});

test("a command that does not exist is a death like any other", async () => {
  const missing: Part = { name: "app", command: "no-such-command-here" };
  const { house } = open([missing], { attempts: 1 });
  expect(await house.closed).toMatch(/ENOENT/);
});

test("kill -9 on the supervisor leaves no process", async () => {
  const supervisor = JSON.stringify(new URL("../scripts/supervisor.ts", import.meta.url).href);
  const script = `
    const { supervise } = await import(${supervisor});
    const parts = [{ name: "worker", command: "sleep", args: ["1000"] }];
    const house = supervise({ parts });
    await house.ready;
    console.log("worker " + house.pid("worker"));`;
  const { house, lines } = open([{ ...node("outer", script), ready: /^worker/ }]);
  await house.ready;
  const worker = Number(lines.join("\n").match(/worker (\d+)/)?.[1]);
  expect(isAlive(worker)).toBe(true);

  process.kill(pidOf(house, "outer"), "SIGKILL");
  await until(() => !isAlive(worker));
});

test("free ports are the preferred one, or another where it is taken", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const taken = typeof address === "object" && address ? address.port : 0;

  expect(await freePort(taken)).not.toBe(taken);
  server.close();
  await once(server, "close");
  expect(await freePort(taken)).toBe(taken);
});

function open(parts: Part[], timing: Parameters<typeof supervise>[0]["timing"] = {}) {
  const lines: string[] = [];
  const print = (line: string) => lines.push(stripVTControlCharacters(line).replace(/ +│/, ""));
  const house = supervise({ parts, print, timing: { ...FAST, ...timing } });
  houses.push(house);
  return { house, lines };
}

function sleeper(name: string): Part {
  return { name, command: "sleep", args: ["1000"] };
}

function shell(name: string, script: string): Part {
  return { name, command: "sh", args: ["-c", script] };
}

function node(name: string, script: string): Part {
  return { name, command: process.execPath, args: ["--input-type=module", "-e", script] };
}

function pidOf(house: House, name: string): number {
  const pid = house.pid(name);
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}
