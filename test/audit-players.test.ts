/** Forged rights of players: limits, exclusions, session keys, the gate, referrals. */
import { expect } from "vitest";
import { find, insertAfter, remove, rewrite } from "../scripts/audit-recording.ts";
import {
  type Forgery,
  STRANGER,
  blocks,
  changed,
  laneField,
  ordered,
  sessionOf,
  testForgeries,
} from "./audit-forging.ts";

const limitsSet = () => find(blocks, "limits", "LimitsSet")[0]!;
/** An attestation of a player who deposits and bets. */
const attested = () => find(blocks, "gate", "PlayerAttested")[0]!;
/** Tells of a session other terms than the player granted. */
const grant = (terms: object) => {
  const { log, args } = sessionOf(ordered("key").placed);
  rewrite(log, "sessions", "SessionOpened", { ...args, terms: { ...args.terms, ...terms } });
};
/** An order that a session key signed, and that pays its relayer. */
const paying = () => {
  const { placed: bet } = ordered("key", true);
  const { args } = find([bet.block], "casino", "BetExtended").find(
    ({ args: { betId } }) => betId === bet.args.betId,
  )!;
  return { placed: bet, args };
};

const FORGERIES: Forgery[] = [
  [
    "lets an excluded player bet",
    "players.exclusions",
    () => {
      const { block, log, args } = limitsSet();
      rewrite(insertAfter(block, log, {}), "limits", "ExclusionSet", {
        player: args.player,
        until: 2n ** 40n,
        selfExclusion: true,
      });
    },
  ],
  [
    "shortens an exclusion",
    "players.exclusions",
    () => {
      const { block, log, args } = limitsSet();
      for (const until of [10n ** 9n, 10n ** 9n + 1n])
        rewrite(insertAfter(block, log, {}), "limits", "ExclusionSet", {
          player: args.player,
          until,
          selfExclusion: true,
        });
    },
  ],
  [
    "credits whom an exclusion binds without telling the limits",
    "players.limits",
    () => {
      const { block, log } = limitsSet();
      const { args } = find(blocks, "casino", "RelayerPaid")[0]!;
      // Over since long ago: who was ever excluded is guarded from the first credit on.
      rewrite(insertAfter(block, log, {}), "limits", "ExclusionSet", {
        player: args.to,
        until: 1n,
        selfExclusion: true,
      });
    },
  ],
  [
    "lets a player bet above a limit",
    "players.limits",
    () => {
      const { log, args } = limitsSet();
      const stakes = { ...args.terms.stakes, day: 100n };
      rewrite(log, "limits", "LimitsSet", { ...args, terms: { ...args.terms, stakes } });
    },
  ],
  [
    "loosens a limit at once",
    "players.limits",
    () => {
      const { block, log, args } = limitsSet();
      const stakes = { day: 0n, week: 0n, month: 0n };
      rewrite(insertAfter(block, log, {}), "limits", "LimitsSet", {
        ...args,
        terms: { ...args.terms, stakes },
      });
    },
  ],
  [
    "does not tell a player's limits of a bet",
    "players.limits",
    () =>
      laneField(
        find(blocks, "casino", "BetPlaced").find(({ args }) => (args.bet >> 243n) % 2n === 1n)!.log,
        243n,
        1n,
        () => 0n,
      ),
  ],
  [
    "opens a session for a month",
    "players.sessions",
    () => {
      const { log, args } = find(blocks, "sessions", "SessionOpened")[0]!;
      rewrite(log, "sessions", "SessionOpened", {
        ...args,
        terms: { ...args.terms, expiry: args.terms.expiry + 2_592_000n },
      });
    },
  ],
  [
    "binds a player to another affiliate",
    "players.referrals",
    () => {
      const { block, log } = find(blocks, "casino", "AffiliateBound")[0]!;
      insertAfter(block, log, {});
    },
  ],
  [
    "pays an affiliate more than accrued",
    "players.referrals",
    () => changed(find(blocks, "casino", "ReferralClaimed")[0]!.log, 0, 1n),
  ],
  // Sessions
  [
    "lets a session key bet after its end",
    "players.sessions",
    () => {
      const { block } = sessionOf(ordered("key").placed);
      grant({ expiry: BigInt(String(block.header.timestamp)) });
    },
  ],
  ["lets a session key bet above its stake", "players.sessions", () => grant({ maxStake: 10n })],
  [
    "lets a session key bet more often than allowed",
    "players.sessions",
    () => grant({ lastSequence: 0n }),
  ],
  ["lets a session key play another game", "players.sessions", () => grant({ games: 1n << 79n })],
  [
    "lets a session key pay its relayer more than allowed",
    "players.sessions",
    () => {
      const { placed: bet, args } = paying();
      const { log, args: opened } = sessionOf(bet);
      expect(args.extras >> 216n).toBeGreaterThan(0n);
      rewrite(log, "sessions", "SessionOpened", {
        ...opened,
        terms: { ...opened.terms, maxFee: 1n },
      });
    },
  ],
  [
    "lets a session key pay another relayer",
    "players.sessions",
    () => {
      const { log, args } = sessionOf(paying().placed);
      rewrite(log, "sessions", "SessionOpened", {
        ...args,
        terms: { ...args.terms, feeTo: STRANGER },
      });
    },
  ],
  [
    "lets a session key bet that was revoked",
    "bets.orders",
    () => {
      const { block, log, args } = sessionOf(ordered("key").placed);
      rewrite(insertAfter(block, log, {}), "sessions", "SessionRevoked", {
        player: args.player,
        asset: 0,
        lane: 0,
      });
    },
  ],
  [
    "opens a session for more games than it can name",
    "players.sessions",
    () => {
      const { log, args } = find(blocks, "sessions", "SessionOpened")[0]!;
      rewrite(log, "sessions", "SessionOpened", {
        ...args,
        terms: { ...args.terms, games: 1n << 80n },
      });
    },
  ],
  [
    "gives a session to a player's own key",
    "players.sessions",
    () => {
      const { log, args } = find(blocks, "sessions", "SessionOpened")[0]!;
      const terms = { ...args.terms, key: args.player };
      rewrite(log, "sessions", "SessionOpened", { ...args, key: args.player, terms });
    },
  ],

  // The gate
  [
    "lets a player bet whose attestation was revoked",
    "players.eligibility",
    () => {
      const { block, log, args } = attested();
      rewrite(insertAfter(block, log, {}), "gate", "AttestationRevoked", args);
    },
  ],
  [
    "takes a deposit of a player without attestation",
    "players.eligibility",
    () => remove(attested().block, attested().log),
  ],
  [
    "lets in a player of a refused jurisdiction",
    "players.eligibility",
    () =>
      rewrite(attested().log, "gate", "PlayerAttested", {
        ...attested().args,
        jurisdiction: "0x5553434100",
      }),
  ],
  [
    "lets a player bet whose attestation has ended",
    "players.eligibility",
    () => {
      const { log, args } = attested();
      rewrite(log, "gate", "PlayerAttested", { ...args, expiresAt: args.issuedAt + 3_600n });
    },
  ],
  [
    "takes an attestation for ten years",
    "players.eligibility",
    () => changed(attested().log, 2, 10n * 365n * 86_400n),
  ],
  [
    "takes an attestation of a stranger",
    "players.eligibility",
    () =>
      rewrite(attested().log, "gate", "PlayerAttested", { ...attested().args, attestor: STRANGER }),
  ],
  [
    "revokes an attestation by a stranger",
    "players.eligibility",
    () => {
      const { block, log } = attested();
      rewrite(insertAfter(block, log, {}), "gate", "AttestationRevoked", {
        player: STRANGER,
        attestor: STRANGER,
      });
    },
  ],
  [
    "takes an attestation over a later one",
    "players.eligibility",
    () => insertAfter(attested().block, attested().log, {}),
  ],
  [
    "lets in whom a removed attestor attested",
    "players.eligibility",
    () => {
      const { block, log } = find(blocks, "gate", "AttestorSet")[0]!;
      remove(block, log);
    },
  ],
  [
    "lets in by default whom the gate refuses by default",
    "players.eligibility",
    () => {
      const { log } = find(blocks, "gate", "DefaultSet")[0]!;
      rewrite(log, "gate", "DefaultSet", { allowed: false });
    },
  ],
];

testForgeries("a house", FORGERIES);
