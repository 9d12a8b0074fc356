import { infoOf, metadataOf } from "../server.ts";
import { Dice } from "./Dice.tsx";

export const metadata = metadataOf("dice");

export default async function DicePage() {
  return <Dice info={await infoOf("dice")} />;
}
