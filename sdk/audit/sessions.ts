import { decodeFunctionData } from "viem";
import { sessionsAbi } from "../abis.ts";
import { type SessionTerms, grantTypedData } from "../sessions.ts";
import { fail, holds, pass, skip } from "./checks.ts";
import { floatDown } from "./floats.ts";
import type { Session } from "./model.ts";
import type { Args } from "./records.ts";
import { type At, type Audit, balanceKey, placeOf, transactionOf } from "./state.ts";

/** Session keys and what players allowed them: the twin of `Sessions`. */

const MAX_SECONDS = 7 * 86_400;
const NONCES = 2 ** 19;
const NOBODY = /^0x0*$/;
const LATEST_GAME = 80;
/** Bounds of the terms; amounts are those of a lane. */
const BOUNDS = {
  maxStake: (1n << 56n) - 1n,
  maxFee: (1n << 56n) - 1n,
  lastSequence: (1n << 28n) - 1n,
  games: (1n << BigInt(LATEST_GAME)) - 1n,
} as const;

export function sessionOpened(
  audit: Audit,
  { player, key, terms }: Args<"sessions", "SessionOpened">,
  at: At,
): void {
  const { state, book } = audit;
  const most = state.timestamp + MAX_SECONDS;
  holds(
    book,
    "players.sessions",
    at,
    terms.expiry >= state.timestamp && terms.expiry <= most,
    `a key that ends by ${most}`,
    terms.expiry,
  );
  holds(
    book,
    "players.sessions",
    at,
    key === terms.key && key !== player && !NOBODY.test(key),
    "a key of its own",
    key,
  );
  for (const [name, bound] of Object.entries(BOUNDS)) {
    const value = terms[name as keyof typeof BOUNDS];
    holds(book, "players.sessions", at, value <= bound, `${name} of at most ${bound}`, value);
  }
  const lane = laneOf(player, terms.asset, terms.lane);
  const nonce = state.sessions.get(lane)?.nonce ?? 0;
  checkGrant(audit, player, terms, nonce, at);
  state.sessions.set(lane, {
    nonce: (nonce + 1) % NONCES,
    session: {
      key,
      expiry: terms.expiry,
      maxStake: floatDown(terms.maxStake),
      lastSequence: terms.lastSequence,
      feeTo: terms.feeTo,
      maxFee: floatDown(terms.maxFee),
      games: terms.games,
      bounded: terms.games !== 0n || terms.maxFee !== 0n,
    },
  });
}

export function sessionRevoked(
  { state }: Audit,
  { player, asset, lane: number }: Args<"sessions", "SessionRevoked">,
): void {
  const lane = laneOf(player, asset, number);
  const nonce = state.sessions.get(lane)?.nonce ?? 0;
  state.sessions.set(lane, { nonce: (nonce + 1) % NONCES });
}

/** That the player opened the session, or signed it for whoever did. */
function checkGrant(
  audit: Audit,
  player: string,
  terms: SessionTerms,
  nonce: number,
  at: At,
): void {
  const { book, facts } = audit;
  const tx = transactionOf(audit, at);
  if (!tx) return;
  if (tx.to !== facts.sessions)
    return skip(book, "players.sessions", "opened through another contract");
  if (tx.from === player) return pass(book, "players.sessions");
  const { functionName, args } = decodeFunctionData({ abi: sessionsAbi, data: tx.input });
  if (functionName !== "open")
    return fail(book, "players.sessions", at, "a call of open", functionName);
  audit.tasks.push({
    kind: "signature",
    at: placeOf(at),
    typedData: grantTypedData(
      { ...facts.deployment, sessions: facts.sessions },
      { player: args[0], terms, nonce: BigInt(nonce) },
    ),
    signature: args[2],
    signers: [{ account: player, check: "players.sessions" }],
    otherwise: "grants that a contract signed for itself",
  });
}

/** What a key asks for. Amounts are units. */
export type SessionBet = {
  sequence: bigint;
  game: number;
  escrow: bigint;
  fee: bigint;
  feeTo: string;
  timestamp: number;
};

/** Why the session does not allow a bet, as `Sessions.check` has it; nothing where it does. */
export function sessionFlaw(
  session: Session,
  bet: SessionBet,
): { expected: string; found: string } | undefined {
  const { sequence, game, escrow, fee, feeTo, timestamp } = bet;
  const { expiry, lastSequence, maxStake, bounded, games } = session;
  const maxFee = bounded && feeTo === session.feeTo ? session.maxFee : 0n;
  const listed = game >= 1 && game <= LATEST_GAME && (games >> BigInt(game - 1)) % 2n === 1n;
  const rules: [boolean, string, unknown][] = [
    [BigInt(timestamp) <= expiry, `a bet by ${expiry}`, timestamp],
    [sequence <= lastSequence, `a bet up to number ${lastSequence}`, sequence],
    [escrow <= maxStake, `a stake of at most ${maxStake}`, escrow],
    [!bounded || games === 0n || listed, `a game of ${games.toString(2)}`, `game ${game}`],
    [fee <= maxFee, `a fee of at most ${maxFee} to ${feeTo}`, fee],
  ];
  const broken = rules.find(([kept]) => !kept);
  return broken && { expected: broken[1], found: String(broken[2]) };
}

/** The session that a lane has, if any. */
export function sessionIn(
  { state }: Audit,
  player: string,
  asset: number,
  lane: number,
): Session | undefined {
  return state.sessions.get(laneOf(player, asset, lane))?.session;
}

function laneOf(player: string, asset: number, lane: number): string {
  return balanceKey(player, asset) + lane.toString(16).padStart(4, "0");
}
