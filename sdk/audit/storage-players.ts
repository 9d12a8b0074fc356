import type { Abi, Hex } from "viem";
import { getAddress } from "viem";
import { casinoAbi, eligibilityAbi, sessionsAbi } from "../abis.ts";
import { equal } from "./checks.ts";
import type { Session } from "./model.ts";
import { AT_ONCE, type Reader, batches, picked, playerOf } from "./reader.ts";
import type { Audit } from "./state.ts";

/** What the contracts hold of players, beside their balances: accruals, limits, sessions, attestations. */

/** What players accrued to their affiliates, who is watched by limits, and what games' counted bets reserve. */
export async function compareAccounts(
  { state, book, facts }: Audit,
  reader: Reader,
): Promise<void> {
  const at = { block: state.block };
  const casino = { address: facts.casino, abi: casinoAbi as Abi };
  for (const batch of batches(picked([...state.accounts]), AT_ONCE / 2)) {
    const found = await reader.read(
      batch.flatMap(([key]) => {
        const args = [playerOf(key), Number.parseInt(key.slice(40), 16)];
        return [
          { ...casino, functionName: "referralOf", args },
          { ...casino, functionName: "isGuarded", args },
        ];
      }),
    );
    for (const [index, [key, { accrued, guarded }]] of batch.entries()) {
      const [, stored] = found[2 * index] as [Hex, bigint];
      equal(book, "money.state", at, accrued, stored, `accrued of ${playerOf(key)}`);
      equal(book, "money.state", at, guarded, found[2 * index + 1], `limits of ${playerOf(key)}`);
    }
  }
  const listings = [...state.listings];
  const books = (await reader.read(
    listings.map(([key]) => ({
      ...casino,
      functionName: "bookOf",
      args: key.split(":").map(Number),
    })),
  )) as (readonly bigint[])[];
  for (const [index, [key, { book: game }]] of listings.entries()) {
    equal(
      book,
      "money.state",
      at,
      game.reserved,
      books[index]![0],
      `counted reserve of game and asset ${key}`,
    );
  }
}

/** What lanes' session keys may do. */
export async function compareSessions(
  { state, book, facts }: Audit,
  reader: Reader,
): Promise<void> {
  const at = { block: state.block };
  const contract = { address: facts.sessions, abi: sessionsAbi as Abi };
  for (const batch of batches(picked([...state.sessions]))) {
    const found = (await reader.read(
      batch.map(([key]) => ({
        ...contract,
        functionName: "sessionOf",
        args: [
          playerOf(key),
          Number.parseInt(key.slice(40, 44), 16),
          Number.parseInt(key.slice(44), 16),
        ],
      })),
    )) as (readonly [Omit<Session, "bounded">, bigint])[];
    for (const [index, [key, { nonce, session }]] of batch.entries()) {
      const [stored, next] = found[index]!;
      const text = (of: Omit<Session, "bounded">, count: number | bigint) =>
        [of.key, of.expiry, of.maxStake, of.lastSequence, of.feeTo, of.maxFee, of.games, count]
          .join(" ")
          .toLowerCase();
      const expected = session?.bounded ? session : { ...(session ?? NO_SESSION), ...NO_BOUNDS };
      equal(
        book,
        "players.sessions",
        at,
        text(expected, nonce),
        text(stored, next),
        `session of lane ${key}`,
      );
    }
  }
}

const NOBODY = `0x${"0".repeat(40)}`;
const NO_BOUNDS = { feeTo: NOBODY, maxFee: 0n, games: 0n };
const NO_SESSION = { key: NOBODY, expiry: 0n, maxStake: 0n, lastSequence: 0n };

/** Whom the gate lets in. */
export async function compareGate({ state, book, facts }: Audit, reader: Reader): Promise<void> {
  const { gate: address } = facts;
  if (address === undefined) return;
  const at = { block: state.block };
  const contract = { address, abi: eligibilityAbi as Abi };
  const { known, allowed, attestors, rules, records } = state.gate;
  const [stored, count, ...others] = await reader.read([
    { ...contract, functionName: "defaultAllowed" },
    { ...contract, functionName: "attestorCount" },
    ...[...attestors.keys()].map((account) => ({
      ...contract,
      functionName: "isAttestor",
      args: [getAddress(account)],
    })),
    ...[...rules.keys()].map((name) => ({ ...contract, functionName: "ruleOf", args: [name] })),
  ]);
  const present = [...attestors.values()];
  if (known) {
    equal(book, "players.eligibility", at, allowed, stored, "the gate's default");
    const all = BigInt(present.filter(Boolean).length);
    equal(book, "players.eligibility", at, all, count, "the gate's attestors");
  }
  const wanted = [...present, ...rules.values()];
  for (const [index, value] of wanted.entries())
    equal(book, "players.eligibility", at, value, others[index], "attestor or rule of the gate");
  for (const batch of batches(picked([...records]))) {
    const found = (await reader.read(
      batch.map(([player]) => ({
        ...contract,
        functionName: "attestationOf",
        args: [getAddress(player)],
      })),
    )) as (readonly [{ jurisdiction: Hex; issuedAt: number; expiresAt: number }, Hex])[];
    for (const [index, [player, record]] of batch.entries()) {
      const [{ jurisdiction, issuedAt, expiresAt }, attestor] = found[index]!;
      equal(
        book,
        "players.eligibility",
        at,
        [record.attestor, record.jurisdiction, record.issuedAt, record.expiresAt].join(" "),
        [attestor.toLowerCase(), jurisdiction, issuedAt, expiresAt].join(" "),
        `attestation of ${player}`,
      );
    }
  }
}
