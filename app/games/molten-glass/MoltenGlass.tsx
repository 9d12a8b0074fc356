"use client";

import { MOLTEN_GLASS } from "../../../sdk/games/slot-machines.ts";
import { moltenGlass } from "../../../sdk/games/slots.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { slotsBoard } from "../_slots/board.ts";
import type { GameInfo } from "../server.ts";

const board = slotsBoard("molten-glass", moltenGlass, MOLTEN_GLASS);

export function MoltenGlass({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
