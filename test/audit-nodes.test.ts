/** What a node may leave out, add or change. */
import { insertAfter, remove, rewrite } from "../scripts/audit-recording.ts";
import {
  type Forgery,
  STRANGER,
  blocks,
  calldata,
  changeWord,
  drawn,
  fulfilled,
  placed,
  requested,
  settled,
  testForgeries,
} from "./audit-forging.ts";

const FORGERIES: Forgery[] = [
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
        player: STRANGER,
        asset: 0,
        amount: 1n,
        from: `0x${"cd".repeat(20)}`,
      });
    },
  ],
  [
    "alters the calldata of a proof",
    "randomness.proof",
    () => changeWord(calldata(fulfilled().block, fulfilled().log.tx), 5, 1n),
  ],
  [
    "alters the calldata of a bet",
    "bets.orders",
    () => changeWord(calldata(placed().block, placed().log.tx), 0, 1n),
  ],
  [
    "cuts the calldata of a bet short",
    "bets.orders",
    () => {
      const tx = calldata(placed().block, placed().log.tx);
      tx.input = `0x${tx.input.slice(2, 80)}`;
    },
  ],
  [
    "hides the transaction of a bet",
    "history.transactions",
    () => (placed().block.transactions = []),
  ],
  [
    "serves another fork from a block on",
    "history.order",
    () => {
      const at = blocks.findIndex(
        ({ number }, index) => index > 20 && blocks[index - 1]?.number === number - 1,
      );
      for (const block of blocks.slice(at)) {
        block.hash = `0x77${block.hash.slice(4)}`;
        block.header = {
          ...block.header,
          parentHash: `0x77${String(block.header.parentHash).slice(4)}`,
        };
        for (const log of block.logs) log.blockHash = block.hash;
      }
    },
  ],
];

testForgeries("a node", FORGERIES);
