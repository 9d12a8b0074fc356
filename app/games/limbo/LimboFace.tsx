"use client";

import type { LimboChoice, LimboOutcome } from "../../../sdk/games/limbo.ts";
import { formatMultiplier } from "../../format.ts";
import type { FaceProps } from "../board.ts";
import styles from "./limbo.module.css";

const LEAST = 101;
const MOST = 100_000_000;
/** Steps of the slider from the least to the largest target, even on a logarithmic scale. */
const STEPS = 600;
const MARKS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000] as const;

/** Keeps a target inside what the game offers. */
export function clampTarget(target: number): number {
  return Math.min(MOST, Math.max(LEAST, Math.round(target)));
}

export function hundredthsWad(hundredths: bigint): bigint {
  return hundredths * 10n ** 16n;
}

/** Where a multiple of the stake, in hundredths, lies on the scale; 0 to 100. */
function placeOf(hundredths: number): number {
  return Math.min(100, Math.max(0, (Math.log10(hundredths / 100) / 6) * 100));
}

/** Three digits say enough of a target that is set by hand. */
function targetAt(step: number): number {
  const exact = 100 * 10 ** ((step / STEPS) * 6);
  return clampTarget(exact < 10_000 ? exact : Number(exact.toPrecision(3)));
}

/** A scale on which each mark is ten times the one before: all from the target on wins, and the result falls on it. */
export function LimboFace({
  choice,
  onChoice,
  locked,
  waiting,
  drawn,
  drawKey,
}: FaceProps<LimboChoice, LimboOutcome>) {
  const at = placeOf(choice.target);
  const step = Math.round((at / 100) * STEPS);
  return (
    <div className={styles.scale}>
      <div className={styles.bar} aria-hidden="true">
        <div className={styles.win} style={{ left: `${at}%` }} />
        {MARKS.map((mark) => (
          <i key={mark} style={{ left: `${placeOf(mark * 100)}%` }} />
        ))}
      </div>
      <div className={styles.handle} style={{ left: `${at}%` }} aria-hidden="true" />
      {waiting && <div className={styles.waiting} aria-hidden="true" />}
      {drawn !== undefined && (
        <div
          key={drawKey}
          className={styles.result}
          data-won={drawn.multiplierWad > 0n}
          style={{ "--at": `${placeOf(Number(drawn.outcome.result))}%` } as React.CSSProperties}
          aria-hidden="true"
        />
      )}
      <input
        type="range"
        className={styles.range}
        min={1}
        max={STEPS}
        step={1}
        value={step}
        disabled={locked}
        aria-label="Target multiplier on the scale"
        aria-valuetext={`Win at ${formatMultiplier(hundredthsWad(BigInt(choice.target)), 2)} or more`}
        onChange={(event) => onChoice({ target: targetAt(Number(event.target.value)) })}
      />
      <div className={styles.marks} aria-hidden="true">
        {MARKS.map((mark) => (
          <span key={mark} style={{ left: `${placeOf(mark * 100)}%` }}>
            {mark >= 1_000_000 ? "1M" : mark >= 1_000 ? `${mark / 1_000}k` : mark}×
          </span>
        ))}
      </div>
    </div>
  );
}
