"use client";

import { type WheelChoice, type WheelOutcome, wheel } from "../../../sdk/games/wheel.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { RiskPicker } from "../../ui/RiskPicker.tsx";
import { Segments } from "../../ui/Segments.tsx";
import type { GameBoard, PickerProps } from "../board.ts";
import type { GameInfo } from "../server.ts";
import { WheelFace } from "./WheelFace.tsx";
import styles from "./wheel.module.css";

const COUNTS = [10, 20, 30, 40, 50].map((count) => ({
  value: count,
  label: String(count),
  name: `${count} segments`,
}));

function Picker({ choice, onChoice, locked }: PickerProps<WheelChoice>) {
  return (
    <div className={styles.picker}>
      <Segments
        label="Segments"
        options={COUNTS}
        value={choice.segments}
        onValue={(segments) => onChoice({ ...choice, segments })}
        disabled={locked}
        className="mono"
      />
      <RiskPicker
        risk={choice.risk}
        onRisk={(risk) => onChoice({ ...choice, risk })}
        locked={locked}
      />
    </div>
  );
}

const board: GameBoard<WheelChoice, WheelOutcome> = {
  key: "wheel",
  twin: wheel,
  verb: "Spin",
  initial: { segments: 20, risk: "medium" },
  Picker,
  Face: WheelFace,
};

export function Wheel({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
