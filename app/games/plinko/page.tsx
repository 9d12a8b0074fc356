import { infoOf, metadataOf } from "../server.ts";
import { Plinko } from "./Plinko.tsx";

export const metadata = metadataOf("plinko");

export default async function PlinkoPage() {
  return <Plinko info={await infoOf("plinko")} />;
}
