import { metadataOf, sourceOf } from "../server.ts";
import { Wheel } from "./Wheel.tsx";

export const metadata = metadataOf("wheel");

export default async function WheelPage() {
  return <Wheel source={await sourceOf("wheel")} />;
}
