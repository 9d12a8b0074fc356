import { type Hex, numberToHex } from "viem";
import {
  type Game,
  IllegalChoice,
  type Odds,
  type OutcomeClass,
  WAD,
  choiceByte,
  gameOf,
} from "./types.ts";

/**
 * Heads or tails at 1.98 for 1.
 * Twin of `contracts/games/CoinFlip.sol`. Choice: byte 0 is 0 for heads and 1 for tails.
 */

export type CoinSide = "heads" | "tails";
export type CoinFlipChoice = { side: CoinSide };
export type CoinFlipOutcome = { side: CoinSide };

const MULTIPLIER_WAD = (WAD * 198n) / 100n;

function odds(choice: Hex): Odds {
  parse(choice);
  return {
    maxMultiplierWad: MULTIPLIER_WAD,
    rtpWad: MULTIPLIER_WAD / 2n,
    // p (1 - p) m^2, of a payout that is m or nothing.
    varianceWad: (MULTIPLIER_WAD * MULTIPLIER_WAD) / (4n * WAD),
  };
}

function multiplierWad(choice: Hex, seed: bigint): bigint {
  return parse(choice) === (seed & 1n) ? MULTIPLIER_WAD : 0n;
}

function distribution(choice: Hex): OutcomeClass[] {
  parse(choice);
  return [
    { label: "win", weight: 1n, multiplierWad: MULTIPLIER_WAD },
    { label: "loss", weight: 1n, multiplierWad: 0n },
  ];
}

function encode({ side }: CoinFlipChoice): Hex {
  if (side !== "heads" && side !== "tails") throw new IllegalChoice({ choice: String(side) });
  return numberToHex((side === "tails" ? 1n : 0n) << 120n, { size: 16 });
}

function decode(choice: Hex): CoinFlipChoice {
  return { side: sideOf(parse(choice)) };
}

function outcome(seed: bigint): CoinFlipOutcome {
  return { side: sideOf(seed & 1n) };
}

function parse(choice: Hex): bigint {
  return choiceByte(choice, 1n);
}

function sideOf(bit: bigint): CoinSide {
  return bit === 1n ? "tails" : "heads";
}

function capitalised(side: CoinSide): string {
  return side === "heads" ? "Heads" : "Tails";
}

export const coinFlip: Game<CoinFlipChoice, CoinFlipOutcome> = gameOf({
  id: 1,
  key: "coin-flip",
  name: "Coin flip",
  contract: { name: "CoinFlip", args: [] },
  odds,
  multiplierWad,
  distribution,
  choices: () => [encode({ side: "heads" }), encode({ side: "tails" })],
  encode,
  decode,
  outcome,
  describe: (choice) => capitalised(decode(choice).side),
  describeOutcome: (seed) => capitalised(outcome(seed).side),
});
