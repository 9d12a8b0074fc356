/** What each figure must not exceed, and the best peer's for the same where there is one (gas). */
export const BUDGETS = {
  loneBetAllIn: { must: 210_000, peer: 474_800 },
  allInAt5: { must: 84_000, peer: 474_800 },
  allInAt50: { must: 55_000, peer: 474_800 },
  allInAt200: { must: 53_000, peer: 474_800 },
  relayedAt10: { must: 42_000, peer: 474_800 },
  relayedAt50: { must: 27_000, peer: 474_800 },
  relayedAt200: { must: 24_000, peer: 474_800 },
  /** With a fee for the relayer in each order. */
  relayedPaidAt50: { peer: 474_800 },
  relayedSessionAt50: { must: 29_000, peer: 474_800 },
  joinedBet: { must: 52_000, peer: 283_542 },
  firstBetJoined: { must: 50_000 },
  /** A bet of a player who has a loss limit set, above one of a player who has none. */
  limitsSetExtra: { must: 13_000 },
  callback: { must: 9_000, peer: 83_263 },
  callbackAt50: { must: 9_000 },
  settleManyPerBetAt50: { must: 12_000 },
  marginalRound: { must: 150, peer: 2_100 },
  marginalRoundWithStops: { must: 200, peer: 2_100 },
  voidRefund: { must: 48_000, peer: 74_844 },
  voidBatchAt8: { must: 16_000 },
  depositNative: {},
  withdrawNative: { must: 39_000 },
  withdrawErc20: { must: 49_000 },
} satisfies Record<string, Budget>;

export type Budget = { must?: number; peer?: number };
export type Figures = Record<keyof typeof BUDGETS, number>;

/**
 * Of one game: the bet of a lone player, which settles the one before; a keeper's settlement instead; a further round of a
 * series; the bet and the fulfilment together.
 */
export type GameFigures = Record<"place" | "settle" | "marginalRound" | "allIn", number>;

/** The best peer's all-in for the same game: BetSwirl's, VAULT777's or Overtime's. None has the others. */
export const GAME_PEERS: Record<string, number> = {
  "coin-flip": 443_500,
  dice: 477_900,
  "european-roulette": 478_000,
  plinko: 526_300,
  keno: 530_700,
  "cut-glass": 491_000,
  "stained-glass": 491_000,
  "molten-glass": 491_000,
};

/** A game costs at most this part of the best peer's. */
export const GAME_PART = 0.5;
/** Amsterdam at 50 bets a round, over Prague. */
export const AMSTERDAM_PART = 1.05;
/** How much a figure may grow over the committed one. */
export const REGRESSION_PART = 1.02;
