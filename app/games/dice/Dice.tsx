"use client";

import { useState } from "react";
import { type DiceChoice, type DiceOutcome, dice } from "../../../sdk/games/dice.ts";
import { parseAmount } from "../../format.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { Segments } from "../../ui/Segments.tsx";
import type { GameBoard, PickerProps } from "../board.ts";
import type { GameInfo } from "../server.ts";
import { DiceFace, clampTarget, hundredths } from "./DiceFace.tsx";
import styles from "./dice.module.css";

const DIRECTIONS = [
  { value: false, label: "Under" },
  { value: true, label: "Over" },
] as const;

function Picker({ choice, onChoice, locked }: PickerProps<DiceChoice>) {
  const { target, over } = choice;
  const [typed, setTyped] = useState<string | undefined>(undefined);
  /** Takes what was typed when the field is left. */
  const commit = () => {
    const value = typed === undefined ? undefined : parseAmount(typed, 2);
    setTyped(undefined);
    if (value !== undefined) onChoice({ over, target: clampTarget(Number(value), over) });
  };
  return (
    <div className={styles.picker}>
      <Segments
        label="Direction"
        options={DIRECTIONS}
        value={over}
        onValue={(value) => {
          // The other side of the same chance.
          if (value !== over) onChoice({ over: value, target: clampTarget(9_999 - target, value) });
        }}
        disabled={locked}
      />
      <input
        className="input num"
        inputMode="decimal"
        aria-label="Target number"
        value={typed ?? hundredths(target)}
        disabled={locked}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === "Enter" && commit()}
      />
    </div>
  );
}

const board: GameBoard<DiceChoice, DiceOutcome> = {
  key: "dice",
  twin: dice,
  verb: "Roll",
  initial: { target: 5_000, over: false },
  Picker,
  Face: DiceFace,
  readout: ({ outcome }) => hundredths(outcome.roll),
};

export function Dice({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
