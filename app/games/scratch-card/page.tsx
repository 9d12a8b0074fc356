import { infoOf, metadataOf } from "../server.ts";
import { ScratchCard } from "./ScratchCard.tsx";

export const metadata = metadataOf("scratch-card");

export default async function ScratchCardPage() {
  return <ScratchCard info={await infoOf("scratch-card")} />;
}
