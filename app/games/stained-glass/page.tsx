import { infoOf, metadataOf } from "../server.ts";
import { StainedGlass } from "./StainedGlass.tsx";

export const metadata = metadataOf("stained-glass");

export default async function StainedGlassPage() {
  return <StainedGlass info={await infoOf("stained-glass")} />;
}
