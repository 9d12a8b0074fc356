"use client";

import { useState } from "react";
import type { Address } from "viem";
import type { Asset } from "../../sdk/deployment.ts";
import { formatDuration, formatSigned, formatUnits, parseAmount } from "../format.ts";
import { useSession } from "../play/use-session.ts";
import styles from "./SessionMirror.module.css";

/** Time, result and budget of this visit: always visible beside the game. */
export function SessionMirror({
  asset,
  player,
  className,
}: {
  asset: Asset;
  player: Address | undefined;
  className?: string | undefined;
}) {
  const session = useSession(player, asset);
  const [text, setText] = useState("");
  const net = player === undefined ? undefined : session.net;
  return (
    <section className={`pane ${styles.mirror} ${className ?? ""}`} aria-labelledby="session">
      <h2 id="session" className="label">
        Your session
      </h2>
      <dl className={styles.figures}>
        <div>
          <dt>Time</dt>
          <dd>{session.seconds === undefined ? "—" : formatDuration(session.seconds)}</dd>
        </div>
        <div>
          <dt>Net, {asset.symbol}</dt>
          <dd
            className={
              net !== undefined && net < 0n ? "lose" : net !== undefined && net > 0n ? "win" : ""
            }
          >
            {net === undefined ? "—" : formatSigned(net, asset.ledgerDecimals, 6)}
          </dd>
        </div>
        <div>
          <dt>Budget left</dt>
          <dd>
            {session.left === undefined
              ? "none set"
              : formatUnits(session.left, asset.ledgerDecimals, 6)}
          </dd>
        </div>
      </dl>
      <form
        className={styles.budget}
        onSubmit={(event) => {
          event.preventDefault();
          session.setBudget(text === "" ? undefined : parseAmount(text, asset.ledgerDecimals));
        }}
      >
        <label htmlFor="budget" className="small dim">
          Stop me after losing
        </label>
        <input
          id="budget"
          className="input num"
          inputMode="decimal"
          placeholder="—"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button">
          Set
        </button>
      </form>
      <p className="tiny dim">
        {player !== undefined && session.error !== null
          ? "The net is unknown: the indexer does not answer."
          : "The budget lives in this tab; the contract does not know it."}
      </p>
    </section>
  );
}
