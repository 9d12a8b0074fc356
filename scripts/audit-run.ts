import {
  type Abi,
  type Hex,
  decodeFunctionResult,
  encodeFunctionData,
  getContractAddress,
} from "viem";
import { casinoAbi, gameAbi } from "../sdk/abis.ts";
import { type CodeSource, checkCode } from "../sdk/audit/code.ts";
import { equal, fail, holds, skip } from "../sdk/audit/checks.ts";
import type { Block } from "../sdk/audit/records.ts";
import { replayBlock, takeTasks } from "../sdk/audit/replay.ts";
import { type Report, reportOf } from "../sdk/audit/report.ts";
import type { Verified } from "../sdk/audit/signatures.ts";
import type { EndedBet } from "../sdk/audit/model.ts";
import { type Audit, type Task, factsOf, newAudit, type Constants } from "../sdk/audit/state.ts";
import type { Reader } from "../sdk/audit/reader.ts";
import { compareBooks, compareState, skipState } from "../sdk/audit/storage.ts";
import { type Work, bookWork, isWork, verifyWork } from "../sdk/audit/work.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { coordinatorAbi } from "./coordinator-abi.ts";
import { type Node, Refused } from "./audit-rpc.ts";
import { type Sources, headerOf, readPrelude, sourcesOf, streamBlocks } from "./audit-stream.ts";

export type Progress = { block: number; to: number; bets: number; rounds: number };

/** Where an audit stands: all that a later run needs to go on. */
export type Standing = { audit: Audit; sources: Sources; next: number };

export type RunOptions = {
  node: Node;
  deployment: Deployment;
  to?: number;
  rules?: "twin" | "chain";
  /** Compare the books at every rolled epoch too: the node must keep old states. */
  everyState?: boolean;
  receipts?: boolean;
  code?: CodeSource;
  /** Verifies proofs and signatures elsewhere; here and now where it is left out. */
  verify?: (tasks: Work[]) => Promise<Verified[]>;
  resume?: Standing;
  onProgress?: (progress: Progress) => void;
  /** Called between blocks, with nothing left to be done for those before. Returns whether to stop. */
  onCheckpoint?: (standing: Standing) => Promise<boolean>;
  /** Sees and may change each block before it is replayed: tests forge here. */
  through?: (block: Block) => Block | undefined;
  /** Is told of each bet as it ends. */
  onBet?: (bet: EndedBet) => void;
  /** Earlier blocks are replayed, since nothing can be judged without its past, and not judged. */
  from?: number;
};

/** Audits a house from its first block to the head. Throws CommandError where the node fails for good. */
export async function runAudit(options: RunOptions): Promise<Report> {
  const { node } = options;
  const standing = options.resume ?? (await begin(options));
  const { audit, sources } = standing;
  const receiptsFrom = options.receipts ? audit.state.judgedFrom : undefined;
  if (options.onBet) audit.onBet = options.onBet;
  const pool = new Tasks(audit, options);
  if (!options.resume)
    for (const block of await readPrelude(node, audit.facts, receiptsFrom)) await replay(block);

  let to = options.to ?? (await latest(node));
  let stopped = false;
  while (!stopped && standing.next <= to) {
    const stream = streamBlocks(node, audit.facts, {
      from: standing.next,
      to,
      sources,
      receiptsFrom,
    });
    for await (const chunk of stream) {
      for (const block of chunk.blocks) await replay(block);
      standing.next = chunk.to + 1;
      options.onProgress?.({
        block: chunk.to,
        to,
        bets: audit.statistics.bets.placed,
        rounds: audit.state.roundCount,
      });
      if (options.onCheckpoint) {
        await pool.drain();
        stopped = await options.onCheckpoint(standing);
        if (stopped) break;
      }
    }
    // The chain has grown meanwhile: what is compared with its state must reach its head.
    if (!stopped && options.to === undefined) to = await latest(node);
  }
  await pool.drain();
  if (!stopped) await finish(options, audit);
  return reportOf(audit, { complete: !stopped });

  async function replay(original: Block): Promise<void> {
    const block = options.through ? options.through(original) : original;
    if (!block) return;
    const { epoch } = audit.state;
    replayBlock(audit, block);
    await pool.add(takeTasks(audit));
    if (options.everyState && audit.state.epoch !== epoch)
      await compareAt(node, audit, compareBooks);
  }
}

async function begin({
  node,
  deployment,
  rules = "twin",
  from = 0,
}: RunOptions): Promise<Standing> {
  const facts = factsOf(deployment, await readConstants(node, deployment.casino));
  return {
    audit: newAudit(facts, { rules, judgedFrom: from }),
    sources: sourcesOf(facts),
    next: deployment.deployBlock,
  };
}

/** What the casino's code holds: its own contracts and its constants. */
export async function readConstants(node: Node, casino: Hex): Promise<Constants> {
  const read = (functionName: string) =>
    call(node, { address: casino, abi: casinoAbi as Abi, functionName }, "latest");
  const [roundSlots, epochSeconds, limits, sessions, annex, gate] = (await Promise.all(
    ["roundSlots", "epochSeconds", "limits", "sessions", "annex", "gate"].map(read),
  )) as [bigint, bigint, Hex, Hex, Hex, Hex];
  return {
    roundSlots: Number(roundSlots),
    epochSeconds: Number(epochSeconds),
    limits,
    sessions,
    annex,
    gate,
  };
}

async function latest(node: Node): Promise<number> {
  return Number((await headerOf(node, "latest")).number);
}

/** The last checks that need the node: the code, the state, and that the chain still ends in what was read. */
async function finish({ node, code, deployment }: RunOptions, audit: Audit): Promise<void> {
  if (code) {
    const made = audit.state.sources
      .slice(1)
      .map((_, index) => sourceAddress(audit.facts.annex, index + 1));
    const { limits, sessions, annex, gate } = audit.facts;
    const own: [string, Hex][] = [
      ["Limits", limits],
      ["Sessions", sessions],
      ["Annex", annex],
    ];
    if (gate !== undefined) own.push(["Eligibility", gate]);
    await checkCode(audit.book, deployment, code, [
      ...own,
      ...made.map((address): [string, Hex] => ["VrfSource", address]),
    ]);
  } else {
    skip(audit.book, "code.bytecode", "no compiler's output was given");
    skip(audit.book, "code.opcodes", "no compiler's output was given");
  }
  const header = await headerOf(node, audit.state.block);
  equal(
    audit.book,
    "history.order",
    { block: audit.state.block },
    audit.state.hash,
    String(header.hash).toLowerCase(),
    "the last block, read again",
  );
  await compareAt(node, audit, compareState);
}

async function compareAt(
  node: Node,
  audit: Audit,
  compare: (audit: Audit, reader: Reader) => Promise<void>,
): Promise<void> {
  const tag: Hex = `0x${audit.state.block.toString(16)}`;
  const reader: Reader = {
    read: (calls) => Promise.all(calls.map((one) => call(node, one, tag))),
    balanceOf: async (address) =>
      BigInt((await node.request("eth_getBalance", [address, tag])) as string),
  };
  try {
    await compare(audit, reader);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    skipState(
      audit,
      `the node does not keep the state of block ${audit.state.block}: ${error.message}`,
    );
  }
}

async function call(
  node: Node,
  {
    address,
    abi,
    functionName,
    args,
  }: { address: Hex; abi: Abi; functionName: string; args?: readonly unknown[] },
  tag: string,
): Promise<unknown> {
  const data = encodeFunctionData({ abi, functionName, ...(args === undefined ? {} : { args }) });
  const answer = (await node.request("eth_call", [{ to: address, data }, tag])) as Hex;
  return decodeFunctionResult({ abi, functionName, data: answer });
}

/** Work in any order: proofs and signatures in batches to whoever verifies, payouts to the game's contract. */
class Tasks {
  private works: Work[] = [];
  private running = new Set<Promise<void>>();
  private readonly audit: Audit;
  private readonly options: RunOptions;

  constructor(audit: Audit, options: RunOptions) {
    this.audit = audit;
    this.options = options;
  }

  async add(tasks: Task[]): Promise<void> {
    for (const task of tasks) {
      if (task.at.block < this.audit.state.judgedFrom) continue;
      if (isWork(task)) this.works.push(task);
      else this.start(task.kind === "key" ? this.askKey(task) : this.ask(task));
    }
    if (this.works.length >= WORKS_AT_ONCE) this.flush();
    // Memory stays flat: reading waits for those who verify.
    while (this.running.size > RUNNING) await Promise.race(this.running);
  }

  async drain(): Promise<void> {
    this.flush();
    await Promise.all(this.running);
  }

  private flush(): void {
    if (this.works.length > 0) this.start(this.verify(this.works.splice(0)));
  }

  private start(work: Promise<void>): void {
    const tracked: Promise<void> = work.finally(() => this.running.delete(tracked));
    this.running.add(tracked);
  }

  private async verify(works: Work[]): Promise<void> {
    const verified = this.options.verify ? await this.options.verify(works) : works.map(verifyWork);
    for (const one of verified) bookWork(this.audit.book, one);
  }

  /** A key that is registered now, and of which no event tells, was so all the time: none is registered twice. */
  private async askKey({ at, coordinator, keyHash }: KeyTask): Promise<void> {
    const keys = {
      address: coordinator,
      abi: coordinatorAbi as Abi,
      functionName: "s_provingKeys",
    };
    const [registered] = (await call(
      this.options.node,
      { ...keys, args: [keyHash] },
      "latest",
    )) as readonly [boolean];
    holds(
      this.audit.book,
      "randomness.key",
      at,
      registered,
      `key ${keyHash} registered at ${coordinator}`,
      "never registered",
    );
  }

  private async ask(task: Extract<Task, { kind: "payout" }>): Promise<void> {
    const { rules, stake, choice, seed, rounds, stopGain, stopLoss, paid, at } = task;
    const game = { address: rules, abi: gameAbi as Abi };
    try {
      if (rounds === 1) {
        const due = await call(
          this.options.node,
          { ...game, functionName: "payout", args: [stake, choice, seed] },
          "latest",
        );
        return void equal(this.audit.book, "bets.rules", at, due, paid);
      }
      const args = [stake, choice, seed, BigInt(rounds), stopGain, stopLoss];
      const [won, played] = (await call(
        this.options.node,
        { ...game, functionName: "payouts", args },
        "latest",
      )) as [bigint, bigint];
      equal(this.audit.book, "bets.rules", at, won + stake * (BigInt(rounds) - played), paid);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      fail(this.audit.book, "bets.rules", at, "an answer of the game's contract", error.message);
    }
  }
}

type KeyTask = Extract<Task, { kind: "key" }>;

const WORKS_AT_ONCE = 32;
const RUNNING = 64;

/** The annex's n-th creation, see `Rounds._sourceAddress`. */
function sourceAddress(annex: Hex, nonce: number): Hex {
  return getContractAddress({ from: annex, nonce: BigInt(nonce) });
}
