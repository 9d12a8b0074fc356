"use client";

import { useQuery } from "@tanstack/react-query";
import type { AnyGame } from "../../sdk/games/index.ts";

/** The rules of each game by its number, each fetched only where a bet of that game is shown. */
const loaders: Readonly<Record<number, () => Promise<AnyGame>>> = {
  1: async () => (await import("../../sdk/games/coin-flip.ts")).coinFlip,
  2: async () => (await import("../../sdk/games/dice.ts")).dice,
  3: async () => (await import("../../sdk/games/limbo.ts")).limbo,
  4: async () => (await import("../../sdk/games/roulette.ts")).europeanRoulette,
  5: async () => (await import("../../sdk/games/roulette.ts")).americanRoulette,
  6: async () => (await import("../../sdk/games/plinko.ts")).plinko,
  7: async () => (await import("../../sdk/games/keno.ts")).keno,
  8: async () => (await import("../../sdk/games/wheel.ts")).wheel,
  9: async () => (await import("../../sdk/games/slots.ts")).cutGlass,
  10: async () => (await import("../../sdk/games/slots.ts")).stainedGlass,
  11: async () => (await import("../../sdk/games/slots.ts")).moltenGlass,
  12: async () => (await import("../../sdk/games/baccarat.ts")).baccarat,
  13: async () => (await import("../../sdk/games/sic-bo.ts")).sicBo,
  14: async () => (await import("../../sdk/games/craps.ts")).craps,
  15: async () => (await import("../../sdk/games/rock-paper-scissors.ts")).rockPaperScissors,
  16: async () => (await import("../../sdk/games/scratch-card.ts")).scratchCard,
};

/** The rules of one game; undefined where no game has this number. */
export async function loadTwin(id: number): Promise<AnyGame | undefined> {
  return loaders[id]?.();
}

/** The rules of these games, once they are loaded; `ready` tells a game that has none from one still on its way. */
export function useTwins(ids: readonly number[]): {
  ready: boolean;
  twinOf(id: number): AnyGame | undefined;
} {
  const wanted = [...new Set(ids)].toSorted((a, b) => a - b);
  const { data } = useQuery({
    queryKey: ["twins", wanted],
    queryFn: async () =>
      new Map(
        await Promise.all(
          wanted.map(async (id) => [id, await loadTwin(id)] as [number, AnyGame | undefined]),
        ),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (previous) => previous,
  });
  return {
    ready: data !== undefined && wanted.every((id) => data.has(id)),
    twinOf: (id) => data?.get(id),
  };
}
