import { infoOf, metadataOf } from "../server.ts";
import { Wheel } from "./Wheel.tsx";

export const metadata = metadataOf("wheel");

export default async function WheelPage() {
  return <Wheel info={await infoOf("wheel")} />;
}
