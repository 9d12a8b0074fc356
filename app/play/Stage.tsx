"use client";

import type { Dispatch, SetStateAction } from "react";
import type { Hex } from "viem";
import type { Asset } from "../../sdk/deployment.ts";
import { coinFlip } from "../../sdk/games/coin-flip.ts";
import { dice } from "../../sdk/games/dice.ts";
import { formatCount, formatMultiplier, formatUnits, shorten } from "../format.ts";
import { CoinBoard } from "../ui/CoinBoard.tsx";
import { DiceBoard } from "../ui/DiceBoard.tsx";
import { CoinOdds } from "../ui/OddsStrip.tsx";
import type { Pick } from "./GamePage.tsx";
import { type Playable, hundredths, winsOf } from "./games.ts";
import styles from "./play.module.css";
import type { Shown } from "./use-play.ts";

/** Where the shown bet stands, in words. */
function caption(shown: Shown | undefined, playable: Playable): string {
  if (shown === undefined) return playable.about;
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
  playable: Playable;
  asset: Asset;
  pick: Pick;
  onPick: Dispatch<SetStateAction<Pick>>;
  shown: Shown | undefined;
  choice: Hex;
  glassOpen: boolean;
  onGlass(): void;
}) {
  const { playable, asset, pick, onPick, shown, choice, glassOpen, onGlass } = props;
  const seed = shown?.seed;
  const waiting = shown?.mine === true && shown.stage === "requested";
  const payout = shown?.payout;
  const won = payout !== undefined && payout > 0n;
  const profit = payout !== undefined && shown !== undefined ? payout - shown.stake : undefined;
  const money = (units: bigint) => formatUnits(units, asset.ledgerDecimals);
  const key = String(shown?.betId ?? 0n);
  const isCoin = playable.key === "coin-flip";
  const drawnText =
    seed === undefined || shown === undefined
      ? undefined
      : playable.twin.describeOutcome(seed, shown.choice);
  const multiplier = playable.twin.odds(
    seed !== undefined && shown !== undefined ? shown.choice : choice,
  ).maxMultiplierWad;
  const shownPick: Pick =
    shown !== undefined && seed !== undefined
      ? isCoin
        ? { ...pick, side: coinFlip.decode(shown.choice).side }
        : { ...pick, ...dice.decode(shown.choice) }
      : pick;
  const readout =
    seed === undefined
      ? formatMultiplier(multiplier)
      : isCoin
        ? won
          ? formatMultiplier(multiplier)
          : "0×"
        : hundredths(dice.outcome(seed, choice).roll);
  const bytes =
    (seed ?? shown?.betId ?? 0n).toString(16).padStart(64, "0").match(/../g)?.join(" ") ?? "";

  return (
    <div className={styles.face} data-bytes={shown === undefined ? "" : `${bytes} `.repeat(24)}>
      <div className={styles.top}>
        <div>
          <h1>{playable.name}</h1>
          <p className={styles.caption}>{caption(shown, playable)}</p>
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

      {isCoin ? (
        <>
          <div className={styles.odds}>
            <CoinOdds picked={shownPick.side} seed={waiting ? undefined : seed} />
            <p className={`mono ${styles.oddsnote}`}>
              {seed === undefined || waiting
                ? `${pick.side} is 1 of 2 equal sides`
                : `seed …${seed.toString(16).slice(-4)} is ${seed % 2n === 0n ? "even: heads" : "odd: tails"}`}
            </p>
          </div>
          <div className={styles.board}>
            <CoinBoard
              side={seed === undefined ? undefined : coinFlip.outcome(seed, choice).side}
              turning={waiting}
              drawKey={key}
              picked={pick.side}
            />
          </div>
        </>
      ) : (
        <div className={styles.diceboard}>
          <DiceBoard
            target={pick.target}
            over={pick.over}
            onTarget={(target) => onPick((now) => ({ ...now, target }))}
            roll={seed === undefined ? undefined : dice.outcome(seed, choice).roll}
            won={won}
            waiting={waiting}
            drawKey={key}
            disabled={waiting}
          />
          <p className={`mono ${styles.oddsnote}`}>
            {pick.over ? "over" : "under"} {hundredths(pick.target)} wins{" "}
            {winsOf(choice).toLocaleString("en")} of 10,000 rolls
          </p>
        </div>
      )}

      <div className={styles.result}>
        <p
          className={`mono ${styles.verdict} ${seed !== undefined && !waiting ? (won ? "win" : "lose") : "dim"}`}
          role="status"
          aria-live="polite"
        >
          {waiting ? (
            `waiting for the draw · ${playable.twin.describe(shown.choice).toLowerCase()} pays`
          ) : seed === undefined ||
            shown === undefined ||
            payout === undefined ||
            profit === undefined ? (
            "a win pays"
          ) : (
            <>
              <Arrow up={won} /> {drawnText?.toLowerCase()} ·{" "}
              {won
                ? `paid ${money(payout)}, profit ${money(profit)} ${asset.symbol}`
                : `lost ${money(shown.stake)} ${asset.symbol}`}
            </>
          )}
        </p>
        <p
          key={`${key}${String(seed)}`}
          className={`${styles.readout} ${seed !== undefined && profit !== undefined && profit > 0n ? styles.warm : waiting ? styles.pending : ""}`}
        >
          {waiting ? formatMultiplier(multiplier) : readout}
        </p>
      </div>
    </div>
  );
}
