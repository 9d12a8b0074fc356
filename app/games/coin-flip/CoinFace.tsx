import type { CoinFlipChoice, CoinFlipOutcome } from "../../../sdk/games/coin-flip.ts";
import type { FaceProps } from "../board.ts";
import styles from "./coin-flip.module.css";

/** A glass coin seen from both sides. It lands on the side the chain drew; while a bet waits, it turns. */
export function CoinFace({
  choice,
  waiting,
  drawn,
  drawKey,
}: FaceProps<CoinFlipChoice, CoinFlipOutcome>) {
  const state = waiting
    ? "turning"
    : drawn === undefined
      ? `rest-${choice.side}`
      : `land-${drawn.outcome.side}`;
  return (
    <div className={styles.stage}>
      <div key={waiting ? "turning" : drawKey} className={styles.coin} data-state={state}>
        <div className={styles.edge} style={{ "--z": "-7px" } as React.CSSProperties} />
        <div className={styles.edge} style={{ "--z": "-4px" } as React.CSSProperties} />
        <div className={styles.edge} style={{ "--z": "0px" } as React.CSSProperties} />
        <div className={styles.edge} style={{ "--z": "4px" } as React.CSSProperties} />
        <Face letter="H" className={styles.heads} />
        <Face letter="T" className={styles.tails} />
      </div>
      <div className={styles.shadow} data-state={state} />
    </div>
  );
}

function Face({ letter, className }: { letter: "H" | "T"; className: string | undefined }) {
  return (
    <svg className={`${styles.face} ${className}`} viewBox="0 0 120 120" aria-hidden="true">
      <defs>
        <linearGradient id={`glass-${letter}`} x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="var(--coin-1)" />
          <stop offset="1" stopColor="var(--coin-2)" />
        </linearGradient>
      </defs>
      <circle
        cx="60"
        cy="60"
        r="58"
        fill={`url(#glass-${letter})`}
        stroke="var(--edge)"
        strokeWidth="3"
      />
      <circle
        cx="60"
        cy="60"
        r="48"
        fill="none"
        stroke="var(--edge)"
        strokeWidth="1"
        opacity="0.55"
      />
      <path
        d="M22 44A42 42 0 0 1 50 19"
        fill="none"
        stroke="var(--panel)"
        strokeWidth="4"
        strokeLinecap="round"
        opacity="0.8"
      />
      {letter === "H" ? (
        <path d="M43 36v48M77 36v48M43 60h34" fill="none" stroke="var(--ink)" strokeWidth="11" />
      ) : (
        <path d="M38 41h44M60 41v43" fill="none" stroke="var(--ink)" strokeWidth="11" />
      )}
    </svg>
  );
}
