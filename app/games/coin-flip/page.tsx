import { infoOf, metadataOf } from "../server.ts";
import { CoinFlip } from "./CoinFlip.tsx";

export const metadata = metadataOf("coin-flip");

export default async function CoinFlipPage() {
  return <CoinFlip info={await infoOf("coin-flip")} />;
}
