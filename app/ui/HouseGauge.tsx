"use client";

import type { Asset } from "../../sdk/deployment.ts";
import { useHouse, useTerms } from "../data-client.ts";
import { formatUnits } from "../format.ts";
import styles from "./HouseGauge.module.css";
import { Unknown, reasonOf } from "./Unknown.tsx";

/** What the house holds of an asset, what of it is promised to open bets, and the most one bet can win now. */
export function HouseGauge({ asset, game = 1 }: { asset: Asset; game?: number }) {
  const house = useHouse(asset.id);
  const terms = useTerms(game, asset.id);
  const { bankroll, reserved } = house.data ?? {};
  const share =
    bankroll && reserved !== undefined ? Number((reserved * 10_000n) / bankroll) / 100 : 0;
  const free = bankroll !== undefined && reserved !== undefined ? bankroll - reserved : undefined;
  const cap =
    bankroll !== undefined && terms.data?.listed
      ? (bankroll * terms.data.capBps) / 10_000n
      : undefined;
  const largest = cap === undefined || free === undefined ? undefined : cap < free ? cap : free;
  const show = (units: bigint | undefined) =>
    units === undefined ? "—" : formatUnits(units, asset.ledgerDecimals, 4);
  return (
    <div className={styles.gauge}>
      <div
        className={styles.bar}
        role="img"
        aria-label={
          bankroll === undefined
            ? "The bankroll is not known yet"
            : `${share} % of the ${asset.symbol} bankroll is promised to open bets`
        }
      >
        <div
          className={styles.promised}
          style={{ width: `${Math.max(share, reserved ? 0.6 : 0)}%` }}
        />
      </div>
      {house.isError ? (
        <Unknown reason={reasonOf(house.error)} retry={() => void house.refetch()} />
      ) : (
        <dl className={styles.figures}>
          <div>
            <dt>Held</dt>
            <dd className="mono">
              {show(bankroll)} <span className="dim">{asset.symbol}</span>
            </dd>
          </div>
          <div>
            <dt>
              <span className={styles.key} aria-hidden="true" /> Promised to open bets
            </dt>
            <dd className="mono">
              {show(reserved)} <span className="dim">{asset.symbol}</span>
            </dd>
          </div>
          <div>
            <dt>Most one bet can win</dt>
            <dd className="mono">
              {show(largest)} <span className="dim">{asset.symbol}</span>
            </dd>
          </div>
        </dl>
      )}
    </div>
  );
}
