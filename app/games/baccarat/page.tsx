import { infoOf, metadataOf } from "../server.ts";
import { Baccarat } from "./Baccarat.tsx";

export const metadata = metadataOf("baccarat");

export default async function BaccaratPage() {
  return <Baccarat info={await infoOf("baccarat")} />;
}
