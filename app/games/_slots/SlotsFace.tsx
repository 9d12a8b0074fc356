import type { SlotMachine } from "../../../sdk/games/slot-machines.ts";
import type { SlotChoice, SlotOutcome } from "../../../sdk/games/slots.ts";
import type { FaceProps } from "../board.ts";
import { Stone } from "./Stone.tsx";
import styles from "./slots.module.css";

const CELL = 64;
const ROWS = 3;

/** What a run or so many scatters pay, in stakes. */
function times(value: number): string {
  return `${value.toLocaleString("en", { maximumFractionDigits: 2 })}×`;
}

/** The window of one machine, the lines that it pays, and its table of prizes. */
export function slotsFace({ symbols, reels, lines }: SlotMachine) {
  const indexOf = (letter: string | undefined) =>
    symbols.findIndex((symbol) => symbol.letter === letter);
  const letterOf = (index: number) => symbols[index]?.letter ?? "?";
  /** What the window shows before any round: the first stops of each reel. */
  const still = Array.from({ length: ROWS }, (_, row) => reels.map((strip) => indexOf(strip[row])));
  const [width, height] = [reels.length * CELL, ROWS * CELL];

  /** The reels as the chain stopped them; a line is drawn through each win. */
  return function SlotsFace({ waiting, drawn, drawKey }: FaceProps<SlotChoice, SlotOutcome>) {
    const outcome = drawn?.outcome;
    const rows = outcome?.rows ?? still;
    const wins = outcome?.wins ?? [];
    const lit = new Set(
      wins.flatMap(({ line, run }) =>
        [...(lines[line] ?? "")].slice(0, run).map((row, reel) => `${reel}-${row}`),
      ),
    );
    const told = [
      ...wins.map(
        ({ line, symbol, run, pays }) =>
          `line ${line + 1}: ${run} ${symbols[symbol]?.name ?? ""} ${times(pays / lines.length)}`,
      ),
      ...(outcome !== undefined && outcome.scatterPays > 0
        ? [`${outcome.scatters} ${symbols[1]?.name ?? "scatters"} ${times(outcome.scatterPays)}`]
        : []),
    ];
    return (
      <div className={styles.machine}>
        <svg
          className={styles.window}
          viewBox={`0 0 ${width} ${height}`}
          data-reels={reels.length}
          role="img"
          aria-label={
            outcome === undefined
              ? "The reels, at rest"
              : `The reels show ${rows.map((row) => row.map((symbol) => symbols[symbol]?.name).join(", ")).join("; ")}`
          }
        >
          {reels.map((_, reel) => (
            <g
              key={`${reel}${waiting ? "" : drawKey}`}
              className={styles.reel}
              data-state={waiting ? "waiting" : outcome === undefined ? "still" : "stopped"}
              style={{ "--reel": reel } as React.CSSProperties}
            >
              {rows.map((row, at) => (
                <g key={at} transform={`translate(${reel * CELL} ${at * CELL})`}>
                  <rect
                    x="1.5"
                    y="1.5"
                    width={CELL - 3}
                    height={CELL - 3}
                    className={styles.cell}
                    data-lit={lit.has(`${reel}-${at}`)}
                  />
                  <Stone index={row[reel] ?? 0} letter={letterOf(row[reel] ?? 0)} />
                </g>
              ))}
            </g>
          ))}
          {wins.map(({ line }) => (
            <polyline
              key={`${drawKey}-${line}`}
              className={styles.line}
              points={[...(lines[line] ?? "")]
                .map((row, reel) => `${reel * CELL + CELL / 2},${Number(row) * CELL + 26}`)
                .join(" ")}
            />
          ))}
        </svg>
        <p className={`mono ${styles.told}`}>{told.join(" · ")}</p>
        <details className={styles.prizes}>
          <summary>{lines.length} lines, all bet on; what runs from the left pay</summary>
          <table>
            <thead>
              <tr>
                <th scope="col">Symbol</th>
                {reels.slice(1).map((_, index) => (
                  <th key={index} scope="col" className="num">
                    {index + 2}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {symbols.map(({ letter, name, pays }, index) => (
                <tr key={letter}>
                  <th scope="row">
                    <svg viewBox="0 0 64 64" className={styles.small} aria-hidden="true">
                      <Stone index={index} letter={letter} />
                    </svg>
                    {name}
                    {index === 0 ? ", stands for any" : index === 1 ? ", anywhere" : ""}
                  </th>
                  {pays.map((value, run) => (
                    <td key={run} className="num">
                      {value === 0 ? "—" : times(index === 1 ? value : value / lines.length)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      </div>
    );
  };
}
