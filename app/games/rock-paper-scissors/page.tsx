import { metadataOf, sourceOf } from "../server.ts";
import { RockPaperScissors } from "./RockPaperScissors.tsx";

export const metadata = metadataOf("rock-paper-scissors");

export default async function RockPaperScissorsPage() {
  return <RockPaperScissors source={await sourceOf("rock-paper-scissors")} />;
}
