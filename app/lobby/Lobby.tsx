"use client";

import Link from "next/link";
import { type Playable, playables } from "../play/games.ts";
import { formatMultiplier, formatPercent } from "../format.ts";
import { useDeployment } from "../settings.ts";
import { coinFlip } from "../../sdk/games/coin-flip.ts";
import { dice } from "../../sdk/games/dice.ts";
import { BetFeed } from "../ui/BetFeed.tsx";
import { HouseGauge } from "../ui/HouseGauge.tsx";
import styles from "./lobby.module.css";

/** The choices whose odds a game's pane tells: the plainest and the boldest. */
const EXAMPLES = {
  "coin-flip": {
    typical: coinFlip.encode({ side: "heads" }),
    boldest: coinFlip.encode({ side: "heads" }),
  },
  dice: {
    typical: dice.encode({ target: 5_000, over: false }),
    boldest: dice.encode({ target: 1, over: false }),
  },
} as const;

function Art({ game }: { game: Playable["key"] }) {
  return (
    <svg
      className={styles.art}
      viewBox="0 0 320 120"
      aria-hidden="true"
      preserveAspectRatio="xMidYMid meet"
    >
      {game === "coin-flip" ? (
        <>
          <circle cx="172" cy="62" r="46" fill="var(--tint)" stroke="var(--edge)" strokeWidth="2" />
          <circle
            cx="160"
            cy="56"
            r="46"
            fill="var(--panel)"
            fillOpacity="0.72"
            stroke="var(--edge)"
            strokeWidth="3"
          />
          <path
            d="M146 37v38M174 37v38M146 56h28"
            stroke="var(--ink)"
            strokeWidth="8"
            fill="none"
          />
        </>
      ) : (
        <>
          {Array.from({ length: 25 }, (_, index) => (
            <rect
              key={index}
              x={12 + index * 12}
              y="42"
              width="10"
              height="36"
              fill={index < 13 ? "var(--tint)" : "var(--inset)"}
            />
          ))}
          <rect x="12" y="75" width="154" height="3" fill="var(--edge)" />
          <rect x="165" y="28" width="4" height="64" fill="var(--ink)" />
          <rect
            x="155"
            y="44"
            width="24"
            height="32"
            fill="var(--panel)"
            stroke="var(--ink)"
            strokeWidth="2"
          />
          <rect x="155" y="44" width="5" height="32" fill="var(--edge)" />
        </>
      )}
    </svg>
  );
}

/** The games as panes, what the house holds, and the bets the chain has seen. */
export function Lobby() {
  const { assets } = useDeployment();
  return (
    <div className="grid">
      <div className={styles.intro}>
        <h1>A casino you can see through</h1>
        <p className="lead">
          The contracts hold the money, verified randomness draws, and your browser checks every
          step. The house keeps 1 % on average; nothing else is hidden behind the glass.
        </p>
      </div>
      {Object.values(playables).map((playable) => {
        const odds = playable.twin.odds(EXAMPLES[playable.key].typical);
        const top = playable.twin.odds(EXAMPLES[playable.key].boldest).maxMultiplierWad;
        return (
          <article key={playable.key} className={`pane ${styles.game}`}>
            <Art game={playable.key} />
            <div className="stack">
              <h2>
                <Link href={`/games/${playable.key}`} className={styles.cover}>
                  {playable.name}
                </Link>
              </h2>
              <p className="dim">{playable.about}</p>
              <dl className={styles.odds}>
                <div>
                  <dt>Returns on average</dt>
                  <dd>{formatPercent(odds.rtpWad)}</dd>
                </div>
                <div>
                  <dt>Pays at most</dt>
                  <dd>{formatMultiplier(top, 2)}</dd>
                </div>
              </dl>
            </div>
          </article>
        );
      })}
      {assets.map((asset) => (
        <section
          key={asset.id}
          className={`pane stack ${styles.half}`}
          aria-labelledby={`house-${asset.id}`}
        >
          <h2 id={`house-${asset.id}`} className="label">
            The house in {asset.symbol}, right now
          </h2>
          <HouseGauge asset={asset} />
        </section>
      ))}
      <section className="pane stack" aria-labelledby="recent">
        <div className="spread">
          <h2 id="recent" className="label">
            Newest bets
          </h2>
          <p className="tiny dim">From the indexer. Open one to verify it in your browser.</p>
        </div>
        <div className={styles.feed}>
          <BetFeed limit={10} />
        </div>
      </section>
    </div>
  );
}
