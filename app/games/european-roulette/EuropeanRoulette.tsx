"use client";

import { europeanRoulette } from "../../../sdk/games/roulette.ts";
import type { SourceExcerpt } from "../../data.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { rouletteBoard } from "../_roulette/board.ts";

const board = rouletteBoard("european-roulette", europeanRoulette, 1);

export function EuropeanRoulette({ source }: { source: SourceExcerpt | undefined }) {
  return <GamePage board={board} source={source} />;
}
