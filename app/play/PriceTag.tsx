"use client";

import type { Hex } from "viem";
import type { Asset } from "../../sdk/deployment.ts";
import type { AnyGame } from "../../sdk/games/index.ts";
import { type OutcomeClass, WAD } from "../../sdk/games/types.ts";
import { useGasPrice } from "../data-client.ts";
import { formatMultiplier, formatPercent, formatUnits } from "../format.ts";
import { HIGH_EDGE_WAD } from "./limits.ts";
import styles from "./play.module.css";

/** Gas of a bet that opens a round: what a single player sends. The draw itself is paid by the house. */
const PLACE_GAS = 135_000n;

/** The two figures that say the price: what a fair house would pay and we do, or what comes back of all that is staked. */
function prices(
  twin: AnyGame,
  choice: Hex | undefined,
  classes: readonly OutcomeClass[] | undefined,
): [string, string][] {
  if (choice === undefined || classes === undefined)
    return [
      ["Comes back on average", "—"],
      ["Pays at most", "—"],
    ];
  const { maxMultiplierWad, rtpWad } = twin.odds(choice);
  const paying = classes.filter(({ multiplierWad }) => multiplierWad > 0n);
  const [only] = paying;
  if (paying.length === 1 && only !== undefined) {
    const total = classes.reduce((sum, { weight }) => sum + weight, 0n);
    return [
      ["Fair price", formatMultiplier((WAD * total) / only.weight)],
      ["We pay", formatMultiplier(maxMultiplierWad)],
    ];
  }
  return [
    ["Comes back on average", formatPercent(rtpWad)],
    ["Pays at most", formatMultiplier(maxMultiplierWad)],
  ];
}

/** What the bet costs, before it is placed. */
export function PriceTag({
  twin,
  choice,
  classes,
  stake,
  asset,
}: {
  twin: AnyGame;
  choice: Hex | undefined;
  classes: readonly OutcomeClass[] | undefined;
  stake: bigint | undefined;
  asset: Asset;
}) {
  const gas = useGasPrice();
  const edge = choice === undefined ? undefined : WAD - twin.odds(choice).rtpWad;
  const kept = stake === undefined || edge === undefined ? undefined : (stake * edge) / WAD;
  const fee = gas.data === undefined ? undefined : gas.data * PLACE_GAS;
  return (
    <dl className={styles.tag}>
      {prices(twin, choice, classes).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
      <div className="cost">
        <dt>
          <strong>House keeps, on average</strong>
          {edge !== undefined && edge > HIGH_EDGE_WAD && (
            <span className={styles.highedge}>high: {formatPercent(edge)}</span>
          )}
        </dt>
        <dd className="num">
          <strong>{kept === undefined ? "—" : formatUnits(kept, asset.ledgerDecimals, 6)}</strong>
          <span className="unit">{asset.symbol}</span>
        </dd>
      </div>
      <div>
        <dt>Network fee, about</dt>
        <dd className="num">
          {fee === undefined ? "—" : formatUnits(fee, 18, 6)}
          <span className="unit">ETH</span>
        </dd>
      </div>
    </dl>
  );
}
