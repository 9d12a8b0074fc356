import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { type PublicClient, parseAbiItem } from "viem";
import { bankrollAbi, casinoAbi } from "../sdk/abis.ts";
import { type Clients, TransactionReverted, callOf, send } from "../sdk/actions/clients.ts";
import { readHead } from "../sdk/actions/read-head.ts";
import { readHouse } from "../sdk/actions/read-house.ts";
import { readRound } from "../sdk/actions/read-round.ts";
import { settleMany } from "../sdk/actions/settle-many.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { CasinoError } from "../sdk/errors.ts";
import { decodeLane, previousBetId, unpackBetId } from "../sdk/layout.ts";
import { VOID_AFTER_SECONDS } from "../sdk/verify.ts";
import { LOCAL_CHAIN_ID } from "./chain.ts";
import { accountFromEnv, connect, isUnreachable, loadDeployment, walletOf } from "./connection.ts";
import { localAccount } from "./local.ts";
import { integer } from "./options.ts";

/** Bets that one transaction settles at the most. */
const BATCH = 50;
/** Blocks that one request for logs covers. */
const LOG_RANGE = 2_000n;
/** Blocks that are read again each time, in case the chain replaced them. */
const OVERLAP = 12n;
const MAX_PAUSE_MS = 30_000;
/** A bet that cannot be settled is tried again after this long. */
const RETRY_SECONDS = 60n;

export type KeeperOptions = Clients & {
  deployment: Deployment;
  /** Ends the keeper; what it has sent stays sent. */
  signal: AbortSignal;
  log: (sentence: string) => void;
  /** How long a drawn bet is left to the player's next one, which settles it at a lower price. */
  graceSeconds?: number;
  pollMs?: number;
};

/** What the keeper knows of a bet that may still be open. */
type Watched = { slot: number; dueSince?: bigint; notBefore?: bigint };

export function register(program: Command): void {
  program
    .command("keeper")
    .description("Settle drawn bets that nobody settled, refund void ones, roll and close epochs")
    .requiredOption("--rpc <url>", "node of the chain")
    .option("--deployment <file>", "deployments/<chainId>.json by default")
    .option(
      "--key-env <name>",
      "environment variable that holds the keeper's private key; not on a local chain",
      "KEEPER_KEY",
    )
    .option(
      "--grace <seconds>",
      "how long a drawn bet is left to the player's next one",
      integer,
      10,
    )
    .action(
      async (options: { rpc: string; deployment?: string; keyEnv: string; grace: number }) => {
        const publicClient = await connect(options.rpc);
        const deployment = await loadDeployment(publicClient, options.deployment);
        const isLocal = deployment.chainId === LOCAL_CHAIN_ID;
        const account = isLocal ? localAccount("keeper") : accountFromEnv(options.keyEnv);
        await runKeeper({
          publicClient,
          walletClient: walletOf(publicClient, account),
          deployment,
          signal: untilStopped(),
          log: (sentence) => console.log(sentence),
          graceSeconds: options.grace,
        });
      },
    );
}

/** Aborts when the process is asked to stop. */
export function untilStopped(): AbortSignal {
  const abort = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => abort.abort());
  return abort.signal;
}

/**
 * Ends bets that nobody else ends, and epochs, until the signal aborts.
 *
 * The chain is its only memory: at each start it reads the bets since the deployment, and before it sends anything it
 * asks the casino again. Several may run at once: what one has done, the others find done. No failure of the endpoint
 * or of a transaction ends it.
 */
export async function runKeeper(options: KeeperOptions): Promise<void> {
  const { deployment, signal, log, pollMs = 1_000 } = options;
  const watched = new Map<bigint, Watched>();
  let next = BigInt(deployment.deployBlock);
  let failures = 0;
  log(`Keeping the casino ${deployment.casino} as ${options.walletClient.account.address}.`);

  while (!signal.aborted) {
    try {
      const head = await options.publicClient.getBlock();
      await watch(options, watched, next, head.number);
      next = head.number + 1n;
      await settleDue(options, watched, head.timestamp);
      await turnEpochs(options, head.timestamp);
      if (failures > 0) log("All is well again.");
      failures = 0;
    } catch (error) {
      if (signal.aborted) break;
      failures += 1;
      if (failures === 1 || !isUnreachable(error)) log(`${wordsOf(error)} Trying again.`);
    }
    await pause(Math.min(pollMs * 2 ** failures, Math.max(pollMs, MAX_PAUSE_MS)), signal);
  }
}

/** Takes up what the casino told in these blocks: bets placed, bets ended. */
async function watch(
  { publicClient, deployment }: KeeperOptions,
  watched: Map<bigint, Watched>,
  next: bigint,
  head: bigint,
): Promise<void> {
  const start = BigInt(deployment.deployBlock);
  const again = next - OVERLAP;
  for (let from = again > start ? again : start; from <= head; from += LOG_RANGE) {
    const to = from + LOG_RANGE - 1n;
    const logs = await publicClient.getLogs({
      address: deployment.casino,
      events: EVENTS,
      fromBlock: from,
      toBlock: to < head ? to : head,
      strict: true,
    });
    for (const { eventName, args } of logs) {
      if (eventName !== "BetPlaced") watched.delete(args.betId);
      else {
        // A lane holds one open bet: placing the next one has ended it.
        watched.delete(previousBetId(args.betId));
        if (!watched.has(args.betId)) watched.set(args.betId, { slot: decodeLane(args.bet).slot });
      }
    }
  }
}

const EVENTS = [
  parseAbiItem(
    "event BetPlaced(uint256 indexed betId, address indexed player, uint256 bet, uint256 ended)",
  ),
  parseAbiItem("event BetSettled(uint256 indexed betId, uint256 payout)"),
  parseAbiItem("event BetRefunded(uint256 indexed betId, uint256 stake, bool faulty)"),
];

/** Ends the bets whose round is drawn or void and whose grace is over. */
async function settleDue(
  options: KeeperOptions,
  watched: Map<bigint, Watched>,
  now: bigint,
): Promise<void> {
  const { publicClient, deployment, signal, graceSeconds = 10 } = options;
  const slots = [
    ...new Set(
      [...watched.values()].filter((bet) => bet.dueSince === undefined).map(({ slot }) => slot),
    ),
  ];
  const resolved = new Set<number>();
  await inBatches(slots, async (slot) => {
    const { state, requestedAt } = await readRound(publicClient, { deployment, slot });
    const isLate = state === "pending" && now > requestedAt + VOID_AFTER_SECONDS;
    if (state === "drawn" || state === "void" || isLate) resolved.add(slot);
  });
  for (const bet of watched.values()) if (resolved.has(bet.slot)) bet.dueSince ??= now;

  const due = [...watched].filter(
    ([, { dueSince, notBefore = 0n }]) =>
      dueSince !== undefined && now >= dueSince + BigInt(graceSeconds) && now >= notBefore,
  );
  for (let index = 0; index < due.length && !signal.aborted; index += BATCH) {
    const batch = due.slice(index, index + BATCH).map(([betId]) => betId);
    await end(options, watched, await stillOpen(options, watched, batch), now);
  }
}

/** Those of the bets that the casino holds open now; the others are forgotten. */
async function stillOpen(
  { publicClient, deployment }: KeeperOptions,
  watched: Map<bigint, Watched>,
  betIds: bigint[],
): Promise<bigint[]> {
  const open: bigint[] = [];
  await inBatches(betIds, async (betId) => {
    const bet = await publicClient.readContract({
      address: deployment.casino,
      abi: casinoAbi,
      functionName: "betOf",
      args: [betId],
    });
    if (bet.open && bet.sequence === unpackBetId(betId).sequence) open.push(betId);
    else watched.delete(betId);
  });
  return open;
}

/** Ends the bets in one transaction; where that is refused, finds the one to blame and ends the others. */
async function end(
  options: KeeperOptions,
  watched: Map<bigint, Watched>,
  betIds: bigint[],
  now: bigint,
): Promise<void> {
  const { deployment, log } = options;
  if (betIds.length === 0) return;
  try {
    const { hash, settled, refunded } = await settleMany(options, { deployment, betIds });
    for (const betId of [...settled, ...refunded]) watched.delete(betId);
    if (settled.length + refunded.length > 0) {
      log(`Settled ${settled.length} and refunded ${refunded.length} bets in ${hash}.`);
    }
  } catch (error) {
    if (!(error instanceof CasinoError)) throw error;
    const [first, ...others] = betIds as [bigint, ...bigint[]];
    if (others.length === 0) {
      log(`Bet ${first} cannot be settled now: ${error.message}.`);
      const bet = watched.get(first);
      if (bet) bet.notBefore = now + RETRY_SECONDS;
      return;
    }
    const middle = Math.ceil(betIds.length / 2);
    await end(options, watched, betIds.slice(0, middle), now);
    await end(options, watched, betIds.slice(middle), now);
  }
}

/** Closes the epoch that ended where its bets are resolved, and ends the current one where its time is over. */
async function turnEpochs(options: KeeperOptions, now: bigint): Promise<void> {
  const { publicClient, deployment } = options;
  let allClosed = true;
  for (const { id, symbol, bankroll } of deployment.assets) {
    const { closed, closingBets } = await readHouse(publicClient, { deployment, asset: id });
    if (closed) continue;
    if (closingBets > 0n) allClosed = false;
    else {
      const call = callOf({ address: bankroll, abi: bankrollAbi, functionName: "close", args: [] });
      await unlessDone(options, `Closed the epoch of the ${symbol} bankroll`, () =>
        send(options, call),
      );
    }
  }
  if (!allClosed) return;

  const [{ epochStart }, epochSeconds] = await Promise.all([
    readHead(publicClient, { deployment }),
    readEpochSeconds(publicClient, deployment),
  ]);
  if (now < epochStart + epochSeconds) return;
  const call = callOf({
    address: deployment.casino,
    abi: casinoAbi,
    functionName: "rollEpoch",
    args: [],
  });
  await unlessDone(options, "Began a new epoch", () => send(options, call));
}

/** Does what anyone may do; that another keeper was faster is no failure. */
async function unlessDone(
  { log }: KeeperOptions,
  what: string,
  action: () => Promise<{ transactionHash: string }>,
): Promise<void> {
  try {
    const { transactionHash } = await action();
    log(`${what} in ${transactionHash}.`);
  } catch (error) {
    const isDone =
      error instanceof CasinoError && ["EpochNotOver", "EpochNotClosed"].includes(error.name);
    if (!isDone && !(error instanceof TransactionReverted)) throw error;
  }
}

function readEpochSeconds(client: PublicClient, { casino }: Deployment): Promise<bigint> {
  return client.readContract({ address: casino, abi: casinoAbi, functionName: "epochSeconds" });
}

async function inBatches<T>(items: T[], action: (item: T) => Promise<void>): Promise<void> {
  for (let index = 0; index < items.length; index += BATCH) {
    await Promise.all(items.slice(index, index + BATCH).map(action));
  }
}

function wordsOf(error: unknown): string {
  if (isUnreachable(error)) return "The node does not answer.";
  if (error instanceof Error)
    return `${"shortMessage" in error ? error.shortMessage : error.message}.`.replace("..", ".");
  return String(error);
}

/** Waits, or ends at once when the signal aborts. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
