import { metadataOf, sourceOf } from "../server.ts";
import { EuropeanRoulette } from "./EuropeanRoulette.tsx";

export const metadata = metadataOf("european-roulette");

export default async function EuropeanRoulettePage() {
  return <EuropeanRoulette source={await sourceOf("european-roulette")} />;
}
