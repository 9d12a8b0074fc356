/** The games that have a page, in words alone: what the lobby and the server need, without any game's rules. */

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
  {
    id: 3,
    key: "limbo",
    name: "Limbo",
    group: "Quick odds",
    about: "Name a multiplier up to 1,000,000. The result has to reach it.",
    file: "Limbo.sol",
  },
  {
    id: 15,
    key: "rock-paper-scissors",
    name: "Rock, paper, scissors",
    group: "Quick odds",
    about: "Your hand against one that the chain draws. The same hand gives the stake back.",
    file: "RockPaperScissors.sol",
  },
  {
    id: 4,
    key: "european-roulette",
    name: "European roulette",
    group: "Tables",
    about: "One zero, 37 pockets. Every bet of the table, up to eight in a spin.",
    file: "Roulette.sol",
  },
  {
    id: 5,
    key: "american-roulette",
    name: "American roulette",
    group: "Tables",
    about: "Two zeros, 38 pockets: the same prices at twice the cost.",
    file: "Roulette.sol",
  },
  {
    id: 12,
    key: "baccarat",
    name: "Baccarat",
    group: "Tables",
    about: "Player, banker or tie; cards of eight fresh decks, third card by the rules.",
    file: "Baccarat.sol",
  },
  {
    id: 13,
    key: "sic-bo",
    name: "Sic bo",
    group: "Tables",
    about: "Three dice and 52 bets on them, all at the same low cost.",
    file: "SicBo.sol",
  },
  {
    id: 14,
    key: "craps",
    name: "Craps",
    group: "Tables",
    about: "Two dice: a whole pass or don't-pass line to its end, or one roll on the field.",
    file: "Craps.sol",
  },
  {
    id: 6,
    key: "plinko",
    name: "Plinko",
    group: "Numbers and paths",
    about: "A ball through 8 to 16 rows of pins, left or right by one bit at each.",
    file: "Plinko.sol",
  },
  {
    id: 7,
    key: "keno",
    name: "Keno",
    group: "Numbers and paths",
    about: "Pick up to ten of forty numbers. Ten are drawn without replacement.",
    file: "Keno.sol",
  },
  {
    id: 8,
    key: "wheel",
    name: "Wheel",
    group: "Numbers and paths",
    about: "10 to 50 equal segments, each with its price on it.",
    file: "Wheel.sol",
  },
  {
    id: 9,
    key: "cut-glass",
    name: "Cut glass",
    group: "Machines and cards",
    about: "Slot machine, low volatility: three reels, five lines, no win below the stake.",
    file: "SlotMachine.sol",
  },
  {
    id: 10,
    key: "stained-glass",
    name: "Stained glass",
    group: "Machines and cards",
    about: "Slot machine, medium volatility: five reels, ten lines.",
    file: "SlotMachine.sol",
  },
  {
    id: 11,
    key: "molten-glass",
    name: "Molten glass",
    group: "Machines and cards",
    about: "Slot machine, high volatility: five reels, ten lines, stacked symbols.",
    file: "SlotMachine.sol",
  },
  {
    id: 16,
    key: "scratch-card",
    name: "Scratch card",
    group: "Machines and cards",
    about: "Nine fields: three alike win. One ticket of a million, drawn afresh each time.",
    file: "ScratchCard.sol",
  },
] as const satisfies readonly GameEntry[];

export type GameKey = (typeof entries)[number]["key"];

export const gameTable: readonly GameEntry[] = entries;

export function entryByKey(key: GameKey): GameEntry {
  const entry = gameTable.find((each) => each.key === key);
  if (entry === undefined) throw new Error(`No game has the key ${key}`);
  return entry;
}
