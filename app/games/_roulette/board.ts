import type { RouletteChoice, RouletteOutcome } from "../../../sdk/games/roulette.ts";
import type { GameBoard } from "../board.ts";
import { rouletteFace } from "./RouletteFace.tsx";
import { roulettePicker } from "./RoulettePicker.tsx";

/** The board of a wheel with one zero or with two. */
export function rouletteBoard(
  key: GameBoard<RouletteChoice, RouletteOutcome>["key"],
  twin: GameBoard<RouletteChoice, RouletteOutcome>["twin"],
  zeros: 1 | 2,
): GameBoard<RouletteChoice, RouletteOutcome> {
  return {
    key,
    twin,
    verb: "Spin",
    initial: { chips: [] },
    wide: true,
    Picker: roulettePicker(zeros),
    Face: rouletteFace(zeros),
    readout: ({ outcome }) => outcome.name,
    incomplete: ({ chips }) => (chips.length === 0 ? "Place a chip on the table" : undefined),
  };
}
