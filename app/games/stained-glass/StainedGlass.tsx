"use client";

import { STAINED_GLASS } from "../../../sdk/games/slot-machines.ts";
import { stainedGlass } from "../../../sdk/games/slots.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { slotsBoard } from "../_slots/board.ts";
import type { GameInfo } from "../server.ts";

const board = slotsBoard("stained-glass", stainedGlass, STAINED_GLASS);

export function StainedGlass({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
