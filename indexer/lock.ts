import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

export type Lock = { release(): Promise<void> };

/** The directory belongs to a process that lives. */
export class DirectoryBusy extends Error {
  override readonly name = "DirectoryBusy";
  readonly hint = "stop that process, or give this one another --data directory";
}

/** Takes a lock file for this process; one left by a process that died is taken over. Throws {@link DirectoryBusy}. */
export async function takeLock(path: string): Promise<Lock> {
  const mine = `${process.pid} ${startOf(process.pid)} ${randomUUID()}\n`;
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeFile(path, mine, { flag: "wx" });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      const [pid, start] = (await readFile(path, "utf8")).trim().split(" ");
      if (pid && isAlive(Number(pid)) && startOf(Number(pid)) === start) {
        throw new DirectoryBusy(`Process ${pid} uses this directory (${path}).`);
      }
      await rm(path, { force: true });
      continue;
    }
    // Two that took over the same dead lock see here which of them wrote last.
    await sleep(20);
    if ((await readFile(path, "utf8")) === mine)
      return { release: () => rm(path, { force: true }) };
  }
  throw new DirectoryBusy(`Another process has just taken this directory (${path}).`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** When the process began, in the kernel's ticks, so that a reused pid is told apart; "-" where the system hides it. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "-";
  } catch {
    return "-";
  }
}
