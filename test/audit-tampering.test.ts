import { beforeAll, describe, expect, test } from "vitest";
import {
  type Recording,
  find,
  insertAfter,
  recordHistory,
  rememberingVerifier,
  remove,
  rewrite,
} from "../scripts/audit-recording.ts";
import { auditBlocks } from "../sdk/audit/audit.ts";
import type { CheckId } from "../sdk/audit/checks.ts";
import { type Block, type Log, topicOf } from "../sdk/audit/records.ts";
import { lower } from "../sdk/audit/state.ts";

/** What no honest chain tells: each forgery must be found, and named by its own check. */

let recording: Recording;
let blocks: Block[];
const verify = rememberingVerifier();

beforeAll(async () => {
  recording = await recordHistory({ bets: 440, players: 8, perRound: 8, roundsPerEpoch: 12 });
});

type Forgery = [name: string, check: CheckId, forge: () => void];

const changed = (log: Log, word: number, by: bigint): void => {
  const at = 2 + 64 * word;
  const value = BigInt(`0x${log.data.slice(at, at + 64)}`) + by;
  log.data = `0x${log.data.slice(2, at)}${value.toString(16).padStart(64, "0")}${log.data.slice(at + 64)}`;
};
/** A field of the lane's slot, the first word that `BetPlaced` carries. */
const laneField = (log: Log, bit: bigint, width: bigint, to: (value: bigint) => bigint): void => {
  const word = BigInt(log.data.slice(0, 66));
  const mask = (1n << width) - 1n;
  const value = to((word >> bit) & mask) & mask;
  const altered = ((word & ~(mask << bit)) | (value << bit)).toString(16).padStart(64, "0");
  log.data = `0x${altered}${log.data.slice(66)}`;
};
const placed = (at = 20) => find(blocks, "casino", "BetPlaced")[at]!;
const settled = (at = 20) => find(blocks, "casino", "BetSettled")[at]!;
const winner = () => find(blocks, "casino", "BetSettled").find(({ args }) => args.payout > 0n)!;
const refunded = () => find(blocks, "casino", "BetRefunded")[0]!;
const requested = (at = 3) => find(blocks, "casino", "RoundRequested")[at]!;
const asked = (at = 3) => find(blocks, "coordinator", "RandomWordsRequested")[at]!;
const drawn = (at = 3) => find(blocks, "casino", "RoundDrawn")[at]!;
const fulfilled = (at = 3) => find(blocks, "coordinator", "RandomWordsFulfilled")[at]!;
const priced = () =>
  find(blocks, "bankroll", "EpochPriced").findLast(({ args }) => args.deposits > 0n)!;
const minted = () =>
  find(blocks, "bankroll", "Transfer").findLast(({ args }) => /^0x0+$/.test(args.from))!;
const burned = () =>
  find(blocks, "bankroll", "Transfer").findLast(({ args }) => /^0x0+$/.test(args.to))!;
const extended = () =>
  find(blocks, "casino", "BetExtended").find(
    ({ args }) => (args.extras >> 72n) % (1n << 16n) > 0n,
  )!;
const relayed = () => find(blocks, "casino", "RelayerPaid")[0]!;
const limitsSet = () => find(blocks, "limits", "LimitsSet")[0]!;
/** The first terms that were set among bets. */
const termsSet = () =>
  find(blocks, "casino", "TermsSet").find(
    ({ block, args }) => args.asset === 0 && block.number > placed(0).block.number,
  )!;
const calldata = (block: Block, tx: string) => block.transactions.find(({ hash }) => hash === tx)!;
/** Alters a word of a fulfilment's calldata: the proof's 13 words begin at 0. */
const proofWord = (word: number) => {
  const { block, log } = fulfilled();
  const tx = calldata(block, log.tx);
  const at = 10 + 64 * word + 62;
  const byte = Number.parseInt(tx.input.slice(at, at + 2), 16) ^ 1;
  tx.input = `0x${tx.input.slice(2, at)}${byte.toString(16).padStart(2, "0")}${tx.input.slice(at + 2)}`;
};
const later = (block: Block, seconds: number) => {
  for (const other of blocks.slice(blocks.indexOf(block))) {
    other.header = {
      ...other.header,
      timestamp: `0x${(Number(other.header.timestamp) + seconds).toString(16)}`,
    };
  }
};

const FORGERIES: Forgery[] = [
  // Bets
  ["pays one unit less", "bets.payout", () => changed(winner().log, 0, -1n)],
  ["pays one unit more", "bets.payout", () => changed(winner().log, 0, 1n)],
  [
    "pays a loser",
    "bets.payout",
    () =>
      changed(
        find(blocks, "casino", "BetSettled").find(({ args }) => args.payout === 0n)!.log,
        0,
        1_000n,
      ),
  ],
  ["pays more than was reserved", "money.bound", () => changed(winner().log, 0, 10n ** 12n)],
  ["skips a settlement", "bets.once", () => remove(settled().block, settled().log)],
  ["settles twice", "bets.once", () => insertAfter(settled().block, settled().log, {})],
  [
    "settles and refunds",
    "bets.once",
    () => {
      const { block, log, args } = settled();
      rewrite(insertAfter(block, log, {}), "casino", "BetRefunded", {
        betId: args.betId,
        stake: 1n,
        faulty: false,
      });
    },
  ],
  [
    "refunds a bet that was drawn",
    "bets.refund",
    () => {
      const { log, args } = settled();
      rewrite(log, "casino", "BetRefunded", { betId: args.betId, stake: 100_000n, faulty: false });
    },
  ],
  [
    "refunds a bet because its game failed, which it did not",
    "bets.refund",
    () => {
      const { log, args } = settled();
      rewrite(log, "casino", "BetRefunded", { betId: args.betId, stake: 100_000n, faulty: true });
    },
  ],
  ["refunds a part of the stake", "bets.refund", () => changed(refunded().log, 0, -1n)],
  [
    "joins a bet to another round's slot",
    "bets.round",
    () => laneField(placed().log, 152n, 20n, (slot) => slot ^ 1n),
  ],
  [
    "joins a bet to a later block's round",
    "bets.round",
    () => {
      const { block, log } = placed(21);
      const next = blocks
        .slice(blocks.indexOf(block) + 1)
        .find(({ logs }) =>
          logs.some(({ topics }) => topics[0] === topicOf("casino", "RoundRequested")),
        )!;
      remove(block, log);
      insertAfter(next, next.logs.at(-1)!, { ...log, blockHash: next.hash });
    },
  ],
  [
    "takes a higher fee",
    "bets.terms",
    () => laneField(placed().log, 228n, 12n, (rate) => rate + 1n),
  ],
  [
    "reserves less than the bet can win",
    "bets.terms",
    () => laneField(placed().log, 212n, 16n, (code) => code - 1n),
  ],
  [
    "changes a stake",
    "money.ledger",
    () => laneField(placed().log, 56n, 40n, (stake) => stake + 1n),
  ],
  [
    "shows another balance",
    "money.ledger",
    () =>
      laneField(
        find(blocks, "casino", "BetPlaced").find(
          ({ args }) => ((args.betId >> 64n) & 0xffffn) === 0n,
        )!.log,
        0n,
        56n,
        (balance) => balance - 1n,
      ),
  ],
  [
    "takes a choice that the game does not offer",
    "bets.choice",
    () => laneField(placed().log, 96n, 56n, () => 0xffffffn),
  ],
  [
    "skips a number in a lane",
    "bets.identity",
    () => laneField(placed().log, 172n, 28n, (sequence) => sequence + 1n),
  ],
  [
    "names another player",
    "bets.identity",
    () =>
      (placed().log.topics = [
        ...placed().log.topics.slice(0, 2),
        `0x${"0".repeat(24)}${"ab".repeat(20)}`,
      ]),
  ],
  [
    "takes a bet above the largest stake",
    "bets.limits",
    () => laneField(placed().log, 56n, 40n, () => (1n << 39n) + 1n),
  ],
  [
    "takes a bet below the least stake",
    "bets.limits",
    () => laneField(placed().log, 56n, 40n, () => 1n),
  ],
  [
    "takes a bet on a delisted game",
    "bets.limits",
    () => {
      const { block, log } = termsSet();
      for (const { id: game } of recording.deployment.games)
        rewrite(insertAfter(block, log, {}), "casino", "GameDelisted", {
          game,
          asset: 0,
          faulty: false,
        });
    },
  ],
  [
    "changes the odds in flight: terms tell another fee than the bets pay",
    "bets.terms",
    () => {
      const { log, args } = termsSet();
      rewrite(log, "casino", "TermsSet", { ...args, terms: { ...args.terms, shareBps: 4_000n } });
    },
  ],

  [
    "pays one unit less where the next bet settles",
    "bets.payout",
    () =>
      changed(
        find(blocks, "casino", "BetPlaced").find(({ args }) => args.ended % (1n << 56n) > 0n)!.log,
        1,
        -1n,
      ),
  ],
  [
    "plays one round more than the stops allow",
    "bets.payout",
    () => changed(find(blocks, "casino", "RoundsPlayed")[0]!.log, 0, 1n),
  ],
  [
    "hides that a bet has several rounds",
    "bets.identity",
    () => remove(extended().block, extended().log),
  ],
  ["changes the rounds of a bet", "bets.terms", () => changed(extended().log, 0, 1n << 72n)],
  [
    "takes a higher fee for a relayer",
    "money.ledger",
    () =>
      changed(
        find(blocks, "casino", "BetExtended").find(({ args }) => args.extras >> 216n > 0n)!.log,
        0,
        1n << 216n,
      ),
  ],
  ["pays a relayer twice", "money.ledger", () => insertAfter(relayed().block, relayed().log, {})],
  ["keeps a relayer's fee", "money.ledger", () => remove(relayed().block, relayed().log)],
  [
    "takes a bet out of its game's book",
    "bets.terms",
    () =>
      laneField(
        find(blocks, "casino", "BetPlaced").find(({ args }) => (args.bet >> 242n) % 2n === 1n)!.log,
        242n,
        1n,
        () => 0n,
      ),
  ],

  // Players
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

  // Randomness
  [
    "takes another word than the coordinator told",
    "randomness.word",
    () => changed(drawn().log, 0, 1n),
  ],
  [
    "reuses the word of an earlier round",
    "randomness.word",
    () =>
      rewrite(drawn(4).log, "casino", "RoundDrawn", {
        requestId: drawn(4).args.requestId,
        word: drawn(3).args.word,
      }),
  ],
  [
    "tells an output that is not the proof's",
    "randomness.proof",
    () =>
      rewrite(fulfilled().log, "coordinator", "RandomWordsFulfilled", {
        ...fulfilled().args,
        outputSeed: fulfilled().args.outputSeed ^ 1n,
      }),
  ],
  ["alters the key in the proof", "randomness.proof", () => proofWord(0)],
  ["alters gamma in the proof", "randomness.proof", () => proofWord(2)],
  ["alters c in the proof", "randomness.proof", () => proofWord(4)],
  ["alters s in the proof", "randomness.proof", () => proofWord(5)],
  ["alters the seed in the proof", "randomness.proof", () => proofWord(6)],
  ["alters a witness in the proof", "randomness.proof", () => proofWord(7)],
  ["alters zInv in the proof", "randomness.proof", () => proofWord(12)],
  ["alters the commitment's block", "randomness.proof", () => proofWord(15)],
  ["alters the commitment's subscription", "randomness.proof", () => proofWord(16)],
  ["accepts a word after the deadline", "randomness.deadline", () => later(drawn().block, 86_401)],
  [
    "takes a word in the block of its request",
    "randomness.word",
    () => {
      const [{ block, log }, request] = [drawn(), requested()];
      remove(block, log);
      insertAfter(request.block, request.block.logs.at(-1)!, {
        ...log,
        blockHash: request.block.hash,
      });
    },
  ],
  [
    "draws a round twice",
    "randomness.once",
    () => insertAfter(fulfilled().block, fulfilled().log, { ...drawn().log }),
  ],
  [
    "fulfils a request twice",
    "randomness.once",
    () => insertAfter(fulfilled().block, fulfilled().log, {}),
  ],
  ["requests again", "randomness.request", () => insertAfter(asked().block, asked().log, {})],
  [
    "requests a round without the coordinator",
    "randomness.request",
    () => remove(asked().block, asked().log),
  ],
  [
    "leaves out a request",
    "randomness.nonce",
    () => {
      for (const { block, log } of [asked(), requested()]) remove(block, log);
    },
  ],
  [
    "skips a number of a round",
    "randomness.nonce",
    () =>
      (requested().log.topics = [
        requested().log.topics[0]!,
        `0x${(BigInt(requested().log.topics[1]!) + 1n).toString(16).padStart(64, "0")}`,
        requested().log.topics[2]!,
      ]),
  ],
  [
    "asks with another pre-seed",
    "randomness.nonce",
    () =>
      rewrite(asked().log, "coordinator", "RandomWordsRequested", { ...asked().args, preSeed: 1n }),
  ],
  [
    "asks with another key",
    "randomness.request",
    () =>
      rewrite(asked().log, "coordinator", "RandomWordsRequested", {
        ...asked().args,
        keyHash: `0x${"77".repeat(32)}`,
      }),
  ],
  [
    "asks for two words",
    "randomness.request",
    () =>
      rewrite(asked().log, "coordinator", "RandomWordsRequested", { ...asked().args, numWords: 2 }),
  ],
  [
    "uses a key that was deregistered",
    "randomness.key",
    () => {
      const { block, log, args } = fulfilled();
      const made = insertAfter(block, log, {});
      rewrite(made, "coordinator", "ProvingKeyDeregistered", {
        keyHash: asked().args.keyHash,
        maxGas: 1n,
      });
      expect(args.success).toBe(true);
    },
  ],
  ["stores a round in another slot", "randomness.slot", () => changed(requested().log, 0, 1n)],
  [
    "voids a round before its deadline",
    "randomness.deadline",
    () => {
      const { block, log } = find(blocks, "casino", "RoundVoided")[0]!;
      later(block, -80_000);
      expect(log.address).toBe(recording.facts.casino);
    },
  ],
  [
    "voids a round with another time",
    "randomness.void",
    () => changed(find(blocks, "casino", "RoundVoided")[0]!.log, 0, 1n),
  ],
  [
    "refunds without marking the round void",
    "bets.refund",
    () => {
      const { block, log } = find(blocks, "casino", "RoundVoided")[0]!;
      remove(block, log);
    },
  ],

  // Money
  [
    "withdraws more than there is",
    "money.ledger",
    () => changed(find(blocks, "casino", "Withdrawn")[0]!.log, 0, 10n ** 15n),
  ],
  [
    "counts a deposit twice",
    "money.ledger",
    () => {
      const { block, log } = find(blocks, "casino", "Deposited").find(
        ({ args }) => args.asset === 0 && args.player === placed(0).args.player,
      )!;
      insertAfter(block, log, {});
    },
  ],
  [
    "claims fees that were not earned",
    "money.fees",
    () => changed(find(blocks, "casino", "FeesClaimed")[0]!.log, 0, 10n ** 12n),
  ],
  [
    "moves money out of the bankroll",
    "money.shares",
    () => {
      const { block, log } = settled();
      rewrite(insertAfter(block, log, {}), "casino", "BankrollDrawn", { asset: 0, amount: 1_000n });
    },
  ],
  ["mints shares at a close", "money.price", () => changed(minted().log, 0, 1n)],
  [
    "mints shares between closes",
    "money.price",
    () => {
      const { block, log } = find(blocks, "bankroll", "DepositRequest").at(-1)!;
      rewrite(insertAfter(block, log, {}), "bankroll", "Transfer", {
        from: `0x${"0".repeat(40)}`,
        to: log.address,
        value: 10n ** 12n,
      });
    },
  ],
  ["burns more shares than were filled", "money.price", () => changed(burned().log, 0, 1n)],
  ["tells another share price", "money.price", () => changed(priced().log, 1, 1n)],
  [
    "tells another equity",
    "money.epochs",
    () => changed(find(blocks, "casino", "EpochClosed").at(-1)!.log, 0, -1n),
  ],
  [
    "closes an epoch twice",
    "money.epochs",
    () => {
      const { block, log } = find(blocks, "casino", "EpochClosed").at(-1)!;
      insertAfter(block, log, {});
    },
  ],
  [
    "rolls an epoch early",
    "money.epochs",
    () => later(find(blocks, "casino", "EpochRolled").at(-1)!.block, -3_000),
  ],
  [
    "credits more shares than are due",
    "money.shares",
    () => changed(find(blocks, "bankroll", "Deposit").at(-1)!.log, 1, 1n),
  ],
  [
    "pays a claim that nobody made",
    "players.exits",
    () => {
      const { block, log } = find(blocks, "bankroll", "Withdraw").at(-1)!;
      remove(block, log);
    },
  ],
  [
    "pays a claim in part",
    "players.exits",
    () => {
      const { bankroll } = recording.deployment.assets[0]!;
      const { log } = find(blocks, "casino", "Withdrawn").findLast(
        ({ args }) => args.player === lower(bankroll),
      )!;
      changed(log, 0, -1n);
    },
  ],
  [
    "requests a deposit that never comes",
    "money.shares",
    () => changed(find(blocks, "bankroll", "DepositRequest").at(-1)!.log, 1, 10n ** 9n),
  ],

  // Governance
  [
    "sets terms by a stranger",
    "governance.authority",
    () => {
      const { block, log } = find(blocks, "casino", "FeesClaimed")[0]!;
      calldata(block, log.tx).from = `0x${"ab".repeat(20)}`;
    },
  ],
  [
    "sets terms without announcement",
    "governance.delay",
    () => {
      const { block, log } = find(blocks, "manager", "OperationExecuted").at(-1)!;
      remove(block, log);
    },
  ],
  [
    "announces terms too late",
    "governance.delay",
    () => {
      const { log, args } = find(blocks, "manager", "OperationScheduled").at(-1)!;
      rewrite(log, "manager", "OperationScheduled", { ...args, schedule: args.schedule - 3_000 });
    },
  ],
  [
    "announces another call than is made",
    "governance.authority",
    () => {
      const { log, args } = find(blocks, "manager", "OperationScheduled").at(-1)!;
      rewrite(log, "manager", "OperationScheduled", { ...args, data: "0x12345678" });
    },
  ],
  [
    "sets a Kelly fraction above the bound",
    "governance.bounds",
    () => {
      const { log, args } = termsSet();
      rewrite(log, "casino", "TermsSet", { ...args, terms: { ...args.terms, kellyBps: 5_001n } });
    },
  ],
  [
    "pauses for a week",
    "governance.pauses",
    () => changed(find(blocks, "casino", "Paused")[0]!.log, 0, 7n * 86_400n),
  ],
  [
    "opens a round in a pause",
    "governance.pauses",
    () => changed(find(blocks, "casino", "Paused")[0]!.log, 0, 100_000n),
  ],
  [
    "replaces the source of randomness",
    "governance.authority",
    () => {
      const { block, log } = settled();
      rewrite(insertAfter(block, log, {}), "casino", "SourceSet", {
        sourceId: 1n,
        coordinator: `0x${"ab".repeat(20)}`,
        keyHash: `0x${"77".repeat(32)}`,
        subscription: 1n,
        confirmations: 0,
        worstPrice: 1n,
      });
      block.transactions = [
        ...block.transactions,
        { hash: log.tx, from: `0x${"ab".repeat(20)}`, to: recording.facts.casino, input: "0x" },
      ];
    },
  ],
  [
    "hands the casino to another authority",
    "governance.authority",
    () => {
      const { block, log } = settled();
      rewrite(insertAfter(block, log, {}), "casino", "AuthorityUpdated", {
        authority: `0x${"ab".repeat(20)}`,
      });
    },
  ],
  [
    "grants a role behind the administrator's back",
    "governance.authority",
    () => {
      const { block, log } = find(blocks, "casino", "FeesClaimed")[0]!;
      rewrite(
        insertAfter(block, log, { address: recording.facts.manager }),
        "manager",
        "RoleGranted",
        { roleId: 4n, account: `0x${"ab".repeat(20)}`, delay: 0, since: 1, newMember: true },
      );
      calldata(block, log.tx).from = `0x${"ab".repeat(20)}`;
    },
  ],
  [
    "lists a game that the deployment does not know",
    "history.deployment",
    () => {
      const { block, log } = termsSet();
      rewrite(insertAfter(block, log, {}), "casino", "GameListed", {
        game: recording.deployment.games.length + 1,
        rules: `0x${"ab".repeat(20)}`,
      });
    },
  ],

  // The node
  ["leaves out a log", "bets.identity", () => remove(placed().block, placed().log)],
  ["hides a transaction", "history.transactions", () => (fulfilled().block.transactions = [])],
  [
    "hides a round's whole block",
    "randomness.nonce",
    () => blocks.splice(blocks.indexOf(requested().block), 1),
  ],
  [
    "serves a block of another fork",
    "randomness.proof",
    () => {
      const { block } = requested();
      block.hash = `0x${"77".repeat(32)}`;
      for (const log of block.logs) log.blockHash = block.hash;
    },
  ],
  [
    "serves a log of another fork",
    "history.order",
    () => (placed().log.blockHash = `0x${"77".repeat(32)}`),
  ],
  [
    "changes a header's time",
    "history.headers",
    () => {
      const { block } = drawn();
      block.header = {
        ...block.header,
        timestamp: `0x${(Number(block.header.timestamp) + 1).toString(16)}`,
      };
    },
  ],
  [
    "tells logs out of order",
    "history.order",
    () => {
      const { block } = placed();
      block.logs = block.logs.toReversed();
    },
  ],
  [
    "tells a block twice",
    "history.order",
    () => blocks.splice(blocks.indexOf(placed().block), 0, structuredClone(placed().block)),
  ],
  [
    "tells an event that no one knows",
    "history.events",
    () => (settled().log.topics = [`0x${"77".repeat(32)}`, ...settled().log.topics.slice(1)]),
  ],
  [
    "tells an event with a byte too many",
    "history.events",
    () => (settled().log.data = `${settled().log.data}00`),
  ],
  [
    "adds a log that the block's filter does not have",
    "history.filter",
    () => {
      const { block, log } = placed();
      rewrite(insertAfter(block, log, {}), "casino", "Deposited", {
        player: `0x${"ab".repeat(20)}`,
        asset: 0,
        amount: 1n,
        from: `0x${"cd".repeat(20)}`,
      });
    },
  ],
];

describe("an audit finds a house or a node that", () => {
  test.each(FORGERIES)("%s, by %s", (_name, check, forge) => {
    blocks = structuredClone(recording.blocks);
    forge();
    const { report } = auditBlocks(recording.facts, blocks, verify);
    const failed = report.checks.filter(({ failed: count }) => count > 0);

    expect(report.verdict).toBe("findings");
    expect(failed.map(({ id }) => id)).toContain(check);
    expect(failed.find(({ id }) => id === check)?.failures[0]?.expected).not.toBe("");
  });
});

test("what was recorded and not altered is clean", () => {
  const { report } = auditBlocks(recording.facts, recording.blocks);
  expect(report.checks.filter(({ failed }) => failed > 0)).toEqual([]);
  expect(report.verdict).toBe("clean");
});
