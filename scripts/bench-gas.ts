/**
 * Measures the gas of every step of a bet with the real coordinator and real proofs, in the steady state: players who
 * have bet before, round slots that were used before. `--json` prints one object; else tables beside the budgets.
 * `--write` stores the figures in scripts/gas/snapshot.json; `--check` fails where one has grown by more than 2% over
 * those, or exceeds its budget.
 *
 * All-in is the bet's transaction, which settles the lane's previous bet, and its share of the fulfilment.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { BUDGETS, type Budget, type Figures, GAME_PEERS } from "./gas-budgets.ts";
import { type Snapshot, excesses, regressions } from "./gas/check.ts";
import { measure, measureGames } from "./gas/measures.ts";

const SNAPSHOT = new URL("gas/snapshot.json", import.meta.url);

const has = (flag: string) => process.argv.includes(flag);

const snapshot: Snapshot = {
  ...(await measure("default")),
  amsterdam: await measure("amsterdam"),
  games: await measureGames(),
};

if (has("--write")) writeFileSync(SNAPSHOT, `${JSON.stringify(snapshot, null, 2)}\n`);
if (has("--json")) {
  const games = Object.entries(snapshot.games).map(([key, figures]) => [
    key,
    { ...figures, peer: GAME_PEERS[key] ?? null },
  ]);
  console.log(JSON.stringify({ ...snapshot, games: Object.fromEntries(games) }, null, 2));
} else {
  console.table(
    Object.entries<Budget>(BUDGETS).map(([key, { must, peer }]) => ({
      figure: key,
      gas: snapshot[key as keyof Figures],
      must: must ?? "–",
      "best peer": peer ?? "–",
      amsterdam: snapshot.amsterdam[key as keyof Figures],
    })),
  );
  console.table(
    Object.entries(snapshot.games).map(([key, figures]) => ({
      game: key,
      ...figures,
      "best peer": GAME_PEERS[key] ?? "–",
    })),
  );
}

const above = excesses(snapshot);
for (const line of above) console.error(`Above its budget: ${line}`);
if (has("--check")) {
  const grown = regressions(snapshot, JSON.parse(readFileSync(SNAPSHOT, "utf8")) as Snapshot);
  for (const line of grown) console.error(`Grown: ${line}`);
  if (above.length + grown.length !== 0) process.exitCode = 1;
}
