import { type BetExtras, type CasinoEvent } from "./decode.ts";
import { Outcome, TransferKind } from "./schema.ts";

/** A block as the node gives it, hex without `0x`. */
export type Header = { number: number; hash: string; parent: string; at: number; bloom: string };

type Placed = Extract<CasinoEvent, { kind: "betPlaced" }>;
type Bet = Placed & { round: number; extras: BetExtras | undefined };
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
  /** Rounds; 0 of a refund. */
  played: number;
  position: number;
  block: number;
  tx: string;
};

/** A player bound an affiliate with a first deposit. */
export type Binding = { player: string; affiliate: string; asset: number; position: number };

/** The rows that a range of blocks adds or changes, in the order of the chain. */
export type Batch = {
  bets: Bet[];
  /** Ends of bets, those placed in this batch too. */
  resolutions: Map<string, Resolution>;
  rounds: Request[];
  draws: Draw[];
  transfers: Transfer[];
  listings: Listing[];
  bindings: Binding[];
  others: Other[];
  /** Bets that must be in the database and ended, because their lane's next bet is in this batch. */
  predecessors: string[];
  /**
   * What the balance of `player ‖ asset` must be after this batch, and whether an affiliate shares in its fees, where a
   * placement in lane 0 told.
   */
  accounts: Map<string, { balance: bigint; referred: boolean }>;
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
  const fold = new Fold();
  for (const event of decoded) fold.add(event);
  fold.finish();
  return fold.batch;
}

class Fold {
  readonly batch: Batch = {
    bets: [],
    resolutions: new Map(),
    rounds: [],
    draws: [],
    transfers: [],
    listings: [],
    bindings: [],
    others: [],
    predecessors: [],
    accounts: new Map(),
  };
  readonly #sequences = new Map<string, number>();
  // The latest so far: a block in which the epoch rolls has a second round, for the bets after the roll.
  readonly #roundOfBlock = new Map<number, number>();
  /** Relayers' fees by transaction and asset that left their players' balances and have not arrived. */
  readonly #relaying = new Map<string, bigint>();
  #extended: Extract<CasinoEvent, { kind: "betExtended" }> | undefined;
  #played: Extract<CasinoEvent, { kind: "roundsPlayed" }> | undefined;
  #bound: Extract<CasinoEvent, { kind: "affiliateBound" }> | undefined;

  add(event: CasinoEvent): void {
    const { batch } = this;
    switch (event.kind) {
      case "betPlaced":
        this.#place(event);
        break;
      case "betExtended":
        this.#announce();
        this.#extended = event;
        return;
      case "roundsPlayed":
        this.#announce();
        this.#played = event;
        return;
      case "betSettled": {
        const played = this.#played?.betId === event.betId ? this.#played.played : 1;
        if (this.#played?.betId === event.betId) this.#played = undefined;
        this.#resolve(event, Outcome.Settled, event.payout, played);
        break;
      }
      case "betRefunded":
        this.#resolve(event, event.faulty ? Outcome.Faulty : Outcome.Refunded, event.stake, 0);
        break;
      case "roundRequested": {
        const previous = batch.rounds.at(-1);
        if (previous && event.round !== previous.round + 1) {
          throw new LogsOmitted(`round ${event.round} follows ${previous.round}`);
        }
        this.#roundOfBlock.set(event.block, event.round);
        batch.rounds.push(event);
        break;
      }
      case "roundDrawn":
        batch.draws.push(event);
        break;
      case "transfer":
        this.#transfer(event);
        break;
      case "affiliateBound":
        if (this.#bound) throw new LogsOmitted(`no deposit follows affiliate of 0x${event.player}`);
        this.#bound = event;
        break;
      case "assetListed":
        batch.listings.push(event);
        break;
      case "other":
        batch.others.push(event);
        break;
    }
    this.#announce();
  }

  /** What an event announced must have come with the next one. */
  #announce(): void {
    const late = this.#extended ?? this.#played;
    if (late)
      throw new LogsOmitted(`what ${late.kind} announced of bet 0x${late.betId} is missing`);
  }

  finish(): void {
    this.#announce();
    if (this.#bound)
      throw new LogsOmitted(`no deposit follows the affiliate of 0x${this.#bound.player}`);
    for (const [payment, fees] of this.#relaying) {
      if (fees !== 0n)
        throw new LogsOmitted(
          `${fees} units of relayers' fees went astray in transaction 0x${payment.slice(0, 64)}`,
        );
    }
  }

  #place(event: Placed): void {
    const { batch } = this;
    const { betId, ended } = event;
    const round = this.#roundOfBlock.get(event.block);
    if (round === undefined) throw new LogsOmitted(`block ${event.block} has a bet and no round`);
    const extras = this.#extended?.betId === betId ? this.#extended.extras : undefined;
    if (event.extended && !extras) throw new LogsOmitted(`bet 0x${betId} lacks its extras`);
    if (extras) this.#extended = undefined;
    if (ended)
      this.#resolve(
        { ...event, betId: predecessorOf(betId) },
        Outcome.Settled,
        ended.payout,
        ended.played,
      );
    this.#followLane(betId);
    batch.bets.push({ ...event, round, extras });

    const holder = betId.slice(0, 44);
    if (event.account) batch.accounts.set(holder, { ...event.account });
    else
      this.#move(holder, -event.stake * BigInt(extras?.rounds ?? 1) - (extras ? extras.fee : 0n));
    if (extras && extras.fee !== 0n) this.#relay(event.tx, assetOf(holder), extras.fee);
  }

  #transfer(event: Transfer): void {
    const { batch } = this;
    const { player, asset, amount, transfer } = event;
    batch.transfers.push(event);
    if (player === undefined) {
      // The bankroll's contract is in the database; its balance is not checked in this batch.
      for (const holder of batch.accounts.keys())
        if (assetOf(holder) === asset) batch.accounts.delete(holder);
      return;
    }
    const holder = player + asset.toString(16).padStart(4, "0");
    this.#move(holder, transfer === TransferKind.Withdrawal ? -amount : amount);
    if (transfer === TransferKind.RelayerPaid) this.#relay(event.tx, asset, -amount);
    if (transfer === TransferKind.Deposit && this.#bound) {
      const { affiliate } = this.#bound;
      if (this.#bound.player !== player)
        throw new LogsOmitted(`no deposit follows the affiliate of 0x${this.#bound.player}`);
      batch.bindings.push({ player, affiliate, asset, position: event.position });
      this.#bound = undefined;
    }
  }

  #followLane(betId: string): void {
    const lane = betId.slice(0, 48);
    const sequence = parseInt(betId.slice(48), 16);
    const last = this.#sequences.get(lane);
    this.#sequences.set(lane, sequence);
    if (sequence === 1) return;
    const predecessor = predecessorOf(betId);
    const ended = this.batch.resolutions.has(predecessor);
    if (last === undefined) {
      // One that ended in this batch is found missing or closed when its end is written.
      if (!ended) this.batch.predecessors.push(predecessor);
    } else if (last !== sequence - 1 || !ended) {
      throw new LogsOmitted(`bet 0x${betId} follows one that is missing or has not ended`);
    }
  }

  #resolve(
    event: { betId: string; position: number; block: number; tx: string },
    outcome: number,
    payout: bigint,
    played: number,
  ): void {
    const { betId, position, block, tx } = event;
    const { resolutions } = this.batch;
    if (resolutions.has(betId)) throw new LogsOmitted(`bet 0x${betId} ended twice`);
    resolutions.set(betId, { betId, outcome, payout, played, position, block, tx });
    this.#move(betId.slice(0, 44), payout);
  }

  #relay(tx: string, asset: number, fee: bigint): void {
    const payment = `${tx} ${asset}`;
    this.#relaying.set(payment, (this.#relaying.get(payment) ?? 0n) + fee);
  }

  #move(holder: string, delta: bigint): void {
    const account = this.batch.accounts.get(holder);
    if (account) account.balance += delta;
  }
}

/** The id of the bet before in the lane. */
function predecessorOf(betId: string): string {
  const sequence = parseInt(betId.slice(48), 16) - 1;
  return betId.slice(0, 48) + sequence.toString(16).padStart(16, "0");
}

function assetOf(holder: string): number {
  return parseInt(holder.slice(40), 16);
}
