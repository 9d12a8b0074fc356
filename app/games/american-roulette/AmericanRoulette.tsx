"use client";

import { americanRoulette } from "../../../sdk/games/roulette.ts";
import type { SourceExcerpt } from "../../data.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { rouletteBoard } from "../_roulette/board.ts";

const board = rouletteBoard("american-roulette", americanRoulette, 2);

export function AmericanRoulette({ source }: { source: SourceExcerpt | undefined }) {
  return <GamePage board={board} source={source} />;
}
