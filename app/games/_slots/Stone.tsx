import styles from "./slots.module.css";

/** A point of a regular shape around the middle of a cell. */
function around(points: number, radius: number, start = 0): string {
  return Array.from({ length: points }, (_, index) => {
    const angle = ((index + start) / points) * 2 * Math.PI;
    return `${(32 + radius * Math.sin(angle)).toFixed(1)},${(26 - radius * Math.cos(angle)).toFixed(1)}`;
  }).join(" ");
}

function star(points: number, outer: number, inner: number): string {
  return Array.from({ length: 2 * points }, (_, index) => {
    const angle = (index / points) * Math.PI;
    const radius = index % 2 === 0 ? outer : inner;
    return `${(32 + radius * Math.sin(angle)).toFixed(1)},${(26 - radius * Math.cos(angle)).toFixed(1)}`;
  }).join(" ");
}

/** Cut shapes, from the wild and the scatter to the plainest symbol. */
const SHAPES = [
  star(4, 20, 9),
  star(8, 20, 12),
  around(4, 20),
  around(6, 19),
  around(8, 19, 0.5),
  around(5, 19),
  around(4, 20, 0.5),
  around(3, 20),
  around(6, 18, 0.5),
  around(10, 17),
] as const;

/** A symbol of a machine: a cut stone of its own shape and tint over its name's letter. */
export function Stone({ index, letter }: { index: number; letter: string }) {
  return (
    <g className={styles.symbol} data-symbol={index}>
      <polygon points={SHAPES[index % SHAPES.length]} />
      <polyline points="32,26 32,8" />
      <text x="32" y="56">
        {letter}
      </text>
    </g>
  );
}
