"use client";

import type { ReactNode } from "react";
import {
  type Hand,
  type RockPaperScissorsChoice,
  type RockPaperScissorsOutcome,
  rockPaperScissors,
} from "../../../sdk/games/rock-paper-scissors.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { Segments } from "../../ui/Segments.tsx";
import type { FaceProps, GameBoard, PickerProps } from "../board.ts";
import type { GameInfo } from "../server.ts";
import styles from "./rock-paper-scissors.module.css";

const HANDS: readonly { value: Hand; label: string }[] = [
  { value: "rock", label: "Rock" },
  { value: "paper", label: "Paper" },
  { value: "scissors", label: "Scissors" },
];

const SHAPES: Readonly<Record<Hand, ReactNode>> = {
  rock: <path d="M22 74 14 52l14-26 28-8 26 14 6 24-16 22z" />,
  paper: (
    <>
      <path d="M24 12h38l14 14v62H24z" />
      <path d="M62 12v14h14M34 44h32M34 56h32M34 68h22" fill="none" />
    </>
  ),
  scissors: (
    <>
      <circle cx="30" cy="76" r="12" />
      <circle cx="70" cy="76" r="12" />
      <path d="M36 66 66 12M64 66 34 12" fill="none" strokeWidth="6" />
    </>
  ),
};

function Picker({ choice, onChoice, locked }: PickerProps<RockPaperScissorsChoice>) {
  return (
    <Segments
      label="Your hand"
      options={HANDS}
      value={choice.hand}
      onValue={(hand) => onChoice({ hand })}
      disabled={locked}
    />
  );
}

function Shape({ who, hand, state }: { who: string; hand: Hand | undefined; state: string }) {
  return (
    <figure className={styles.hand} data-state={state}>
      <svg viewBox="0 0 100 100" role="img" aria-label={`${who}: ${hand ?? "not drawn"}`}>
        {hand === undefined ? (
          <path d="M38 38a12 12 0 1 1 18 10c-5 3-6 6-6 12M50 72v2" className={styles.unknown} />
        ) : (
          SHAPES[hand]
        )}
      </svg>
      <figcaption>
        {who} <strong>{hand ?? "—"}</strong>
      </figcaption>
    </figure>
  );
}

/** Two hands of glass: the player's, and the one that the chain draws for the house. */
function Face({
  choice,
  waiting,
  drawn,
  drawKey,
}: FaceProps<RockPaperScissorsChoice, RockPaperScissorsOutcome>) {
  const won = drawn !== undefined && drawn.multiplierWad > 10n ** 18n;
  const lost = drawn?.multiplierWad === 0n;
  return (
    <div key={drawKey} className={styles.table}>
      <Shape
        who={drawn === undefined ? "You" : "Bet"}
        hand={drawn?.choice.hand ?? choice.hand}
        state={won ? "beats" : lost ? "beaten" : waiting ? "waiting" : "still"}
      />
      <span className={styles.versus} aria-hidden="true" />
      <Shape
        who="House"
        hand={drawn?.outcome.hand}
        state={lost ? "beats" : won ? "beaten" : waiting ? "waiting" : "still"}
      />
    </div>
  );
}

const board: GameBoard<RockPaperScissorsChoice, RockPaperScissorsOutcome> = {
  key: "rock-paper-scissors",
  twin: rockPaperScissors,
  verb: "Show",
  initial: { hand: "rock" },
  Picker,
  Face,
};

export function RockPaperScissors({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
