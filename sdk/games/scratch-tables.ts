/** A print run of scratch cards: how many tickets it has, and how many of them win each prize, the largest first. */
export type ScratchTable = {
  tickets: number;
  prizes: readonly {
    winners: number;
    /** In hundredths of the stake. */
    multiplier: number;
  }[];
};

/** Returns exactly 97.5%; one card in 2.8 wins. */
export const SCRATCH_CARD: ScratchTable = {
  tickets: 1_000_000,
  prizes: [
    { winners: 4, multiplier: 1_000_000 },
    { winners: 40, multiplier: 100_000 },
    { winners: 800, multiplier: 10_000 },
    { winners: 4_000, multiplier: 2_500 },
    { winners: 12_000, multiplier: 1_000 },
    { winners: 33_000, multiplier: 500 },
    { winners: 120_000, multiplier: 200 },
    { winners: 190_000, multiplier: 100 },
  ],
};
