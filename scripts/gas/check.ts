import {
  AMSTERDAM_PART,
  BUDGETS,
  type Budget,
  type Figures,
  GAME_PART,
  GAME_PEERS,
  type GameFigures,
  REGRESSION_PART,
} from "../gas-budgets.ts";

/** What a run measures, and what is committed of one. */
export type Snapshot = Figures & { amsterdam: Figures; games: Record<string, GameFigures> };

/** The figures that exceed what they must not. */
export function excesses(snapshot: Snapshot): string[] {
  const bounds: [string, number, number][] = [];
  for (const [key, { must }] of Object.entries<Budget>(BUDGETS))
    if (must !== undefined) bounds.push([key, snapshot[key as keyof Figures], must]);
  for (const [key, { allIn }] of Object.entries(snapshot.games)) {
    const peer = GAME_PEERS[key];
    if (peer !== undefined) bounds.push([`games.${key}.allIn`, allIn, peer * GAME_PART]);
  }
  const amsterdam = snapshot.amsterdam.allInAt50;
  bounds.push(["amsterdam.allInAt50", amsterdam, snapshot.allInAt50 * AMSTERDAM_PART]);
  return bounds
    .filter(([, gas, must]) => gas > must)
    .map(([key, gas, must]) => `${key}, ${gas} gas, must not exceed ${Math.floor(must)}`);
}

/** The figures that have grown by more than 2%, and those that one of both lacks. */
export function regressions(now: Snapshot, before: Snapshot): string[] {
  const [after, committed] = [leaves(now), leaves(before)];
  const missing = [...committed.keys()].filter((key) => !after.has(key));
  return [
    ...missing.map((key) => `${key} is not measured any more`),
    ...[...after].flatMap(([key, gas]) => {
      const was = committed.get(key);
      if (was === undefined) return [`${key}, ${gas} gas, is not in the committed figures`];
      return gas > was * REGRESSION_PART ? [`${key}, ${was} to ${gas} gas`] : [];
    }),
  ];
}

/** Every number by its path: "games.dice.place". */
function leaves(value: object, path = ""): Map<string, number> {
  return new Map(
    Object.entries(value).flatMap(([key, inner]: [string, number | object]) =>
      typeof inner === "number"
        ? [[`${path}${key}`, inner] as const]
        : [...leaves(inner, `${path}${key}.`)],
    ),
  );
}
