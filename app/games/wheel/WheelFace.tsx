import {
  type WheelChoice,
  type WheelOutcome,
  wheel,
  wheelSegments,
} from "../../../sdk/games/wheel.ts";
import { formatTimes } from "../../format.ts";
import type { FaceProps } from "../board.ts";
import styles from "./wheel.module.css";

const OUTER = 98;
const INNER = 64;
const TURNS = 3;

/** A point on a circle around the middle; angles in parts of a turn, from the top, clockwise. */
function point(radius: number, turn: number): string {
  const angle = turn * 2 * Math.PI;
  return `${(100 + radius * Math.sin(angle)).toFixed(2)} ${(100 - radius * Math.cos(angle)).toFixed(2)}`;
}

function slice(from: number, to: number): string {
  return `M${point(OUTER, from)}A${OUTER} ${OUTER} 0 0 1 ${point(OUTER, to)}L${point(INNER, to)}A${INNER} ${INNER} 0 0 0 ${point(INNER, from)}Z`;
}

/** The wheel with each segment in the tint of its price. It stops with the segment the chain drew under the mark. */
export function WheelFace({
  choice,
  waiting,
  drawn,
  drawKey,
}: FaceProps<WheelChoice, WheelOutcome>) {
  const prices = wheelSegments(wheel.encode(choice));
  const round =
    drawn?.choice.segments === choice.segments && drawn.choice.risk === choice.risk
      ? drawn
      : undefined;
  const kinds = [...new Set(prices)].toSorted((a, b) => a - b);
  const landed = round?.outcome.segment;
  const turn = landed === undefined ? 0 : -((landed + 0.5) / prices.length) * 360;
  const price = landed === undefined ? undefined : prices[landed];
  return (
    <div className={styles.layout}>
      <svg
        className={styles.wheel}
        viewBox="0 0 200 206"
        role="img"
        aria-label={`A wheel of ${prices.length} segments${
          price === undefined ? "" : `; it stopped at ${formatTimes(price)}`
        }`}
      >
        <g transform="translate(0 6)">
          <g
            key={waiting ? "waiting" : drawKey}
            className={styles.turning}
            data-state={waiting ? "waiting" : landed === undefined ? "still" : "landed"}
            style={
              {
                "--turn": `${turn}deg`,
                "--from": `${turn - TURNS * 360}deg`,
              } as React.CSSProperties
            }
          >
            {prices.map((each, index) => (
              <path
                key={index}
                d={slice(index / prices.length, (index + 1) / prices.length)}
                className={styles.segment}
                data-kind={each === 0 ? 0 : kinds.indexOf(each) + (kinds[0] === 0 ? 0 : 1)}
                data-landed={index === landed}
              />
            ))}
          </g>
          <text x="100" y="101" className={styles.price}>
            {price === undefined ? "" : formatTimes(price)}
          </text>
        </g>
        <path d="M91 0h18l-9 16z" className={styles.mark} />
      </svg>
      <ul className={styles.legend} aria-label="Prices on this wheel">
        {kinds.toReversed().map((each) => (
          <li key={each} data-landed={each === price}>
            <i data-kind={each === 0 ? 0 : kinds.indexOf(each) + (kinds[0] === 0 ? 0 : 1)} />
            <span>{formatTimes(each)}</span>
            <span className="dim">
              {prices.filter((other) => other === each).length} of {prices.length}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
