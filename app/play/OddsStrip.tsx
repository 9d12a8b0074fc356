import type { OutcomeClass } from "../../sdk/games/types.ts";
import { WAD } from "../../sdk/games/types.ts";
import { formatChance } from "../format.ts";
import styles from "./play.module.css";

const CELLS = 40;

/** What a class does to the stake, in the strip's colours. */
function tone({ multiplierWad }: OutcomeClass): "win" | "back" | "part" | "loss" {
  if (multiplierWad > WAD) return "win";
  if (multiplierWad === WAD) return "back";
  return multiplierWad > 0n ? "part" : "loss";
}

/**
 * All draws as 40 equal cells, best first: those that pay are tinted, and the cell the seed fell in is solid. Within
 * draws that pay alike, the seed itself says how far along the cell is.
 */
export function OddsStrip({
  classes,
  landed,
}: {
  classes: readonly OutcomeClass[] | undefined;
  landed: { seed: bigint; multiplierWad: bigint } | undefined;
}) {
  if (classes === undefined)
    return (
      <div className={styles.odds}>
        <div className={styles.strip} aria-hidden="true" />
        <p className={`mono ${styles.oddsnote}`}>—</p>
      </div>
    );
  const total = classes.reduce((sum, { weight }) => sum + weight, 0n);
  const share = (test: (each: OutcomeClass) => boolean) =>
    classes.reduce((sum, each) => (test(each) ? sum + each.weight : sum), 0n);
  const tones: string[] = [];
  let [passed, solid] = [0n, -1];
  for (const each of classes) {
    if (solid === -1 && landed?.multiplierWad === each.multiplierWad) {
      const along = passed * 1_000n + each.weight * (landed.seed % 1_000n);
      solid = Number((along * BigInt(CELLS)) / (total * 1_000n));
    }
    passed += each.weight;
    while (
      tones.length < CELLS &&
      BigInt(2 * tones.length + 1) * total < BigInt(2 * CELLS) * passed
    )
      tones.push(tone(each));
  }
  const wins = share((each) => each.multiplierWad > WAD);
  const backs = share((each) => each.multiplierWad === WAD);
  const parts = share((each) => each.multiplierWad > 0n && each.multiplierWad < WAD);
  const words = [
    `${formatChance(wins, total)} of draws win`,
    ...(backs === 0n ? [] : [`${formatChance(backs, total)} give the stake back`]),
    ...(parts === 0n ? [] : [`${formatChance(parts, total)} give a part of it back`]),
  ];
  return (
    <div className={styles.odds}>
      <div className={styles.strip} aria-hidden="true">
        {tones.map((each, index) => (
          <span key={index} data-tone={each} data-landed={index === solid} />
        ))}
      </div>
      <p className={`mono ${styles.oddsnote}`}>{words.join(", ")}</p>
    </div>
  );
}
