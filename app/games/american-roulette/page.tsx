import { infoOf, metadataOf } from "../server.ts";
import { AmericanRoulette } from "./AmericanRoulette.tsx";

export const metadata = metadataOf("american-roulette");

export default async function AmericanRoulettePage() {
  return <AmericanRoulette info={await infoOf("american-roulette")} />;
}
