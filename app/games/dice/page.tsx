import type { Metadata } from "next";
import { readSolidity } from "../../data.ts";
import { GamePage } from "../../play/GamePage.tsx";

export const metadata: Metadata = {
  title: "Dice",
  description: "Set the target yourself: one of 10,000 equal marks decides, at 99 % return.",
};

export default async function DicePage() {
  return <GamePage game="dice" source={await readSolidity("Dice.sol", "payout")} />;
}
