"use client";

import { useEffect, useMemo, useState } from "react";
import type { Hex } from "viem";
import { useConnection } from "wagmi";
import { coinFlip } from "../../sdk/games/coin-flip.ts";
import { dice } from "../../sdk/games/dice.ts";
import type { SourceExcerpt } from "../data.ts";
import { parseAmount } from "../format.ts";
import { useDeployment } from "../settings.ts";
import { HouseGauge } from "../ui/HouseGauge.tsx";
import { BetFeed } from "../ui/BetFeed.tsx";
import { SessionMirror } from "../ui/SessionMirror.tsx";
import { BetRail } from "./BetRail.tsx";
import { Glass } from "./Glass.tsx";
import { ProofPane } from "./ProofPane.tsx";
import { Stage } from "./Stage.tsx";
import styles from "./play.module.css";
import { type Playable, playables } from "./games.ts";
import { usePlay } from "./use-play.ts";

export type Side = "heads" | "tails";

/** The player's pick, for both games: each reads its own part. */
export interface Pick {
  side: Side;
  target: number;
  over: boolean;
}

/** One frame for every game: stage and glass, bet rail, thread, house, session. */
export function GamePage({
  game,
  source,
}: {
  game: Playable["key"];
  source: SourceExcerpt | undefined;
}) {
  const playable = playables[game];
  const { assets } = useDeployment();
  const connection = useConnection();
  const [assetId, setAssetId] = useState(assets[0]?.id ?? 0);
  const [stakeText, setStakeText] = useState("0.01");
  const [pick, setPick] = useState<Pick>({ side: "heads", target: 5_000, over: false });
  const [glassOpen, setGlassOpen] = useState<boolean | undefined>(undefined);
  const [wide, setWide] = useState(true);

  useEffect(() => {
    const query = window.matchMedia("(min-width: 1100px)");
    const follow = () => setWide(query.matches);
    follow();
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, []);

  const asset = assets.find(({ id }) => id === assetId) ?? assets[0];
  if (asset === undefined) throw new Error("The deployment lists no asset");
  const play = usePlay(playable, asset.id, connection.address);
  const choice: Hex = useMemo(
    () =>
      game === "coin-flip"
        ? coinFlip.encode({ side: pick.side })
        : dice.encode({ target: pick.target, over: pick.over }),
    [game, pick],
  );
  const stake = parseAmount(stakeText, asset.ledgerDecimals);
  const { shown } = play;
  const openGlass = glassOpen ?? wide;

  return (
    <div className={`grid ${styles.frame}`}>
      <section
        className={`pane ${styles.stage}`}
        data-glass={glassOpen === undefined ? "auto" : glassOpen ? "open" : "closed"}
        aria-label={playable.name}
      >
        <Stage
          playable={playable}
          asset={asset}
          pick={pick}
          onPick={setPick}
          shown={shown}
          choice={choice}
          glassOpen={openGlass}
          onGlass={() => setGlassOpen(!openGlass)}
        />
        <Glass
          source={source}
          playable={playable}
          asset={asset}
          shown={shown}
          choice={choice}
          stake={stake}
        />
      </section>
      <BetRail
        playable={playable}
        asset={asset}
        onAsset={(id) => {
          setAssetId(id);
          setStakeText(id === 0 ? "0.01" : "1.00");
        }}
        stakeText={stakeText}
        onStake={setStakeText}
        stake={stake}
        pick={pick}
        onPick={setPick}
        choice={choice}
        play={play}
      />
      <ProofPane shown={shown} asset={asset} />
      <section className={`pane stack ${styles.house}`} aria-labelledby="house-now">
        <h2 id="house-now" className="label">
          The house, right now
        </h2>
        <HouseGauge asset={asset} game={playable.id} />
      </section>
      <SessionMirror className={styles.session} asset={asset} player={connection.address} />
      <section className="pane stack" aria-labelledby="recent">
        <h2 id="recent" className="label">
          Bets on this game
        </h2>
        <BetFeed game={playable.id} limit={8} />
      </section>
    </div>
  );
}
