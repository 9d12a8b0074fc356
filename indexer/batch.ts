import { type CasinoEvent } from "./decode.ts";
import { Outcome, TransferKind } from "./schema.ts";

/** A block as the node gives it, hex without `0x`. */
export type Header = { number: number; hash: string; parent: string; at: number; bloom: string };

type Bet = Extract<CasinoEvent, { kind: "betPlaced" }> & { round: number };
type Request = Extract<CasinoEvent, { kind: "roundRequested" }>;
type Draw = Extract<CasinoEvent, { kind: "roundDrawn" }>;
type Transfer = Extract<CasinoEvent, { kind: "transfer" }>;
type Listing = Extract<CasinoEvent, { kind: "assetListed" }>;
type Other = Extract<CasinoEvent, { kind: "other" }>;

/** How a bet ended. */
export type Resolution = {
  betId: string;
  outcome: number;
  payout: bigint;
  position: number;
  block: number;
  tx: string;
};

/** The rows that a range of blocks adds or changes, in the order of the chain. */
export type Batch = {
  bets: Bet[];
  /** Ends of bets, those placed in this batch too. */
  resolutions: Map<string, Resolution>;
  rounds: Request[];
  draws: Draw[];
  transfers: Transfer[];
  listings: Listing[];
  others: Other[];
  /** Bets that must be in the database and ended, because their lane's next bet is in this batch. */
  predecessors: string[];
  /** What the balance of `player ‖ asset` must be after this batch, where a placement in lane 0 told. */
  balances: Map<string, bigint>;
};

/** The node left out logs: the casino's own numbers and balances have a gap. */
export class LogsOmitted extends Error {
  override readonly name = "LogsOmitted";

  constructor(what: string) {
    super(`The node left out logs: ${what}`);
  }
}

/** Folds events, in the order of the chain, into rows. Pure. Throws {@link LogsOmitted} where they have a gap. */
export function foldEvents(decoded: CasinoEvent[]): Batch {
  const batch: Batch = {
    bets: [],
    resolutions: new Map(),
    rounds: [],
    draws: [],
    transfers: [],
    listings: [],
    others: [],
    predecessors: [],
    balances: new Map(),
  };
  const sequences = new Map<string, number>();
  // The latest so far: a block in which the epoch rolls has a second round, for the bets after the roll.
  const roundOfBlock = new Map<number, number>();
  for (const event of decoded) {
    switch (event.kind) {
      case "betPlaced": {
        const round = roundOfBlock.get(event.block);
        if (round === undefined)
          throw new LogsOmitted(`block ${event.block} has a bet and no round`);
        followLane(batch, sequences, event.betId);
        batch.bets.push({ ...event, round });
        const holder = event.betId.slice(0, 44);
        if (event.balance === undefined) move(batch, holder, -event.stake);
        else batch.balances.set(holder, event.balance);
        break;
      }
      case "betSettled":
        resolve(batch, event, Outcome.Settled, event.payout);
        break;
      case "betRefunded":
        resolve(batch, event, event.faulty ? Outcome.Faulty : Outcome.Refunded, event.stake);
        break;
      case "roundRequested": {
        const previous = batch.rounds.at(-1);
        if (previous && event.round !== previous.round + 1) {
          throw new LogsOmitted(`round ${event.round} follows ${previous.round}`);
        }
        roundOfBlock.set(event.block, event.round);
        batch.rounds.push(event);
        break;
      }
      case "roundDrawn":
        batch.draws.push(event);
        break;
      case "transfer":
        batch.transfers.push(event);
        if (event.player === undefined) {
          // The bankroll's contract is in the database; its balance is not checked in this batch.
          for (const holder of batch.balances.keys())
            if (assetOf(holder) === event.asset) batch.balances.delete(holder);
        } else {
          const delta = event.transfer === TransferKind.Withdrawal ? -event.amount : event.amount;
          move(batch, event.player + event.asset.toString(16).padStart(4, "0"), delta);
        }
        break;
      case "assetListed":
        batch.listings.push(event);
        break;
      case "other":
        batch.others.push(event);
        break;
    }
  }
  return batch;
}

function followLane(batch: Batch, sequences: Map<string, number>, betId: string): void {
  const lane = betId.slice(0, 48);
  const sequence = parseInt(betId.slice(48), 16);
  const last = sequences.get(lane);
  sequences.set(lane, sequence);
  if (sequence === 1) return;
  const predecessor = lane + (sequence - 1).toString(16).padStart(16, "0");
  if (last === undefined) {
    batch.predecessors.push(predecessor);
  } else if (last !== sequence - 1 || !batch.resolutions.has(predecessor)) {
    throw new LogsOmitted(`bet 0x${betId} follows one that is missing or has not ended`);
  }
}

function resolve(
  batch: Batch,
  event: { betId: string; position: number; block: number; tx: string },
  outcome: number,
  payout: bigint,
): void {
  const { betId, position, block, tx } = event;
  if (batch.resolutions.has(betId)) throw new LogsOmitted(`bet 0x${betId} ended twice`);
  batch.resolutions.set(betId, { betId, outcome, payout, position, block, tx });
  move(batch, betId.slice(0, 44), payout);
}

function move(batch: Batch, holder: string, delta: bigint): void {
  const balance = batch.balances.get(holder);
  if (balance !== undefined) batch.balances.set(holder, balance + delta);
}

function assetOf(holder: string): number {
  return parseInt(holder.slice(40), 16);
}
