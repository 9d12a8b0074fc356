/** Forged bets: their orders, terms, outcomes and ends. */
import { type AbiFunction, getAbiItem, toFunctionSelector } from "viem";
import { expect } from "vitest";
import { find, insertAfter, remove, rewrite } from "../scripts/audit-recording.ts";
import { casinoAbi } from "../sdk/abis.ts";
import { topicOf } from "../sdk/audit/records.ts";
import {
  type Forgery,
  STRANGER,
  blocks,
  changeWord,
  changed,
  extended,
  laneField,
  later,
  ordered,
  placed,
  recording,
  refunded,
  settled,
  termsSet,
  testForgeries,
  winner,
} from "./audit-forging.ts";

const sent = (name: "bet" | "placeWager") => {
  const selector = toFunctionSelector(getAbiItem({ abi: casinoAbi, name }) as AbiFunction);
  const tx = blocks
    .flatMap(({ transactions }) => transactions)
    .find(({ input }) => input.startsWith(selector));
  return tx!;
};
/** The last order that its transaction carries. */
const skipped = () => find(blocks, "casino", "OrderSkipped").at(-1)!;

const FORGERIES: Forgery[] = [
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
  // Orders
  [
    "pays one unit less on every thousandth bet",
    "bets.payout",
    () => {
      const every = find(blocks, "casino", "BetSettled").filter(
        (_, index) => index % 1_000 === 999,
      );
      expect(every).toHaveLength(1);
      for (const { log, args } of every) changed(log, 0, args.payout > 0n ? -1n : 1n);
    },
  ],
  [
    "changes the odds in flight: pays a percent less than the bet was placed for",
    "bets.payout",
    () => changed(winner().log, 0, -(winner().args.payout / 100n)),
  ],
  ["places a bet that its player did not send", "bets.orders", () => (sent("bet").from = STRANGER)],
  [
    "places a bet on another choice than the player sent",
    "bets.orders",
    () => changeWord(sent("bet"), 4, 1n << 255n),
  ],
  ["places a bet of another stake than sent", "bets.orders", () => changeWord(sent("bet"), 3, 1n)],
  [
    "plays another number of rounds than the player sent",
    "bets.orders",
    () => changeWord(sent("placeWager"), 5, 1n),
  ],
  [
    "places two bets where one was sent",
    "bets.orders",
    () => {
      const { block, log, args } = placed();
      rewrite(insertAfter(block, log, {}), "casino", "BetPlaced", {
        ...args,
        betId: args.betId + 1n,
      });
    },
  ],
  [
    "places a relayed order of another stake than was signed",
    "bets.orders",
    () => {
      const { placed: bet, tx, word } = ordered("player");
      laneField(bet.log, 56n, 40n, (stake) => stake + 1n);
      changeWord(tx, word + 1, 1n << 128n);
    },
  ],
  [
    "places a relayed order for a longer time than was signed",
    "bets.orders",
    () => changeWord(ordered("player").tx, ordered("player").word, 1n << 224n),
  ],
  [
    "places a relayed order that nobody signed",
    "bets.orders",
    () => changeWord(ordered("player").tx, ordered("player").word + 3, 1n),
  ],
  [
    "places a relayed order that another key signed than the session's",
    "bets.orders",
    () => changeWord(ordered("key").tx, ordered("key").word + 4, 1n),
  ],
  [
    "carries out a signed order under another number",
    "bets.orders",
    () => {
      const { log, args } = ordered("player").placed;
      rewrite(log, "casino", "BetPlaced", { ...args, betId: args.betId + 1n });
    },
  ],
  [
    "accepts an order after its deadline",
    "bets.orders",
    () => later(ordered("player").placed.block, 601),
  ],
  [
    "places an order with bits that no field has",
    "bets.orders",
    () => changeWord(ordered("player").tx, ordered("player").word + 2, 1n << 200n),
  ],
  [
    "keeps quiet about an order that it skipped",
    "bets.orders",
    () => remove(skipped().block, skipped().log),
  ],
  [
    "names another order than it skipped",
    "bets.orders",
    () =>
      rewrite(skipped().log, "casino", "OrderSkipped", {
        ...skipped().args,
        betId: skipped().args.betId + 1n,
      }),
  ],
  [
    "tells of a skipped order that was not carried",
    "bets.orders",
    () => insertAfter(skipped().block, skipped().log, {}),
  ],
];

testForgeries("a house", FORGERIES, { bets: 1_120, players: 40, perRound: 40, roundsPerEpoch: 9 });
