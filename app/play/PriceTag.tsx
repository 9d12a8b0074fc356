"use client";

import type { Hex } from "viem";
import type { Asset } from "../../sdk/deployment.ts";
import { WAD } from "../../sdk/games/types.ts";
import { useGasPrice } from "../data-client.ts";
import { formatMultiplier, formatUnits } from "../format.ts";
import type { Playable } from "./games.ts";
import styles from "./play.module.css";

/** Gas of a bet that opens a round: what a single player sends. The draw itself is paid by the house. */
const PLACE_GAS = 135_000n;

/** What the bet costs, before it is placed. */
export function PriceTag({
  playable,
  choice,
  stake,
  asset,
}: {
  playable: Playable;
  choice: Hex;
  stake: bigint | undefined;
  asset: Asset;
}) {
  const gas = useGasPrice();
  const { maxMultiplierWad, rtpWad } = playable.twin.odds(choice);
  const kept = stake === undefined ? undefined : (stake * (WAD - rtpWad)) / WAD;
  const fee = gas.data === undefined ? undefined : gas.data * PLACE_GAS;
  return (
    <dl className={styles.tag}>
      <div>
        <dt>Fair price</dt>
        <dd className="num">{formatMultiplier(playable.fairWad(choice))}</dd>
      </div>
      <div>
        <dt>We pay</dt>
        <dd className="num">{formatMultiplier(maxMultiplierWad)}</dd>
      </div>
      <div className="cost">
        <dt>
          <strong>House keeps, on average</strong>
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
