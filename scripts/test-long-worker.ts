import { parentPort, workerData } from "node:worker_threads";
import { hexToBigInt, keccak256, stringToHex } from "viem";
import { gameByKey } from "../sdk/games/index.ts";
import { BETS_PER_WORD, seedsOf } from "./rng-seeds.ts";

/** A stretch of the stream of that seed: rounds `from` to `to` of each of these games. */
export type Stretch = { games: string[]; seed: number; from: number; to: number };
/** What a game's rounds multiplied their stakes by: of each of its choices in turn, how often by how much. */
export type Tally = { counts: Map<bigint, number>[]; seconds: number };

/** A thread of `test:long`: plays its stretch and posts a tally for each game. */
parentPort!.postMessage(played(workerData as Stretch), []);

function played({ games, seed, from, to }: Stretch): Tally[] {
  const tables = games.map((key) => {
    const game = gameByKey(key);
    const choices = game.choices();
    const counts = choices.map(() => new Map<bigint, number>());
    return { game, choices, tally: { counts, seconds: 0 } };
  });
  for (let start = from; start < to;) {
    const end = Math.min(to, start + BETS_PER_WORD - (start % BETS_PER_WORD));
    const seeds = seedsBetween(seed, start, end);
    for (const { game, choices, tally } of tables) {
      const began = performance.now();
      for (const [index, drawn] of seeds.entries()) {
        // The choices take turns.
        const turn = (start + index) % choices.length;
        const multiplierWad = game.multiplierWad(choices[turn]!, drawn);
        const counts = tally.counts[turn]!;
        counts.set(multiplierWad, (counts.get(multiplierWad) ?? 0) + 1);
      }
      tally.seconds += (performance.now() - began) / 1_000;
    }
    start = end;
  }
  return tables.map(({ tally }) => tally);
}

/** Of one word, which the run's seed numbers. */
function seedsBetween(seed: number, start: number, end: number): bigint[] {
  const word = keccak256(stringToHex(`test:long ${seed} ${Math.floor(start / BETS_PER_WORD)}`));
  const seeds = seedsOf(hexToBigInt(word), start % BETS_PER_WORD);
  return Array.from({ length: end - start }, () => seeds.next().value);
}
