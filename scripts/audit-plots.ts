/** Plots as SVG text, coloured by the page's own styles. */

type Point = readonly [number, number];

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [960, 280, 96, 28, 12];

/** Measured return less the exact one, in points of a percent, inside the interval that holds 95% of fair houses. */
export function conePlot(returns: readonly number[][]): string {
  const points = returns.filter(([bets = 0]) => bets >= 20);
  if (points.length < 2) return empty("Too few bets for a curve.");
  const measured = points.map(([bets, paid, exact]): Point => [
    bets!,
    (100 * (paid! - exact!)) / bets!,
  ]);
  const cone = points.map(([bets, , , variance]): Point => [
    bets!,
    (196 * Math.sqrt(variance!)) / bets!,
  ]);
  const scale = scaleOf([...measured, ...cone, ...cone.map(([x, y]): Point => [x, -y])]);
  const outline = [...cone, ...cone.map(([x, y]): Point => [x, -y]).toReversed()];
  return frame(
    scale,
    " pp",
    `<path class="cone" d="${path(outline, scale)}Z"/><path class="line" d="${path(measured, scale)}"/>`,
  );
}

/** A value by block. */
export function linePlot(points: readonly Point[], unit: string): string {
  if (points.length < 2) return empty("Too few points for a curve.");
  const scale = scaleOf([...points, [points[0]![0], 0]]);
  return frame(scale, unit, `<path class="line" d="${path(points, scale)}"/>`);
}

/** Counts by second. */
export function barPlot(counts: readonly number[]): string {
  const most = Math.max(...counts);
  if (most === 0) return empty("None yet.");
  const scale = scaleOf([
    [0, 0],
    [counts.length, most],
  ]);
  const width = (WIDTH - LEFT) / counts.length - 2;
  const bars = counts.map((value, index) => {
    const [x, y] = [scale.x(index), scale.y(value)];
    return value === 0
      ? ""
      : `<rect class="bar" x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${width.toFixed(1)}" height="${(HEIGHT - BOTTOM - y).toFixed(1)}"/>`;
  });
  return frame(scale, "", bars.join(""));
}

type Scale = {
  x(value: number): number;
  y(value: number): number;
  xs: [number, number];
  ys: [number, number];
};

function scaleOf(points: readonly Point[]): Scale {
  const bounds = (values: number[]): [number, number] => [
    values.reduce((a, b) => Math.min(a, b)),
    values.reduce((a, b) => Math.max(a, b)),
  ];
  const xs = bounds(points.map(([x]) => x));
  const ys = bounds(points.map(([, y]) => y));
  const span = ([low, high]: [number, number]) => (high === low ? 1 : high - low);
  return {
    xs,
    ys,
    x: (value) => LEFT + ((value - xs[0]) / span(xs)) * (WIDTH - LEFT - 12),
    y: (value) => HEIGHT - BOTTOM - ((value - ys[0]) / span(ys)) * (HEIGHT - BOTTOM - TOP),
  };
}

function frame(scale: Scale, unit: string, content: string): string {
  const lines = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const value = scale.ys[0] + part * (scale.ys[1] - scale.ys[0]);
    const y = scale.y(value).toFixed(1);
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH}" y1="${y}" y2="${y}"/><text x="${LEFT - 8}" y="${y}" dy="4" text-anchor="end">${short(value)}${unit}</text>`;
  });
  const ends = scale.xs.map(
    (value, index) =>
      `<text x="${index === 0 ? LEFT : WIDTH}" y="${HEIGHT - 8}" text-anchor="${index === 0 ? "start" : "end"}">${value.toLocaleString("en-US")}</text>`,
  );
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">${lines.join("")}${content}${ends.join("")}</svg>`;
}

function path(points: readonly Point[], { x, y }: Scale): string {
  return points
    .map(([px, py], index) => `${index === 0 ? "M" : "L"}${x(px).toFixed(1)} ${y(py).toFixed(1)}`)
    .join("");
}

function short(value: number): string {
  return Math.abs(value) >= 1_000
    ? Math.round(value).toLocaleString("en-US")
    : String(Number(value.toPrecision(3)));
}

function empty(text: string): string {
  return `<p>${text}</p>`;
}
