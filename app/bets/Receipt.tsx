"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { decodeLane, unpackBetId } from "../../sdk/layout.ts";
import { asClause, formatSigned, formatUnits, shortBet, shorten } from "../format.ts";
import { useTwins } from "../games/twins.ts";
import { useDeployment } from "../settings.ts";
import { CopyText } from "../ui/CopyText.tsx";
import { ProofSteps } from "../ui/ProofSteps.tsx";
import { Unknown, reasonOf } from "../ui/Unknown.tsx";
import { useVerification } from "../ui/use-verification.ts";
import styles from "./receipt.module.css";
import { TAMPERS, type Tamper } from "./tamper.ts";

const VERDICTS = {
  valid: "Valid: every step was verified in this browser",
  pending: "In progress: what is there so far holds",
  void: "Void: no word came in time, the stake is refundable",
  invalid: "Invalid: a check failed",
} as const;

/** A bet to share: it verifies itself again each time it is opened. */
export function Receipt({ betId }: { betId: bigint }) {
  const deployment = useDeployment();
  const check = useVerification(betId, "receipt");
  const [tamper, setTamper] = useState<Tamper>("none");
  const evidence = check.data?.evidence;

  const tampered = useQuery({
    queryKey: ["tampered", String(betId), tamper, check.dataUpdatedAt],
    enabled: tamper !== "none" && evidence !== undefined,
    queryFn: async () => {
      if (evidence === undefined) throw new Error("No evidence");
      const { checkEvidence } = await import("../verify-browser.ts");
      return checkEvidence(TAMPERS[tamper].apply(evidence), deployment);
    },
  }).data;

  const verification = tamper === "none" ? check.data?.verification : tampered;
  const verdict = verification?.verdict;
  const parts = unpackBetId(betId);
  const asset = deployment.assets.find(({ id }) => id === parts.asset);
  const lane = evidence?.placed === undefined ? undefined : decodeLane(evidence.placed.bet);
  const entry = deployment.games.find(({ id }) => id === lane?.game);
  const twin = useTwins(lane === undefined ? [] : [lane.game]).twinOf(lane?.game ?? 0);
  const payout = evidence?.settled?.payout;
  const money = (units: bigint) =>
    asset === undefined
      ? units.toString()
      : `${formatUnits(units, asset.ledgerDecimals)} ${asset.symbol}`;
  const command = `npm run casino -- verify ${betId}`;

  return (
    <div className="grid">
      <section className={`pane stack ${styles.head}`} aria-labelledby="bet">
        <div className="spread">
          <h1 id="bet">
            Bet <span className="mono">{shortBet(betId)}</span>
          </h1>
          <CopyText text={betId.toString()} what="bet id" />
        </div>
        <p
          className={styles.verdict}
          data-verdict={verdict ?? "reading"}
          role="status"
          data-testid="verdict"
        >
          {verdict === undefined
            ? check.isError
              ? "Not checked"
              : "Collecting the evidence from the node"
            : VERDICTS[verdict]}
          {tamper !== "none" && verdict !== undefined && (
            <span className={styles.warning}>
              {" "}
              — of data you changed: {TAMPERS[tamper].label.toLowerCase()}
            </span>
          )}
        </p>
        {check.isError && (
          <Unknown reason={reasonOf(check.error)} retry={() => void check.refetch()} />
        )}
        <dl className={styles.facts}>
          <Fact name="Player" value={shorten(parts.player, 10, 8)} />
          <Fact
            name="Game"
            value={
              lane === undefined
                ? "—"
                : `${entry?.name ?? `Game ${lane.game}`}${twin === undefined ? "" : `, ${asClause(twin.describe(lane.choice))}`}`
            }
          />
          <Fact name="Stake" value={lane === undefined ? "—" : money(lane.stake)} />
          <Fact
            name="Paid"
            value={
              payout === undefined
                ? evidence?.refunded === undefined
                  ? "—"
                  : `${money(evidence.refunded.stake)} refunded`
                : money(payout)
            }
          />
          <Fact
            name="Result"
            value={
              payout === undefined || lane === undefined || asset === undefined
                ? "—"
                : `${formatSigned(payout - lane.stake, asset.ledgerDecimals)} ${asset.symbol}`
            }
          />
        </dl>
      </section>

      <section className="pane stack" aria-labelledby="thread">
        <h2 id="thread" className="label">
          Proof thread
          {check.data !== undefined &&
            ` · recomputed in your browser in ${Math.max(1, Math.round(check.data.milliseconds))} ms`}
        </h2>
        <ProofSteps steps={verification?.steps} />
      </section>

      <section className={`pane stack ${styles.evidence}`} aria-labelledby="evidence">
        <h2 id="evidence" className="label">
          Evidence, step by step
        </h2>
        <div>
          {verification?.steps.map((step) => (
            <details key={step.id} className={styles.step} data-status={step.status}>
              <summary>
                <span className={styles.status}>{step.status}</span>
                <span>
                  <strong>{step.title}</strong>
                  <span className={styles.detail}>{step.detail}</span>
                </span>
              </summary>
              <dl className={styles.values}>
                {Object.entries(step.evidence).map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>
                      <CopyText text={value} what={name} full />
                    </dd>
                  </div>
                ))}
              </dl>
            </details>
          ))}
          {verification === undefined && (
            <p className="small dim">{check.isError ? "—" : "Reading."}</p>
          )}
        </div>
      </section>

      <div className={`stack ${styles.side}`}>
        <section className="pane stack" aria-labelledby="yourself">
          <h2 id="yourself" className="label">
            Check it without this page
          </h2>
          <p className="small">In a clone of the repository, against any node you trust:</p>
          <CopyText text={command} what="command" full />
        </section>
        <section className="pane stack" aria-labelledby="tamper">
          <h2 id="tamper" className="label">
            Try to cheat
          </h2>
          <p className="small">
            Change the data before it is checked, and see which step catches it. Nothing leaves this
            page.
          </p>
          <div className="stack" role="radiogroup" aria-labelledby="tamper">
            {(Object.keys(TAMPERS) as Tamper[]).map((key) => (
              <label key={key} className={styles.option}>
                <input
                  type="radio"
                  name="tamper"
                  checked={tamper === key}
                  onChange={() => setTamper(key)}
                  disabled={evidence === undefined}
                />
                {TAMPERS[key].label}
              </label>
            ))}
          </div>
        </section>
      </div>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="mono">{value}</dd>
    </div>
  );
}
