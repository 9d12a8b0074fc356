"use client";

import { useState } from "react";
import { type LimboChoice, type LimboOutcome, limbo } from "../../../sdk/games/limbo.ts";
import { formatMultiplier, parseAmount } from "../../format.ts";
import { GamePage } from "../../play/GamePage.tsx";
import type { GameBoard, PickerProps } from "../board.ts";
import type { GameInfo } from "../server.ts";
import { LimboFace, clampTarget, hundredthsWad } from "./LimboFace.tsx";
import styles from "./limbo.module.css";

const USUAL = [150, 200, 1_000, 10_000] as const;

function Picker({ choice, onChoice, locked }: PickerProps<LimboChoice>) {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  /** Takes what was typed when the field is left. */
  const commit = () => {
    const value = typed === undefined ? undefined : parseAmount(typed, 2);
    setTyped(undefined);
    if (value !== undefined) onChoice({ target: clampTarget(Number(value)) });
  };
  return (
    <div className={styles.picker}>
      <input
        className="input num"
        inputMode="decimal"
        aria-label="Target multiplier"
        value={typed ?? (choice.target / 100).toFixed(2)}
        disabled={locked}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === "Enter" && commit()}
      />
      <div className="segments mono" role="group" aria-label="Usual targets">
        {USUAL.map((target) => (
          <button
            key={target}
            type="button"
            className="button"
            aria-pressed={choice.target === target}
            disabled={locked}
            onClick={() => onChoice({ target })}
          >
            {target / 100}×
          </button>
        ))}
      </div>
    </div>
  );
}

/** A result above all targets is only told to be that. */
function readout(result: bigint): string {
  return result > 100_000_000n ? ">1,000,000×" : formatMultiplier(hundredthsWad(result), 2);
}

const board: GameBoard<LimboChoice, LimboOutcome> = {
  key: "limbo",
  twin: limbo,
  verb: "Bet",
  initial: { target: 200 },
  Picker,
  Face: LimboFace,
  readout: ({ outcome }) => readout(outcome.result),
};

export function Limbo({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
