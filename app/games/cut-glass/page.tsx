import { infoOf, metadataOf } from "../server.ts";
import { CutGlass } from "./CutGlass.tsx";

export const metadata = metadataOf("cut-glass");

export default async function CutGlassPage() {
  return <CutGlass info={await infoOf("cut-glass")} />;
}
