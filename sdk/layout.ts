import {
  type Address,
  type Hex,
  encodeAbiParameters,
  getAddress,
  keccak256,
  numberToHex,
} from "viem";

/** The names and slots of a bet: the twin of `contracts/types/Lane.sol` and `contracts/types/Extras.sol`. */

/** What a bet's id is made of. */
export type BetIdParts = {
  player: Address;
  asset: number;
  lane: number;
  /** The bet's number in its lane, from 1; below 2^28. */
  sequence: bigint;
};

/** A lane's slot, as stored and as `BetPlaced` carries it. Amounts are units. */
export type Lane = {
  /** The player's balance in this asset; meaningful in lane 0 only. */
  balance: bigint;
  stake: bigint;
  /** 16 bytes, of which the first 7 are stored here; a wide choice has its others in the extras. */
  choice: Hex;
  /** The slot of the bet's round. */
  slot: number;
  sequence: bigint;
  game: number;
  /** What the house reserved beyond the stake, rounded up to the float it is stored as. */
  reserve: bigint;
  /** The operator's fee in 1e-5 of the stake. */
  feeRate: number;
  open: boolean;
  /** The bet has a wide choice or several rounds. */
  extended: boolean;
  /** The bet counts in its game's book. */
  counted: boolean;
  /** `Limits` was told of the bet. */
  noted: boolean;
  /** `Limits` has a say in the player's bets; meaningful in lane 0 only. */
  guarded: boolean;
  /** An affiliate shares in the fees of the player's bets; meaningful in lane 0 only. */
  referred: boolean;
};

/** What a bet has beyond its lane's slot, as `BetExtended` carries it. Amounts are units. */
export type Extras = {
  /** The last 9 bytes of the choice, below 2^72. */
  choiceTail: bigint;
  /** At least 1. */
  rounds: number;
  /** 0 is off. */
  stopGain: bigint;
  /** 0 is off. */
  stopLoss: bigint;
  /** What the player paid to whoever carried the order. */
  fee: bigint;
};

/** How placing a bet settled the one before it in its lane. */
export type Ended = {
  /** Units, with the stakes of the rounds that were not played. */
  payout: bigint;
  /** Rounds. */
  played: number;
};

/** A number does not fit the field it is packed into. */
export class FieldOverflow extends Error {
  override readonly name = "FieldOverflow";

  constructor(field: string, value: bigint, bits: bigint) {
    super(`${field} ${value} does not fit ${bits} bits`);
  }
}

const SEQUENCE_BITS = 28n;
const MANTISSA_BITS = 10n;
const EXPONENT_BITS = 6n;
const IMPLICIT = 1n << MANTISSA_BITS;

/** `player << 96 | asset << 80 | lane << 64 | sequence`. Throws {@link FieldOverflow}. */
export function packBetId({ player, asset, lane, sequence }: BetIdParts): bigint {
  return (
    (BigInt(player) << 96n) |
    (fit("asset", BigInt(asset), 16n) << 80n) |
    (fit("lane", BigInt(lane), 16n) << 64n) |
    fit("sequence", sequence, 64n)
  );
}

/** The parts of a bet's id, the player's address checksummed. Throws {@link FieldOverflow}. */
export function unpackBetId(betId: bigint): BetIdParts {
  fit("betId", betId, 256n);
  return {
    player: getAddress(numberToHex(betId >> 96n, { size: 20 })),
    asset: Number(bits(betId, 80n, 16n)),
    lane: Number(bits(betId, 64n, 16n)),
    sequence: bits(betId, 0n, 64n),
  };
}

/** What all bets of a lane share: their id without the sequence. */
export function laneKey(betId: bigint): bigint {
  return betId >> 64n;
}

/** The bet before it in its lane. */
export function previousBetId(betId: bigint): bigint {
  return neighbourOf(betId, -1n);
}

/** The bet after it in its lane. */
export function nextBetId(betId: bigint): bigint {
  return neighbourOf(betId, 1n);
}

/** Takes a lane's slot apart. */
export function decodeLane(word: bigint): Lane {
  return {
    balance: bits(word, 0n, 56n),
    stake: bits(word, 56n, 40n),
    choice: numberToHex(bits(word, 96n, 56n) << 72n, { size: 16 }),
    slot: Number(bits(word, 152n, 20n)),
    sequence: bits(word, 172n, 28n),
    game: Number(bits(word, 200n, 12n)),
    reserve: decodeReserve(bits(word, 212n, 16n)),
    feeRate: Number(bits(word, 228n, 12n)),
    open: bits(word, 240n, 1n) === 1n,
    extended: bits(word, 241n, 1n) === 1n,
    counted: bits(word, 242n, 1n) === 1n,
    noted: bits(word, 243n, 1n) === 1n,
    guarded: bits(word, 244n, 1n) === 1n,
    referred: bits(word, 245n, 1n) === 1n,
  };
}

/** Takes the word of `BetExtended` apart; 0 gives what a plain bet has: one round, and nothing else. */
export function decodeExtras(word: bigint): Extras {
  return {
    choiceTail: bits(word, 0n, 72n),
    rounds: Number(bits(word, 72n, 16n)) + 1,
    stopGain: bits(word, 88n, 64n),
    stopLoss: bits(word, 152n, 64n),
    fee: bits(word, 216n, 40n),
  };
}

/** Takes the last word of `BetPlaced` apart; nothing where placing settled no bet. */
export function decodeEnded(word: bigint): Ended | undefined {
  if (word === 0n) return undefined;
  return { payout: bits(word, 0n, 56n), played: Number(bits(word, 56n, 16n)) };
}

/** The whole choice of a bet, whose lane has its first 7 bytes. */
export function wholeChoice(lead: Hex, { choiceTail }: Pick<Extras, "choiceTail">): Hex {
  return numberToHex(BigInt(lead) | choiceTail, { size: 16 });
}

/** The least 16-bit float (6 bits of exponent over 10 of mantissa) that is not below `value`. */
export function encodeReserve(value: bigint): bigint {
  if (value < IMPLICIT) return fit("reserve", value, MANTISSA_BITS);

  let shift = BigInt(value.toString(2).length) - MANTISSA_BITS - 1n;
  let significand = (value + (1n << shift) - 1n) >> shift;
  if (significand === 2n * IMPLICIT) {
    significand = IMPLICIT;
    shift += 1n;
  }
  return (fit("exponent", shift + 1n, EXPONENT_BITS) << MANTISSA_BITS) | (significand - IMPLICIT);
}

/** The value of a 16-bit float. */
export function decodeReserve(encoded: bigint): bigint {
  fit("reserve", encoded, MANTISSA_BITS + EXPONENT_BITS);
  const mantissa = bits(encoded, 0n, MANTISSA_BITS);
  const exponent = encoded >> MANTISSA_BITS;
  return exponent === 0n ? mantissa : (IMPLICIT + mantissa) << (exponent - 1n);
}

/** The part of a VRF word that the casino stores and bets use: its low 224 bits. */
export function storedWordOf(word: bigint): bigint {
  return bits(word, 0n, 224n);
}

/**
 * The seed of a bet: `keccak256(abi.encode(word mod 2^224, chainid, casino, betId))`.
 * Takes the full VRF word as well as the stored one.
 */
export function seedOf({
  word,
  chainId,
  casino,
  betId,
}: {
  word: bigint;
  chainId: number;
  casino: Address;
  betId: bigint;
}): bigint {
  const encoded = encodeAbiParameters(
    [{ type: "uint256" }, { type: "uint256" }, { type: "address" }, { type: "uint256" }],
    [storedWordOf(word), BigInt(chainId), casino, betId],
  );
  return BigInt(keccak256(encoded));
}

/** The sequence wraps as the contract's does. */
function neighbourOf(betId: bigint, step: bigint): bigint {
  return (laneKey(betId) << 64n) | bits(bits(betId, 0n, 64n) + step, 0n, SEQUENCE_BITS);
}

/** `length` bits of a word, from the `offset`-th lowest on. */
export function bits(word: bigint, offset: bigint, length: bigint): bigint {
  return (word >> offset) & ((1n << length) - 1n);
}

/** The value, where it fits its field. Throws {@link FieldOverflow}. */
export function fit(field: string, value: bigint, length: bigint): bigint {
  if (value < 0n || value >> length !== 0n) throw new FieldOverflow(field, value, length);
  return value;
}
