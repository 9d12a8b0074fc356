import { infoOf, metadataOf } from "../server.ts";
import { SicBo } from "./SicBo.tsx";

export const metadata = metadataOf("sic-bo");

export default async function SicBoPage() {
  return <SicBo info={await infoOf("sic-bo")} />;
}
