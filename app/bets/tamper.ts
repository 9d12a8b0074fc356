import type { Evidence } from "../../sdk/verify.ts";

/** Lies that a casino could tell, each with the step that must catch it. */
export const TAMPERS = {
  none: { label: "The chain's own data", apply: (evidence: Evidence) => evidence },
  proof: {
    label: "Change one bit of the VRF proof",
    apply: (evidence: Evidence): Evidence =>
      evidence.fulfilled?.proof === undefined
        ? evidence
        : {
            ...evidence,
            fulfilled: {
              ...evidence.fulfilled,
              proof: { ...evidence.fulfilled.proof, s: evidence.fulfilled.proof.s ^ 1n },
            },
          },
  },
  word: {
    label: "Deliver another word",
    apply: (evidence: Evidence): Evidence =>
      evidence.drawn === undefined
        ? evidence
        : { ...evidence, drawn: { ...evidence.drawn, word: evidence.drawn.word ^ 1n } },
  },
  block: {
    label: "Request in another block",
    apply: (evidence: Evidence): Evidence =>
      evidence.requestBlock === undefined
        ? evidence
        : { ...evidence, requestBlock: { ...evidence.requestBlock, hash: `0x${"00".repeat(32)}` } },
  },
  payout: {
    label: "Pay one unit less",
    apply: (evidence: Evidence): Evidence =>
      evidence.settled === undefined
        ? evidence
        : {
            ...evidence,
            settled: {
              ...evidence.settled,
              payout: evidence.settled.payout === 0n ? 1n : evidence.settled.payout - 1n,
            },
          },
  },
} as const;

export type Tamper = keyof typeof TAMPERS;
