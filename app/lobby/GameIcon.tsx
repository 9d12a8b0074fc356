import type { ReactNode } from "react";
import styles from "./lobby.module.css";

const edge = { fill: "var(--tint)", stroke: "var(--edge)", strokeWidth: 2 } as const;
const ink = { fill: "none", stroke: "var(--ink)", strokeWidth: 3 } as const;

/** A game in a few strokes, by its key. */
const ICONS: Readonly<Record<string, ReactNode>> = {
  "coin-flip": (
    <>
      <circle cx="31" cy="29" r="20" {...edge} />
      <circle cx="26" cy="27" r="20" {...edge} fill="var(--panel)" />
      <path d="M20 19v16M32 19v16M20 27h12" {...ink} />
    </>
  ),
  dice: (
    <>
      <path d="M4 22h48v12H4z" fill="var(--inset)" />
      <path d="M4 22h28v12H4z" fill="var(--tint)" />
      <path d="M4 34h28" stroke="var(--edge)" strokeWidth="2" />
      <path d="M32 12v32" {...ink} />
      <path d="M26 20h12v16H26z" fill="var(--panel)" stroke="var(--ink)" strokeWidth="2" />
    </>
  ),
};

export function GameIcon({ game }: { game: string }) {
  return (
    <svg className={styles.icon} viewBox="0 0 56 56" aria-hidden="true">
      {ICONS[game]}
    </svg>
  );
}
