import type { Step } from "../../sdk/verify.ts";
import styles from "./Thread.module.css";

const NAMES = ["Placed", "Requested", "Drawn", "Proof checked", "Outcome derived", "Paid"] as const;

const WORDS = {
  passed: "verified in this browser",
  failed: "check failed",
  pending: "not yet",
  refundable: "refundable",
} as const;

/** The proof thread: a knot is filled only where this browser verified the step. */
export function ProofSteps({ steps }: { steps: readonly Step[] | undefined }) {
  return (
    <ol className={styles.thread}>
      {NAMES.map((name, index) => {
        const step = steps?.[index];
        const state = step?.status ?? "pending";
        return (
          <li
            key={name}
            className={styles.step}
            data-state={state}
            style={{ "--index": index } as React.CSSProperties}
          >
            <span className={styles.line} aria-hidden="true" />
            <span className={styles.gem} aria-hidden="true" />
            <div>
              <p className={styles.title}>
                {name}
                <span className="hidden">: {WORDS[state]}</span>
              </p>
              <p className={styles.detail} title={step?.detail}>
                {step?.detail ?? "—"}
              </p>
            </div>
          </li>
        );
      })}
    </ol>
  );
}
