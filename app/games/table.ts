/** The games that have a page, in words alone: what menus, feeds and lists need, without any game's rules. */

export type GameGroup = "Quick odds" | "Tables" | "Numbers and paths" | "Machines and cards";

export const GROUPS: readonly GameGroup[] = [
  "Quick odds",
  "Tables",
  "Numbers and paths",
  "Machines and cards",
];

export interface GameEntry {
  /** Its number in the casino. */
  id: number;
  key: string;
  name: string;
  group: GameGroup;
  /** One sentence: what is bet on, and what decides. */
  about: string;
  /** Contract behind the glass, in `contracts/games/`. */
  file: string;
}

const entries = [
  {
    id: 1,
    key: "coin-flip",
    name: "Coin flip",
    group: "Quick odds",
    about: "Heads or tails. One bit of a verified random word decides.",
    file: "CoinFlip.sol",
  },
  {
    id: 2,
    key: "dice",
    name: "Dice",
    group: "Quick odds",
    about: "Move the target. The roll falls on one of 10,000 equal marks.",
    file: "Dice.sol",
  },
] as const satisfies readonly GameEntry[];

export type GameKey = (typeof entries)[number]["key"];

export const gameTable: readonly GameEntry[] = entries;

export function entryById(id: number): GameEntry | undefined {
  return gameTable.find((entry) => entry.id === id);
}

export function entryByKey(key: GameKey): GameEntry {
  const entry = gameTable.find((each) => each.key === key);
  if (entry === undefined) throw new Error(`No game has the key ${key}`);
  return entry;
}
