import { metadataOf, sourceOf } from "../server.ts";
import { SicBo } from "./SicBo.tsx";

export const metadata = metadataOf("sic-bo");

export default async function SicBoPage() {
  return <SicBo source={await sourceOf("sic-bo")} />;
}
