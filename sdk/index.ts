/** The SDK in one import, for programs outside this repository. Inside it, import from the files. */
export {
  bankrollAbi,
  casinoAbi,
  coordinatorAbi,
  eligibilityAbi,
  gameAbi,
  limitsAbi,
  sessionsAbi,
} from "./abis.ts";
export { type Call, type Clients, TransactionReverted, callOf, send } from "./actions/clients.ts";
export * from "./actions/claim-referral.ts";
export * from "./actions/deposit.ts";
export * from "./actions/exclude.ts";
export * from "./actions/open-session.ts";
export * from "./actions/place-bet.ts";
export * from "./actions/place-many.ts";
export * from "./actions/place-wager.ts";
export * from "./actions/read-balance.ts";
export * from "./actions/read-bet.ts";
export * from "./actions/read-head.ts";
export * from "./actions/read-house.ts";
export * from "./actions/read-quote.ts";
export * from "./actions/read-round.ts";
export * from "./actions/read-session.ts";
export * from "./actions/refund.ts";
export * from "./actions/revoke-sessions.ts";
export * from "./actions/set-limits.ts";
export * from "./actions/settle.ts";
export * from "./actions/settle-many.ts";
export * from "./actions/why-not.ts";
export * from "./actions/withdraw.ts";
export * from "./deployment.ts";
export * from "./errors.ts";
export * from "./games/coin-flip.ts";
export * from "./games/dice.ts";
export * from "./games/index.ts";
export { type Game, type Odds, WAD } from "./games/types.ts";
export * from "./layout.ts";
export * from "./orders.ts";
export * from "./sessions.ts";
export * from "./verify.ts";
export {
  type Proof,
  type RequestCommitment,
  type Verdict,
  decodeFulfilment,
  keyHashOf,
  preSeedOf,
  requestIdOf,
  verify,
  wordOf,
} from "./vrf.ts";
