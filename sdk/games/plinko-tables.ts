/**
 * What the buckets of plinko pay, in hundredths of the stake: from the outermost bucket inwards to the middle, which an
 * even number of rows has once and an odd one twice. Right is as left.
 */

export type PlinkoRisk = "low" | "medium" | "high";

/** In the order of the choice's second byte. */
export const plinkoRisks: readonly PlinkoRisk[] = ["low", "medium", "high"];

type Tables = Readonly<Record<number, Readonly<Record<PlinkoRisk, readonly number[]>>>>;

/** By rows, 8 to 16. */
export const plinkoTables: Tables = {
  8: {
    low: [500, 230, 140, 80, 55],
    medium: [1290, 350, 130, 60, 45],
    high: [2900, 460, 100, 40, 30],
  },
  9: {
    low: [550, 300, 170, 100, 60],
    medium: [1700, 450, 200, 80, 45],
    high: [4300, 800, 180, 50, 25],
  },
  10: {
    low: [700, 390, 200, 120, 75, 55],
    medium: [2190, 700, 260, 110, 55, 40],
    high: [7450, 1200, 270, 80, 30, 25],
  },
  11: {
    low: [800, 430, 260, 160, 90, 55],
    medium: [2590, 850, 360, 160, 75, 40],
    high: [11800, 2000, 430, 120, 45, 20],
  },
  12: {
    low: [900, 550, 310, 190, 110, 70, 50],
    medium: [3300, 1250, 470, 190, 100, 55, 40],
    high: [17000, 3000, 650, 190, 60, 30, 25],
  },
  13: {
    low: [1000, 630, 360, 220, 130, 85, 60],
    medium: [4300, 1600, 550, 270, 130, 70, 45],
    high: [26000, 4600, 1000, 290, 90, 40, 25],
  },
  14: {
    low: [1200, 600, 390, 240, 150, 100, 75, 60],
    medium: [5800, 2200, 800, 350, 170, 85, 55, 40],
    high: [42000, 7300, 1500, 400, 140, 60, 30, 20],
  },
  15: {
    low: [1400, 770, 480, 280, 190, 120, 85, 60],
    medium: [8500, 2850, 1100, 460, 220, 110, 65, 45],
    high: [61000, 12000, 2600, 600, 200, 75, 35, 25],
  },
  16: {
    low: [1600, 950, 550, 360, 220, 140, 95, 70, 60],
    medium: [10900, 4000, 1500, 600, 290, 150, 80, 50, 40],
    high: [100000, 17900, 3700, 950, 290, 110, 50, 30, 20],
  },
};
