import { type Hex, decodeFunctionData, hexToBytes } from "viem";
import { eligibilityAbi } from "../abis.ts";
import { equal, fail, holds, skip } from "./checks.ts";
import { privileged } from "./governance.ts";
import type { Args } from "./records.ts";
import { type At, type Audit, placeOf, transactionOf } from "./state.ts";

/** The eligibility gate: its governance, its attestations, and whom it lets in. The twin of `Eligibility`. */

const MAX_ATTESTORS = 16;
const MAX_VALIDITY_SECONDS = 366n * 86_400n;
/** Two capitals for the country; for a region up to three capitals or digits more. */
const JURISDICTION = /^[A-Z]{2}[A-Z0-9]{0,3}\0*$/;
const [ALLOWED, LATEST_RULE] = [1, 2];
const OLDER = "the gate is older than the blocks that were read";
const NOBODY = `0x${"0".repeat(40)}`;

const ATTESTATION_TYPES = {
  Attestation: [
    { name: "player", type: "address" },
    { name: "jurisdiction", type: "bytes5" },
    { name: "issuedAt", type: "uint40" },
    { name: "expiresAt", type: "uint40" },
  ],
} as const;

// -- Governance --

/** The constructor names its authority, then its default. */
export function gateMade({ state }: Audit, at: At): void {
  state.gate.madeIn = at.tx;
}

export function defaultSet(audit: Audit, { allowed }: Args<"gate", "DefaultSet">, at: At): void {
  const { gate } = audit.state;
  const made = gate.madeIn === at.tx && !gate.known;
  if (made) gate.known = true;
  else privileged(audit, "gate", "setDefault", at);
  gate.allowed = allowed;
}

export function ruleSet(
  audit: Audit,
  { jurisdiction, rule }: Args<"gate", "RuleSet">,
  at: At,
): void {
  privileged(audit, "gate", "setRules", at);
  checkForm(audit, jurisdiction, at);
  holds(audit.book, "governance.bounds", at, rule <= LATEST_RULE, "a rule of three", rule);
  audit.state.gate.rules.set(jurisdiction, rule);
}

export function attestorSet(
  audit: Audit,
  { attestor, active }: Args<"gate", "AttestorSet">,
  at: At,
): void {
  privileged(audit, "gate", "setAttestor", at);
  const { attestors, known } = audit.state.gate;
  if (known)
    holds(
      audit.book,
      "governance.bounds",
      at,
      attestor !== NOBODY && (attestors.get(attestor) ?? false) !== active,
      active ? "an account that is no attestor yet" : "an attestor",
      attestor,
    );
  attestors.set(attestor, active);
  const count = [...attestors.values()].filter(Boolean).length;
  holds(
    audit.book,
    "governance.bounds",
    at,
    count <= MAX_ATTESTORS,
    `at most ${MAX_ATTESTORS} attestors`,
    count,
  );
}

// -- Attestations --

export function playerAttested(
  audit: Audit,
  { player, attestor, jurisdiction, issuedAt, expiresAt }: Args<"gate", "PlayerAttested">,
  at: At,
): void {
  const { book, state } = audit;
  const { attestors, records } = state.gate;
  const now = BigInt(state.timestamp);
  isPresent(audit, attestors.get(attestor), attestor, at);
  checkForm(audit, jurisdiction, at);
  holds(
    book,
    "players.eligibility",
    at,
    issuedAt <= now && expiresAt > now && expiresAt - issuedAt <= MAX_VALIDITY_SECONDS,
    `an attestation that holds at ${now}, for ${MAX_VALIDITY_SECONDS} s at the most`,
    `from ${issuedAt} to ${expiresAt}`,
  );
  const before = records.get(player)?.issuedAt ?? 0n;
  holds(book, "players.eligibility", at, issuedAt > before, `one issued after ${before}`, issuedAt);
  records.set(player, { attestor, jurisdiction, issuedAt, expiresAt });
  checkAttestor(audit, { player, jurisdiction, issuedAt, expiresAt }, attestor, at);
}

export function attestationRevoked(
  audit: Audit,
  { player, attestor }: Args<"gate", "AttestationRevoked">,
  at: At,
): void {
  const { attestors, records } = audit.state.gate;
  isPresent(audit, attestors.get(attestor), attestor, at);
  const issuedAt = BigInt(audit.state.timestamp);
  records.set(player, { attestor: NOBODY, jurisdiction: NONE, issuedAt, expiresAt: 0n });
}

const NONE = `0x${"0".repeat(10)}`;

function isPresent(
  { book, state }: Audit,
  present: boolean | undefined,
  attestor: string,
  at: At,
): void {
  if (!state.gate.known) return skip(book, "players.eligibility", OLDER);
  holds(book, "players.eligibility", at, present === true, "a present attestor", attestor);
}

/** That the attestor signed what the calldata submits. */
function checkAttestor(
  audit: Audit,
  attestation: { player: string; jurisdiction: string; issuedAt: bigint; expiresAt: bigint },
  attestor: string,
  at: At,
): void {
  const { book, facts } = audit;
  const tx = transactionOf(audit, at);
  if (!tx) return;
  if (tx.to !== facts.gate)
    return skip(book, "players.eligibility", "attested through another contract");
  const { functionName, args } = decodeFunctionData({ abi: eligibilityAbi, data: tx.input });
  if (functionName !== "attest")
    return fail(book, "players.eligibility", at, "a call of attest", functionName);
  audit.tasks.push({
    kind: "signature",
    at: placeOf(at),
    typedData: {
      domain: {
        name: "Glasshouse Eligibility",
        version: "1",
        chainId: facts.chainId,
        verifyingContract: facts.gate,
      },
      types: ATTESTATION_TYPES,
      primaryType: "Attestation",
      message: {
        ...attestation,
        issuedAt: Number(attestation.issuedAt),
        expiresAt: Number(attestation.expiresAt),
      },
    },
    signature: args[2],
    signers: [{ account: attestor, check: "players.eligibility" }],
    otherwise: "attestations that a contract signed for itself",
  });
}

function checkForm({ book }: Audit, jurisdiction: string, at: At): void {
  const text = String.fromCharCode(...hexToBytes(jurisdiction as Hex));
  equal(book, "governance.bounds", at, true, JURISDICTION.test(text), `jurisdiction ${text}`);
}

// -- The gate --

/** A deposit of the player was accepted, or a bet. */
export function checkEligible(audit: Audit, player: string, at: At): void {
  const { book, facts, state } = audit;
  if (facts.gate === undefined) return;
  const { known, allowed, rules, attestors, records } = state.gate;
  if (!known) return skip(book, "players.eligibility", OLDER);
  const record = records.get(player);
  const refusal = () => {
    if (!record || attestors.get(record.attestor) !== true) return "no attestation";
    if (BigInt(state.timestamp) >= record.expiresAt) return `one that ended at ${record.expiresAt}`;
    const own = rules.get(record.jurisdiction) ?? 0;
    const rule = own === 0 ? (rules.get(`${record.jurisdiction.slice(0, 6)}000000`) ?? 0) : own;
    const letIn = rule === 0 ? allowed : rule === ALLOWED;
    return letIn ? undefined : `one of ${record.jurisdiction}, which is refused`;
  };
  const found = refusal();
  holds(
    book,
    "players.eligibility",
    at,
    found === undefined,
    `an attestation of ${player} that lets in`,
    found,
  );
}
