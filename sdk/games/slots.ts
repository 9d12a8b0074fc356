import { type Hex, bytesToHex, numberToHex, padHex } from "viem";
import { CUT_GLASS, MOLTEN_GLASS, STAINED_GLASS, type SlotMachine } from "./slot-machines.ts";
import {
  type Game,
  IllegalChoice,
  type Odds,
  type OutcomeClass,
  WAD,
  choiceBits,
  gameOf,
  oddsOf,
} from "./types.ts";

/**
 * Slot machines: three or five reels of 32 stops, three rows, up to ten lines, all of them bet on.
 * Twin of `contracts/games/SlotMachine.sol`, whose notice has the rules. Choice: none, all bytes are 0.
 */

export type SlotChoice = Record<string, never>;
export type SlotOutcome = {
  /** The stop of each reel that its top row shows. */
  stops: readonly number[];
  /** Three rows of symbols, by their index in the machine. */
  rows: readonly (readonly number[])[];
  wins: readonly {
    line: number;
    symbol: number;
    run: number;
    /** In line bets. */
    pays: number;
  }[];
  scatters: number;
  /** What the scatters pay, in stakes. */
  scatterPays: number;
  multiplierWad: bigint;
};

const NOTHING = numberToHex(0n, { size: 16 });
const STOPS = 32;
const ROWS = 3;
const WILD = 0;
const SCATTER = 1;

/** A machine as its reels and lines are read: everything by index. */
export type Layout = {
  /** Of each reel, the symbol at each stop. */
  strips: readonly (readonly number[])[];
  /** Of each line, the row on each reel. */
  lines: readonly (readonly number[])[];
  /** Of each symbol, what runs of 0, 1, 2, ... pay. */
  pays: readonly (readonly number[])[];
  lineBetWad: bigint;
};

function slotMachine(
  id: number,
  key: string,
  name: string,
  machine: SlotMachine,
): Game<SlotChoice, SlotOutcome> {
  const layout = layoutOf(machine);
  let classes: OutcomeClass[] | undefined;
  let odds: Odds | undefined;

  const distribution = (choice: Hex) => {
    parse(choice);
    classes ??= distributionOf(layout);
    return classes;
  };
  const outcome = (seed: bigint, choice: Hex) => {
    parse(choice);
    return spin(layout, stopsOf(layout, seed));
  };

  return gameOf({
    id,
    key,
    name,
    contract: { name: "SlotMachine", args: contractArgs(layout) },
    odds: (choice) => {
      odds ??= oddsOf(distribution(choice));
      parse(choice);
      return odds;
    },
    multiplierWad: (choice, seed) => outcome(seed, choice).multiplierWad,
    distribution,
    choices: () => [NOTHING],
    encode: () => NOTHING,
    decode: (choice) => {
      parse(choice);
      return {};
    },
    outcome,
    describe: (choice) => {
      parse(choice);
      return `${layout.lines.length} lines`;
    },
    describeOutcome: (seed, choice) => {
      const { rows, multiplierWad } = outcome(seed, choice);
      const shown = rows.map((row) =>
        row.map((symbol) => machine.symbols[symbol]!.letter).join(""),
      );
      return `${shown.join(" ")}: ${timesOf(multiplierWad)}`;
    },
  });
}

/** What a window pays: its lines, then its scatters. */
export function spin(layout: Layout, stops: readonly number[]): SlotOutcome {
  const rows = Array.from({ length: ROWS }, (_, row) =>
    stops.map((stop, reel) => layout.strips[reel]![(stop + row) % STOPS]!),
  );
  const wins: SlotOutcome["wins"][number][] = [];
  for (const [line, path] of layout.lines.entries()) {
    const cells = path.map((row, reel) => rows[row]![reel]!);
    const symbol = cells[0]!;
    const broken = cells.findIndex((cell) => cell !== symbol && cell !== WILD);
    const run = broken < 0 ? cells.length : broken;
    const pays = symbol === SCATTER ? 0 : layout.pays[symbol]![run]!;
    if (pays > 0) wins.push({ line, symbol, run, pays });
  }
  const scatters = rows.flat().filter((cell) => cell === SCATTER).length;
  const scatterPays = layout.pays[SCATTER]![scatters]!;
  const lineBets = wins.reduce((sum, { pays }) => sum + pays, scatterPays * layout.lines.length);
  const multiplierWad = BigInt(lineBets) * layout.lineBetWad;
  return { stops, rows, wins, scatters, scatterPays, multiplierWad };
}

/** Five bits of the seed for each reel. */
function stopsOf({ strips }: Layout, seed: bigint): number[] {
  return strips.map((_, reel) => Number((seed >> BigInt(5 * reel)) & 31n));
}

/**
 * All windows, exactly: for each stop of the first reel, which fixes the symbol of every line, reel after reel, with
 * windows counted together that have paid alike so far, show as many scatters and have the same runs unbroken.
 */
export function distributionOf(layout: Layout): OutcomeClass[] {
  const { strips, lines, pays, lineBetWad } = layout;
  const totals = new Map<number, number>();
  for (let stop = 0; stop < STOPS; stop++) {
    const symbols = lines.map((path) => strips[0]![(stop + path[0]!) % STOPS]!);
    const running = symbols.reduce(
      (set, symbol, i) => (symbol === SCATTER ? set : set | (1 << i)),
      0,
    );
    let states = new Map([[keyOf(0, scattersAt(strips[0]!, stop), running), 1]]);
    for (let reel = 1; reel < strips.length; reel++) {
      const continued = continuedBy(layout, reel, symbols);
      const gains = new Map<number, number>();
      const next = new Map<number, number>();
      for (const [key, count] of states) {
        const { paid, scatters, runs } = stateOf(key);
        for (const [window, stops] of continued) {
          const unbroken = runs & window.runs;
          let gain = gains.get(unbroken);
          if (gain === undefined) {
            gain = 0;
            for (const [line, symbol] of symbols.entries()) {
              if (unbroken & (1 << line)) gain += pays[symbol]![reel + 1]! - pays[symbol]![reel]!;
            }
            gains.set(unbroken, gain);
          }
          add(next, keyOf(paid + gain, scatters + window.scatters, unbroken), count * stops);
        }
      }
      states = next;
    }
    for (const [key, count] of states) {
      const { paid, scatters } = stateOf(key);
      add(totals, paid + pays[SCATTER]![scatters]! * lines.length, count);
    }
  }
  return [...totals]
    .toSorted(([a], [b]) => b - a)
    .map(([lineBets, count]) => {
      const multiplierWad = BigInt(lineBets) * lineBetWad;
      return { label: timesOf(multiplierWad), weight: BigInt(count), multiplierWad };
    });
}

/** The stops of a reel, counted together by which runs they would continue and whether they show a scatter. */
function continuedBy(
  { strips, lines }: Layout,
  reel: number,
  symbols: readonly number[],
): [{ runs: number; scatters: number }, number][] {
  const strip = strips[reel]!;
  const counts = new Map<number, number>();
  for (let stop = 0; stop < STOPS; stop++) {
    let runs = 0;
    for (const [line, path] of lines.entries()) {
      const cell = strip[(stop + path[reel]!) % STOPS]!;
      if (cell === symbols[line] || cell === WILD) runs |= 1 << line;
    }
    add(counts, keyOf(0, scattersAt(strip, stop), runs), 1);
  }
  return [...counts].map(([key, stops]) => [stateOf(key), stops]);
}

function scattersAt(strip: readonly number[], stop: number): number {
  return [0, 1, 2].filter((row) => strip[(stop + row) % STOPS] === SCATTER).length;
}

/** Runs have 10 bits, scatters 3. */
function keyOf(paid: number, scatters: number, runs: number): number {
  return (paid * 8 + scatters) * 1_024 + runs;
}

function stateOf(key: number): { paid: number; scatters: number; runs: number } {
  const upper = Math.floor(key / 1_024);
  return { paid: Math.floor(upper / 8), scatters: upper % 8, runs: key % 1_024 };
}

function add(counts: Map<number, number>, key: number, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

/** The machine, with every symbol by its index. */
export function layoutOf({ symbols, reels, lines }: SlotMachine): Layout {
  return {
    strips: reels.map((strip) =>
      [...strip].map((letter) => symbols.findIndex((symbol) => symbol.letter === letter)),
    ),
    lines: lines.map((path) => [...path].map(Number)),
    pays: symbols.map(({ pays }) => [0, 0, ...pays]),
    lineBetWad: WAD / BigInt(lines.length),
  };
}

/** Strips of a byte for each stop, lines of a byte for each row, pays of 16 bits for each run, the shortest lowest. */
function contractArgs({ strips, lines, pays }: Layout): [Hex[], Hex[], bigint[]] {
  return [
    strips.map((strip) => bytesToHex(Uint8Array.from(strip))),
    lines.map((path) => padHex(bytesToHex(Uint8Array.from(path)), { dir: "right", size: 5 })),
    pays.map((runs) =>
      runs
        .slice(2)
        .reduce((word, lineBets, index) => word | (BigInt(lineBets) << BigInt(16 * index)), 0n),
    ),
  ];
}

function timesOf(multiplierWad: bigint): string {
  return multiplierWad === 0n
    ? "no win"
    : `${Number((multiplierWad * 1_000n) / WAD) / 1_000} times`;
}

function parse(choice: Hex): void {
  if (choiceBits(choice) !== 0n) throw new IllegalChoice({ choice });
}

export const cutGlass = slotMachine(9, "cut-glass", "Cut glass", CUT_GLASS);
export const stainedGlass = slotMachine(10, "stained-glass", "Stained glass", STAINED_GLASS);
export const moltenGlass = slotMachine(11, "molten-glass", "Molten glass", MOLTEN_GLASS);
