import { infoOf, metadataOf } from "../server.ts";
import { Keno } from "./Keno.tsx";

export const metadata = metadataOf("keno");

export default async function KenoPage() {
  return <Keno info={await infoOf("keno")} />;
}
