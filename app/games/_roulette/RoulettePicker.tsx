"use client";

import {
  type RouletteChoice,
  type RouletteKind,
  rouletteBets,
} from "../../../sdk/games/roulette.ts";
import { formatPercent } from "../../format.ts";
import type { PickerProps } from "../board.ts";
import { MOST_CHIPS, addChip } from "./chips.ts";
import styles from "./roulette.module.css";

/** The bets that lie on the lines between numbers, in the order of the list. */
const ON_LINES: readonly { kind: RouletteKind; label: string }[] = [
  { kind: "split", label: "Split: two numbers" },
  { kind: "street", label: "Street: three in a row" },
  { kind: "trio", label: "Trio at the zero" },
  { kind: "corner", label: "Corner: four numbers" },
  { kind: "first-four", label: "First four" },
  { kind: "basket", label: "Basket: five at the zeros" },
  { kind: "six-line", label: "Six line: two rows" },
];

/** The chips of one wheel: what lies where, and the bets on the lines. */
export function roulettePicker(zeros: 1 | 2) {
  const bets = rouletteBets(zeros);

  /** Each chip with its share of the stake, and a list of the bets that have no field of their own. */
  return function RoulettePicker({ choice, onChoice, locked }: PickerProps<RouletteChoice>) {
    const { chips } = choice;
    const all = chips.reduce((sum, { weight }) => sum + weight, 0);
    return (
      <div className={styles.picker}>
        <select
          className="input"
          aria-label="Add a chip on a line"
          value=""
          disabled={locked || chips.length >= MOST_CHIPS}
          onChange={(event) => onChoice(addChip(choice, Number(event.target.value)))}
        >
          <option value="">Splits, streets, corners…</option>
          {ON_LINES.map(({ kind, label }) => {
            const members = bets.filter((bet) => bet.kind === kind);
            return members.length === 0 ? null : (
              <optgroup key={kind} label={label}>
                {members.map((bet) => (
                  <option key={bet.code} value={bet.code}>
                    {bet.name}, pays {bet.payoff} for 1
                    {bet.steep ? `, costs ${formatPercent(bet.edgeWad)}` : ""}
                  </option>
                ))}
              </optgroup>
            );
          })}
        </select>
        <div className={styles.chips}>
          <p className="small dim">
            {chips.length} of {MOST_CHIPS} bets; the stake is split over the chips
          </p>
          <button
            type="button"
            className="button small"
            disabled={locked || chips.length === 0}
            onClick={() => onChoice({ chips: [] })}
          >
            Clear
          </button>
        </div>
        {chips.length > 0 && (
          <ul className={styles.list}>
            {chips.map(({ bet, weight }) => {
              const name = bets.find(({ code }) => code === bet)?.name ?? `Bet ${bet}`;
              return (
                <li key={bet}>
                  <span>{name}</span>
                  <span className="mono dim">
                    {weight}/{all}
                  </span>
                  <button
                    type="button"
                    className="button"
                    aria-label={`One chip less on ${name}`}
                    disabled={locked}
                    onClick={() => onChoice(addChip(choice, bet, -1))}
                  >
                    −
                  </button>
                  <button
                    type="button"
                    className="button"
                    aria-label={`One chip more on ${name}`}
                    disabled={locked}
                    onClick={() => onChoice(addChip(choice, bet))}
                  >
                    +
                  </button>
                </li>
              );
            })}
          </ul>
        )}
      </div>
    );
  };
}
