"use client";

import {
  type BaccaratChoice,
  type BaccaratOutcome,
  type BaccaratSide,
  baccarat,
} from "../../../sdk/games/baccarat.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { PlayingCard, nameOfCard } from "../../ui/PlayingCard.tsx";
import { Segments } from "../../ui/Segments.tsx";
import type { FaceProps, GameBoard, PickerProps } from "../board.ts";
import type { GameInfo } from "../server.ts";
import styles from "./baccarat.module.css";

const SIDES: readonly { value: BaccaratSide; label: string }[] = [
  { value: "player", label: "Player" },
  { value: "tie", label: "Tie" },
  { value: "banker", label: "Banker" },
];

function Picker({ choice, onChoice, locked }: PickerProps<BaccaratChoice>) {
  return (
    <Segments
      label="Side"
      options={SIDES}
      value={choice.side}
      onValue={(side) => onChoice({ side })}
      disabled={locked}
    />
  );
}

const rankOf = (card: number) => card % 13;
const suitOf = (card: number) => Math.floor(card / 13) % 4;

function Hand({
  side,
  cards,
  points,
  picked,
  won,
}: {
  side: "Player" | "Banker";
  cards: readonly number[] | undefined;
  points: number | undefined;
  picked: boolean;
  won: boolean;
}) {
  const names = cards?.map((card) => nameOfCard(rankOf(card), suitOf(card))).join(", ");
  // The cards go to both hands in turn; a third one comes last.
  const orderOf = (index: number) =>
    index === 2 ? (side === "Player" ? 4 : 5) : 2 * index + (side === "Player" ? 0 : 1);
  return (
    <section className={styles.hand} data-picked={picked} data-won={won} aria-label={side}>
      <h2 className="label">
        {side}
        {picked && " · your bet"}
      </h2>
      <div className={styles.cards} role="img" aria-label={names ?? "No cards dealt"}>
        {(cards ?? [undefined, undefined]).map((card, index) => (
          <PlayingCard
            key={index}
            rank={card === undefined ? undefined : rankOf(card)}
            suit={card === undefined ? undefined : suitOf(card)}
            order={orderOf(index)}
          />
        ))}
      </div>
      <p className={styles.points}>
        {points ?? "—"}
        <span className="unit"> {points === 1 ? "point" : "points"}</span>
      </p>
    </section>
  );
}

/** Both hands as the chain dealt them. */
function Face({ choice, drawn, drawKey }: FaceProps<BaccaratChoice, BaccaratOutcome>) {
  const { outcome } = drawn ?? {};
  return (
    <div key={drawKey} className={styles.table}>
      <Hand
        side="Player"
        cards={outcome?.player}
        points={outcome?.playerPoints}
        picked={choice.side === "player"}
        won={outcome?.winner === "player"}
      />
      <Hand
        side="Banker"
        cards={outcome?.banker}
        points={outcome?.bankerPoints}
        picked={choice.side === "banker"}
        won={outcome?.winner === "banker"}
      />
      <p
        className={styles.tie}
        data-picked={choice.side === "tie"}
        data-won={outcome?.winner === "tie"}
      >
        Tie pays 10 for 1{choice.side === "tie" && " · your bet"}
      </p>
    </div>
  );
}

const board: GameBoard<BaccaratChoice, BaccaratOutcome> = {
  key: "baccarat",
  twin: baccarat,
  verb: "Deal",
  initial: { side: "banker" },
  Picker,
  Face,
  readout: ({ outcome }) => `${outcome.playerPoints}:${outcome.bankerPoints}`,
};

export function Baccarat({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
