import { keccak_256 } from "@noble/hashes/sha3.js";

/** From a shape in floating point to whole numbers: what the designer's search does last. */

/** Whole-number variables, where to start, and what they come to. */
export type Rounding = {
  start: readonly number[];
  legal(values: readonly number[]): boolean;
  /** How far they are from the goal; 0 is met. */
  miss(values: readonly number[]): number;
};

const KICKS = 24;
/** Moves from one start: a walk that is not there by then is not going there. */
const MOVES = 150;
/** Far and near, in steps. */
const STRIDES = [-4_096, -512, -64, -8, -2, -1, 1, 2, 8, 64, 512, 4_096];

/**
 * Rounds to so many significant digits and walks, greedily and with a kick where it is stuck, to the goal. Nothing
 * where no rounding is legal.
 */
export function settled(
  { start, legal, miss }: Rounding,
  digits: number,
  stream: Stream,
): number[] | undefined {
  const steps = start.map(
    (value) => 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) + 1 - digits),
  );
  const roundings = [Math.round, Math.ceil, Math.floor].map((round) =>
    start.map((value, at) => round(value / steps[at]!) * steps[at]!),
  );
  const rounded = [...roundings, start.map(Math.ceil), start.map(Math.floor)].find(legal);
  if (rounded === undefined) return undefined;

  let values = rounded;
  let best = values;
  let bestMiss = miss(values);
  for (let kick = 0; kick <= KICKS && bestMiss > 0; kick++) {
    let now = miss(values);
    for (let move = 0; move < MOVES; move++) {
      const next = bestOf(neighbours(values, steps, legal), miss, now);
      if (next === undefined) break;
      ({ miss: now, values } = next);
    }
    if (now < bestMiss) [best, bestMiss] = [values, now];
    values = best.map((value, at) => value + steps[at]! * (stream.below(7) - 3));
    if (!legal(values)) values = best;
  }
  return best;
}

/** The nearest to the goal, if it is nearer than `now`. */
function bestOf(
  candidates: readonly number[][],
  miss: (values: readonly number[]) => number,
  now: number,
): { miss: number; values: number[] } | undefined {
  let best: { miss: number; values: number[] } | undefined;
  for (const values of candidates) {
    const its = miss(values);
    if (its < (best?.miss ?? now)) best = { miss: its, values };
  }
  return best;
}

/** One or two of the values a few steps up or down. */
function neighbours(
  values: readonly number[],
  steps: readonly number[],
  legal: (values: readonly number[]) => boolean,
): number[][] {
  const found: number[][] = [];
  const add = (moved: number[]) => {
    if (legal(moved)) found.push(moved);
  };
  for (const i of values.keys()) {
    for (const a of STRIDES) {
      const one = values.with(i, values[i]! + a * steps[i]!);
      add(one);
      for (let j = i + 1; j < values.length && Math.abs(a) < 64; j++) {
        for (const b of [-1, 1]) add(one.with(j, one[j]! + b * steps[j]!));
      }
    }
  }
  return found;
}

/** `keccak256(abi.encode(seed, i))` for i = 0, 1, 2, ...: the numbers of a search and of an illustration. */
export class Stream {
  private readonly input = new Uint8Array(64);
  private readonly counter = new DataView(this.input.buffer);
  private count = 0;

  constructor(seed: bigint) {
    for (let at = 0; at < 32; at++) this.input[31 - at] = Number((seed >> BigInt(8 * at)) & 0xffn);
  }

  next(): bigint {
    this.counter.setBigUint64(56, BigInt(this.count++));
    const word = new DataView(keccak_256(this.input).buffer);
    return [0, 8, 16, 24].reduce((sum, at) => (sum << 64n) | word.getBigUint64(at), 0n);
  }

  below(bound: number): number {
    return Number(this.next() % BigInt(bound));
  }
}
