"use client";

import { americanRoulette } from "../../../sdk/games/roulette.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { rouletteBoard } from "../_roulette/board.ts";
import type { GameInfo } from "../server.ts";

const board = rouletteBoard("american-roulette", americanRoulette, 2);

export function AmericanRoulette({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
