import fc from "fast-check";
import { type Hex, encodeAbiParameters, encodeEventTopics, numberToHex, padHex } from "viem";
import { describe, expect, test } from "vitest";
import { LogsOmitted, foldEvents } from "../indexer/batch.ts";
import { bloomBitsOf, mayHold } from "../indexer/bloom.ts";
import { LogUnknown, type RawLog, decodeLog, topics } from "../indexer/decode.ts";
import { blockOf, positionOf } from "../indexer/schema.ts";
import { casinoAbi } from "../sdk/abis.ts";
import { decodeLane, packBetId } from "../sdk/layout.ts";

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

function placed(betId: bigint, bet: bigint, block = 7, index = 3): RawLog {
  const holder = numberToHex(betId >> 96n, { size: 32 });
  return log([topics.BetPlaced, word(betId), holder], word(bet), block, index);
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
        balance: lane === 0 ? expected.balance : undefined,
      });
    }),
  );
});

test("every event of the casino's ABI is decoded", () => {
  for (const item of casinoAbi) {
    if (item.type !== "event") continue;
    const values = item.inputs.map((input) =>
      input.type === "address"
        ? player
        : input.type === "bool"
          ? true
          : input.type === "bytes32"
            ? word(5n)
            : input.type.startsWith("tuple")
              ? terms
              : 5n,
    );
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

const terms = { minStake: 1n, maxStake: 2n, stipend: 3n, kellyBps: 4n, capBps: 5n, shareBps: 6n };

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
    expect([...batch.balances.values()]).toEqual([110n]);
    expect(batch.predecessors).toEqual([]);
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
