"use client";

import type { ReactNode } from "react";
import type { Hex } from "viem";
import type { Asset } from "../../sdk/deployment.ts";
import type { AnyGame } from "../../sdk/games/index.ts";
import type { OutcomeClass } from "../../sdk/games/types.ts";
import { asClause, formatCount, formatMultiplier, formatUnits, shorten } from "../format.ts";
import { OddsStrip } from "./OddsStrip.tsx";
import styles from "./play.module.css";
import type { Shown } from "./use-play.ts";

/** Where the shown bet stands, in words. */
function caption(shown: Shown | undefined, about: string): string {
  if (shown === undefined) return about;
  if (!shown.mine)
    return `The newest round of ${shorten(shown.player ?? "0x", 6, 4)}. No wallet is needed to check it.`;
  switch (shown.stage) {
    case "requested":
      return "Your stake is in. The random word is on its way.";
    case "drawn":
      return "Drawn. The next bet settles it, or a keeper, or you.";
    case "settled":
      return shown.drawnBlock === undefined
        ? "Settled."
        : `Drawn in block ${formatCount(shown.drawnBlock)}, settled.`;
    case "void":
      return "No word came in 24 hours: the bet is void and your stake can be taken back.";
    case "refunded":
      return "The bet was void. Your stake is back in your balance.";
  }
}

function Arrow({ up }: { up: boolean }) {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <path d={up ? "M6 1 11 11H1z" : "M6 11 1 1h10z"} fill="currentColor" />
    </svg>
  );
}

/** The game's face: odds, board, result. Everything on it is computed from the round's seed. */
export function Stage(props: {
  name: string;
  about: string;
  twin: AnyGame;
  asset: Asset;
  shown: Shown | undefined;
  /** What the next bet is on; undefined while something is missing from it. */
  choice: Hex | undefined;
  classes: readonly OutcomeClass[] | undefined;
  landed: { seed: bigint; multiplierWad: bigint } | undefined;
  /** The draw as one figure, where the game has a better one than what it came to. */
  readout: string | undefined;
  glassOpen: boolean;
  onGlass(): void;
  children: ReactNode;
}) {
  const { name, about, twin, asset, shown, choice, classes, landed, glassOpen, onGlass } = props;
  const seed = shown?.seed;
  const waiting = shown?.mine === true && shown.stage === "requested";
  const payout = shown?.payout;
  const profit = payout !== undefined && shown !== undefined ? payout - shown.stake : undefined;
  const money = (units: bigint) => formatUnits(units, asset.ledgerDecimals);
  const subject = waiting ? shown.choice : choice;
  const most = subject === undefined ? undefined : twin.odds(subject).maxMultiplierWad;
  const told =
    !waiting && seed !== undefined && shown !== undefined && payout !== undefined
      ? {
          text: asClause(twin.describeOutcome(seed, shown.choice)),
          wad: twin.multiplierWad(shown.choice, seed),
        }
      : undefined;
  const tone = told === undefined ? "dim" : (profit ?? 0n) >= 0n ? "win" : "lose";
  const figure =
    told !== undefined
      ? (props.readout ?? formatMultiplier(told.wad))
      : most === undefined
        ? "—"
        : formatMultiplier(most);
  const bytes =
    (seed ?? shown?.betId ?? 0n).toString(16).padStart(64, "0").match(/../g)?.join(" ") ?? "";

  return (
    <div className={styles.face} data-bytes={shown === undefined ? "" : `${bytes} `.repeat(24)}>
      <div className={styles.top}>
        <div>
          <h1>{name}</h1>
          <p className={styles.caption}>{caption(shown, about)}</p>
        </div>
        <button
          type="button"
          className={`button ${styles.peek}`}
          aria-expanded={glassOpen}
          aria-controls="behind"
          onClick={onGlass}
        >
          {glassOpen ? "Close the glass" : "Behind the glass"}
        </button>
      </div>
      <OddsStrip classes={classes} landed={landed} />
      <div className={styles.board}>{props.children}</div>
      <div className={styles.result}>
        <p className={`mono ${styles.verdict} ${tone}`} role="status" aria-live="polite">
          {waiting ? (
            `waiting for the draw · ${asClause(twin.describe(shown.choice))} pays at most`
          ) : told === undefined || shown === undefined || profit === undefined ? (
            "pays at most"
          ) : (
            <>
              <Arrow up={profit >= 0n} />
              <span>
                {told.text} ·{" "}
                {payout === 0n
                  ? `lost ${money(shown.stake)} ${asset.symbol}`
                  : `paid ${money(payout ?? 0n)} ${asset.symbol}, ${
                      profit > 0n
                        ? `profit ${money(profit)}`
                        : profit === 0n
                          ? "the stake is back"
                          : `${money(-profit)} less than the stake`
                    }`}
              </span>
            </>
          )}
        </p>
        <p
          key={`${String(shown?.betId)}${String(seed)}`}
          className={`${styles.readout} ${told !== undefined && profit !== undefined && profit > 0n ? styles.warm : waiting ? styles.pending : ""}`}
          style={{ "--characters": figure.length } as React.CSSProperties}
        >
          {figure}
        </p>
      </div>
    </div>
  );
}
