"use client";

import Link from "next/link";
import type { Asset } from "../../sdk/deployment.ts";
import { shortBet } from "../format.ts";
import { ProofSteps } from "../ui/ProofSteps.tsx";
import { Unknown, reasonOf } from "../ui/Unknown.tsx";
import { useVerification } from "../ui/use-verification.ts";
import styles from "./play.module.css";
import type { Shown } from "./use-play.ts";

const HEADINGS = {
  valid: "every step verified in your browser",
  pending: "verified in your browser so far",
  void: "no word came in time, the stake is refundable",
  invalid: "a check failed",
} as const;

/** The thread of the round on the stage. */
export function ProofPane({ shown }: { shown: Shown | undefined; asset: Asset }) {
  const check = useVerification(shown?.betId, shown?.stage ?? "");
  const verdict = check.data?.verification.verdict;
  return (
    <section className={`pane ${styles.proof}`} aria-labelledby="proof">
      <div className={styles.proofhead}>
        <h2 id="proof" className="label">
          Proof thread
          {shown !== undefined && (
            <>
              {" "}
              · bet <span className="mono">{shortBet(shown.betId)}</span>
            </>
          )}
          {verdict !== undefined && ` · ${HEADINGS[verdict]}`}
          {verdict === "valid" &&
            check.data !== undefined &&
            ` in ${Math.max(1, Math.round(check.data.milliseconds))} ms`}
        </h2>
        {shown !== undefined && (
          <Link className="button small" href={`/bets/${shown.betId}`}>
            Open the receipt
          </Link>
        )}
      </div>
      {check.isError && (
        <Unknown reason={reasonOf(check.error)} retry={() => void check.refetch()} />
      )}
      <ProofSteps steps={check.data?.verification.steps} />
    </section>
  );
}
