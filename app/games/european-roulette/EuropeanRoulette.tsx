"use client";

import { europeanRoulette } from "../../../sdk/games/roulette.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { rouletteBoard } from "../_roulette/board.ts";
import type { GameInfo } from "../server.ts";

const board = rouletteBoard("european-roulette", europeanRoulette, 1);

export function EuropeanRoulette({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
