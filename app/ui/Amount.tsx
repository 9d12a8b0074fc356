import type { Asset } from "../../sdk/deployment.ts";
import { formatSigned, formatUnits } from "../format.ts";

/** An amount in units with its symbol dimmed; `—` where it is unknown. */
export function Amount({
  units,
  asset,
  signed = false,
  places,
}: {
  units: bigint | undefined;
  asset: Asset;
  signed?: boolean;
  places?: number;
}) {
  if (units === undefined) return <span className="num">—</span>;
  const text = signed
    ? formatSigned(units, asset.ledgerDecimals, places)
    : formatUnits(units, asset.ledgerDecimals, places);
  return (
    <span className="num">
      {text}
      <span className="unit">{asset.symbol}</span>
    </span>
  );
}
