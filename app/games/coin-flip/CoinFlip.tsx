"use client";

import {
  type CoinFlipChoice,
  type CoinFlipOutcome,
  type CoinSide,
  coinFlip,
} from "../../../sdk/games/coin-flip.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { Segments } from "../../ui/Segments.tsx";
import type { GameBoard, PickerProps } from "../board.ts";
import type { GameInfo } from "../server.ts";
import { CoinFace } from "./CoinFace.tsx";

const SIDES: readonly { value: CoinSide; label: string }[] = [
  { value: "heads", label: "Heads" },
  { value: "tails", label: "Tails" },
];

function Picker({ choice, onChoice, locked }: PickerProps<CoinFlipChoice>) {
  return (
    <Segments
      label="Side"
      options={SIDES}
      value={choice.side}
      onValue={(side) => onChoice({ side })}
      disabled={locked}
    />
  );
}

const board: GameBoard<CoinFlipChoice, CoinFlipOutcome> = {
  key: "coin-flip",
  twin: coinFlip,
  verb: "Flip",
  initial: { side: "heads" },
  Picker,
  Face: CoinFace,
};

export function CoinFlip({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
