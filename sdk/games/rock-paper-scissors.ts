import { type Hex, numberToHex } from "viem";
import {
  type Game,
  IllegalChoice,
  type Odds,
  type OutcomeClass,
  WAD,
  choiceByte,
  gameOf,
  oddsOf,
} from "./types.ts";

/**
 * The better hand pays 1.96 for 1, the same hand gives the stake back.
 * Twin of `contracts/games/RockPaperScissors.sol`. Choice: byte 0 is the player's hand, 0 rock, 1 paper, 2 scissors.
 */

export type Hand = "rock" | "paper" | "scissors";
export type RockPaperScissorsChoice = { hand: Hand };
/** The house's hand. */
export type RockPaperScissorsOutcome = { hand: Hand };

/** Each beats the one before it, and the first one beats the last. */
const HANDS = ["rock", "paper", "scissors"] as const;
const HANDS_COUNT = 3n;
const WIN_WAD = (WAD * 196n) / 100n;

function odds(choice: Hex): Odds {
  return oddsOf(distribution(choice));
}

function multiplierWad(choice: Hex, seed: bigint): bigint {
  const lead = (HANDS_COUNT + parse(choice) - (seed % HANDS_COUNT)) % HANDS_COUNT;
  if (lead === 0n) return WAD;
  return lead === 1n ? WIN_WAD : 0n;
}

function distribution(choice: Hex): OutcomeClass[] {
  parse(choice);
  return [
    { label: "win", weight: 1n, multiplierWad: WIN_WAD },
    { label: "tie", weight: 1n, multiplierWad: WAD },
    { label: "loss", weight: 1n, multiplierWad: 0n },
  ];
}

function encode({ hand }: RockPaperScissorsChoice): Hex {
  const index = HANDS.indexOf(hand);
  if (index < 0) throw new IllegalChoice({ choice: String(hand) });
  return numberToHex(BigInt(index) << 120n, { size: 16 });
}

function decode(choice: Hex): RockPaperScissorsChoice {
  return { hand: handOf(parse(choice)) };
}

function outcome(seed: bigint): RockPaperScissorsOutcome {
  return { hand: handOf(seed % HANDS_COUNT) };
}

function parse(choice: Hex): bigint {
  return choiceByte(choice, HANDS_COUNT - 1n);
}

function handOf(index: bigint): Hand {
  return HANDS[Number(index)]!;
}

function capitalised(hand: Hand): string {
  return hand.charAt(0).toUpperCase() + hand.slice(1);
}

export const rockPaperScissors: Game<RockPaperScissorsChoice, RockPaperScissorsOutcome> = gameOf({
  id: 15,
  key: "rock-paper-scissors",
  name: "Rock, paper, scissors",
  contract: { name: "RockPaperScissors", args: [] },
  odds,
  multiplierWad,
  distribution,
  choices: () => HANDS.map((hand) => encode({ hand })),
  encode,
  decode,
  outcome,
  describe: (choice) => capitalised(decode(choice).hand),
  describeOutcome: (seed) => capitalised(outcome(seed).hand),
});
