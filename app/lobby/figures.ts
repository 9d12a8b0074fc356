import { games } from "../../sdk/games/index.ts";
import { WAD } from "../../sdk/games/types.ts";

/** What a game costs and can pay, over the choices that its twin names. WAD. */
export interface GameFigures {
  leastEdgeWad: bigint;
  largestEdgeWad: bigint;
  topMultiplierWad: bigint;
}

let known: ReadonlyMap<number, GameFigures> | undefined;

/** Of every game in the registry, by its number; computed once for each server, so that no twin is sent to a list. */
export function gameFigures(): ReadonlyMap<number, GameFigures> {
  known ??= new Map(
    Object.values(games).map((game) => {
      const odds = game.choices().map((choice) => game.odds(choice));
      const edges = odds.map(({ rtpWad }) => WAD - rtpWad);
      const least = (a: bigint, b: bigint) => (a < b ? a : b);
      const most = (a: bigint, b: bigint) => (a > b ? a : b);
      return [
        game.id,
        {
          leastEdgeWad: edges.reduce(least),
          largestEdgeWad: edges.reduce(most),
          topMultiplierWad: odds.map((each) => each.maxMultiplierWad).reduce(most),
        },
      ];
    }),
  );
  return known;
}
