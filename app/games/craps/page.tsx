import { metadataOf, sourceOf } from "../server.ts";
import { Craps } from "./Craps.tsx";

export const metadata = metadataOf("craps");

export default async function CrapsPage() {
  return <Craps source={await sourceOf("craps")} />;
}
