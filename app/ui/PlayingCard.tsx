import styles from "./PlayingCard.module.css";

const RANKS = ["A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K"] as const;
const SUITS = [
  {
    name: "spades",
    red: false,
    shape:
      "M20 3C26 12 36 17 36 26c0 8-10 10-14 4 0 5 2 8 5 10H13c3-2 5-5 5-10-4 6-14 4-14-4C4 17 14 12 20 3z",
  },
  {
    name: "hearts",
    red: true,
    shape: "M20 38C8 28 3 22 3 14 3 4 16 2 20 12 24 2 37 4 37 14c0 8-5 14-17 24z",
  },
  { name: "diamonds", red: true, shape: "M20 2 35 20 20 38 5 20z" },
  {
    name: "clubs",
    red: false,
    shape:
      "M20 3a9 9 0 0 1 8 13 9 9 0 1 1-6 14c0 5 2 8 5 10H13c3-2 5-5 5-10a9 9 0 1 1-6-14 9 9 0 0 1 8-13z",
  },
] as const;

/** Ranks from the ace and suits as decks are numbered: thirteen of spades, hearts, diamonds, clubs. */
export function nameOfCard(rank: number, suit: number): string {
  return `${RANKS[rank] ?? "?"} of ${SUITS[suit]?.name ?? "?"}`;
}

/** A card, or the back of one that is not dealt yet. `order` tells when it comes. */
export function PlayingCard({
  rank,
  suit,
  order,
}: {
  rank: number | undefined;
  suit: number | undefined;
  order: number;
}) {
  const kind = suit === undefined ? undefined : SUITS[suit];
  return (
    <span
      className={styles.card}
      data-red={kind?.red}
      data-back={kind === undefined}
      style={{ "--order": order } as React.CSSProperties}
      aria-hidden="true"
    >
      {kind !== undefined && rank !== undefined && (
        <>
          {RANKS[rank]}
          <svg viewBox="0 0 40 40">
            <path d={kind.shape} />
          </svg>
        </>
      )}
    </span>
  );
}
