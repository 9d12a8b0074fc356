"use client";

import type { Asset } from "../../sdk/deployment.ts";
import { coinFlip } from "../../sdk/games/coin-flip.ts";
import { dice } from "../../sdk/games/dice.ts";
import { WAD } from "../../sdk/games/types.ts";
import { useHouse, useHouseFigures } from "../data-client.ts";
import { formatCount, formatUnits } from "../format.ts";
import { useDeployment } from "../settings.ts";
import { CopyText } from "../ui/CopyText.tsx";
import { HouseGauge } from "../ui/HouseGauge.tsx";
import { Unknown, reasonOf } from "../ui/Unknown.tsx";
import styles from "./house.module.css";
import { ScrollBox } from "../ui/ScrollBox.tsx";

/** The edges of the games' own rules, in percent: one figure while all are alike. */
const EDGES = [
  coinFlip.odds(coinFlip.encode({ side: "heads" })),
  dice.odds(dice.encode({ target: 5_000, over: false })),
].map(({ rtpWad }) => `${(Number((WAD - rtpWad) / 10n ** 12n) / 10_000).toFixed(2)} %`);
const THEORY = [...new Set(EDGES)].join(", ");

/** What the house holds, owes and keeps; each figure says where it is from. */
export function House() {
  const { assets, casino, randomness } = useDeployment();
  return (
    <div className="grid">
      <section className="pane stack" aria-labelledby="house">
        <h1 id="house">The house</h1>
        <p className="lead">
          One contract holds players' balances, stakes and the bankroll, with one accounting.
          Figures marked “contract” are read from it now; those marked “indexer” are summed from its
          events.
        </p>
        <dl className={styles.addresses}>
          <div>
            <dt>Casino</dt>
            <dd>
              <CopyText text={casino} what="casino's address" />
            </dd>
          </div>
          <div>
            <dt>VRF coordinator</dt>
            <dd>
              <CopyText text={randomness.coordinator} what="coordinator's address" />
            </dd>
          </div>
          <div>
            <dt>Key hash</dt>
            <dd>
              <CopyText text={randomness.keyHash} what="key hash" />
            </dd>
          </div>
        </dl>
      </section>
      {assets.map((asset) => (
        <AssetFigures key={asset.id} asset={asset} />
      ))}
    </div>
  );
}

function AssetFigures({ asset }: { asset: Asset }) {
  const house = useHouse(asset.id);
  const figures = useHouseFigures();
  const summed = figures.data?.find((each) => each.asset === asset.id);
  const show = (units: bigint | undefined) =>
    units === undefined ? "—" : formatUnits(units, asset.ledgerDecimals);
  const turnover = summed === undefined ? undefined : BigInt(summed.turnover);
  const ggr = summed === undefined ? undefined : BigInt(summed.ggr);
  const hold =
    turnover === undefined || ggr === undefined || turnover === 0n
      ? undefined
      : Number((ggr * 1_000_000n) / turnover) / 10_000;
  const none = figures.data !== undefined && summed === undefined;
  const rows: [string, string, "contract" | "indexer"][] = [
    ["Bankroll", show(house.data?.bankroll), "contract"],
    ["Reserved for open bets", show(house.data?.reserved), "contract"],
    ["Operator's fees", show(house.data?.fees), "contract"],
    [
      "Bets",
      summed === undefined ? (none ? "0" : "—") : formatCount(BigInt(summed.bets)),
      "indexer",
    ],
    ["Turnover", none ? "none yet" : show(turnover), "indexer"],
    [
      "Paid to players",
      none ? "none yet" : show(summed === undefined ? undefined : BigInt(summed.paid)),
      "indexer",
    ],
    ["Gross gaming revenue", none ? "none yet" : show(ggr), "indexer"],
    [
      "Hold (revenue / turnover)",
      hold === undefined ? (none || turnover === 0n ? "none yet" : "—") : `${hold.toFixed(2)} %`,
      "indexer",
    ],
    ["Hold in theory", THEORY, "contract"],
  ];
  return (
    <section className={`pane stack ${styles.asset}`} aria-labelledby={`asset-${asset.id}`}>
      <h2 id={`asset-${asset.id}`}>
        {asset.name} <span className="dim">{asset.symbol}</span>
      </h2>
      <HouseGauge asset={asset} />
      <ScrollBox label={`Figures in ${asset.symbol}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col" className="num">
                {asset.symbol}
              </th>
              <th scope="col">Source</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, value, source]) => (
              <tr key={name}>
                <td>{name}</td>
                <td className="num">{value}</td>
                <td className="dim">{name === "Hold in theory" ? "rules of the games" : source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <div className="note">
        {figures.isError && (
          <Unknown reason={reasonOf(figures.error)} retry={() => void figures.refetch()} />
        )}
        {house.isError && (
          <Unknown reason={reasonOf(house.error)} retry={() => void house.refetch()} />
        )}
        {!figures.isError &&
          "A short run strays far from theory: at a thousand even-money bets the hold still swings by about 3 points either way."}
      </div>
    </section>
  );
}
