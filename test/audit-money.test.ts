/** Forged money: balances, fees, epochs, prices and shares. */
import { find, insertAfter, remove, rewrite } from "../scripts/audit-recording.ts";
import { lower } from "../sdk/audit/state.ts";
import {
  type Forgery,
  STRANGER,
  blocks,
  changed,
  laneField,
  later,
  placed,
  recording,
  settled,
  testForgeries,
} from "./audit-forging.ts";

const relayed = () => find(blocks, "casino", "RelayerPaid")[0]!;
const priced = () =>
  find(blocks, "bankroll", "EpochPriced").findLast(({ args }) => args.deposits > 0n)!;
const minted = () =>
  find(blocks, "bankroll", "Transfer").findLast(({ args }) => /^0x0+$/.test(args.from))!;
const burned = () =>
  find(blocks, "bankroll", "Transfer").findLast(({ args }) => /^0x0+$/.test(args.to))!;

const FORGERIES: Forgery[] = [
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
  ["keeps a relayer's fee", "money.ledger", () => remove(relayed().block, relayed().log)],
  ["pays a relayer twice", "money.ledger", () => insertAfter(relayed().block, relayed().log, {})],
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
  [
    "moves a fee: pays the operator's to somebody else",
    "money.fees",
    () => {
      const { log, args } = find(blocks, "casino", "FeesClaimed")[0]!;
      rewrite(log, "casino", "FeesClaimed", { ...args, to: STRANGER });
    },
  ],
  [
    "moves a fee: pays the relayer's to somebody else",
    "bets.orders",
    () => rewrite(relayed().log, "casino", "RelayerPaid", { ...relayed().args, to: STRANGER }),
  ],
];

testForgeries("a house", FORGERIES);
