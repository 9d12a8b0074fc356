"use client";

import { type Dispatch, type SetStateAction, useState } from "react";
import { parseAmount } from "../format.ts";
import { clampTarget } from "../ui/DiceBoard.tsx";
import type { Pick } from "./GamePage.tsx";
import { type Playable, hundredths } from "./games.ts";
import styles from "./play.module.css";

/** What to bet on. */
export function ChoiceRow({
  playable,
  pick,
  onPick,
  disabled,
}: {
  playable: Playable;
  pick: Pick;
  onPick: Dispatch<SetStateAction<Pick>>;
  disabled: boolean;
}) {
  if (playable.key === "coin-flip") {
    return (
      <div className="segments" role="radiogroup" aria-label="Side">
        {(["heads", "tails"] as const).map((side) => (
          <button
            key={side}
            type="button"
            role="radio"
            className="button"
            aria-checked={pick.side === side}
            disabled={disabled}
            onClick={() => onPick((now) => ({ ...now, side }))}
          >
            {side === "heads" ? "Heads" : "Tails"}
          </button>
        ))}
      </div>
    );
  }
  return (
    <div className={styles.dicechoice}>
      <div className="segments" role="radiogroup" aria-label="Direction">
        {[false, true].map((over) => (
          <button
            key={String(over)}
            type="button"
            role="radio"
            className="button"
            aria-checked={pick.over === over}
            disabled={disabled}
            onClick={() =>
              onPick((now) => ({
                ...now,
                over,
                target: now.over === over ? now.target : clampTarget(9_999 - now.target, over),
              }))
            }
          >
            {over ? "Over" : "Under"}
          </button>
        ))}
      </div>
      <TargetField
        target={pick.target}
        disabled={disabled}
        onTarget={(target) => onPick((now) => ({ ...now, target: clampTarget(target, now.over) }))}
      />
    </div>
  );
}

/** The target as a number; takes what was typed when it is left. */
function TargetField({
  target,
  disabled,
  onTarget,
}: {
  target: number;
  disabled: boolean;
  onTarget(target: number): void;
}) {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const commit = () => {
    const value = typed === undefined ? undefined : parseAmount(typed, 2);
    setTyped(undefined);
    if (value !== undefined) onTarget(Number(value));
  };
  return (
    <input
      className="input num"
      inputMode="decimal"
      aria-label="Target number"
      value={typed ?? hundredths(target)}
      disabled={disabled}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}
