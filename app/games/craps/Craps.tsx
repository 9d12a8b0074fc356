"use client";

import {
  type CrapsBet,
  type CrapsChoice,
  type CrapsOutcome,
  craps,
} from "../../../sdk/games/craps.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { Die } from "../../ui/Die.tsx";
import { Segments } from "../../ui/Segments.tsx";
import type { FaceProps, GameBoard, PickerProps } from "../board.ts";
import type { GameInfo } from "../server.ts";
import styles from "./craps.module.css";

const BETS: readonly { value: CrapsBet; label: string }[] = [
  { value: "pass", label: "Pass" },
  { value: "don't pass", label: "Don't pass" },
  { value: "field", label: "Field" },
];

const RULES: Readonly<Record<CrapsBet, string>> = {
  pass: "Wins on 7 or 11 at once, loses on 2, 3 or 12. Any other sum is the point: it must come again before a 7.",
  "don't pass":
    "Wins on 2 or 3 at once, loses on 7 or 11, and 12 gives the stake back. With a point, a 7 must come before it.",
  field: "One roll: 3, 4, 9, 10 and 11 pay 2 for 1, a 2 pays 3 for 1, a 12 pays 4 for 1.",
};

function Picker({ choice, onChoice, locked }: PickerProps<CrapsChoice>) {
  return (
    <Segments
      label="Bet"
      options={BETS}
      value={choice.bet}
      onValue={(bet) => onChoice({ bet })}
      disabled={locked}
      className={styles.picker}
    />
  );
}

type Roll = readonly [number, number];

function nameOf([first, second]: Roll): string {
  return `${first} and ${second}, ${first + second}`;
}

/** The come-out roll, the point where there is one, and every roll up to the one that ends the line. */
function Face({ choice, waiting, drawn, drawKey }: FaceProps<CrapsChoice, CrapsOutcome>) {
  const rolls: readonly Roll[] = drawn?.outcome.rolls ?? [];
  const [comeOut, ...rest] = rolls;
  const last = rest.at(-1);
  const between = rest.slice(0, -1);
  return (
    <div key={drawKey} className={styles.table}>
      <p className="small dim">{RULES[choice.bet]}</p>
      <div className={styles.rolls}>
        <figure role="img" aria-label={comeOut === undefined ? "Not rolled" : nameOf(comeOut)}>
          <span className={styles.pair}>
            <Die number={comeOut?.[0]} rolling={waiting} />
            <Die number={comeOut?.[1]} rolling={waiting} />
          </span>
          <figcaption>
            {choice.bet === "field" && rest.length === 0 ? "The roll" : "Come-out"}{" "}
            <strong>{comeOut === undefined ? "—" : comeOut[0] + comeOut[1]}</strong>
          </figcaption>
        </figure>
        {last !== undefined && (
          <figure role="img" aria-label={`Last roll: ${nameOf(last)}`} className={styles.last}>
            <span className={styles.pair}>
              <Die number={last[0]} />
              <Die number={last[1]} />
            </span>
            <figcaption>
              {last[0] + last[1] === 7 ? "Seven out" : "Point made"}{" "}
              <strong>{last[0] + last[1]}</strong>
            </figcaption>
          </figure>
        )}
      </div>
      <p className={`mono ${styles.between}`}>
        {between.length === 0
          ? " "
          : `between: ${between.map(([first, second]) => first + second).join(" ")}`}
      </p>
    </div>
  );
}

const board: GameBoard<CrapsChoice, CrapsOutcome> = {
  key: "craps",
  twin: craps,
  verb: "Roll",
  initial: { bet: "pass" },
  Picker,
  Face,
};

export function Craps({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
