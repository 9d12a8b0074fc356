import type { RouletteChoice } from "../../../sdk/games/roulette.ts";

/** Different bets in one spin. */
export const MOST_CHIPS = 8;
const MOST_WEIGHT = 255;

/** One chip more on a bet, or as many more as asked; at none left, the bet is gone. */
export function addChip({ chips }: RouletteChoice, bet: number, more = 1): RouletteChoice {
  const before = chips.find((chip) => chip.bet === bet)?.weight ?? 0;
  const weight = Math.min(MOST_WEIGHT, before + more);
  const others = chips.filter((chip) => chip.bet !== bet);
  if (weight <= 0) return { chips: others };
  if (before > 0)
    return { chips: chips.map((chip) => (chip.bet === bet ? { bet, weight } : chip)) };
  return others.length >= MOST_CHIPS ? { chips } : { chips: [...chips, { bet, weight }] };
}
