import type { Metadata } from "next";
import { VerifyForm } from "./VerifyForm.tsx";

export const metadata: Metadata = {
  title: "Verify",
  description:
    "Paste a bet id or a transaction hash: your browser checks the bet from chain data alone.",
};

export default function VerifyPage() {
  return <VerifyForm />;
}
