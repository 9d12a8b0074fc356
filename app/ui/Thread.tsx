import styles from "./Thread.module.css";

/** State of a knot: filled only where this browser verified it. */
export type Knot = "passed" | "failed" | "pending" | "refundable" | "reported";

/** The proof thread at the size of a word: six knots and what they mean, for feeds. */
export function TinyThread({ knots, label }: { knots: readonly Knot[]; label: string }) {
  const step = 15;
  return (
    <svg
      className={styles.tiny}
      width={step * 6}
      height="14"
      viewBox={`0 0 ${step * 6} 14`}
      role="img"
      aria-label={label}
    >
      <line x1="7" x2={step * 5 + 7} y1="7" y2="7" stroke="var(--control)" strokeWidth="1" />
      {knots.map((knot, index) => (
        <rect
          key={index}
          x={step * index + 3}
          y="3"
          width="8"
          height="8"
          className={styles.knot}
          data-state={knot}
        />
      ))}
    </svg>
  );
}

/** Knots of a bet in a feed: nothing here was checked by this browser, so all stay hollow. */
export function knotsOf(status: string): Knot[] {
  if (status === "void")
    return ["reported", "reported", "refundable", "refundable", "refundable", "refundable"];
  const done = status === "pending" ? 2 : status === "drawn" ? 3 : 6;
  return Array.from({ length: 6 }, (_, index) => (index < done ? "reported" : "pending"));
}
