import { type Hex, toFunctionSelector } from "viem";
import { casinoAbi } from "../abis.ts";
import { FieldOverflow, bits } from "../layout.ts";
import { orderTypedData, unpackOrder } from "../orders.ts";
import { equal, fail, holds, pass, skip } from "./checks.ts";
import type { Asked, AskedBet, OpenBet } from "./model.ts";
import type { Transaction } from "./records.ts";
import { sessionFlaw, sessionIn } from "./sessions.ts";
import { type At, type Audit, placeOf, transactionOf } from "./state.ts";
import { escrowOf } from "./terms.ts";

/** What players asked for, in the calldata of the transactions that place bets, and who signed it. */

const [BET, PLACE_WAGER, PLACE_MANY] = ["bet", "placeWager", "placeMany"].map((name) => {
  const item = casinoAbi.find((entry) => entry.type === "function" && entry.name === name);
  if (item?.type !== "function") throw new Error(`The casino has no function ${name}`);
  return toFunctionSelector(item);
}) as [Hex, Hex, Hex];
const ORDER_WORDS = 5;
const MAX_ORDERS = 256;
const THROUGH_ANOTHER = "placed through another contract, whose calldata does not show the order";

/** A bet was placed: it is the next one that its transaction asks for, of whoever may ask for it. */
export function checkAsked(
  audit: Audit,
  betId: bigint,
  bet: OpenBet,
  relayFee: bigint,
  at: At,
): void {
  const { book, state } = audit;
  const asked = askedIn(audit, at);
  if (!asked) return;
  if (asked.hidden !== undefined) return skip(book, "bets.orders", asked.hidden);
  const call = asked.calls[asked.next++];
  if (!call) return fail(book, "bets.orders", at, "a bet that its transaction asks for", betId);

  const id = betId.toString(16).padStart(64, "0");
  const [asset, lane] = [Number(`0x${id.slice(40, 44)}`), Number(`0x${id.slice(44, 48)}`)];
  const { game, stake, choice, rounds, stopGain, stopLoss } = bet;
  const placed = {
    player: `0x${id.slice(0, 40)}`,
    asset,
    lane,
    game,
    stake,
    choice,
    rounds,
    stopGain,
    stopLoss,
    fee: relayFee,
  };
  equal(book, "bets.orders", at, textOf(call), textOf(placed), FIELDS.join(", "));
  if (call.betId === undefined) return;
  equal(book, "bets.orders", at, call.betId, betId, "bet that is ordered");
  const { signed } = call;
  if (!signed) return fail(book, "bets.orders", at, "no bit that no field has", "such an order");
  const { order, signature } = signed;
  holds(
    book,
    "bets.orders",
    at,
    BigInt(state.timestamp) <= order.deadline,
    `an order good until ${order.deadline}`,
    state.timestamp,
  );
  const session = sessionIn(audit, call.player, asset, lane);
  const flaw =
    session &&
    sessionFlaw(session, {
      sequence: order.sequence,
      game,
      fee: order.fee,
      timestamp: state.timestamp,
      escrow: escrowOf(bet),
      feeTo: asked.feeTo ?? "",
    });
  audit.tasks.push({
    kind: "signature",
    at: placeOf(at),
    typedData: orderTypedData(audit.facts.deployment, order),
    signature,
    signers: [
      { account: call.player, check: "bets.orders" },
      ...(session
        ? [{ account: session.key, check: "players.sessions" as const, ...(flaw && { flaw }) }]
        : []),
    ],
  });
}

/** An order was carried and not placed: it is the next one too. */
export function orderSkipped(
  audit: Audit,
  { player, betId }: { player: string; betId: bigint },
  at: At,
): void {
  audit.state.skipped++;
  const asked = askedIn(audit, at);
  if (!asked) return;
  if (asked.hidden !== undefined) return skip(audit.book, "bets.orders", asked.hidden);
  const call = asked.calls[asked.next++];
  const expected = call ? `${call.player} ${call.betId}` : "no order to skip";
  equal(audit.book, "bets.orders", at, expected, `${player} ${betId}`, "order skipped");
}

/** The relayer is the one that the calldata names. */
export function checkRelayer({ book, state }: Audit, to: string, at: At): void {
  const { asked } = state.tx;
  if (asked && asked.hidden === undefined)
    equal(book, "bets.orders", at, asked.feeTo, to, "relayer");
}

/** What the transaction being replayed asks for; nothing where the node does not have it. */
function askedIn(audit: Audit, at: At): Asked | undefined {
  const { book, facts, state } = audit;
  if (state.tx.asked) return state.tx.asked;
  const tx = transactionOf(audit, at);
  if (!tx) return undefined;
  pass(book, "history.transactions");
  const hidden = { calls: [], next: 0, hidden: THROUGH_ANOTHER };
  state.tx.asked = tx.to === facts.casino ? readCalls(tx) : hidden;
  return state.tx.asked;
}

/** The bets that a call of the casino asks for; none where it is another call, or cut short. */
function readCalls({ from, input }: Transaction): Asked {
  /** Words of the arguments from a byte on. */
  const words = (byte: number, count: number): bigint[] => {
    const at = 10 + 2 * byte;
    if (at + 64 * count > input.length) return [];
    return Array.from({ length: count }, (_, index) =>
      BigInt(`0x${input.slice(at + 64 * index, at + 64 * (index + 1))}`),
    );
  };
  const selector = input.slice(0, 10);
  if (selector === BET || selector === PLACE_WAGER) {
    const given = words(0, selector === BET ? 5 : 8);
    return { calls: given.length > 0 ? [own(from, given)] : [], next: 0 };
  }
  if (selector !== PLACE_MANY) return { calls: [], next: 0 };
  const [offset = 0n, feeTo = 0n] = words(0, 2);
  const [count = 0n] = words(Number(offset), 1);
  const calls = Array.from({ length: Math.min(Number(count), MAX_ORDERS) }, (_, index) =>
    words(Number(offset) + 32 + 32 * ORDER_WORDS * index, ORDER_WORDS),
  ).filter((given) => given.length > 0);
  return { calls: calls.map(relayed), next: 0, feeTo: `0x${text(feeTo, 20)}` };
}

function own(
  player: string,
  [asset, lane, game, stake, choice, rounds = 1n, stopGain = 0n, stopLoss = 0n]: bigint[],
): AskedBet {
  return kept({
    player,
    asset: Number(asset),
    lane: Number(lane),
    game: Number(game),
    stake: stake!,
    // Whole where bytes are set that no choice has: the casino takes no such call.
    choice: `0x${text(choice!, 32).replace(/0{32}$/, "")}`,
    rounds: Number(rounds),
    stopGain,
    stopLoss,
    fee: 0n,
  });
}

/** An order by its words. The casino refuses one with bits that no field has, and tells of it by the id in these words. */
function relayed(words: bigint[]): AskedBet {
  const [head, terms, stops, r, vs] = words as [bigint, bigint, bigint, bigint, bigint];
  const player = `0x${text(bits(head, 0n, 160n), 20)}`;
  const [asset, lane] = [bits(head, 160n, 16n), bits(head, 176n, 16n)];
  const sequence = bits(terms, 208n, 64n);
  const betId = (((BigInt(player) << 32n) | (asset << 16n) | lane) << 64n) | sequence;
  try {
    const packed = { head, terms, stops, r: `0x${text(r, 32)}`, vs: `0x${text(vs, 32)}` } as const;
    const signed = unpackOrder(packed);
    return kept({ ...signed.order, player, betId, signed });
  } catch (error) {
    if (!(error instanceof FieldOverflow)) throw error;
    const none = { game: 0, stake: 0n, choice: "0x" as Hex, rounds: 0, fee: 0n };
    return {
      player,
      betId,
      asset: Number(asset),
      lane: Number(lane),
      ...none,
      stopGain: 0n,
      stopLoss: 0n,
    };
  }
}

function text(value: bigint, bytes: number): string {
  return value.toString(16).padStart(2 * bytes, "0");
}

/** A bet of one round with nothing else that needs its extras has no stops. */
function kept(call: AskedBet): AskedBet {
  const plain = call.rounds === 1 && call.fee === 0n && /^0x.{14}0{18}$/.test(call.choice);
  return plain ? { ...call, stopGain: 0n, stopLoss: 0n } : call;
}

const FIELDS = [
  ...(["player", "asset", "lane", "game", "stake", "choice"] as const),
  ...(["rounds", "stopGain", "stopLoss", "fee"] as const),
] as const;

function textOf(bet: Pick<AskedBet, (typeof FIELDS)[number]>): string {
  return FIELDS.map((field) => bet[field]).join(" ");
}
