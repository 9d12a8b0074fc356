/** A machine's data. The first symbol is the wild, the second the scatter. */
export type SlotMachine = {
  symbols: readonly {
    /** Stands for the symbol in the strips. */
    letter: string;
    name: string;
    /** What runs of 2, 3, ... pay, in line bets; what as many scatters pay, in stakes. */
    pays: readonly number[];
  }[];
  /** Strips of 32 letters. */
  reels: readonly string[];
  /** Of each line, the row on each reel, 0 at the top. */
  lines: readonly string[];
};

const FIVE_LINES = ["111", "000", "222", "012", "210"];

const TEN_LINES = [
  "11111",
  "00000",
  "22222",
  "01210",
  "21012",
  "00122",
  "22100",
  "10001",
  "12221",
  "01110",
];

/** Low volatility: three reels, five lines. No win is less than the stake. */
export const CUT_GLASS: SlotMachine = {
  symbols: [
    { letter: "W", name: "Prism", pays: [0, 0] },
    { letter: "S", name: "Spark", pays: [1, 20] },
    { letter: "D", name: "Diamond", pays: [0, 135] },
    { letter: "R", name: "Ruby", pays: [0, 65] },
    { letter: "E", name: "Emerald", pays: [0, 32] },
    { letter: "B", name: "Sapphire", pays: [0, 22] },
    { letter: "A", name: "Amber", pays: [0, 12] },
    { letter: "Q", name: "Quartz", pays: [0, 5] },
  ],
  reels: [
    "AQDBEQAQABQAQRAQBQBQESARBRQEDEAQ",
    "BWDQBQAQAQEAQDRQSQEBRBQABEWAEARQ",
    "WQDRQEBWBEQABQDEQABAQARQSAQEQARB",
  ],
  lines: FIVE_LINES,
};

/** Medium volatility: five reels, ten lines. */
export const STAINED_GLASS: SlotMachine = {
  symbols: [
    { letter: "W", name: "Light", pays: [0, 0, 0, 0] },
    { letter: "S", name: "Rose window", pays: [0, 10, 50, 500] },
    { letter: "L", name: "Lion", pays: [10, 100, 500, 5_000] },
    { letter: "G", name: "Griffin", pays: [5, 75, 300, 2_000] },
    { letter: "D", name: "Dove", pays: [0, 60, 200, 1_000] },
    { letter: "F", name: "Fish", pays: [0, 40, 120, 600] },
    { letter: "R", name: "Red pane", pays: [0, 13, 50, 250] },
    { letter: "B", name: "Blue pane", pays: [0, 10, 40, 200] },
    { letter: "Y", name: "Yellow pane", pays: [0, 10, 40, 200] },
    { letter: "V", name: "Violet pane", pays: [0, 10, 30, 150] },
  ],
  reels: [
    "LBDRFBGYVRYVBLVRBVYBGYDVYRSVFDRF",
    "BWDVYBVLGRFBRYVGBRSVFDBRVYFDYVRY",
    "DBWFVLYRDVBYFSVRYFDBLFVGBYRGBYVR",
    "YWFYDVRFBRGYRBDVGRDVBYLBFVRYLBSV",
    "LSVYFBRFVYDFVDBFRBGRBDYGVYBRYLVG",
  ],
  lines: TEN_LINES,
};

/** High volatility: five reels, ten lines, symbols in stacks. */
export const MOLTEN_GLASS: SlotMachine = {
  symbols: [
    { letter: "W", name: "Flame", pays: [0, 0, 0, 0] },
    { letter: "S", name: "Furnace", pays: [0, 10, 100, 1_000] },
    { letter: "P", name: "Phoenix", pays: [5, 100, 1_500, 20_000] },
    { letter: "V", name: "Vase", pays: [0, 70, 300, 2_500] },
    { letter: "O", name: "Orb", pays: [0, 25, 120, 800] },
    { letter: "C", name: "Cup", pays: [0, 12, 40, 250] },
    { letter: "B", name: "Bead", pays: [0, 5, 12, 60] },
    { letter: "T", name: "Tube", pays: [0, 5, 12, 60] },
    { letter: "N", name: "Nugget", pays: [0, 4, 10, 50] },
  ],
  reels: [
    "PPNNNBBBTTCTTCCCBBNNNTTTSBBOOVVO",
    "WWNNNTTNNNTTCCCBBOTTSPBBBCOOBBVV",
    "NWWTTNNNSBBOOPPTTTBBVVTTBBCCCONN",
    "BWTTBBVVTTTSONNNCNNNOOBBBTTPCCCB",
    "PPCTTNNNTTCCCBBOBBBSBBNNNVVOOTTT",
  ],
  lines: TEN_LINES,
};
