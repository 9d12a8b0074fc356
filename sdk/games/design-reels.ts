import { type OutcomeClass, WAD } from "./types.ts";

/** Windows of a slot machine, counted exactly: by its contract's rules (`contracts/games/SlotMachine.sol`). */

export type Machine = {
  /** Of each reel, the symbol at each of 32 stops: 0 is the wild, 1 the scatter. */
  strips: readonly (readonly number[])[];
  /** Of each line, the row on each reel. */
  lines: readonly (readonly number[])[];
  /** Of each symbol, what runs of 0, 1, 2, ... pay in line bets; of the scatter, as many of it in stakes. */
  pays: readonly (readonly number[])[];
};

export const STOPS = 32;
const ROWS = [0, 1, 2];
const WILD = 0;
const SCATTER = 1;

type Entry = { symbol: number; run: number };

/** Of a symbol, the chance that a line's run is exactly 0, 1, 2, ... long; of the scatter, that so many show. */
export function chancesOf({ strips }: Machine, symbol: number): number[] {
  if (symbol === SCATTER) {
    return strips.reduce<number[]>(
      (chances, strip) => {
        const shows = strip.filter((_, stop) => showsScatter(strip, stop)).length / STOPS;
        return [...chances, 0].map(
          (chance, count) => chance * (1 - shows) + (chances[count - 1] ?? 0) * shows,
        );
      },
      [1],
    );
  }
  const reached = [1];
  for (const [reel, strip] of strips.entries()) {
    const matching = strip.filter((cell) => cell === symbol || (reel > 0 && cell === WILD)).length;
    reached.push(reached.at(-1)! * (matching / STOPS));
  }
  return reached.map((chance, run) => chance - (reached[run + 1] ?? 0));
}

/** The chance that anything pays, if runs pay from the shortest of their symbol on. */
export function hitChance({ strips, lines }: Machine, shortest: readonly number[]): number {
  let dry = 0;
  for (let stop = 0; stop < STOPS; stop++) {
    const symbols = lines.map((rows) => cellAt(strips[0]!, stop, rows[0]!));
    const running = symbols.reduce(
      (set, symbol, line) => (symbol === SCATTER ? set : set | (1 << line)),
      0,
    );
    // By lines whose run goes on and by scatters; what has won is left out.
    let states = new Map([[running * 8 + scattersAt(strips[0]!, stop), 1]]);
    for (let reel = 1; reel < strips.length; reel++) {
      let won = 0;
      for (const [line, symbol] of symbols.entries())
        if (reel + 1 >= shortest[symbol]!) won |= 1 << line;
      const next = new Map<number, number>();
      for (const [key, windows] of continuations(strips[reel]!, reel, lines, symbols)) {
        for (const [state, count] of states) {
          const runs = (state >> 3) & (key >> 3);
          if (runs & won) continue;
          add(next, runs * 8 + (state & 7) + (key & 7), count * windows);
        }
      }
      states = next;
    }
    for (const [state, count] of states) if ((state & 7) < shortest[SCATTER]!) dry += count;
  }
  return 1 - dry / STOPS ** strips.length;
}

/**
 * For each two entries of the paytable, the expected product of how often they are won: with it, the second moment of
 * the payout is a quadratic form of the pays.
 */
export function correlated(
  { strips, lines, pays }: Machine,
  entries: readonly Entry[],
): number[][] {
  const reels = strips.length;
  const at = new Map(entries.map(({ symbol, run }, index) => [symbol * 8 + run, index]));
  const matrix = entries.map(() => entries.map(() => 0));
  const put = (a: number, b: number, chance: number) => {
    const [row, column] = [at.get(a), at.get(b)];
    if (row !== undefined && column !== undefined) matrix[row]![column]! += chance;
  };
  const each = 1 / STOPS ** reels;
  for (let stop = 0; stop < STOPS; stop++) {
    const symbols = lines.map((rows) => cellAt(strips[0]!, stop, rows[0]!));
    for (const [a, first] of symbols.entries()) {
      if (first === SCATTER) continue;
      for (const [b, second] of symbols.entries()) {
        if (second === SCATTER) continue;
        pairs(strips, lines[a]!, lines[b]!, first, second, (runA, runB, count) =>
          put(first * 8 + runA, second * 8 + runB, count * each),
        );
      }
      withScatters(
        strips,
        lines[a]!,
        first,
        scattersAt(strips[0]!, stop),
        (run, scatters, count) => {
          put(first * 8 + run, SCATTER * 8 + scatters, count * each);
          put(SCATTER * 8 + scatters, first * 8 + run, count * each);
        },
      );
    }
  }
  for (const [count, chance] of chancesOf({ strips, lines, pays }, SCATTER).entries()) {
    put(SCATTER * 8 + count, SCATTER * 8 + count, chance);
  }
  return matrix;
}

/** How the runs of two lines end together, over all stops of the reels after the first. */
function pairs(
  strips: Machine["strips"],
  rowsA: readonly number[],
  rowsB: readonly number[],
  a: number,
  b: number,
  tell: (runA: number, runB: number, count: number) => void,
): void {
  // Lengths so far, and whether each still goes on.
  let states = new Map([[0b11 | (1 << 2) | (1 << 5), 1]]);
  for (let reel = 1; reel < strips.length; reel++) {
    const counts = [0, 0, 0, 0];
    for (let stop = 0; stop < STOPS; stop++) {
      const goesA = matches(cellAt(strips[reel]!, stop, rowsA[reel]!), a) ? 1 : 0;
      const goesB = matches(cellAt(strips[reel]!, stop, rowsB[reel]!), b) ? 2 : 0;
      counts[goesA | goesB]!++;
    }
    const next = new Map<number, number>();
    for (const [state, count] of states) {
      for (const [going, windows] of counts.entries()) {
        if (windows === 0) continue;
        const on = state & 3 & going;
        const longer = state - (state & 3) + on + (on & 1 ? 1 << 2 : 0) + (on & 2 ? 1 << 5 : 0);
        add(next, longer, count * windows);
      }
    }
    states = next;
  }
  for (const [state, count] of states) tell((state >> 2) & 7, state >> 5, count);
}

/** How the run of a line ends together with how many scatters show. */
function withScatters(
  strips: Machine["strips"],
  rows: readonly number[],
  symbol: number,
  scatters: number,
  tell: (run: number, scatters: number, count: number) => void,
): void {
  let states = new Map([[1 | (1 << 1) | (scatters << 4), 1]]);
  for (let reel = 1; reel < strips.length; reel++) {
    const next = new Map<number, number>();
    for (let stop = 0; stop < STOPS; stop++) {
      const goes = matches(cellAt(strips[reel]!, stop, rows[reel]!), symbol);
      const shown = scattersAt(strips[reel]!, stop) << 4;
      for (const [state, count] of states) {
        const on = (state & 1) === 1 && goes;
        add(next, (on ? state + (1 << 1) : state - (state & 1)) + shown, count);
      }
    }
    states = next;
  }
  for (const [state, count] of states) tell((state >> 1) & 7, state >> 4, count);
}

/** All windows, by what they pay. */
export function slotDistribution({ strips, lines, pays }: Machine): OutcomeClass[] {
  const totals = new Map<number, number>();
  for (let stop = 0; stop < STOPS; stop++) {
    const symbols = lines.map((rows) => cellAt(strips[0]!, stop, rows[0]!));
    const running = symbols.reduce(
      (set, symbol, line) => (symbol === SCATTER ? set : set | (1 << line)),
      0,
    );
    let states = new Map([[running * 8 + scattersAt(strips[0]!, stop), 1]]);
    for (let reel = 1; reel < strips.length; reel++) {
      const next = new Map<number, number>();
      const gains = new Map<number, number>();
      for (const [key, windows] of continuations(strips[reel]!, reel, lines, symbols)) {
        for (const [state, count] of states) {
          const runs = (state >> 3) & (key >> 3) & 1_023;
          let gain = gains.get(runs);
          if (gain === undefined) {
            gain = 0;
            for (const [line, symbol] of symbols.entries()) {
              if (runs & (1 << line)) gain += pays[symbol]![reel + 1]! - pays[symbol]![reel]!;
            }
            gains.set(runs, gain);
          }
          // What was paid so far lies above the runs' ten bits and the scatters' three.
          const paid = Math.floor(state / 8_192) + gain;
          add(next, paid * 8_192 + runs * 8 + (state & 7) + (key & 7), count * windows);
        }
      }
      states = next;
    }
    for (const [state, count] of states) {
      add(totals, Math.floor(state / 8_192) + pays[SCATTER]![state & 7]! * lines.length, count);
    }
  }
  const lineBetWad = WAD / BigInt(lines.length);
  return [...totals]
    .toSorted(([a], [b]) => b - a)
    .map(([lineBets, count]) => ({
      label:
        lineBets === 0
          ? "no win"
          : `${Math.round((lineBets * 1_000) / lines.length) / 1_000} times`,
      weight: BigInt(count),
      multiplierWad: BigInt(lineBets) * lineBetWad,
    }));
}

/** The stops of a reel by the lines whose runs they continue, times 8, and the scatters they show. */
function continuations(
  strip: readonly number[],
  reel: number,
  lines: Machine["lines"],
  symbols: readonly number[],
): Map<number, number> {
  const counts = new Map<number, number>();
  for (let stop = 0; stop < STOPS; stop++) {
    let runs = 0;
    for (const [line, symbol] of symbols.entries()) {
      if (matches(cellAt(strip, stop, lines[line]![reel]!), symbol)) runs |= 1 << line;
    }
    add(counts, runs * 8 + scattersAt(strip, stop), 1);
  }
  return counts;
}

function matches(cell: number, symbol: number): boolean {
  return cell === symbol || cell === WILD;
}

function cellAt(strip: readonly number[], stop: number, row: number): number {
  return strip[(stop + row) % STOPS]!;
}

function scattersAt(strip: readonly number[], stop: number): number {
  return ROWS.filter((row) => cellAt(strip, stop, row) === SCATTER).length;
}

function showsScatter(strip: readonly number[], stop: number): boolean {
  return scattersAt(strip, stop) > 0;
}

function add(counts: Map<number, number>, key: number, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}
