import type { Address, Hex } from "viem";
import { type Deployment, sessionsOf } from "./deployment.ts";
import type { Signer } from "./orders.ts";

/** What a session key may do in one lane, `ISessions.Terms`. Amounts are units, kept with 11 significant bits. */
export type SessionTerms = {
  key: Address;
  asset: number;
  lane: number;
  /** Seconds, inclusive; at most seven days from now. */
  expiry: bigint;
  /** Largest stake of one bet, all its rounds together. */
  maxStake: bigint;
  /** The lane's last bet that the key may sign. */
  lastSequence: bigint;
  /** Who may be paid for carrying its orders, and at most how much for one. */
  feeTo: Address;
  maxFee: bigint;
  /** {@link gamesMask}; 0 allows all. */
  games: bigint;
};

const SESSION_TYPES = {
  Session: [
    { name: "player", type: "address" },
    { name: "key", type: "address" },
    { name: "asset", type: "uint16" },
    { name: "lane", type: "uint16" },
    { name: "expiry", type: "uint64" },
    { name: "maxStake", type: "uint64" },
    { name: "lastSequence", type: "uint32" },
    { name: "feeTo", type: "address" },
    { name: "maxFee", type: "uint64" },
    { name: "games", type: "uint256" },
    { name: "nonce", type: "uint32" },
  ],
} as const;

export type Grant = {
  player: Address;
  terms: SessionTerms;
  /** Of the lane, as `readSession` gives it: each opening and each revocation moves it on. */
  nonce: bigint;
};

/** What a player signs to let a key bet, so that anyone can open the session. Throws DeploymentInvalid. */
export function grantTypedData(deployment: Deployment, { player, terms, nonce }: Grant) {
  return {
    domain: {
      name: "Glasshouse Sessions",
      version: "1",
      chainId: deployment.chainId,
      verifyingContract: sessionsOf(deployment),
    },
    types: SESSION_TYPES,
    primaryType: "Session",
    message: {
      player,
      ...terms,
      lastSequence: Number(terms.lastSequence),
      nonce: Number(nonce),
    },
  } as const;
}

/** The player's signature of a grant, by any viem account or wallet client. */
export function signGrant(
  signer: Signer<ReturnType<typeof grantTypedData>>,
  { deployment, ...grant }: Grant & { deployment: Deployment },
): Promise<Hex> {
  return signer.signTypedData(grantTypedData(deployment, grant));
}

/** The games that a session is for, of 1 to 80, as its terms name them. Throws RangeError. */
export function gamesMask(games: readonly number[]): bigint {
  return games.reduce((mask, game) => {
    if (!Number.isInteger(game) || game < 1 || game > 80)
      throw new RangeError(`A session cannot name game ${game}`);
    return mask | (1n << BigInt(game - 1));
  }, 0n);
}
