import fc from "fast-check";
import {
  type AbiParameter,
  type Hex,
  concat,
  encodeAbiParameters,
  encodeEventTopics,
  numberToHex,
  padHex,
} from "viem";
import { describe, expect, test } from "vitest";
import { LogsOmitted, foldEvents } from "../indexer/batch.ts";
import { LogUnknown, type RawLog, decodeLog, topics } from "../indexer/decode.ts";
import { blockOf, positionOf } from "../indexer/schema.ts";
import { bloomBitsOf, mayHold } from "../sdk/bloom.ts";
import { casinoAbi, limitsAbi, sessionsAbi } from "../sdk/abis.ts";
import { decodeEnded, decodeExtras, decodeLane, packBetId } from "../sdk/layout.ts";

const player = "0xabcdef0123456789abcdef0123456789abcdef01";

function log(
  logTopics: (Hex | Hex[] | null | undefined)[],
  data: Hex = "0x",
  block = 7,
  index = 3,
): RawLog {
  return {
    address: "0x00000000000000000000000000000000000000ca",
    topics: logTopics.map(String),
    data,
    blockNumber: numberToHex(block),
    blockHash: padHex("0x1", { size: 32 }),
    transactionHash: padHex("0xbeef", { size: 32 }),
    logIndex: numberToHex(index),
  };
}

const word = (value: bigint): Hex => numberToHex(value, { size: 32 });

function placed(betId: bigint, bet: bigint, block = 7, index = 3, ended = 0n): RawLog {
  const holder = numberToHex(betId >> 96n, { size: 32 });
  const data = concat([word(bet), word(ended)]);
  return log([topics.BetPlaced, word(betId), holder], data, block, index);
}

test("a lane's word is cut as the SDK and the contract lay it out, for any word", () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 256n - 1n), fc.nat(3), (bits, lane) => {
      const betId = packBetId({ player, asset: 2, lane, sequence: 9n });
      const expected = decodeLane(bits);
      expect(decodeLog(placed(betId, bits))).toEqual({
        kind: "betPlaced",
        position: positionOf(7, 3),
        block: 7,
        tx: "beef".padStart(64, "0"),
        betId: betId.toString(16).padStart(64, "0"),
        game: expected.game,
        stake: expected.stake,
        choice: expected.choice.slice(2, 16),
        reserve: expected.reserve,
        feeRate: expected.feeRate,
        extended: expected.extended,
        account:
          lane === 0 ? { balance: expected.balance, referred: expected.referred } : undefined,
        ended: undefined,
      });
    }),
  );
});

test("the end of the previous bet is cut as the SDK does, for any payout and rounds", () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 72n - 1n), (bits) => {
      const ended = bits | (1n << 72n);
      const decoded = decodeLog(placed(1n, 0n, 7, 3, ended));
      expect(decoded).toMatchObject({ ended: decodeEnded(ended) });
    }),
  );
});

test("a bet's extras are cut as the SDK does, for any word", () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 256n - 1n), (bits) => {
      const { choiceTail, ...extras } = decodeExtras(bits);
      expect(decodeLog(log([topics.BetExtended, word(5n)], word(bits)))).toMatchObject({
        kind: "betExtended",
        betId: word(5n).slice(2),
        extras: { ...extras, choice: choiceTail.toString(16).padStart(18, "0") },
      });
    }),
  );
});

/** Some value of an ABI type. */
function sample(input: AbiParameter): unknown {
  if ("components" in input)
    return Object.fromEntries(input.components.map((part) => [part.name, sample(part)]));
  if (input.type === "address") return player;
  if (input.type === "bool") return true;
  if (input.type.startsWith("bytes")) return word(5n);
  return Number(input.type.replace(/\D/g, "")) > 48 ? 5n : 5;
}

test("every event of the casino and its contracts is decoded", () => {
  for (const item of [...casinoAbi, ...limitsAbi, ...sessionsAbi]) {
    if (item.type !== "event") continue;
    const values = item.inputs.map(sample);
    const indexed = Object.fromEntries(
      item.inputs.flatMap((input, at) => (input.indexed ? [[input.name, values[at]]] : [])),
    );
    const encoded = encodeEventTopics({
      abi: [item],
      eventName: item.name,
      args: indexed,
    } as Parameters<typeof encodeEventTopics>[0]);
    const plain = item.inputs
      .map((input, at) => ({ input, value: values[at] }))
      .filter(({ input }) => !input.indexed);
    const data = encodeAbiParameters(
      plain.map(({ input }) => input),
      plain.map(({ value }) => value) as never,
    );
    expect(() => decodeLog(log(encoded, data)), item.name).not.toThrow();
  }
});

test("amounts, parties and words are read from the right places", () => {
  const holder = padHex(player, { size: 32 }).toLowerCase() as Hex;
  const bare = player.slice(2).toLowerCase();
  expect(
    decodeLog(
      log(
        [topics.Withdrawn, holder, word(1n)],
        `${word(77n)}${"0".repeat(24)}${"12".repeat(20)}` as Hex,
      ),
    ),
  ).toMatchObject({
    kind: "transfer",
    transfer: 1,
    player: bare,
    asset: 1,
    amount: 77n,
    other: "12".repeat(20),
  });
  expect(decodeLog(log([topics.RoundDrawn, word(4n)], word(2n ** 256n - 1n)))).toMatchObject({
    requestId: "4".padStart(64, "0"),
    word: "f".repeat(64),
  });
  expect(
    decodeLog(log([topics.BetRefunded, word(4n)], `${word(9n)}${word(1n).slice(2)}` as Hex)),
  ).toMatchObject({ stake: 9n, faulty: true });
  expect(() => decodeLog(log([word(99n)]))).toThrow(LogUnknown);
});

describe("folding", () => {
  const bet = (sequence: bigint, lane = 0) => packBetId({ player, asset: 0, lane, sequence });
  const lane0 = (balance: bigint) => balance | (10n << 56n);
  const round = (number: bigint, block: number) =>
    decodeLog(
      log(
        [topics.RoundRequested, word(number), word(number + 100n), word(1n)],
        `${word(1n)}${word(1n).slice(2)}` as Hex,
        block,
        0,
      ),
    );
  const told = (topic: Hex, betId: bigint, value: bigint, block: number, index: number) =>
    decodeLog(log([topic, word(betId)], word(value), block, index));
  const extras = (further: bigint, fee: bigint) => (further << 72n) | (fee << 216n);
  const bound = () => decodeLog(log([topics.AffiliateBound, word(1n), word(2n)]));
  const relayed = (amount: bigint, block: number, index: number) =>
    decodeLog(log([topics.RelayerPaid, word(0xfeen), word(0n)], word(amount), block, index));
  const settled = (betId: bigint, payout: bigint, block: number, index: number) =>
    decodeLog(log([topics.BetSettled, word(betId)], word(payout), block, index));

  test("a bet placed and ended in one batch is one row with its end", () => {
    const batch = foldEvents([
      round(1n, 5),
      decodeLog(placed(bet(1n), lane0(90n), 5, 1)),
      settled(bet(1n), 20n, 6, 0),
    ]);
    expect(batch.bets).toHaveLength(1);
    expect(batch.bets[0]).toMatchObject({ round: 1, stake: 10n });
    expect(batch.resolutions.get(batch.bets[0]!.betId)).toMatchObject({
      payout: 20n,
      block: 6,
      outcome: 1,
    });
    expect([...batch.accounts.values()]).toEqual([{ balance: 110n, referred: false }]);
    expect(batch.predecessors).toEqual([]);
  });

  test("a placement that settles the lane's previous bet is two rows", () => {
    const batch = foldEvents([
      round(1n, 5),
      decodeLog(placed(bet(1n, 1), lane0(0n), 5, 1)),
      round(2n, 6),
      decodeLog(placed(bet(2n, 1), lane0(0n), 6, 1, 30n | (1n << 56n) | (1n << 72n))),
      round(3n, 7),
      decodeLog(placed(bet(9n), lane0(500n), 7, 1, 40n | (2n << 56n) | (1n << 72n))),
    ]);
    const [, second, third] = batch.bets;
    expect(batch.resolutions.get(batch.bets[0]!.betId)).toMatchObject({
      payout: 30n,
      played: 1,
      outcome: 1,
      position: second!.position,
    });
    // That of the one before is in the database, where its end must find it open.
    expect([...batch.resolutions.values()][1]).toMatchObject({ played: 2, payout: 40n });
    expect(batch.predecessors).toEqual([]);
    expect([...batch.accounts.values()]).toEqual([{ balance: 500n, referred: false }]);
    expect(third!.round).toBe(3);
  });

  test("extras, rounds played and relayers' fees come to the bet they are of", () => {
    const batch = foldEvents([
      round(1n, 5),
      decodeLog(placed(bet(1n), lane0(1_000n), 5, 1)),
      told(topics.BetExtended, bet(1n, 1), extras(2n, 7n), 5, 2),
      decodeLog(placed(bet(1n, 1), (10n << 56n) | (1n << 241n), 5, 3)),
      relayed(7n, 5, 4),
      told(topics.RoundsPlayed, bet(1n, 1), 2n, 6, 0),
      settled(bet(1n, 1), 45n, 6, 1),
    ]);
    expect(batch.bets[1]!.extras).toMatchObject({ rounds: 3, fee: 7n });
    expect(batch.resolutions.get(batch.bets[1]!.betId)).toMatchObject({ played: 2, payout: 45n });
    // Three stakes of ten and the fee left the balance, and the payout came in.
    expect([...batch.accounts.values()][0]!.balance).toBe(1_000n - 30n - 7n + 45n);
  });

  test("a later bet of a lane asks for the one before, which the database must have", () => {
    const batch = foldEvents([round(1n, 5), decodeLog(placed(bet(8n), lane0(90n), 5, 1))]);
    expect(batch.predecessors).toEqual([bet(7n).toString(16).padStart(64, "0")]);
  });

  test.each([
    ["a bet without a round in its block", [round(1n, 4), decodeLog(placed(bet(1n), 0n, 5, 1))]],
    ["a gap between rounds", [round(1n, 4), round(3n, 5)]],
    [
      "a gap in a lane",
      [
        round(1n, 5),
        decodeLog(placed(bet(1n), 0n, 5, 1)),
        round(2n, 6),
        decodeLog(placed(bet(3n), 0n, 6, 1)),
      ],
    ],
    [
      "a bet over one that has not ended",
      [
        round(1n, 5),
        decodeLog(placed(bet(1n), 0n, 5, 1)),
        round(2n, 6),
        decodeLog(placed(bet(2n), 0n, 6, 1)),
      ],
    ],
    [
      "extras without their bet",
      [round(1n, 5), told(topics.BetExtended, bet(1n), extras(1n, 0n), 5, 1)],
    ],
    [
      "extras of another bet than the next",
      [
        round(1n, 5),
        told(topics.BetExtended, bet(1n), extras(1n, 0n), 5, 1),
        decodeLog(placed(bet(1n, 1), 0n, 5, 2)),
      ],
    ],
    [
      "a bet whose flag tells of extras that are missing",
      [round(1n, 5), decodeLog(placed(bet(1n), 1n << 241n, 5, 1))],
    ],
    ["rounds played without an end", [told(topics.RoundsPlayed, bet(1n), 2n, 5, 1)]],
    [
      "a relayer's fee that did not arrive",
      [
        round(1n, 5),
        told(topics.BetExtended, bet(1n), extras(0n, 7n), 5, 1),
        decodeLog(placed(bet(1n), 0n, 5, 2)),
      ],
    ],
    ["a relayer's fee that nobody paid", [relayed(7n, 5, 0)]],
    ["an affiliate without a deposit", [bound()]],
    ["a bet that ends twice", [settled(bet(1n), 1n, 5, 0), settled(bet(1n), 1n, 5, 1)]],
  ])("%s is found", (_, decoded) => {
    expect(() => foldEvents(decoded)).toThrow(LogsOmitted);
  });
});

test("positions order events and give their block back", () => {
  fc.assert(
    fc.property(fc.nat(2 ** 32), fc.nat(2 ** 20 - 1), (block, index) => {
      expect(blockOf(positionOf(block, index))).toBe(block);
      expect(positionOf(block, index)).toBeLessThan(positionOf(block + 1, 0));
    }),
  );
});

test("a filter holds what was put in and nothing that is far from it", () => {
  const entry = "0x00000000000000000000000000000000000000ca" as const;
  let bloom = 0n;
  for (const bit of bloomBitsOf(entry)) bloom |= 1n << BigInt(bit);
  expect(mayHold(numberToHex(bloom, { size: 256 }), bloomBitsOf(entry))).toBe(true);
  expect(mayHold(numberToHex(0n, { size: 256 }), bloomBitsOf(entry))).toBe(false);
});
