import { infoOf, metadataOf } from "../server.ts";
import { MoltenGlass } from "./MoltenGlass.tsx";

export const metadata = metadataOf("molten-glass");

export default async function MoltenGlassPage() {
  return <MoltenGlass info={await infoOf("molten-glass")} />;
}
