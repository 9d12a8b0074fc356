import { type Hex, decodeEventLog, parseAbi, toEventSelector } from "viem";
import { TransferKind, positionOf } from "./schema.ts";

/** The events of the casino that are not decoded by hand. */
const rareEvents = parseAbi([
  "struct Terms { uint256 minStake; uint256 maxStake; uint256 stipend; uint256 kellyBps; uint256 capBps; uint256 shareBps; }",
  "event AuthorityUpdated(address authority)",
  "event RoundVoided(uint256 indexed slot, uint256 requestedAt)",
  "event GameListed(uint16 indexed game, address rules)",
  "event TermsSet(uint16 indexed game, uint16 indexed asset, Terms terms)",
  "event GameDelisted(uint16 indexed game, uint16 indexed asset, bool faulty)",
  "event SourceSet(uint256 indexed sourceId, address coordinator, bytes32 keyHash, uint256 subscription, uint16 confirmations, uint256 worstPrice)",
  "event Paused(uint256 until, address by)",
  "event EpochRolled(uint256 indexed epoch, uint256 start)",
  "event EpochClosed(uint256 indexed epoch, uint16 indexed asset, uint256 equity)",
  // OpenZeppelin AccessManaged: the first log of every deployment.
  "event AuthorityUpdated(address authority)",
]);

/** Topic 0 of each event decoded by hand. */
export const topics = {
  Deposited: toEventSelector("Deposited(address,uint16,uint256,address)"),
  Withdrawn: toEventSelector("Withdrawn(address,uint16,uint256,address)"),
  BankrollFunded: toEventSelector("BankrollFunded(uint16,uint256)"),
  BankrollDrawn: toEventSelector("BankrollDrawn(uint16,uint256)"),
  FeesClaimed: toEventSelector("FeesClaimed(uint16,uint256,address)"),
  BetPlaced: toEventSelector("BetPlaced(uint256,address,uint256)"),
  BetSettled: toEventSelector("BetSettled(uint256,uint256)"),
  BetRefunded: toEventSelector("BetRefunded(uint256,uint256,bool)"),
  RoundRequested: toEventSelector("RoundRequested(uint256,uint256,uint256)"),
  RoundDrawn: toEventSelector("RoundDrawn(uint256,uint256)"),
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

type Placement = { position: number; block: number; tx: string };

/** An event; every hex is lower case, without `0x`, so that it goes to the database as it is. */
export type CasinoEvent = Placement &
  (
    | {
        kind: "betPlaced";
        betId: string;
        game: number;
        stake: bigint;
        choice: string;
        reserve: bigint;
        feeRate: number;
        /** In lane 0 the player's balance after placement. */
        balance: bigint | undefined;
      }
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
    | { kind: "other"; name: string; args: string }
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
 * Decodes one log of the casino. Pure and written by hand: the lane's fields lie on whole nibbles, so that a bet is cut
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
        balance: betId.slice(44, 48) === "0000" ? BigInt(`0x${data.slice(52, 66)}`) : undefined,
      };
    }
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
      abi: rareEvents,
      topics: log.topics as [Hex, ...Hex[]],
      data: log.data as Hex,
    });
    const json = JSON.stringify(args, (_, value) =>
      typeof value === "bigint" ? value.toString() : value,
    );
    return { kind: "other", ...placement, name: eventName, args: json };
  } catch (error) {
    throw new LogUnknown(log, error);
  }
}

function topic(log: RawLog, index: number): string {
  const value = log.topics[index];
  if (value === undefined) throw new LogUnknown(log, `topic ${index} is missing`);
  return value.slice(2);
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
