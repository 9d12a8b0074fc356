"use client";

import { type PlinkoChoice, type PlinkoOutcome, plinko } from "../../../sdk/games/plinko.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { RiskPicker } from "../../ui/RiskPicker.tsx";
import type { GameBoard, PickerProps } from "../board.ts";
import type { GameInfo } from "../server.ts";
import { PlinkoFace } from "./PlinkoFace.tsx";
import styles from "./plinko.module.css";

const ROWS = [8, 9, 10, 11, 12, 13, 14, 15, 16] as const;

function Picker({ choice, onChoice, locked }: PickerProps<PlinkoChoice>) {
  return (
    <div className={styles.picker}>
      <select
        className="input"
        aria-label="Rows"
        value={choice.rows}
        disabled={locked}
        onChange={(event) => onChoice({ ...choice, rows: Number(event.target.value) })}
      >
        {ROWS.map((rows) => (
          <option key={rows} value={rows}>
            {rows} rows
          </option>
        ))}
      </select>
      <RiskPicker
        risk={choice.risk}
        onRisk={(risk) => onChoice({ ...choice, risk })}
        locked={locked}
      />
    </div>
  );
}

const board: GameBoard<PlinkoChoice, PlinkoOutcome> = {
  key: "plinko",
  twin: plinko,
  verb: "Drop",
  initial: { rows: 12, risk: "medium" },
  Picker,
  Face: PlinkoFace,
};

export function Plinko({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
