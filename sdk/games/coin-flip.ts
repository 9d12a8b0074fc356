import { type Hex, numberToHex } from "viem";
import { type Game, IllegalChoice, type Odds, WAD, choiceBits } from "./types.ts";

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

function payout({ stake, choice, seed }: { stake: bigint; choice: Hex; seed: bigint }): bigint {
  // Rounds down: the dust of a win stays with the bankroll.
  return parse(choice) === (seed & 1n) ? (stake * MULTIPLIER_WAD) / WAD : 0n;
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
  const bits = choiceBits(choice);
  const side = bits >> 120n;
  if (side > 1n || bits !== side << 120n) throw new IllegalChoice({ choice });
  return side;
}

function sideOf(bit: bigint): CoinSide {
  return bit === 1n ? "tails" : "heads";
}

function capitalised(side: CoinSide): string {
  return side === "heads" ? "Heads" : "Tails";
}

export const coinFlip: Game<CoinFlipChoice, CoinFlipOutcome> = {
  id: 1,
  key: "coin-flip",
  name: "Coin flip",
  odds,
  payout,
  encode,
  decode,
  outcome,
  describe: (choice) => capitalised(decode(choice).side),
  describeOutcome: (seed) => capitalised(outcome(seed).side),
};
