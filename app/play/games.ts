import type { Hex } from "viem";
import { coinFlip } from "../../sdk/games/coin-flip.ts";
import { dice } from "../../sdk/games/dice.ts";
import { WAD } from "../../sdk/games/types.ts";

/** What the pages add to a game's twin: its words and the price without an edge. */
export interface Playable {
  id: number;
  key: "coin-flip" | "dice";
  name: string;
  verb: string;
  about: string;
  /** Contract and function behind the glass. */
  source: { file: string; function: string };
  /** Payout for one stake at no edge, WAD. */
  fairWad(choice: Hex): bigint;
  twin: typeof coinFlip | typeof dice;
}

/** How many of 10,000 rolls win. */
export function winsOf(choice: Hex): number {
  const { over, target } = dice.decode(choice);
  return over ? 9_999 - target : target;
}

export const playables: Record<Playable["key"], Playable> = {
  "coin-flip": {
    id: coinFlip.id,
    key: "coin-flip",
    name: "Coin flip",
    verb: "Flip",
    about: "Heads or tails. One bit of a verified random word decides.",
    source: { file: "CoinFlip.sol", function: "payout" },
    fairWad: () => 2n * WAD,
    twin: coinFlip,
  },
  dice: {
    id: dice.id,
    key: "dice",
    name: "Dice",
    verb: "Roll",
    about: "Move the target. The roll falls on one of 10,000 equal marks.",
    source: { file: "Dice.sol", function: "payout" },
    fairWad: (choice) => (WAD * 10_000n) / BigInt(winsOf(choice)),
    twin: dice,
  },
};

export function playableById(id: number): Playable | undefined {
  return Object.values(playables).find((playable) => playable.id === id);
}

/** 5,000 as 50.00. */
export function hundredths(value: number): string {
  return (value / 100).toFixed(2);
}
