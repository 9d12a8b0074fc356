import styles from "./boards.module.css";

/** Twenty equal cells, half of them paying: the cell the seed landed on is solid. */
export function CoinOdds({
  picked,
  seed,
}: {
  picked: "heads" | "tails";
  seed: bigint | undefined;
}) {
  // Twenty is even, so the parity of the cell is the bit that decides: heads left, tails right.
  const cell = seed === undefined ? undefined : Number(seed % 20n);
  const landed = cell === undefined ? undefined : cell % 2 === 0 ? cell / 2 : 10 + (cell - 1) / 2;
  return (
    <div className={styles.strip} aria-hidden="true">
      {Array.from({ length: 20 }, (_, index) => (
        <span
          key={index}
          data-win={picked === "heads" ? index < 10 : index >= 10}
          data-landed={index === landed}
        />
      ))}
    </div>
  );
}
