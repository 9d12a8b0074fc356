"use client";

import { CUT_GLASS } from "../../../sdk/games/slot-machines.ts";
import { cutGlass } from "../../../sdk/games/slots.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { slotsBoard } from "../_slots/board.ts";
import type { GameInfo } from "../server.ts";

const board = slotsBoard("cut-glass", cutGlass, CUT_GLASS);

export function CutGlass({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
