import { infoOf, metadataOf } from "../server.ts";
import { RockPaperScissors } from "./RockPaperScissors.tsx";

export const metadata = metadataOf("rock-paper-scissors");

export default async function RockPaperScissorsPage() {
  return <RockPaperScissors info={await infoOf("rock-paper-scissors")} />;
}
