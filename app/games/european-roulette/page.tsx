import { infoOf, metadataOf } from "../server.ts";
import { EuropeanRoulette } from "./EuropeanRoulette.tsx";

export const metadata = metadataOf("european-roulette");

export default async function EuropeanRoulettePage() {
  return <EuropeanRoulette info={await infoOf("european-roulette")} />;
}
