import { infoOf, metadataOf } from "../server.ts";
import { Craps } from "./Craps.tsx";

export const metadata = metadataOf("craps");

export default async function CrapsPage() {
  return <Craps info={await infoOf("craps")} />;
}
