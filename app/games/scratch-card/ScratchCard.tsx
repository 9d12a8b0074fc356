"use client";

import {
  type ScratchCardChoice,
  type ScratchCardOutcome,
  scratchCard,
} from "../../../sdk/games/scratch-card.ts";
import { SCRATCH_CARD } from "../../../sdk/games/scratch-tables.ts";
import { formatTimes } from "../../format.ts";
import { GamePage } from "../../play/GamePage.tsx";
import type { FaceProps, GameBoard } from "../board.ts";
import type { GameInfo } from "../server.ts";
import styles from "./scratch-card.module.css";

const CELLS = Array.from({ length: 9 }, (_, index) => index);

function symbolOf(prize: number | undefined): string {
  const multiplier = prize === undefined ? undefined : SCRATCH_CARD.prizes[prize]?.multiplier;
  return multiplier === undefined ? "?" : formatTimes(multiplier);
}

/** Nine fields: three that are alike win what they say. The chain drew all nine before the first is seen. */
function Face({ waiting, drawn, drawKey }: FaceProps<ScratchCardChoice, ScratchCardOutcome>) {
  const { grid, prize } = drawn?.outcome ?? {};
  return (
    <div className={styles.card}>
      <ul key={drawKey} className={styles.grid} data-waiting={waiting} aria-label="The card">
        {CELLS.map((cell) => {
          const symbol = grid?.[cell];
          return (
            <li
              key={cell}
              data-open={symbol !== undefined}
              data-wins={symbol !== undefined && symbol === prize}
              style={{ "--order": cell } as React.CSSProperties}
            >
              {symbol === undefined ? <span className="hidden">covered</span> : symbolOf(symbol)}
            </li>
          );
        })}
      </ul>
      <p className="small dim">
        Three alike win what they say. {SCRATCH_CARD.tickets.toLocaleString("en")} tickets are in
        the run, and every card is drawn from all of them.
      </p>
    </div>
  );
}

const board: GameBoard<ScratchCardChoice, ScratchCardOutcome> = {
  key: "scratch-card",
  twin: scratchCard,
  verb: "Scratch",
  initial: {},
  firstStake: "0.001",
  Face,
};

export function ScratchCard({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
