import type { SlotMachine } from "../../../sdk/games/slot-machines.ts";
import type { SlotChoice, SlotOutcome } from "../../../sdk/games/slots.ts";
import type { GameBoard } from "../board.ts";
import { slotsFace } from "./SlotsFace.tsx";

/** The board of one machine. */
export function slotsBoard(
  key: GameBoard<SlotChoice, SlotOutcome>["key"],
  twin: GameBoard<SlotChoice, SlotOutcome>["twin"],
  machine: SlotMachine,
): GameBoard<SlotChoice, SlotOutcome> {
  return {
    key,
    twin,
    verb: "Spin",
    initial: {},
    firstStake: "0.001",
    wide: true,
    Face: slotsFace(machine),
  };
}
