import { metadataOf, sourceOf } from "../server.ts";
import { Baccarat } from "./Baccarat.tsx";

export const metadata = metadataOf("baccarat");

export default async function BaccaratPage() {
  return <Baccarat source={await sourceOf("baccarat")} />;
}
