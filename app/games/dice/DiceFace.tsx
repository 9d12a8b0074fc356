"use client";

import type { KeyboardEvent } from "react";
import type { DiceChoice, DiceOutcome } from "../../../sdk/games/dice.ts";
import type { FaceProps } from "../board.ts";
import styles from "./dice.module.css";

const LIMITS = { under: [1, 9_800], over: [199, 9_998] } as const;

/** 5,000 as 50.00. */
export function hundredths(value: number): string {
  return (value / 100).toFixed(2);
}

/** Keeps a target inside what the game offers. */
export function clampTarget(target: number, over: boolean): number {
  const [least, most] = over ? LIMITS.over : LIMITS.under;
  return Math.min(most, Math.max(least, Math.round(target)));
}

/** Arrow keys move by 1.00, with Shift by 0.01, Page keys by 10.00. */
function stepOf(event: KeyboardEvent): number | undefined {
  const unit = event.shiftKey ? 1 : 100;
  switch (event.key) {
    case "ArrowLeft":
    case "ArrowDown":
      return -unit;
    case "ArrowRight":
    case "ArrowUp":
      return unit;
    case "PageDown":
      return -1_000;
    case "PageUp":
      return 1_000;
    default:
      return undefined;
  }
}

/** The track of 10,000 marks: the win zone is drawn on the control that sets it, and the roll falls on it. */
export function DiceFace({
  choice,
  onChoice,
  locked,
  waiting,
  drawn,
  drawKey,
}: FaceProps<DiceChoice, DiceOutcome>) {
  const { target, over } = choice;
  const onTarget = (next: number) => onChoice({ over, target: clampTarget(next, over) });
  const at = target / 100;
  return (
    <div className={styles.track}>
      <svg
        viewBox="0 0 100 26"
        preserveAspectRatio="none"
        className={styles.cells}
        aria-hidden="true"
      >
        {Array.from({ length: 50 }, (_, index) => (
          <rect
            key={index}
            x={index * 2 + 0.12}
            y="4"
            width="1.76"
            height="18"
            fill="var(--inset)"
          />
        ))}
        <clipPath id="cells">
          {Array.from({ length: 50 }, (_, index) => (
            <rect key={index} x={index * 2 + 0.12} y="4" width="1.76" height="18" />
          ))}
        </clipPath>
        <g clipPath="url(#cells)">
          <rect
            x={over ? at : 0}
            y="4"
            width={over ? 100 - at : at}
            height="18"
            fill="var(--tint)"
          />
          <rect
            x={over ? at : 0}
            y="20.4"
            width={over ? 100 - at : at}
            height="1.6"
            fill="var(--edge)"
          />
        </g>
      </svg>
      <div className={styles.handle} style={{ left: `${at}%` }} aria-hidden="true" />
      {waiting && <div className={styles.waiting} aria-hidden="true" />}
      {drawn !== undefined && (
        <div
          key={drawKey}
          className={styles.roll}
          data-won={drawn.multiplierWad > 0n}
          style={{ "--at": `${drawn.outcome.roll / 100}%` } as React.CSSProperties}
          aria-hidden="true"
        >
          <span>{hundredths(drawn.outcome.roll)}</span>
        </div>
      )}
      <input
        type="range"
        className={styles.range}
        min={0}
        max={10_000}
        step={1}
        value={target}
        disabled={locked}
        aria-label="Target"
        aria-valuetext={`Win ${over ? "over" : "under"} ${hundredths(target)}`}
        onChange={(event) => onTarget(Math.round(Number(event.target.value) / 50) * 50)}
        onKeyDown={(event) => {
          const step = stepOf(event);
          if (step === undefined) return;
          event.preventDefault();
          onTarget(target + step);
        }}
      />
      <div className={styles.scale} aria-hidden="true">
        {[0, 25, 50, 75, 100].map((mark) => (
          <span key={mark} style={{ left: `${mark}%` }}>
            {mark}
          </span>
        ))}
      </div>
    </div>
  );
}
