import { type Hex, bytesToHex, hexToBytes } from "viem";
import type { Draft } from "./design.ts";
import {
  type Frame,
  type Goal,
  type Habits,
  type Sketch,
  bisected,
  missOf,
} from "./design-search.ts";
import {
  type Machine,
  STOPS,
  chancesOf,
  correlated,
  hitChance,
  slotDistribution,
} from "./design-reels.ts";
import { Stream } from "./design-walk.ts";
import type { AnyGame } from "./index.ts";

/**
 * Slots for the designer: the hit frequency out of the reels, the number of lines and the shortest runs that pay; then
 * the paytable out of RTP and volatility.
 */

const LINE_COUNTS = [10, 8, 5, 4, 2, 1];
const SCATTER = 1;
const FIRST_SYMBOL = 2;
/** Of one run or of so many scatters. */
const MOST_PAYS = 2 ** 16 - 1;
/** Machines whose reels and runs are bent to the hit frequency. */
const MACHINES = 3;
/** Changes tried on each. */
const CHANGES = 150;

/** A machine and the shortest runs of each symbol that pay; past the last reel, none does. */
type Setting = { machine: Machine; shortest: number[] };

/** A place in the paytable: `run` of `symbol`, or as many scatters. */
type Entry = { symbol: number; run: number };

export function slotFrame(
  { game, choice }: { game: AnyGame; choice: Hex },
  { habits, letters, seed }: { habits: Habits; letters: string; seed: bigint },
): Frame<Draft> {
  const machine = machineOf(game);
  return {
    kind: "made",
    rarest: STOPS ** machine.strips.length,
    sketches: (goal) =>
      settingsFor(machine, goal, goal.hit ?? habits.hit, seed).flatMap((setting, order) =>
        sketchesOf(setting, goal, habits, (fitted) => ({
          game,
          choice,
          distribution: slotDistribution(fitted),
          contract: { name: game.contract.name, args: argsOf(fitted) },
          layout: layoutOf(fitted, letters),
        })).map((sketch) => ({ ...sketch, strangeness: order })),
      ),
  };
}

/** Settings near the hit frequency, the nearest first. */
function settingsFor(machine: Machine, goal: Goal, hit: number, seed: bigint): Setting[] {
  const stream = new Stream(seed);
  const reels = machine.strips.length;
  const starts = LINE_COUNTS.filter((count) => count <= machine.lines.length).flatMap((count) =>
    [2, 3].map((run): Setting => ({
      machine: { ...machine, lines: machine.lines.slice(0, count) },
      shortest: machine.pays.map((_, symbol) =>
        // One award of lines and scatters together would be rarer than either.
        symbol === 0 || (symbol === SCATTER && goal.topChance > 0)
          ? reels + 1
          : Math.min(reels, symbol === SCATTER ? 3 : run),
      ),
    })),
  );
  const off = (setting: Setting) => Math.abs(hitChance(setting.machine, setting.shortest) - hit);
  return starts
    .map((setting) => ({ setting, distance: off(setting) }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, MACHINES)
    .map(({ setting, distance }) => {
      let best = { setting, distance };
      for (let change = 0; change < CHANGES && best.distance > goal.tolerance / 2; change++) {
        const changed = changedBy(best.setting, stream);
        const distanceThen = off(changed);
        if (distanceThen < best.distance) best = { setting: changed, distance: distanceThen };
      }
      return best;
    })
    .toSorted((a, b) => a.distance - b.distance)
    .map(({ setting }) => setting);
}

/** Another shortest run of one symbol, or another symbol at one stop; wilds and scatters stay where they are. */
function changedBy({ machine, shortest }: Setting, stream: Stream): Setting {
  const symbols = machine.pays.length - FIRST_SYMBOL;
  const symbol = FIRST_SYMBOL + stream.below(symbols);
  const reels = machine.strips.length;
  if (stream.below(2) === 0) {
    return { machine, shortest: shortest.with(symbol, 2 + stream.below(Math.min(3, reels))) };
  }
  const reel = stream.below(reels);
  const stop = stream.below(STOPS);
  const strip = machine.strips[reel]!;
  // Each symbol stays on the reel: a run that can't be is no prize.
  if (strip[stop]! < FIRST_SYMBOL || strip.filter((each) => each === strip[stop]).length === 1) {
    return { machine, shortest };
  }
  return {
    machine: { ...machine, strips: machine.strips.with(reel, strip.with(stop, symbol)) },
    shortest,
  };
}

/** Paytables that rise with a power of the rarity of their runs. */
function sketchesOf(
  { machine, shortest }: Setting,
  goal: Goal,
  habits: Habits,
  build: (machine: Machine) => Draft,
): Omit<Sketch<Draft>, "strangeness">[] {
  const reels = machine.strips.length;
  const lines = machine.lines.length;
  const entries = machine.pays.flatMap((_, symbol) =>
    Array.from({ length: reels }, (_each, at): Entry => ({ symbol, run: at + 1 })).filter(
      ({ run }) => run >= 2 && run >= shortest[symbol]!,
    ),
  );
  const exact = entries.map((entry) => chancesOf(machine, entry.symbol)[entry.run]!);
  const usable = entries.filter((_, at) => exact[at]! > 0);
  if (usable.length < 2) return [];
  const chances = exact.filter((chance) => chance > 0);
  const tails = usable.map(({ symbol, run }) =>
    chancesOf(machine, symbol)
      .slice(run)
      .reduce((sum, chance) => sum + chance, 0),
  );
  const second = correlated(machine, usable);
  // In stakes: lines pay in line bets, scatters in stakes.
  const worth = usable.map(({ symbol }) => (symbol === SCATTER ? 1 : 1 / lines));
  const share = usable.map(({ symbol }) => (symbol === SCATTER ? 1 : lines));

  const measure = (pays: readonly number[]) => {
    const stakes = pays.map((each, at) => each * worth[at]!);
    const rtp = stakes.reduce((sum, each, at) => sum + each * chances[at]! * share[at]!, 0);
    let square = 0;
    for (const [a, row] of second.entries()) {
      let product = 0;
      for (const [b, chance] of row.entries()) product += chance * stakes[b]!;
      square += product * stakes[a]!;
    }
    return { rtp, sigma: Math.sqrt(Math.max(0, square - rtp * rtp)), hit };
  };
  const hit = hitChance(machine, shortest);
  const low = lowOnes(usable, tails, share, goal.ldw);

  // Every line may win at once: the largest pay that is safe in any case comes last.
  const caps = [1, 1 / 4, 1 / lines].map((part) => Math.max(1, (goal.maxWin / 100) * part));
  return [...new Set(caps)].flatMap((cap) => {
    const least = worth.map((each, at) =>
      low[at] ? 1 : Math.ceil(goal.leastWin / 100 / each - 1e-9),
    );
    const most = worth.map((each, at) =>
      low[at]
        ? Math.max(1, Math.ceil(1 / each) - 1)
        : Math.min(MOST_PAYS, Math.floor(cap / each + 1e-9)),
    );
    if (least.some((each, at) => each > most[at]!)) return [];
    const scaled = (scale: number, power: number) =>
      tails.map((tail, at) =>
        Math.min(
          most[at]!,
          Math.max(least[at]!, Math.exp(scale - power * Math.log(tail)) / worth[at]!),
        ),
      );
    if (measure(least).rtp > goal.rtp + goal.tolerance) return [];
    if (measure(most).rtp < goal.rtp - goal.tolerance) return [];
    const ofPower = (power: number) =>
      scaled(
        bisected(-60, 30, (scale) => measure(scaled(scale, power)).rtp < goal.rtp, 50),
        power,
      );
    const sigma = goal.sigma ?? habits.sigma;
    const start = ofPower(bisected(0, 3, (power) => measure(ofPower(power)).sigma < sigma, 24));
    return [
      {
        miss: missOf(measure(start), goal),
        start,
        measure,
        legal: (pays: readonly number[]) =>
          pays.every(
            (each, at) =>
              each >= least[at]! &&
              each <= most[at]! &&
              (at === 0 || usable[at - 1]!.symbol !== usable[at]!.symbol || each >= pays[at - 1]!),
          ),
        build: (pays: readonly number[]) =>
          build({ ...machine, pays: filled(machine, usable, pays) }),
      },
    ];
  });
}

/** The commonest first, while all of them together stay under the cap however they fall. */
function lowOnes(
  entries: readonly Entry[],
  tails: readonly number[],
  share: readonly number[],
  ldw: number,
): boolean[] {
  const low = entries.map(() => false);
  let left = ldw;
  const commonest = [...tails.keys()].toSorted((a, b) => tails[b]! - tails[a]!);
  for (const at of commonest) {
    const shortest = at === 0 || entries[at - 1]!.symbol !== entries[at]!.symbol;
    left -= tails[at]! * share[at]!;
    if (left < 0 || !shortest) break;
    low[at] = true;
  }
  return low;
}

/** Pays by symbol and run; what is not listed pays as the next shorter run does, or nothing. */
function filled(machine: Machine, entries: readonly Entry[], pays: readonly number[]): number[][] {
  const table = machine.pays.map((runs) => runs.map(() => 0));
  for (const [at, { symbol, run }] of entries.entries()) table[symbol]![run] = pays[at]!;
  for (const runs of table) {
    for (let run = 1; run < runs.length; run++) runs[run] = Math.max(runs[run]!, runs[run - 1]!);
  }
  return table;
}

/** The machine in service, out of what its contract is created with. */
export function machineOf({ contract }: AnyGame): Machine {
  const [reels, lines, pays] = contract.args as [readonly Hex[], readonly Hex[], readonly bigint[]];
  return {
    strips: reels.map((strip) => [...hexToBytes(strip)]),
    lines: lines.map((rows) => [...hexToBytes(rows)].slice(0, reels.length)),
    pays: pays.map((word) =>
      Array.from({ length: reels.length + 1 }, (_, run) =>
        run < 2 ? 0 : Number((word >> BigInt(16 * (run - 2))) & 0xffffn),
      ),
    ),
  };
}

/** Strips of a byte for each stop, lines of a byte for each of five reels, pays of 16 bits, the shortest run lowest. */
export function argsOf({ strips, lines, pays }: Machine): [Hex[], Hex[], bigint[]] {
  return [
    strips.map((strip) => bytesToHex(Uint8Array.from(strip))),
    lines.map((rows) => bytesToHex(Uint8Array.from([...rows, 0, 0].slice(0, 5)))),
    pays.map((runs) =>
      runs.reduce(
        (word, each, run) => (run < 2 ? word : word | (BigInt(each) << BigInt(16 * (run - 2)))),
        0n,
      ),
    ),
  ];
}

/** Strips in the letters of the machine's symbols, and what each symbol's runs of 2, 3, ... pay. */
function layoutOf({ strips, lines, pays }: Machine, letters: string): string[] {
  return [
    `${lines.length} lines;`,
    ...strips.map((strip) => strip.map((symbol) => letters[symbol]).join("")),
    ...pays.map((runs, symbol) => `${letters[symbol]}:${runs.slice(2).join("/")}`),
  ];
}
