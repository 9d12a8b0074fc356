import type { Hex } from "viem";
import type { Asset } from "../../sdk/deployment.ts";
import type { AnyGame } from "../../sdk/games/index.ts";
import type { SourceExcerpt } from "../data.ts";
import { asClause, formatCount, formatUnits, shorten } from "../format.ts";
import styles from "./play.module.css";
import type { Shown } from "./use-play.ts";

/** The line that decides: the one that returns, comparing seed and choice. */
function decides(line: string): boolean {
  return line.trim().startsWith("return ");
}

/** Behind the glass: the contract's own lines, and this round's values in them. */
export function Glass(props: {
  source: SourceExcerpt | undefined;
  twin: AnyGame;
  asset: Asset;
  shown: Shown | undefined;
  choice: Hex | undefined;
  stake: bigint | undefined;
}) {
  const { source, twin, asset, shown, choice, stake } = props;
  const used = shown?.choice ?? choice;
  const usedStake = shown?.stake ?? stake;
  const values: [string, string][] = [
    ["stake", usedStake === undefined ? "—" : `${formatCount(usedStake)} units`],
    ["choice", used === undefined ? "—" : `${used} ${asClause(twin.describe(used))}`],
    [
      "seed",
      shown?.seed === undefined
        ? "not drawn yet"
        : shorten(`0x${shown.seed.toString(16).padStart(64, "0")}`, 10, 6),
    ],
    [
      "draw",
      shown?.seed === undefined ? "—" : asClause(twin.describeOutcome(shown.seed, shown.choice)),
    ],
    [
      "payout",
      shown?.payout === undefined
        ? "—"
        : `${formatUnits(shown.payout, asset.ledgerDecimals)} ${asset.symbol}`,
    ],
  ];
  return (
    <div id="behind" className={styles.glass}>
      <h2 className="label">Behind the glass</h2>
      {source === undefined ? (
        <p className="small dim">
          This server was started without the contracts' sources; they are in contracts/games of the
          repository.
        </p>
      ) : (
        <figure>
          <pre className={styles.code} aria-label={`Solidity of ${source.file}`}>
            {source.lines.map((line, index) => (
              <span key={source.firstLine + index} data-decides={decides(line)}>
                {line === "" ? " " : line}
                {"\n"}
              </span>
            ))}
          </pre>
          <figcaption className="tiny dim">
            {source.file}, line {source.firstLine}
          </figcaption>
        </figure>
      )}
      <dl className={`mono ${styles.values}`}>
        {values.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
