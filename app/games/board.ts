import type { ComponentType } from "react";
import type { Game } from "../../sdk/games/types.ts";
import type { GameKey } from "./table.ts";

/** A round that the chain has drawn, through the game's twin. */
export interface Drawn<Choice, Outcome> {
  choice: Choice;
  outcome: Outcome;
  seed: bigint;
  /** What one stake came to, WAD. */
  multiplierWad: bigint;
}

/** What the controls of a choice are given. */
export interface PickerProps<Choice> {
  /** What the next bet is on. */
  choice: Choice;
  onChoice(choice: Choice): void;
  /** A bet is under way: nothing may change. */
  locked: boolean;
}

/** What a board is given: the choice, and how far the round is. */
export interface FaceProps<Choice, Outcome> extends PickerProps<Choice> {
  /** A bet of this player waits for its word. */
  waiting: boolean;
  /** The round on the stage, once its word is in; never while another one waits. */
  drawn: Drawn<Choice, Outcome> | undefined;
  /** Changes with each round: what moves starts anew. */
  drawKey: string;
}

/** All that a page knows of its game. The frame around it knows no game by name. */
export interface GameBoard<Choice, Outcome> {
  key: GameKey;
  twin: Game<Choice, Outcome>;
  /** What the button does: "Flip". */
  verb: string;
  initial: Choice;
  /** The first stake in the native coin, where the top prize is too large for the usual one. */
  firstStake?: string;
  /** Needs the whole stage: the glass opens below it, not beside it. */
  wide?: boolean;
  /** The choice's controls in the rail, where the board is not control enough. */
  Picker?: ComponentType<PickerProps<Choice>>;
  Face: ComponentType<FaceProps<Choice, Outcome>>;
  /** The draw as the one large figure; by default what one stake came to. */
  readout?(drawn: Drawn<Choice, Outcome>): string;
  /** What is still missing from a choice that can't be bet yet: "Pick a number". */
  incomplete?(choice: Choice): string | undefined;
}
