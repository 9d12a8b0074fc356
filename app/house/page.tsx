import type { Metadata } from "next";
import { House } from "./House.tsx";

export const metadata: Metadata = {
  title: "The house",
  description: "What the house holds, owes and keeps, per asset, with the source of each figure.",
};

export default function HousePage() {
  return <House />;
}
