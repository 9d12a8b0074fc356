/** Recordings of histories: what a node told, to be altered and audited again. */
import { network } from "hardhat";
import {
  type Abi,
  type Hex,
  encodeAbiParameters,
  encodeEventTopics,
  getAbiItem,
  type AbiEvent,
} from "viem";
import { bankrollAbi, casinoAbi, eligibilityAbi, limitsAbi, sessionsAbi } from "../sdk/abis.ts";
import {
  type Args,
  type Block,
  type EventName,
  type Log,
  type Teller,
  decode,
  managerAbi,
  topicOf,
} from "../sdk/audit/records.ts";
import type { Report } from "../sdk/audit/report.ts";
import type { Verified } from "../sdk/audit/signatures.ts";
import { type HouseFacts, factsOf } from "../sdk/audit/state.ts";
import { type Work, verifyWork } from "../sdk/audit/work.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { coordinatorAbi } from "../sdk/vrf.ts";
import { type HistoryOptions, type Request, makeHistory } from "./audit-history.ts";
import { type RunOptions, readConstants, runAudit } from "./audit-run.ts";

export type Recording = {
  facts: HouseFacts;
  deployment: Deployment;
  request: Request;
  blocks: Block[];
  report: Report;
};

/** Plays a history on a chain in this process, audits it and keeps every block. */
export async function recordHistory(
  options: HistoryOptions,
  run: Partial<RunOptions> = {},
): Promise<Recording> {
  const { provider } = await network.create();
  const request: Request = (method, params = []) => provider.request({ method, params });
  const { deployment } = await makeHistory(request, options);
  const blocks: Block[] = [];
  const through = (block: Block) => {
    blocks.push(structuredClone(block));
    return block;
  };
  const report = await runAudit({ node: { request }, deployment, through, ...run });
  return {
    facts: factsOf(deployment, await readConstants({ request }, deployment.casino)),
    deployment,
    request,
    blocks,
    report,
  };
}

const ABIS: Record<Teller, Abi> = {
  casino: casinoAbi,
  bankroll: bankrollAbi,
  manager: managerAbi,
  coordinator: coordinatorAbi,
  limits: limitsAbi,
  sessions: sessionsAbi,
  gate: eligibilityAbi,
};

/** A log found in a recording, with the means to alter it. */
export type Found<teller extends Teller, name extends EventName<teller>> = {
  block: Block;
  log: Log;
  args: Args<teller, name>;
};

/** All logs of an event. */
export function find<teller extends Teller, name extends EventName<teller>>(
  blocks: Block[],
  teller: teller,
  name: name,
): Found<teller, name>[] {
  const topic = topicOf(teller, name);
  return blocks.flatMap((block) =>
    block.logs
      .filter((log) => log.topics[0] === topic)
      .map((log) => {
        const decoded = decode(teller, log);
        if ("flaw" in decoded) throw new Error(decoded.flaw);
        return { block, log, args: decoded.args as Args<teller, name> };
      }),
  );
}

/** Tells another event in a log's place. */
export function rewrite(
  log: Log,
  teller: Teller,
  name: string,
  args: Record<string, unknown>,
): void {
  const event = getAbiItem({ abi: ABIS[teller], name }) as AbiEvent;
  const data = event.inputs.filter((input) => !input.indexed);
  Object.assign(log, {
    topics: encodeEventTopics({ abi: [event], eventName: name, args }) as Hex[],
    data: encodeAbiParameters(
      data,
      data.map((input) => args[input.name ?? ""]),
    ),
  });
}

/** Adds a log after another one, in the same transaction, and numbers the block's logs anew. */
export function insertAfter(block: Block, log: Log, added: Partial<Log>): Log {
  const made = { ...structuredClone(log), ...added };
  const logs = [...block.logs];
  logs.splice(logs.indexOf(log) + 1, 0, made);
  renumber(block, logs);
  return made;
}

export function remove(block: Block, log: Log): void {
  renumber(
    block,
    block.logs.filter((other) => other !== log),
  );
}

/** Gaps are left to logs of others; what was added needs a place. */
function renumber(block: Block, logs: Log[]): void {
  for (const [index, log] of logs.entries()) {
    const before = index === 0 ? -1 : logs[index - 1]!.index;
    if (log.index <= before) log.index = before + 1;
  }
  block.logs = logs;
}

/** Verifies as ever, but each proof and signature no more than once: altered recordings share most of theirs. */
export function rememberingVerifier(): (task: Work) => Verified {
  const known = new Map<string, Verified>();
  return (task) => {
    const { at, ...rest } = task;
    const key = JSON.stringify(rest, (_, value: unknown) =>
      typeof value === "bigint" ? `${value}` : value,
    );
    const verified = known.get(key) ?? verifyWork(task);
    known.set(key, verified);
    return { ...verified, at };
  };
}
