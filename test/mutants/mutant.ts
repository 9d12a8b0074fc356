/** A change of a contract, and how it gets into the source. */

/** The block's beneficiary is the number of the active mutant: no contract reads it otherwise, and it costs 2 gas. */
export const SWITCH = "block.coinbase";

/** What is put around a piece of a file. Of those that meet at a place, the earlier ones are the outer ones. */
export interface Wrap {
  start: number;
  end: number;
  before: string;
  after: string;
  mutants: number[];
}

export interface Mutant {
  /** What the switch reads while the mutant is active. */
  id: number;
  file: string;
  /** Where it begins, both from 1. */
  line: number;
  column: number;
  /** The contract's name and the function's. */
  function: string;
  operator: string;
  original: string;
  mutated: string;
  /** The line that it begins in, as it is. */
  source: string;
}
