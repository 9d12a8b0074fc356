/** The nodes that the house is run on: each started on loopback with a free port, ended by its process id. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Hex, numberToHex } from "viem";
import { LOCAL_CHAIN_ID } from "../chain.ts";
import { CommandError } from "../command-error.ts";
import { localAccount } from "../local.ts";
import { ROOT, install, need } from "../security/tools.ts";

export const CLIENTS = ["hardhat", "anvil", "geth"] as const;
export type ClientName = (typeof CLIENTS)[number];

export const TITLES: Record<ClientName, string> = {
  hardhat: "the Hardhat node",
  anvil: "anvil",
  geth: "geth",
};

export type Request = (method: string, params?: unknown[]) => Promise<unknown>;

/** A node that makes a block only when it is told to. */
export type Node = {
  name: ClientName;
  url: string;
  pid: number;
  /** Rejects with a CommandError if the node ends before `stop`. */
  ended: Promise<never>;
  /** Before the first block: transactions wait from here on. */
  hold(request: Request): Promise<void>;
  /** Makes one block of what waits, in the order given. */
  commit(request: Request, timestamp: number, waiting: Hex[]): Promise<void>;
  stop(): Promise<void>;
};

/** Accounts of the well-known mnemonic that have coins: as many as Hardhat and anvil give. */
const ACCOUNTS = 20;
const BALANCE = 10_000n;
const BLOCK_GAS = 60_000_000;
const LOOPBACK = "127.0.0.1";
const START_MS = 60_000;
const STOP_MS = 10_000;
const LAST_LINES = 5;

type Kind = {
  /** What to run; a folder of its own is there for its data, and removed at the end. */
  command(folder: string): string[];
  /** Its first group is where it listens. */
  ready: RegExp;
  hold: Node["hold"];
  commit: Node["commit"];
};

async function commitOnDemand(request: Request, timestamp: number): Promise<void> {
  await request("evm_setNextBlockTimestamp", [timestamp]);
  await request("evm_mine", []);
}

const KINDS: Record<ClientName, Kind> = {
  hardhat: {
    command: () => {
      const casino = join(ROOT, "scripts", "casino.ts");
      return [process.execPath, casino, "chain", "--port", "0", "--block-ms", "0"];
    },
    ready: /listens on http:\/\/(\S+)/,
    hold: async (request) => void (await request("evm_setAutomine", [false])),
    commit: commitOnDemand,
  },
  anvil: {
    command: () => [
      install("anvil"),
      ...flags({
        port: 0,
        "chain-id": LOCAL_CHAIN_ID,
        hardfork: "prague",
        accounts: ACCOUNTS,
        balance: BALANCE,
        "gas-limit": BLOCK_GAS,
        "no-mining": true,
        order: "fifo",
      }),
    ],
    ready: /Listening on (\S+)/,
    hold: async () => {},
    commit: commitOnDemand,
  },
  geth: { command: gethCommand, ready: /HTTP server started\s+endpoint=(\S+)/, ...gethBlocks() },
};

/** Installs what a node needs and npm has not. Throws CommandError where it cannot. */
export function prepareNode(name: ClientName): void {
  if (name === "anvil") install("anvil");
  if (name === "geth") installGeth();
}

/** Starts a node and waits until it listens. Throws CommandError where it does not start. */
export async function startNode(name: ClientName): Promise<Node> {
  const { command, ready, hold, commit } = KINDS[name];
  const folder = mkdtempSync(join(tmpdir(), `glasshouse-${name}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const [program = "", ...args] = command(folder);
    const child = spawn(program, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    const output = follow(child);
    const { ended, stop } = lifeOf(name, child, output, remove);
    const { pid } = child;
    const endpoint = await Promise.race([ended, output.find(ready)]);
    if (pid === undefined) throw new Error(`${name} runs without a process`);
    return { name, pid, url: `http://${endpoint}`, ended, hold, commit, stop };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The end of a process: one that nobody asked for is an error that says what it was. */
function lifeOf(
  name: ClientName,
  child: ChildProcess,
  output: ReturnType<typeof follow>,
  remove: () => void,
): Pick<Node, "ended" | "stop"> {
  let stopping = false;
  const killed = () => child.kill("SIGKILL");
  const cleared = () => {
    killed();
    remove();
  };
  process.once("exit", cleared);
  const gone = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`did not start: ${error.message}`));
    child.once("exit", (code, signal) =>
      resolve(signal === null ? `ended with code ${code}` : `was ended by ${signal}`),
    );
  });
  const ended = gone.then((how): never => {
    process.off("exit", cleared);
    remove();
    const last = stopping ? "" : `\nIts last lines:\n${output.last()}`;
    throw new CommandError(
      `${TITLES[name]}, process ${child.pid ?? "none"}, ${how} in the middle of the run.${last}`,
      "read its lines; if it was ended from outside, run the command again",
    );
  });
  // Whoever waits for the node races with this; once it is stopped nobody does.
  ended.catch(() => {});
  const stop = async () => {
    stopping = true;
    const patience = setTimeout(killed, STOP_MS);
    child.kill("SIGTERM");
    await gone;
    clearTimeout(patience);
  };
  return { ended, stop };
}

function follow(child: ChildProcess) {
  let text = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (part: string) => {
      text = (text + part).slice(-100_000);
      for (const listener of listeners) listener();
    });
  }
  return {
    last: () => text.trimEnd().split("\n").slice(-LAST_LINES).join("\n"),
    find: (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const patience = setTimeout(
          () => reject(new CommandError("The node does not listen.", `see:\n${text}`)),
          START_MS,
        );
        const look = () => {
          const found = pattern.exec(text)?.[1];
          if (found === undefined) return;
          clearTimeout(patience);
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
      }),
  };
}

/**
 * geth's own dev mode takes the time of each block from the machine's clock, so no day can pass in it. This is the
 * chain of that mode, its genesis with our accounts and chain id, and the same `geth`; blocks are made by `testing_commitBlockV1`
 * where dev mode makes them by itself: the same builder, with a time and transactions of our choice.
 */
function gethCommand(folder: string): string[] {
  const geth = installGeth();
  const dev = JSON.parse(need(geth, ["--dev", "--verbosity", "0", "dumpgenesis"])) as Genesis;
  // What all three run: Prague, as contracts are compiled for.
  const { osakaTime, bogotaTime, ...config } = dev.config;
  if (osakaTime === undefined && bogotaTime === undefined)
    throw new Error("geth's dev mode has other forks than are known here");
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => [
    localAccount(index).address,
    { balance: numberToHex(BALANCE * 10n ** 18n) },
  ]);
  const genesis: Genesis = {
    ...dev,
    config: { ...config, chainId: LOCAL_CHAIN_ID },
    gasLimit: numberToHex(BLOCK_GAS),
    alloc: { ...dev.alloc, ...Object.fromEntries(accounts) },
  };
  const file = join(folder, "genesis.json");
  writeFileSync(file, JSON.stringify(genesis));
  need(geth, ["init", "--datadir", folder, file]);
  return [
    geth,
    ...flags({
      datadir: folder,
      syncmode: "full",
      networkid: LOCAL_CHAIN_ID,
      "miner.gaslimit": BLOCK_GAS,
      http: true,
      "http.addr": LOOPBACK,
      "http.port": 0,
      "http.api": "eth,web3,testing",
      "authrpc.addr": LOOPBACK,
      "authrpc.port": 0,
      ipcdisable: true,
      port: 0,
      nodiscover: true,
      maxpeers: 0,
      nat: "none",
    }),
  ];
}

function flags(values: Record<string, string | number | bigint | true>): string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, String(value)],
  );
}

type Genesis = {
  config: Record<string, unknown>;
  gasLimit: Hex;
  alloc: Record<string, unknown>;
};

function installGeth(): string {
  try {
    return install("geth");
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(
      error.message,
      "geth alone needs Go: install Go 1.25 or newer, or leave geth out with --only hardhat anvil",
      { cause: error },
    );
  }
}

function gethBlocks(): Pick<Kind, "hold" | "commit"> {
  const zero: Hex = `0x${"0".repeat(64)}`;
  return {
    hold: async () => {},
    commit: async (request, timestamp, waiting) => {
      const attributes = {
        timestamp: numberToHex(timestamp),
        prevRandao: zero,
        suggestedFeeRecipient: `0x${"0".repeat(40)}`,
        withdrawals: [],
        parentBeaconBlockRoot: zero,
      };
      await request("testing_commitBlockV1", [attributes, waiting, "0x"]);
    },
  };
}
