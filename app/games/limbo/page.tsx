import { infoOf, metadataOf } from "../server.ts";
import { Limbo } from "./Limbo.tsx";

export const metadata = metadataOf("limbo");

export default async function LimboPage() {
  return <Limbo info={await infoOf("limbo")} />;
}
