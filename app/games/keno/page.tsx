import { metadataOf, sourceOf } from "../server.ts";
import { Keno } from "./Keno.tsx";

export const metadata = metadataOf("keno");

export default async function KenoPage() {
  return <Keno source={await sourceOf("keno")} />;
}
