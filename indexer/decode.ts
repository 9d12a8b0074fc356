import { type Hex, decodeEventLog, toEventSelector } from "viem";
import { casinoAbi, limitsAbi, sessionsAbi } from "../sdk/abis.ts";
import { TransferKind, positionOf } from "./schema.ts";

/** All events of the casino and of the contracts it made for limits and sessions; the frequent ones are decoded by hand. */
const events = [...casinoAbi, ...limitsAbi, ...sessionsAbi].filter(({ type }) => type === "event");

/** Topic 0 of each event decoded by hand. */
export const topics = {
  Deposited: toEventSelector("Deposited(address,uint16,uint256,address)"),
  Withdrawn: toEventSelector("Withdrawn(address,uint16,uint256,address)"),
  BankrollFunded: toEventSelector("BankrollFunded(uint16,uint256)"),
  BankrollDrawn: toEventSelector("BankrollDrawn(uint16,uint256)"),
  FeesClaimed: toEventSelector("FeesClaimed(uint16,uint256,address)"),
  BetPlaced: toEventSelector("BetPlaced(uint256,address,uint256,uint256)"),
  BetExtended: toEventSelector("BetExtended(uint256,uint256)"),
  RoundsPlayed: toEventSelector("RoundsPlayed(uint256,uint256)"),
  BetSettled: toEventSelector("BetSettled(uint256,uint256)"),
  BetRefunded: toEventSelector("BetRefunded(uint256,uint256,bool)"),
  RoundRequested: toEventSelector("RoundRequested(uint256,uint256,uint256)"),
  RoundDrawn: toEventSelector("RoundDrawn(uint256,uint256)"),
  RelayerPaid: toEventSelector("RelayerPaid(address,uint16,uint256)"),
  ReferralClaimed: toEventSelector("ReferralClaimed(address,uint16,uint256,address)"),
  AffiliateBound: toEventSelector("AffiliateBound(address,address)"),
  AssetListed: toEventSelector("AssetListed(uint16,address,uint256,address)"),
};

/** A log as the node gives it. */
export type RawLog = {
  address: string;
  topics: string[];
  data: string;
  blockNumber: string;
  blockHash: string;
  transactionHash: string;
  logIndex: string;
};

/** What a bet has beyond its lane's slot, see `contracts/types/Extras.sol`. */
export type BetExtras = {
  /** The last 9 bytes of the choice. */
  choice: string;
  rounds: number;
  stopGain: bigint;
  stopLoss: bigint;
  /** The relayer's fee. */
  fee: bigint;
};

type Placement = { position: number; block: number; tx: string };

/** An event; every hex is lower case, without `0x`, so that it goes to the database as it is. */
export type CasinoEvent = Placement &
  (
    | {
        kind: "betPlaced";
        betId: string;
        game: number;
        /** Of one round. */
        stake: bigint;
        /** The first 7 bytes. */
        choice: string;
        reserve: bigint;
        feeRate: number;
        /** `BetExtended` told of more than the lane's slot holds. */
        extended: boolean;
        /** In lane 0: the player's balance after placement, and whether an affiliate shares in the fees. */
        account: { balance: bigint; referred: boolean } | undefined;
        /** How the placing settled the lane's previous bet. */
        ended: { payout: bigint; played: number } | undefined;
      }
    | { kind: "betExtended"; betId: string; extras: BetExtras }
    | { kind: "roundsPlayed"; betId: string; played: number }
    | { kind: "betSettled"; betId: string; payout: bigint }
    | { kind: "betRefunded"; betId: string; stake: bigint; faulty: boolean }
    | { kind: "roundRequested"; round: number; requestId: string; slot: number }
    | { kind: "roundDrawn"; requestId: string; word: string }
    | {
        kind: "transfer";
        transfer: (typeof TransferKind)[keyof typeof TransferKind];
        /** Undefined where it is the bankroll's contract of the asset. */
        player: string | undefined;
        asset: number;
        amount: bigint;
        other: string | undefined;
      }
    | { kind: "assetListed"; asset: number; token: string; unit: bigint; account: string }
    | { kind: "affiliateBound"; player: string; affiliate: string }
    | { kind: "other"; player: string | undefined; name: string; args: string }
  );

/** A log cannot be an event of the casino this was written for. */
export class LogUnknown extends Error {
  override readonly name = "LogUnknown";

  constructor(log: RawLog, cause: unknown) {
    super(
      `Log ${Number(log.logIndex)} of block ${Number(log.blockNumber)} is no event of this casino: ${log.topics[0]}`,
      {
        cause,
      },
    );
  }
}

/**
 * Decodes one log of the casino or of one of its contracts. Pure and written by hand: the lane's fields lie on whole nibbles, so that a bet is cut
 * out of the text without arithmetic on 256-bit numbers. Throws {@link LogUnknown}.
 */
export function decodeLog(log: RawLog): CasinoEvent {
  const block = Number(log.blockNumber);
  const position = positionOf(block, Number(log.logIndex));
  const tx = log.transactionHash.slice(2);
  const data = log.data;

  switch (log.topics[0]) {
    case topics.BetPlaced: {
      const betId = topic(log, 1);
      // From the highest bit, in nibbles: flags 4, fee rate 3, reserve 4, game 3, sequence 7, slot 5, choice 14,
      // stake 10, balance 14. See `contracts/types/Lane.sol`.
      return {
        kind: "betPlaced",
        position,
        block,
        tx,
        betId,
        feeRate: parseInt(data.slice(6, 9), 16),
        reserve: float16(parseInt(data.slice(9, 13), 16)),
        game: parseInt(data.slice(13, 16), 16),
        choice: data.slice(28, 42),
        stake: BigInt(`0x${data.slice(42, 52)}`),
        extended: (nibble(data, 5) & 2) !== 0,
        account:
          betId.slice(44, 48) === "0000"
            ? {
                balance: BigInt(`0x${data.slice(52, 66)}`),
                referred: (nibble(data, 4) & 2) !== 0,
              }
            : undefined,
        // Of its second word: a one, rounds played 4 nibbles, payout 14.
        ended:
          data[111] === "1"
            ? {
                payout: BigInt(`0x${data.slice(116, 130)}`),
                played: parseInt(data.slice(112, 116), 16),
              }
            : undefined,
      };
    }
    case topics.BetExtended:
      // From the highest bit, in nibbles: relayer's fee 10, stop-loss 16, stop-gain 16, further rounds 4, choice 18.
      return {
        kind: "betExtended",
        position,
        block,
        tx,
        betId: topic(log, 1),
        extras: {
          fee: BigInt(`0x${data.slice(2, 12)}`),
          stopLoss: BigInt(`0x${data.slice(12, 28)}`),
          stopGain: BigInt(`0x${data.slice(28, 44)}`),
          rounds: parseInt(data.slice(44, 48), 16) + 1,
          choice: data.slice(48, 66),
        },
      };
    case topics.RoundsPlayed:
      return {
        kind: "roundsPlayed",
        position,
        block,
        tx,
        betId: topic(log, 1),
        played: Number(word(data, 0)),
      };
    case topics.BetSettled:
      return {
        kind: "betSettled",
        position,
        block,
        tx,
        betId: topic(log, 1),
        payout: word(data, 0),
      };
    case topics.BetRefunded:
      return {
        kind: "betRefunded",
        position,
        block,
        tx,
        betId: topic(log, 1),
        stake: word(data, 0),
        faulty: word(data, 1) === 1n,
      };
    case topics.RoundRequested:
      return {
        kind: "roundRequested",
        position,
        block,
        tx,
        round: parseInt(topic(log, 1), 16),
        requestId: topic(log, 2),
        slot: Number(word(data, 0)),
      };
    case topics.RoundDrawn:
      return {
        kind: "roundDrawn",
        position,
        block,
        tx,
        requestId: topic(log, 1),
        word: data.slice(2, 66),
      };
    case topics.Deposited:
    case topics.Withdrawn:
      return {
        kind: "transfer",
        position,
        block,
        tx,
        transfer:
          log.topics[0] === topics.Deposited ? TransferKind.Deposit : TransferKind.Withdrawal,
        player: topic(log, 1).slice(24),
        asset: parseInt(topic(log, 2), 16),
        amount: word(data, 0),
        other: address(data, 1),
      };
    case topics.BankrollFunded:
    case topics.BankrollDrawn:
      return {
        kind: "transfer",
        position,
        block,
        tx,
        transfer:
          log.topics[0] === topics.BankrollFunded
            ? TransferKind.BankrollFunded
            : TransferKind.BankrollDrawn,
        player: undefined,
        asset: parseInt(topic(log, 1), 16),
        amount: word(data, 0),
        other: undefined,
      };
    case topics.FeesClaimed:
      return {
        kind: "transfer",
        position,
        block,
        tx,
        transfer: TransferKind.FeesClaimed,
        player: address(data, 1),
        asset: parseInt(topic(log, 1), 16),
        amount: word(data, 0),
        other: address(data, 1),
      };
    case topics.RelayerPaid: {
      const player = topic(log, 1).slice(24);
      return {
        kind: "transfer",
        position,
        block,
        tx,
        transfer: TransferKind.RelayerPaid,
        player,
        asset: parseInt(topic(log, 2), 16),
        amount: word(data, 0),
        other: player,
      };
    }
    case topics.ReferralClaimed:
      return {
        kind: "transfer",
        position,
        block,
        tx,
        transfer: TransferKind.ReferralClaimed,
        player: address(data, 1),
        asset: parseInt(topic(log, 2), 16),
        amount: word(data, 0),
        other: topic(log, 1).slice(24),
      };
    case topics.AffiliateBound:
      return {
        kind: "affiliateBound",
        position,
        block,
        tx,
        player: topic(log, 1).slice(24),
        affiliate: topic(log, 2).slice(24),
      };
    case topics.AssetListed:
      return {
        kind: "assetListed",
        position,
        block,
        tx,
        asset: parseInt(topic(log, 1), 16),
        token: address(data, 0),
        unit: word(data, 1),
        account: address(data, 2),
      };
    default:
      return decodeRare(log, { position, block, tx });
  }
}

function decodeRare(log: RawLog, placement: Placement): CasinoEvent {
  try {
    const { eventName, args } = decodeEventLog({
      abi: events,
      topics: log.topics as [Hex, ...Hex[]],
      data: log.data as Hex,
    });
    const json = JSON.stringify(args, (_, value) =>
      typeof value === "bigint" ? value.toString() : value,
    );
    const player =
      args !== undefined && "player" in args ? args.player.slice(2).toLowerCase() : undefined;
    return { kind: "other", ...placement, player, name: eventName, args: json };
  } catch (error) {
    throw new LogUnknown(log, error);
  }
}

function topic(log: RawLog, index: number): string {
  const value = log.topics[index];
  if (value === undefined) throw new LogUnknown(log, `topic ${index} is missing`);
  return value.slice(2);
}

function nibble(data: string, at: number): number {
  return parseInt(data[at] ?? "", 16);
}

function word(data: string, index: number): bigint {
  return BigInt(`0x${data.slice(2 + index * 64, 66 + index * 64)}`);
}

function address(data: string, index: number): string {
  return data.slice(26 + index * 64, 66 + index * 64);
}

/** The value of a 16-bit float, see `contracts/types/Float16.sol`. */
function float16(code: number): bigint {
  const mantissa = code & 1023;
  const exponent = code >> 10;
  return exponent === 0 ? BigInt(mantissa) : BigInt(1024 + mantissa) << BigInt(exponent - 1);
}
