import { type Hex, hexToString } from "viem";
import { define, label, show, time } from "./refusal.ts";

/** Refusals of session keys (`ISessions`), of players' own limits (`ILimits`) and of the gate (`IEligibility`). */

const OTHERS = "Only the contracts themselves or the operator meet this one.";

// -- Sessions --

export const KeyRefused = define<{ key: string }>("KeyRefused", ({ key }) => [
  `${key} cannot be a session key.`,
  "Take a fresh key: the player's own account needs no session.",
]);
export const GrantExpired = define<{ expiry: bigint }>("GrantExpired", ({ expiry }) => [
  `The session would have ended at ${time(expiry)}.`,
  "Sign it again with a later end.",
]);
export const GrantNotSigned = define<{ player: string; nonce: bigint }>(
  "GrantNotSigned",
  ({ player }) => [
    `This session is not signed by ${player}, or was opened or revoked since.`,
    "Sign it again.",
  ],
);
export const TermOutOfBounds = define<{ what: Hex; value: bigint; bound: bigint }>(
  "TermOutOfBounds",
  ({ what, value, bound }) => [
    `The session's ${label(what)} of ${value} is above ${bound}.`,
    "Lower it: a session lasts at most seven days.",
  ],
);
export const SignerUnknown = define<{ signer: string }>("SignerUnknown", () => [
  "The order is signed neither by the player nor by the lane's session key.",
  "Open a session for this key, or sign with the player's account.",
]);
export const SessionOver = define<{ expiry: bigint; lastSequence: bigint }>(
  "SessionOver",
  ({ expiry, lastSequence }) => [
    `The session ended at ${time(expiry)}, or with bet ${lastSequence} of its lane.`,
    "Open a new one.",
  ],
);
export const SessionStakeAboveLimit = define<{ stake: bigint; limit: bigint }>(
  "SessionStakeAboveLimit",
  ({ stake, limit }, money) => [
    `The session allows ${show(limit, money)} for one bet with all its rounds, not ${show(stake, money)}.`,
    "Lower the stake, or open a session with a larger one.",
  ],
);
export const SessionGameRefused = define<{ game: number }>("SessionGameRefused", () => [
  "The session is not for this game.",
  "Open a session that allows it.",
]);
export const SessionFeeRefused = define<{ fee: bigint; limit: bigint }>(
  "SessionFeeRefused",
  ({ fee, limit }, money) => [
    `The session allows this relayer a fee of ${show(limit, money)}, not ${show(fee, money)}.`,
    "Lower the fee, or open a session that allows it.",
  ],
);

// -- Limits --

export const NotCasino = define<{ caller: string }>("NotCasino", () => [
  "Only the casino may do this.",
  OTHERS,
]);
export const PlayerExcluded = define<{ until: bigint }>("PlayerExcluded", ({ until }) => [
  `You have excluded yourself until ${time(until)}.`,
  "Nobody can shorten it. Withdrawals and open bets work as always.",
]);
export const BetTooSoon = define<{ from: bigint }>("BetTooSoon", ({ from }) => [
  `Your own pause between bets lasts until ${time(from)}.`,
  "Bet again then.",
]);

type Reached = { windowSeconds: bigint; limit: bigint; left: bigint };

export const StakeLimitReached = define<Reached>(
  "StakeLimitReached",
  ({ windowSeconds, limit, left }, money) => [
    `Your own limit on stakes is ${show(limit, money)} ${each(windowSeconds)}; ${show(left, money)} are left.`,
    "Lower the stake, or wait. A limit that you raise holds a day later.",
  ],
);
export const LossLimitReached = define<Reached>(
  "LossLimitReached",
  ({ windowSeconds, limit, left }, money) => [
    `Your own limit on losses is ${show(limit, money)} ${each(windowSeconds)}; with open bets counted as lost, ${show(left, money)} are left.`,
    "Lower the stake, or wait. A limit that you raise holds a day later.",
  ],
);
export const DepositLimitReached = define<Reached>(
  "DepositLimitReached",
  ({ windowSeconds, limit, left }, money) => [
    `Your own limit on deposits is ${show(limit, money)} ${each(windowSeconds)}; ${show(left, money)} are left.`,
    "Deposit less, or wait. A limit that you raise holds a day later.",
  ],
);
export const LimitOutOfBounds = define<{ value: bigint; bound: bigint }>(
  "LimitOutOfBounds",
  ({ value, bound }) => [
    `A limit or a pause of ${value} is above ${bound}.`,
    "Choose a smaller one, or none.",
  ],
);
export const ExclusionOutOfBounds = define<{ forSeconds: bigint; least: bigint; most: bigint }>(
  "ExclusionOutOfBounds",
  ({ least, most }) => [
    `An exclusion of this kind lasts ${days(least)} to ${days(most)} days.`,
    "Choose a time between them.",
  ],
);
export const ExclusionNotLater = define<{ until: bigint; current: bigint }>(
  "ExclusionNotLater",
  ({ current }) => [
    `You are excluded until ${time(current)} already.`,
    "An exclusion can only be moved later.",
  ],
);

// -- The gate --

export const NotEligible = define<{ player: string; jurisdiction: Hex }>(
  "NotEligible",
  ({ jurisdiction }) => [
    `This casino takes no bets or deposits from ${code(jurisdiction)}.`,
    "Withdrawals and open bets work as always.",
  ],
);
export const NotAttested = define<{ player: string }>("NotAttested", () => [
  "This casino has no attestation for your account yet.",
  "Ask the operator for one, then try again.",
]);
export const AttestationExpired = define<{ player: string; expiresAt: bigint }>(
  "AttestationExpired",
  ({ expiresAt }) => [
    `The attestation of your account ended at ${time(expiresAt)}.`,
    "Ask the operator for a new one.",
  ],
);
export const AttestationStale = define<{ issuedAt: bigint; from: bigint }>(
  "AttestationStale",
  ({ from }) => [
    `A later attestation or a revocation is on record; this one must be issued after ${time(from)}.`,
    "Ask for a new one.",
  ],
);
export const AttestationOutOfBounds = define<{ issuedAt: bigint; expiresAt: bigint }>(
  "AttestationOutOfBounds",
  () => ["The attestation begins in the future, is over, or lasts too long.", "Ask for a new one."],
);
export const NotAttestor = define<{ account: string }>("NotAttestor", ({ account }) => [
  `${account} is no attestor of this casino.`,
  OTHERS,
]);
export const SignatureInvalid = define<{ attestor: string }>("SignatureInvalid", ({ attestor }) => [
  `The attestation is not signed by ${attestor}.`,
  "Ask for a new one.",
]);
export const JurisdictionMalformed = define<{ jurisdiction: Hex }>(
  "JurisdictionMalformed",
  ({ jurisdiction }) => [
    `${jurisdiction} is no code of a country or of a region.`,
    "Give an ISO 3166 code without a hyphen, such as MT or USNJ.",
  ],
);
export const TooMany = define<{ count: bigint; limit: bigint }>("TooMany", ({ count, limit }) => [
  `${count} at once are more than ${limit}.`,
  OTHERS,
]);

const DAY = 86_400n;

function each(windowSeconds: bigint): string {
  return windowSeconds === DAY ? "a day" : `in ${days(windowSeconds)} days`;
}

function days(seconds: bigint): bigint {
  return seconds / DAY;
}

function code(jurisdiction: Hex): string {
  return hexToString(jurisdiction).replaceAll("\0", "");
}
