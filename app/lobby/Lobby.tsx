"use client";

import Link from "next/link";
import { useState } from "react";
import { formatMultiplier, formatPercent } from "../format.ts";
import { GROUPS, type GameEntry, gameTable } from "../games/table.ts";
import { HIGH_EDGE_WAD } from "../play/limits.ts";
import { useDeployment } from "../settings.ts";
import { BetFeed } from "../ui/BetFeed.tsx";
import { HouseGauge } from "../ui/HouseGauge.tsx";
import { GameIcon } from "./GameIcon.tsx";
import type { GameFigures } from "./figures.ts";
import styles from "./lobby.module.css";

/** All words of what was typed are in a game's name, group or description. */
function matches({ name, group, about }: GameEntry, typed: string): boolean {
  const text = `${name} ${group} ${about}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** The games that this house lists, what it holds, and the bets the chain has seen. */
export function Lobby({ figures }: { figures: ReadonlyMap<number, GameFigures> }) {
  const { assets, games } = useDeployment();
  const [typed, setTyped] = useState("");
  const listed = gameTable.filter(({ id, key }) =>
    games.some((game) => game.id === id && game.key === key),
  );
  const found = listed.filter((entry) => matches(entry, typed));
  return (
    <div className="grid">
      <div className={styles.intro}>
        <h1>A casino you can see through</h1>
        <p className="lead">
          The contracts hold the money, verified randomness draws, and your browser checks every
          step. What the house keeps on average stands on each game, before you bet.
        </p>
      </div>
      <section className={styles.games} aria-label="Games">
        <div className={styles.find}>
          <label htmlFor="find" className="label">
            Find a game
          </label>
          <input
            id="find"
            type="search"
            className="input"
            autoComplete="off"
            placeholder="cards, wheel, dice"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <p className="small dim" role="status">
            {found.length} of {listed.length} games
          </p>
        </div>
        {GROUPS.map((group) => {
          const members = found.filter((entry) => entry.group === group);
          return members.length === 0 ? null : (
            <section key={group} className={styles.group} aria-label={group}>
              <h2 className="label">{group}</h2>
              <ul className={styles.cards}>
                {members.map((entry) => (
                  <li key={entry.key} className={`pane ${styles.game}`}>
                    <GameIcon game={entry.key} />
                    <div>
                      <h3>
                        <Link href={`/games/${entry.key}`} className={styles.cover}>
                          {entry.name}
                        </Link>
                      </h3>
                      <p className="small dim">{entry.about}</p>
                    </div>
                    <Figures of={figures.get(entry.id)} />
                  </li>
                ))}
              </ul>
            </section>
          );
        })}
      </section>
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

function Figures({ of }: { of: GameFigures | undefined }) {
  const spread =
    of !== undefined && formatPercent(of.leastEdgeWad) !== formatPercent(of.largestEdgeWad);
  const high = of !== undefined && of.largestEdgeWad > HIGH_EDGE_WAD;
  return (
    <dl className={styles.figures}>
      <div>
        <dt>House keeps{high && " · high"}</dt>
        <dd className={high ? "cost" : ""}>
          {of === undefined
            ? "—"
            : `${formatPercent(of.leastEdgeWad)}${spread ? ` to ${formatPercent(of.largestEdgeWad)}` : ""}`}
        </dd>
      </div>
      <div>
        <dt>Pays up to</dt>
        <dd>{of === undefined ? "—" : formatMultiplier(of.topMultiplierWad, 2)}</dd>
      </div>
    </dl>
  );
}
