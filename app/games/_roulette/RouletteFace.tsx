"use client";

import {
  type RouletteBet,
  type RouletteChoice,
  type RouletteOutcome,
  rouletteBets,
} from "../../../sdk/games/roulette.ts";
import { formatPercent } from "../../format.ts";
import type { FaceProps } from "../board.ts";
import { MOST_CHIPS, addChip } from "./chips.ts";
import styles from "./roulette.module.css";

const RED = new Set([1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36]);
/** Even-money bets as they lie along the table. */
const HALVES = ["1 to 18", "Even", "Red", "Black", "Odd", "19 to 36"];

/** Where a cell lies: grid lines of the long table, and of the tall one on a phone. */
function placeOf({ kind, name, pockets }: RouletteBet, zeros: 1 | 2): React.CSSProperties {
  const area = (wide: string, tall: string) =>
    ({ "--wide": wide, "--tall": tall }) as React.CSSProperties;
  const [first = 0] = pockets;
  if (kind === "straight" && first === 37) return area("1 / 1 / 4 / 2", "1 / 6 / 2 / 9");
  if (kind === "straight" && first === 0)
    return zeros === 2
      ? area("4 / 1 / 7 / 2", "1 / 3 / 2 / 6")
      : area("1 / 1 / 7 / 2", "1 / 3 / 2 / 9");
  if (kind === "straight") {
    const [street, place] = [Math.ceil(first / 3), (first - 1) % 3];
    const [top, left] = [5 - 2 * place, 3 + 2 * place];
    return area(
      `${top} / ${street + 1} / ${top + 2} / ${street + 2}`,
      `${street + 1} / ${left} / ${street + 2} / ${left + 2}`,
    );
  }
  if (kind === "column") {
    const [top, left] = [7 - 2 * first, 1 + 2 * first];
    return area(`${top} / 14 / ${top + 2} / 15`, `14 / ${left} / 15 / ${left + 2}`);
  }
  if (kind === "dozen") {
    const start = Math.ceil(first / 3);
    return area(`7 / ${start + 1} / 8 / ${start + 5}`, `${start + 1} / 2 / ${start + 5} / 3`);
  }
  const start = 2 + 2 * HALVES.indexOf(name);
  return area(`8 / ${start} / 9 / ${start + 2}`, `${start} / 1 / ${start + 2} / 2`);
}

function labelOf({ kind, name, pockets }: RouletteBet): string {
  if (kind === "straight") return pockets[0] === 37 ? "00" : String(pockets[0]);
  if (kind === "column") return "2:1";
  return name.replace(" to ", "–");
}

function colourOf({ kind, name, pockets }: RouletteBet): string {
  if (kind === "straight") {
    const [pocket = 0] = pockets;
    return pocket === 0 || pocket === 37 ? "zero" : RED.has(pocket) ? "red" : "black";
  }
  return name === "Red" ? "red" : name === "Black" ? "black" : "plain";
}

/** The table of one wheel. */
export function rouletteFace(zeros: 1 | 2) {
  const cells = rouletteBets(zeros).filter(({ kind }) =>
    ["straight", "column", "dozen", "even-money"].includes(kind),
  );

  /** The table: each press of a field puts a chip on it, and the pocket that the chain drew is framed. */
  return function RouletteFace({
    choice,
    onChoice,
    locked,
    waiting,
    drawn,
    drawKey,
  }: FaceProps<RouletteChoice, RouletteOutcome>) {
    const pocket = drawn?.outcome.pocket;
    const full = choice.chips.length >= MOST_CHIPS;
    return (
      <div className={styles.scene}>
        <div className={styles.table} data-waiting={waiting} role="group" aria-label="The table">
          {cells.map((bet) => {
            const weight = choice.chips.find((chip) => chip.bet === bet.code)?.weight ?? 0;
            const landed = bet.kind === "straight" && bet.pockets[0] === pocket;
            const covers = pocket !== undefined && bet.pockets.includes(pocket);
            const colour = colourOf(bet);
            return (
              <button
                key={bet.code}
                type="button"
                className={styles.cell}
                style={placeOf(bet, zeros)}
                data-colour={colour}
                data-side={bet.kind === "dozen" || bet.kind === "even-money"}
                data-landed={landed}
                data-covers={covers && !landed}
                aria-pressed={weight > 0}
                disabled={locked || (full && weight === 0)}
                onClick={() => onChoice(addChip(choice, bet.code))}
              >
                {labelOf(bet)}
                <span className="hidden">
                  {bet.kind === "straight"
                    ? ` ${colour === "zero" ? "green" : colour}`
                    : ` ${bet.name}`}
                  {`, pays ${bet.payoff} for 1`}
                  {bet.steep && `, the house keeps ${formatPercent(bet.edgeWad)}`}
                  {weight > 0 && `, ${weight === 1 ? "a chip" : "chips:"} `}
                </span>
                {weight > 0 && <span className={styles.chip}>{weight}</span>}
                {landed && (
                  <span key={drawKey} className={styles.ball}>
                    <span className="hidden">, drawn</span>
                  </span>
                )}
              </button>
            );
          })}
        </div>
        {zeros === 2 && (
          <p className={`small ${styles.steep}`}>
            Two zeros: every bet here costs {formatPercent(cells[0]?.edgeWad ?? 0n)} on average, the
            basket 7.89 %. The European wheel costs half of it.
          </p>
        )}
      </div>
    );
  };
}
