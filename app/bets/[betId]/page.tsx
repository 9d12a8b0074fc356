import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Receipt } from "../Receipt.tsx";

export const metadata: Metadata = {
  title: "Receipt",
  description: "A bet that verifies itself, in your browser, each time it is opened.",
};

/** A bet id in decimal or hex; undefined where it is neither. */
function parse(text: string): bigint | undefined {
  return /^(\d{1,78}|0x[0-9a-fA-F]{1,64})$/.test(text) ? BigInt(text) : undefined;
}

export default async function BetPage({ params }: { params: Promise<{ betId: string }> }) {
  const betId = parse((await params).betId);
  if (betId === undefined || betId >= 2n ** 256n) notFound();
  return <Receipt betId={betId} />;
}
