/** Forged randomness: requests, proofs, words, voids, sources. */
import { expect } from "vitest";
import { find, insertAfter, remove, rewrite } from "../scripts/audit-recording.ts";
import { type Transaction } from "../sdk/audit/records.ts";
import { preSeedOf, requestIdOf, wordOf } from "../sdk/vrf.ts";
import {
  type Forgery,
  asked,
  blocks,
  calldata,
  changed,
  drawn,
  fulfilled,
  later,
  proofWord,
  recording,
  requested,
  testForgeries,
} from "./audit-forging.ts";

const failedCallback = () =>
  find(blocks, "coordinator", "RandomWordsFulfilled").find(({ args }) => !args.success)!;
const replaced = () => find(blocks, "casino", "SourceSet").at(-1)!;
/** The fulfilment of the first source's last round, which came after the source was replaced. */
const waiting = () =>
  find(blocks, "coordinator", "RandomWordsFulfilled").find(
    ({ block }) => block.number > replaced().block.number,
  )!;

const FORGERIES: Forgery[] = [
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
  // Callbacks
  [
    "says that a callback succeeded whose word was not taken",
    "randomness.word",
    () => {
      const { log, args } = failedCallback();
      rewrite(log, "coordinator", "RandomWordsFulfilled", { ...args, success: true });
    },
  ],
  [
    "says that a callback failed whose word was taken",
    "randomness.word",
    () => {
      const { log, args } = fulfilled();
      rewrite(log, "coordinator", "RandomWordsFulfilled", { ...args, success: false });
    },
  ],
  [
    "takes the word of a failed callback later",
    "randomness.word",
    () => {
      const { args } = failedCallback();
      const { block, log } = fulfilled(-1);
      rewrite(
        insertAfter(block, log, { address: recording.facts.casino }),
        "casino",
        "RoundDrawn",
        { requestId: args.requestId, word: wordOf(args.outputSeed, 0) },
      );
    },
  ],

  // The second source
  [
    "takes the word of a waiting round from the source set since",
    "randomness.word",
    () => (waiting().log.address = asked(-1).log.address),
  ],
  [
    "asks the first source after it was replaced",
    "randomness.request",
    () => (asked(-1).log.address = asked(0).log.address),
  ],
  [
    "asks the second source for the first one's key",
    "randomness.request",
    () =>
      rewrite(asked(-1).log, "coordinator", "RandomWordsRequested", {
        ...asked(-1).args,
        keyHash: asked(0).args.keyHash,
      }),
  ],
  [
    "numbers requests of the second source on from the first",
    "randomness.nonce",
    () => {
      const { log, args } = asked(-1);
      const nonce = BigInt(find(blocks, "casino", "RoundRequested").length);
      const preSeed = preSeedOf({ ...args, nonce });
      const requestId = requestIdOf({ keyHash: args.keyHash, preSeed });
      rewrite(log, "coordinator", "RandomWordsRequested", { ...args, preSeed, requestId });
    },
  ],
  [
    "uses a key that the second source has deregistered",
    "randomness.key",
    () => {
      const { block, log } = asked(-2);
      rewrite(insertAfter(block, log, {}), "coordinator", "ProvingKeyDeregistered", {
        keyHash: asked(-1).args.keyHash,
        maxGas: 1n,
      });
    },
  ],
  [
    "proves a word of the second source with the first one's key",
    "randomness.proof",
    () => {
      const [first, last] = [fulfilled(0), fulfilled(-1)].map(({ block, log }) =>
        calldata(block, log.tx),
      ) as [Transaction, Transaction];
      const key = [10, 10 + 128] as const;
      last.input = `0x${last.input.slice(2, key[0])}${first.input.slice(...key)}${last.input.slice(key[1])}`;
    },
  ],
  [
    "takes a source's number twice",
    "history.order",
    () => rewrite(replaced().log, "casino", "SourceSet", { ...replaced().args, sourceId: 0n }),
  ],
];

testForgeries("a house", FORGERIES);
