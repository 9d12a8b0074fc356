import { VOID_AFTER_SECONDS } from "../verify.ts";
import { equal, fail, holds } from "./checks.ts";
import type { Args } from "./records.ts";
import { type At, type Audit, expect, meet } from "./state.ts";

/** Void rounds, and the pauses that they or the guardian bring. */

const VOID_AFTER = Number(VOID_AFTER_SECONDS);
const DAY = 86_400;
const MAX_PAUSE_SECONDS = 72 * 3_600;
const VOIDS_TO_PAUSE = 3;

export function roundVoided(audit: Audit, args: Args<"casino", "RoundVoided">, at: At): void {
  const { state, book } = audit;
  const round = state.rounds.get(Number(args.slot));
  if (!round) return fail(book, "randomness.void", at, "a round in the slot", args.slot);
  holds(
    book,
    "randomness.void",
    at,
    round.state === "pending",
    `round ${round.round} pending`,
    round.state,
  );
  equal(
    book,
    "randomness.void",
    at,
    round.requestedAt,
    Number(args.requestedAt),
    "time of the request",
  );
  holds(
    book,
    "randomness.deadline",
    at,
    state.timestamp > round.requestedAt + VOID_AFTER,
    `after ${round.requestedAt + VOID_AFTER}`,
    state.timestamp,
  );
  round.state = "void";
  audit.statistics.rounds.voided++;
  expect(
    audit,
    at,
    "randomness.void",
    `refund in ${args.slot}`,
    `a refund of a bet of round ${round.round}`,
  );

  const day = Math.floor(state.timestamp / DAY) & 0xffff;
  const { voids } = state;
  state.voids = { day, count: voids.day === day ? Math.min(voids.count + 1, VOIDS_TO_PAUSE) : 1 };
  const until = state.timestamp + DAY;
  if (state.voids.count >= VOIDS_TO_PAUSE && until > state.pausedUntil) {
    expect(
      audit,
      at,
      "randomness.void",
      `pause until ${until}`,
      `a pause until ${until}, after three void rounds in a day`,
    );
  }
}

/** @returns Whether it was the guardian's, and so a privileged call. */
export function paused(audit: Audit, { until, by }: Args<"casino", "Paused">, at: At): boolean {
  const { state, book } = audit;
  const end = Number(until);
  holds(
    book,
    "governance.pauses",
    at,
    end > state.pausedUntil,
    `a pause beyond ${state.pausedUntil}`,
    end,
  );
  const automatic = meet(audit, `pause until ${end}`);
  if (!automatic) {
    const from = state.pausedUntil === 0 ? 0 : state.pausedUntil + DAY;
    holds(
      book,
      "governance.pauses",
      at,
      state.timestamp >= from,
      `no other pause before ${from}`,
      state.timestamp,
    );
    const length = end - state.timestamp;
    holds(
      book,
      "governance.pauses",
      at,
      length > 0 && length <= MAX_PAUSE_SECONDS,
      `at most ${MAX_PAUSE_SECONDS} s`,
      length,
    );
  }
  state.pauses.push({
    from: state.timestamp,
    until: end,
    by: automatic ? "three void rounds" : by,
  });
  state.pausedUntil = end;
  return !automatic;
}
