import styles from "./Die.module.css";

/** Where the pips of each face sit on a grid of three by three. */
const PIPS: readonly (readonly number[])[] = [
  [4],
  [0, 8],
  [0, 4, 8],
  [0, 2, 6, 8],
  [0, 2, 4, 6, 8],
  [0, 2, 3, 5, 6, 8],
];

/** A die of glass; without a number it has not been drawn, and rolls while a bet waits. */
export function Die({
  number,
  rolling = false,
  small = false,
}: {
  number: number | undefined;
  rolling?: boolean;
  small?: boolean;
}) {
  return (
    <svg
      className={styles.die}
      viewBox="0 0 60 60"
      data-rolling={rolling}
      data-small={small}
      aria-hidden="true"
    >
      <rect x="2" y="2" width="56" height="56" rx="3" />
      <path d="M4.5 4v52" />
      {(number === undefined ? [] : (PIPS[number - 1] ?? [])).map((at) => (
        <circle key={at} cx={16 + (at % 3) * 15} cy={15 + Math.floor(at / 3) * 15} r="5" />
      ))}
    </svg>
  );
}
