import {
  type Address,
  type Hex,
  getAddress,
  numberToHex,
  parseSignature,
  serializeSignature,
  signatureToCompactSignature,
  compactSignatureToSignature,
  size,
} from "viem";
import type { Deployment } from "./deployment.ts";
import { bits, fit } from "./layout.ts";

/** Signed bet orders: the twin of `contracts/types/Order.sol`. */

/** What a player, or the session key of a lane, signs: place this bet as the lane's next one. Amounts are units. */
export type Order = {
  player: Address;
  asset: number;
  lane: number;
  /** The number that the bet will have in its lane: the lane's latest plus 1. */
  sequence: bigint;
  game: number;
  /** Of one round. */
  stake: bigint;
  /** 16 bytes: what the game's `encode` gives. */
  choice: Hex;
  /** 1 to 1,000. */
  rounds: number;
  /** 0 is off. */
  stopGain: bigint;
  /** 0 is off. */
  stopLoss: bigint;
  /** What the player pays whoever carries the order. */
  fee: bigint;
  /** Seconds, inclusive. */
  deadline: bigint;
};

/** An order as `placeMany` takes it, `ICasino.SignedOrder`. */
export type SignedOrder = { head: bigint; terms: bigint; stops: bigint; r: Hex; vs: Hex };

/** Signatures of contract accounts have no compact form: they sign through a session key. */
export class SignatureUnfit extends Error {
  override readonly name = "SignatureUnfit";

  constructor(signature: Hex) {
    super(`${signature} is not the 65 bytes of an ECDSA signature`);
  }
}

/** Where an order is good. */
type House = Pick<Deployment, "chainId" | "casino">;

const ORDER_TYPES = {
  Order: [
    { name: "player", type: "address" },
    { name: "asset", type: "uint16" },
    { name: "lane", type: "uint16" },
    { name: "sequence", type: "uint32" },
    { name: "game", type: "uint16" },
    { name: "stake", type: "uint64" },
    { name: "choice", type: "bytes16" },
    { name: "rounds", type: "uint32" },
    { name: "stopGain", type: "uint64" },
    { name: "stopLoss", type: "uint64" },
    { name: "fee", type: "uint64" },
    { name: "deadline", type: "uint32" },
  ],
} as const;

/** What is signed, as EIP-712 says: readable in a wallet, good on this chain and for this casino alone. */
export function orderTypedData({ chainId, casino }: House, order: Order) {
  return {
    domain: { name: "Glasshouse", version: "1", chainId, verifyingContract: casino },
    types: ORDER_TYPES,
    primaryType: "Order",
    message: { ...order, sequence: Number(order.sequence), deadline: Number(order.deadline) },
  } as const;
}

/** A viem account that signs by itself, or a wallet client with its account. */
export type Signer<TypedData> = { signTypedData(parameters: TypedData): Promise<Hex> };

/** Has the order signed and packs it. Throws FieldOverflow, {@link SignatureUnfit}, and the signer's own errors. */
export async function signOrder(
  signer: Signer<ReturnType<typeof orderTypedData>>,
  { deployment, order }: { deployment: House; order: Order },
): Promise<SignedOrder> {
  return packOrder(order, await signer.signTypedData(orderTypedData(deployment, order)));
}

/** The order in 160 bytes. Throws FieldOverflow and {@link SignatureUnfit}. */
export function packOrder(order: Order, signature: Hex): SignedOrder {
  if (size(signature) !== 65) throw new SignatureUnfit(signature);
  const { r, yParityAndS } = signatureToCompactSignature(parseSignature(signature));
  return {
    head:
      fit("player", BigInt(order.player), 160n) |
      (fit("asset", BigInt(order.asset), 16n) << 160n) |
      (fit("lane", BigInt(order.lane), 16n) << 176n) |
      (fit("game", BigInt(order.game), 16n) << 192n) |
      (fit("rounds", BigInt(order.rounds) - 1n, 16n) << 208n) |
      (fit("deadline", order.deadline, 32n) << 224n),
    terms:
      fit("choice", BigInt(order.choice), 128n) |
      (fit("stake", order.stake, 40n) << 128n) |
      (fit("fee", order.fee, 40n) << 168n) |
      (fit("sequence", order.sequence, 28n) << 208n),
    stops: fit("stopGain", order.stopGain, 64n) | (fit("stopLoss", order.stopLoss, 64n) << 64n),
    r,
    vs: yParityAndS,
  };
}

/**
 * The order and its signature, as they were before packing. Throws FieldOverflow where bits are set that no
 * field has, with which the casino refuses the order too.
 */
export function unpackOrder({ head, terms, stops, r, vs }: SignedOrder): {
  order: Order;
  signature: Hex;
} {
  fit("terms", terms, 236n);
  fit("stops", stops, 128n);
  return {
    order: {
      player: getAddress(numberToHex(bits(head, 0n, 160n), { size: 20 })),
      asset: Number(bits(head, 160n, 16n)),
      lane: Number(bits(head, 176n, 16n)),
      sequence: bits(terms, 208n, 28n),
      game: Number(bits(head, 192n, 16n)),
      stake: bits(terms, 128n, 40n),
      choice: numberToHex(bits(terms, 0n, 128n), { size: 16 }),
      rounds: Number(bits(head, 208n, 16n)) + 1,
      stopGain: bits(stops, 0n, 64n),
      stopLoss: bits(stops, 64n, 64n),
      fee: bits(terms, 168n, 40n),
      deadline: bits(head, 224n, 32n),
    },
    signature: serializeSignature(compactSignatureToSignature({ r, yParityAndS: vs })),
  };
}
