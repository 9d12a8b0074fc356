"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { Hex } from "viem";
import { shortBet } from "../format.ts";
import { useSettings } from "../settings.ts";
import { BetFeed } from "../ui/BetFeed.tsx";
import { reasonOf } from "../ui/Unknown.tsx";
import styles from "./verify.module.css";

/** Takes a bet id or a transaction hash to the bet's receipt. */
export function VerifyForm() {
  const { rpcUrl, deployment } = useSettings();
  const router = useRouter();
  const [text, setText] = useState("");
  const [note, setNote] = useState("");
  const [found, setFound] = useState<bigint[]>([]);
  const [busy, setBusy] = useState(false);

  const look = async () => {
    const typed = text.trim();
    setFound([]);
    if (/^\d{1,78}$/.test(typed)) return router.push(`/bets/${typed}`);
    if (!/^0x[0-9a-fA-F]{64}$/.test(typed))
      return setNote(
        "That is neither a bet id (a whole number) nor a transaction hash (0x and 64 hex digits).",
      );
    setBusy(true);
    setNote("Asking the node for the transaction.");
    try {
      const { betsIn } = await import("../verify-browser.ts");
      const ids = await betsIn(rpcUrl, deployment.casino, typed as Hex);
      if (ids.length === 1) return router.push(`/bets/${ids[0]}`);
      setFound(ids);
      setNote(
        ids.length === 0
          ? "That transaction placed and ended no bet of this casino."
          : `${ids.length} bets are in that transaction.`,
      );
    } catch (error) {
      // A bet id written in hex looks like a hash: its player is not zero, a hash of a transaction would have been found.
      setNote(`No such transaction here: ${reasonOf(error)}`);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="grid">
      <section className="pane stack" aria-labelledby="verify">
        <h1 id="verify">Verify a bet</h1>
        <p className="lead">
          Your browser fetches the raw data from the node, checks the proof of randomness on the
          curve, derives the outcome and compares the payout. No server of ours is asked.
        </p>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            void look();
          }}
        >
          <div className="field">
            <label htmlFor="query">Bet id or transaction hash</label>
            <input
              id="query"
              className="input mono"
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          </div>
          <button type="submit" className="button primary" disabled={busy || text.trim() === ""}>
            Verify
          </button>
        </form>
        <p className="note" role="status">
          {note}
        </p>
        {found.length > 0 && (
          <ul className="row">
            {found.map((betId) => (
              <li key={String(betId)}>
                <Link className="button mono small" href={`/bets/${betId}`}>
                  {shortBet(betId)}
                </Link>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className="pane stack" aria-labelledby="newest">
        <h2 id="newest" className="label">
          Or open one of the newest
        </h2>
        <BetFeed limit={10} />
      </section>
    </div>
  );
}
