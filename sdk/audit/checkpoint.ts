import type { Deployment } from "../deployment.ts";
import { type Audit, type Constants, type HouseFacts, factsOf, newAudit } from "./state.ts";

/** The state of an audit as text, and back: JSON that knows bigints and maps. */

const NO_GATE = `0x${"0".repeat(40)}` as const;
const FORM = "glasshouse.audit.checkpoint/2";

/** The text is no checkpoint, or one of another house or version. */
export class CheckpointInvalid extends Error {
  override readonly name = "CheckpointInvalid";
}

/** `rest` is what the reader of the chain wants to keep. */
export function formatCheckpoint(audit: Audit, rest: unknown): string {
  const { facts, rules, state, book, statistics } = audit;
  const { roundSlots, epochSeconds, limits, sessions, annex, gate = NO_GATE } = facts;
  const constants = { roundSlots, epochSeconds, limits, sessions, annex, gate };
  return JSON.stringify(
    { form: FORM, house: houseOf(facts), constants, rules, state, book, statistics, rest },
    pack,
  );
}

/** Throws {@link CheckpointInvalid}. */
export function parseCheckpoint(
  text: string,
  deployment: Deployment,
): { audit: Audit; rest: unknown } {
  let saved: {
    form?: string;
    house?: string;
    constants: Constants;
    rules: Audit["rules"];
    rest: unknown;
  } & Pick<Audit, "state" | "book" | "statistics">;
  try {
    saved = JSON.parse(text, unpack) as typeof saved;
  } catch (cause) {
    throw new CheckpointInvalid("The checkpoint is no JSON: it was cut short.", { cause });
  }
  if (saved.form !== FORM)
    throw new CheckpointInvalid(`The checkpoint is of the form ${saved.form}, not ${FORM}.`);
  const facts = factsOf(deployment, saved.constants);
  if (saved.house !== houseOf(facts))
    throw new CheckpointInvalid(`The checkpoint is of the house ${saved.house}.`);
  const { rules, state, book, statistics, rest } = saved;
  return { audit: { ...newAudit(facts, { rules }), state, book, statistics }, rest };
}

function houseOf({ chainId, casino }: HouseFacts): string {
  return `${chainId} ${casino}`;
}

function pack(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return { $n: value.toString() };
  if (value instanceof Map) return { $m: [...value] };
  return value;
}

function unpack(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("$n" in value) return BigInt(value.$n as string);
  if ("$m" in value) return new Map(value.$m as [unknown, unknown][]);
  return value;
}
