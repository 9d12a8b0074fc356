import {
  type PlinkoChoice,
  type PlinkoOutcome,
  plinko,
  plinkoBuckets,
} from "../../../sdk/games/plinko.ts";
import { formatTimes } from "../../format.ts";
import type { FaceProps } from "../board.ts";
import styles from "./plinko.module.css";

const WIDTH = 340;
const TOP = 14;
const FALL = 196;
const BUCKET = 42;
const HEIGHT = TOP + FALL + BUCKET + 4;
/** Below this width a bucket's price stands upright. */
const ROOM_FOR_TEXT = 33;

/** The pins, and under each gap what it pays. The ball takes the path that the seed's bits are. */
export function PlinkoFace({
  choice,
  waiting,
  drawn,
  drawKey,
}: FaceProps<PlinkoChoice, PlinkoOutcome>) {
  // The board of the round, as long as the player bets on the same one.
  const { rows } = choice;
  const round =
    drawn?.choice.rows === rows && drawn.choice.risk === choice.risk ? drawn : undefined;
  const buckets = plinkoBuckets(plinko.encode(choice));
  const step = WIDTH / (rows + 1);
  const drop = FALL / rows;
  const x = (row: number, rights: number) => WIDTH / 2 + (rights - row / 2) * step;
  const y = (row: number) => TOP + row * drop;

  const points = (round?.outcome.path ?? []).map((_, row, steps) => {
    const rights = steps.slice(0, row + 1).filter(Boolean).length;
    return `L${x(row + 1, rights).toFixed(1)} ${(y(row + 1) - 7).toFixed(1)}`;
  });
  const path = `M${WIDTH / 2} 2L${WIDTH / 2} ${TOP - 7}${points.join("")}v3`;
  const landed = round?.outcome.bucket;

  return (
    <svg
      className={styles.board}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${rows} rows; the buckets pay ${buckets.map(formatTimes).join(", ")}${
        landed === undefined ? "" : `; the ball fell into bucket ${landed}, from the left, from 0`
      }`}
    >
      {Array.from({ length: rows }, (_, row) =>
        Array.from({ length: row + 1 }, (_pin, pin) => (
          <circle
            key={`${row}-${pin}`}
            cx={x(row, pin)}
            cy={y(row)}
            r="2.4"
            className={styles.pin}
          />
        )),
      )}
      {buckets.map((price, bucket) => {
        const left = x(rows, bucket) - step / 2 + 1;
        const [cx, cy] = [x(rows, bucket), TOP + FALL + BUCKET / 2 + 2];
        return (
          <g
            key={bucket}
            className={styles.bucket}
            data-pays={price > 100 ? "win" : price === 100 ? "back" : "part"}
            data-landed={bucket === landed}
          >
            <rect x={left} y={TOP + FALL + 2} width={step - 2} height={BUCKET} />
            <text
              x={cx}
              y={cy}
              transform={step < ROOM_FOR_TEXT ? `rotate(-90 ${cx} ${cy})` : undefined}
            >
              {formatTimes(price)}
            </text>
          </g>
        );
      })}
      {waiting && <circle cx={WIDTH / 2} cy="6" r="5.5" className={styles.waiting} />}
      {round !== undefined && (
        <g key={drawKey}>
          <path d={path} className={styles.path} pathLength="1" />
          <circle r="5.5" className={styles.ball} style={{ offsetPath: `path("${path}")` }} />
        </g>
      )}
    </svg>
  );
}
