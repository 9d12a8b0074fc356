import type { Hex } from "viem";
import { type AnyGame, games } from "../games/index.ts";
import { IllegalChoice, type Odds, type OutcomeClass } from "../games/types.ts";

/** A choice with all that its rules say of it. */
export type Offer = { game: AnyGame; odds: Odds; classes: readonly OutcomeClass[]; space: bigint };

const offers = new Map<string, Offer | "illegal">();
const KEPT_OFFERS = 20_000;

/** What a game says of a choice, kept since players repeat themselves. */
export function offerOf(gameId: number, choice: Hex): Offer | "illegal" | "unknown" {
  const game = games[gameId];
  if (!game) return "unknown";
  const key = `${gameId}${choice}`;
  const kept = offers.get(key);
  if (kept !== undefined) return kept;
  const offer = read(game, choice);
  if (offers.size === KEPT_OFFERS) offers.clear();
  offers.set(key, offer);
  return offer;
}

function read(game: AnyGame, choice: Hex): Offer | "illegal" {
  try {
    const classes = game.distribution(choice);
    const space = classes.reduce((total, { weight }) => total + weight, 0n);
    return { game, odds: game.odds(choice), classes, space };
  } catch (error) {
    if (error instanceof IllegalChoice) return "illegal";
    throw error;
  }
}
