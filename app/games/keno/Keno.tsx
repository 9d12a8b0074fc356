"use client";

import { type KenoChoice, type KenoOutcome, keno } from "../../../sdk/games/keno.ts";
import { GamePage } from "../../play/GamePage.tsx";
import { RiskPicker } from "../../ui/RiskPicker.tsx";
import type { FaceProps, GameBoard, PickerProps } from "../board.ts";
import type { GameInfo } from "../server.ts";
import styles from "./keno.module.css";

const MOST_PICKS = 10;
const NUMBERS = Array.from({ length: 40 }, (_, index) => index + 1);

function Picker({ choice, onChoice, locked }: PickerProps<KenoChoice>) {
  return (
    <div className={styles.picker}>
      <RiskPicker
        risk={choice.risk}
        onRisk={(risk) => onChoice({ ...choice, risk })}
        locked={locked}
      />
      <div className={styles.count}>
        <span className="small dim">
          {choice.picks.length} of {MOST_PICKS} picked
        </span>
        <button
          type="button"
          className="button small"
          disabled={locked || choice.picks.length === 0}
          onClick={() => onChoice({ ...choice, picks: [] })}
        >
          Clear
        </button>
      </div>
    </div>
  );
}

/** What the chain made of a number in the round on the board. */
function stateOf(number: number, drawn: FaceProps<KenoChoice, KenoOutcome>["drawn"]): string {
  if (drawn === undefined) return "open";
  const picked = drawn.choice.picks.includes(number);
  if (drawn.outcome.drawn.includes(number)) return picked ? "hit" : "drawn";
  return "open";
}

/** Forty numbers to pick from; the ten that the chain drew are marked in the order they came. */
function Face({
  choice,
  onChoice,
  locked,
  waiting,
  drawn,
  drawKey,
}: FaceProps<KenoChoice, KenoOutcome>) {
  const { picks } = choice;
  const full = picks.length === MOST_PICKS;
  const toggle = (number: number) =>
    onChoice({
      ...choice,
      picks: picks.includes(number)
        ? picks.filter((pick) => pick !== number)
        : [...picks, number].toSorted((a, b) => a - b),
    });
  return (
    <div
      className={styles.numbers}
      role="group"
      aria-label="Numbers, pick up to ten"
      data-waiting={waiting}
    >
      {NUMBERS.map((number) => {
        const state = stateOf(number, drawn);
        const order = drawn?.outcome.drawn.indexOf(number) ?? -1;
        return (
          <button
            key={number}
            type="button"
            className={styles.number}
            aria-pressed={picks.includes(number)}
            aria-label={`${number}${state === "hit" ? ", hit" : state === "drawn" ? ", drawn" : ""}`}
            data-state={state}
            style={{ "--order": order } as React.CSSProperties}
            disabled={locked || (full && !picks.includes(number))}
            onClick={() => toggle(number)}
          >
            {number}
            {state !== "open" && <span key={drawKey} className={styles.ring} />}
          </button>
        );
      })}
    </div>
  );
}

const board: GameBoard<KenoChoice, KenoOutcome> = {
  key: "keno",
  twin: keno,
  verb: "Draw",
  initial: { picks: [], risk: "medium" },
  wide: true,
  Picker,
  Face,
  readout: ({ choice, outcome }) => `${outcome.hits}/${choice.picks.length}`,
  incomplete: ({ picks }) => (picks.length === 0 ? "Pick 1 to 10 numbers" : undefined),
};

export function Keno({ info }: { info: GameInfo }) {
  return <GamePage board={board} info={info} />;
}
