import { baccarat } from "./baccarat.ts";
import { coinFlip } from "./coin-flip.ts";
import { craps } from "./craps.ts";
import { dice } from "./dice.ts";
import { keno } from "./keno.ts";
import { limbo } from "./limbo.ts";
import { plinko } from "./plinko.ts";
import { rockPaperScissors } from "./rock-paper-scissors.ts";
import { americanRoulette, europeanRoulette } from "./roulette.ts";
import { scratchCard } from "./scratch-card.ts";
import { sicBo } from "./sic-bo.ts";
import { cutGlass, moltenGlass, stainedGlass } from "./slots.ts";
import type { Game } from "./types.ts";
import { wheel } from "./wheel.ts";

/** Any game, whatever its choices and outcomes look like: callers pass hex choices and seeds. */
export type AnyGame = Omit<Game, "encode" | "decode"> & { decode(choice: `0x${string}`): unknown };

/** Every game by its number in the casino. */
export const games: Readonly<Record<number, AnyGame>> = Object.fromEntries(
  [
    coinFlip,
    dice,
    limbo,
    europeanRoulette,
    americanRoulette,
    plinko,
    keno,
    wheel,
    cutGlass,
    stainedGlass,
    moltenGlass,
    baccarat,
    sicBo,
    craps,
    rockPaperScissors,
    scratchCard,
  ].map((game): [number, AnyGame] => [game.id, game]),
);

/** The SDK has no twin of this game. */
export class GameUnknown extends Error {
  override readonly name = "GameUnknown";

  constructor(game: number | string) {
    super(`No game is known as ${game}`);
  }
}

/** Throws {@link GameUnknown}. */
export function gameById(id: number): AnyGame {
  const game = games[id];
  if (!game) throw new GameUnknown(id);
  return game;
}

/** Throws {@link GameUnknown}. */
export function gameByKey(key: string): AnyGame {
  const game = Object.values(games).find((candidate) => candidate.key === key);
  if (!game) throw new GameUnknown(key);
  return game;
}
