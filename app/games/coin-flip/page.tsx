import type { Metadata } from "next";
import { readSolidity } from "../../data.ts";
import { GamePage } from "../../play/GamePage.tsx";

export const metadata: Metadata = {
  title: "Coin flip",
  description: "Heads or tails at 1.98 for 1, decided by one bit of a verified random word.",
};

export default async function CoinFlipPage() {
  return <GamePage game="coin-flip" source={await readSolidity("CoinFlip.sol", "payout")} />;
}
