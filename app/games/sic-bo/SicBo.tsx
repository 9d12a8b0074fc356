"use client";

import { type SicBoChoice, type SicBoOutcome, sicBo } from "../../../sdk/games/sic-bo.ts";
import type { SourceExcerpt } from "../../data.ts";
import { GamePage } from "../../play/GamePage.tsx";
import type { GameBoard } from "../board.ts";
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

export function SicBo({ source }: { source: SourceExcerpt | undefined }) {
  return <GamePage board={board} source={source} />;
}
