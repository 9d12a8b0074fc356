"use client";

import { type SicBoChoice, type SicBoOutcome, sicBo } from "../../../sdk/games/sic-bo.ts";
import { GamePage } from "../../play/GamePage.tsx";
import type { GameBoard } from "../board.ts";
import type { GameInfo } from "../server.ts";
import { SicBoFace } from "./SicBoFace.tsx";

const board: GameBoard<SicBoChoice, SicBoOutcome> = {
  key: "sic-bo",
  twin: sicBo,
  verb: "Shake",
  initial: { bet: "big" },
  wide: true,
  Face: SicBoFace,
  readout: ({ outcome }) => `${outcome.dice.join("+")}=${outcome.total}`,
};

export function SicBo({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
