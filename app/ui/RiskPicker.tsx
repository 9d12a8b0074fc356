import { Segments } from "./Segments.tsx";

export type Risk = "low" | "medium" | "high";

const RISKS: readonly { value: Risk; label: string; name: string }[] = [
  { value: "low", label: "Low", name: "Low risk" },
  { value: "medium", label: "Medium", name: "Medium risk" },
  { value: "high", label: "High", name: "High risk" },
];

/** How far the prizes of a game lie apart. */
export function RiskPicker({
  risk,
  onRisk,
  locked,
}: {
  risk: Risk;
  onRisk(risk: Risk): void;
  locked: boolean;
}) {
  return <Segments label="Risk" options={RISKS} value={risk} onValue={onRisk} disabled={locked} />;
}
