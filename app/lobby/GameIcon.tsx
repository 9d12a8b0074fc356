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
  limbo: (
    <>
      <path d="M4 46h48M4 46 20 38 34 24 52 6" {...ink} />
      <path d="M34 24v22h18V6z" {...edge} />
    </>
  ),
  "rock-paper-scissors": (
    <>
      <path d="M6 40 3 30l6-10 9-3 8 5 3 10-6 8z" {...edge} />
      <path d="M24 6h14l5 5v18H24z" {...edge} fill="var(--panel)" />
      <path d="M34 48 50 26M50 48 34 26" {...ink} />
    </>
  ),
  "european-roulette": (
    <>
      <circle cx="28" cy="28" r="24" {...edge} />
      <circle cx="28" cy="28" r="13" fill="var(--panel)" stroke="var(--ink)" strokeWidth="2" />
      <path
        d="M28 4v11M28 41v11M4 28h11M41 28h11M11 11l8 8M37 37l8 8M45 11l-8 8M19 37l-8 8"
        {...ink}
        strokeWidth={2}
      />
    </>
  ),
  "american-roulette": (
    <>
      <circle cx="28" cy="28" r="24" {...edge} fill="var(--amber-wash)" />
      <circle cx="28" cy="28" r="13" fill="var(--panel)" stroke="var(--ink)" strokeWidth="2" />
      <path
        d="M28 4v11M28 41v11M4 28h11M41 28h11M11 11l8 8M37 37l8 8M45 11l-8 8M19 37l-8 8"
        {...ink}
        strokeWidth={2}
      />
      <circle cx="24" cy="28" r="3.5" {...ink} strokeWidth={2} />
      <circle cx="33" cy="28" r="3.5" {...ink} strokeWidth={2} />
    </>
  ),
  baccarat: (
    <>
      <path d="M22 6h26v38H22z" {...edge} />
      <path d="M8 12h26v38H8z" {...edge} fill="var(--panel)" />
      <path
        d="M21 40c-8-7-10-10-10-14 0-6 7-7 10-1 3-6 10-5 10 1 0 4-2 7-10 14z"
        fill="var(--loss)"
      />
    </>
  ),
  "sic-bo": (
    <>
      <path d="M18 4h20v20H18zM4 30h20v20H4zM32 30h20v20H32z" {...edge} />
      <g fill="var(--ink)">
        <circle cx="28" cy="14" r="3" />
        <circle cx="10" cy="36" r="3" />
        <circle cx="18" cy="44" r="3" />
        <circle cx="38" cy="36" r="3" />
        <circle cx="42" cy="40" r="3" />
        <circle cx="46" cy="44" r="3" />
      </g>
    </>
  ),
  craps: (
    <>
      <path d="M26 8h24v24H26z" {...edge} />
      <path d="M6 24h24v24H6z" {...edge} fill="var(--panel)" />
      <g fill="var(--ink)">
        <circle cx="12" cy="30" r="3" />
        <circle cx="24" cy="30" r="3" />
        <circle cx="18" cy="36" r="3" />
        <circle cx="12" cy="42" r="3" />
        <circle cx="24" cy="42" r="3" />
        <circle cx="44" cy="14" r="3" />
      </g>
    </>
  ),
  plinko: (
    <>
      <g fill="var(--control)">
        <circle cx="28" cy="10" r="3" />
        <circle cx="20" cy="22" r="3" />
        <circle cx="36" cy="22" r="3" />
        <circle cx="12" cy="34" r="3" />
        <circle cx="28" cy="34" r="3" />
        <circle cx="44" cy="34" r="3" />
      </g>
      <path d="M4 42h14v10H4zM38 42h14v10H38z" {...edge} />
      <circle cx="37" cy="12" r="6" fill="var(--edge)" />
    </>
  ),
  keno: (
    <>
      <path
        d="M4 4h14v14H4zM21 4h14v14H21zM38 4h14v14H38zM4 21h14v14H4zM38 21h14v14H38zM4 38h14v14H4zM21 38h14v14H21zM38 38h14v14H38z"
        fill="var(--panel)"
        stroke="var(--control)"
        strokeWidth="2"
      />
      <path d="M21 21h14v14H21zM38 4h14v14H38zM4 38h14v14H4z" {...edge} />
    </>
  ),
  wheel: (
    <>
      <circle cx="28" cy="31" r="22" {...edge} />
      <path d="M28 31V9a22 22 0 0 1 19 11zM28 31l19 11a22 22 0 0 1-19 11z" fill="var(--edge)" />
      <circle cx="28" cy="31" r="8" fill="var(--panel)" />
      <path d="M22 2h12l-6 10z" fill="var(--ink)" />
    </>
  ),
  "cut-glass": (
    <>
      <path d="M4 10h14v36H4zM21 10h14v36H21zM38 10h14v36H38z" {...edge} fill="var(--panel)" />
      <path d="m11 22 5 6-5 6-5-6zM28 22l5 6-5 6-5-6zM45 22l5 6-5 6-5-6z" fill="var(--edge)" />
    </>
  ),
  "stained-glass": (
    <>
      <path d="M8 52V24a20 20 0 0 1 40 0v28z" {...edge} />
      <path d="M28 4v48M8 28h40" {...ink} strokeWidth={2} />
      <path d="M9 29h18v22H9z" fill="var(--amber-fill)" />
      <path d="M29 29h18v22H29z" fill="var(--loss)" />
    </>
  ),
  "molten-glass": (
    <>
      <path
        d="M28 4c4 10 16 16 16 30a16 16 0 0 1-32 0c0-8 5-12 8-18 2 4 4 6 6 7 2-6 3-12 2-19z"
        {...edge}
        fill="var(--amber-fill)"
      />
      <path d="M28 28c3 5 7 8 7 14a7 7 0 0 1-14 0c0-6 4-9 7-14z" fill="var(--panel)" />
    </>
  ),
  "scratch-card": (
    <>
      <path d="M4 8h48v40H4z" {...edge} fill="var(--panel)" />
      <path
        d="M10 14h10v12H10zM23 14h10v12H23zM10 30h10v12H10zM36 30h10v12H36z"
        fill="var(--tint)"
      />
      <path d="M36 14h10v12H36zM23 30h10v12H23z" fill="var(--amber-fill)" />
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
