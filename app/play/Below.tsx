"use client";

import type { Address } from "viem";
import type { Asset } from "../../sdk/deployment.ts";
import { BetFeed } from "../ui/BetFeed.tsx";
import { HouseGauge } from "../ui/HouseGauge.tsx";
import { SessionMirror } from "../ui/SessionMirror.tsx";
import { ProofPane } from "./ProofPane.tsx";
import styles from "./play.module.css";
import type { Shown } from "./use-play.ts";

/** What stands below the prices. Its scripts come after those that a bet needs. */
export function Below({
  game,
  asset,
  player,
  shown,
}: {
  game: number;
  asset: Asset;
  player: Address | undefined;
  shown: Shown | undefined;
}) {
  return (
    <>
      <ProofPane shown={shown} asset={asset} />
      <section className={`pane stack ${styles.house}`} aria-labelledby="house-now">
        <h2 id="house-now" className="label">
          The house, right now
        </h2>
        <HouseGauge asset={asset} game={game} />
      </section>
      <SessionMirror className={styles.session} asset={asset} player={player} />
      <section className="pane stack" aria-labelledby="recent">
        <h2 id="recent" className="label">
          Bets on this game
        </h2>
        <BetFeed game={game} limit={8} />
      </section>
    </>
  );
}
