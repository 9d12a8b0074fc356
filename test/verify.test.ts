import type { Hex } from "viem";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deposit } from "../sdk/actions/deposit.ts";
import { placeBet } from "../sdk/actions/place-bet.ts";
import { placeWager } from "../sdk/actions/place-wager.ts";
import { readBalance } from "../sdk/actions/read-balance.ts";
import { type OpenBet, readBet } from "../sdk/actions/read-bet.ts";
import { type Quote, readQuote } from "../sdk/actions/read-quote.ts";
import { refund } from "../sdk/actions/refund.ts";
import { settle } from "../sdk/actions/settle.ts";
import { whyNot } from "../sdk/actions/why-not.ts";
import { withdraw } from "../sdk/actions/withdraw.ts";
import { casinoAbi } from "../sdk/abis.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { coinFlip } from "../sdk/games/coin-flip.ts";
import { dice } from "../sdk/games/dice.ts";
import { europeanRoulette } from "../sdk/games/roulette.ts";
import {
  decodeLane,
  laneKey,
  nextBetId,
  packBetId,
  seedOf,
  storedWordOf,
  unpackBetId,
} from "../sdk/layout.ts";
import {
  type Evidence,
  type StepId,
  checkEvidence,
  collectEvidence,
  verifyBet,
} from "../sdk/verify.ts";
import { type TestChain, deployLocalHouse, startChain, startOracle } from "./local-house.ts";

const STAKE = 10n ** 8n;
const PLAYER = 5;

let chain: TestChain;
let deployment: Deployment;
let stopOracle: (() => Promise<void>) | undefined;

beforeAll(async () => {
  chain = await startChain();
  deployment = await deployLocalHouse(chain);
  for (const player of [PLAYER, PLAYER + 1]) {
    await deposit(chain.clients(player), { deployment, asset: 0, amount: 10n ** 10n });
  }
});

afterAll(async () => {
  await stopOracle?.();
});

describe("a bet on a chain", () => {
  it("is pending while its word is out, void when that does not come, and then comes back", async () => {
    const before = await readBalance(chain.client, {
      deployment,
      player: address(PLAYER),
      asset: 0,
    });
    const betId = await bet(PLAYER, 0);
    expect(await verdictOf(betId)).toEqual([
      "pending",
      ["passed", "passed", "pending", "pending", "pending", "pending"],
    ]);
    const refusal = await whyNot(chain.client, { ...wager(0), player: address(PLAYER) });
    expect(refusal?.name).toBe("LaneBusy");
    expect(refusal?.explain({ decimals: 9, symbol: "ETH" }).message).toContain("still waiting");
    await expect(settle(chain.clients(PLAYER), { deployment, betId })).rejects.toMatchObject({
      name: "RoundPending",
    });

    await chain.pass(86_402);
    expect(await verdictOf(betId)).toEqual([
      "void",
      ["passed", "passed", "refundable", "pending", "pending", "refundable"],
    ]);
    await refund(chain.clients(2), { deployment, betId });
    expect(await verdictOf(betId)).toEqual([
      "void",
      ["passed", "passed", "refundable", "pending", "pending", "refundable"],
    ]);
    expect(await readBalance(chain.client, { deployment, player: address(PLAYER), asset: 0 })).toBe(
      before,
    );

    const evidence = await collectEvidence(chain.client, { deployment, betId });
    evidence.refunded!.stake -= 1n;
    expect(failuresOf(evidence)).toEqual(["paid"]);
  });

  it("is valid once drawn and settled, in any game and lane", async () => {
    stopOracle = startOracle(chain, deployment);
    const first = bet(PLAYER, 0);
    const betIds = [
      await first,
      await bet(PLAYER, 3, 2, dice.encode({ target: 7_500, over: false })),
      await bet(PLAYER + 1, 0),
    ];
    for (const betId of betIds) {
      const drawn = await drawnBet(betId);
      expect(drawn.round.word).toBeGreaterThan(0n);
      expect((await verifyBet(chain.client, { deployment, betId })).verdict).toBe("pending");
      const { payout } = await settle(chain.clients(2), { deployment, betId });
      const evidence = await collectEvidence(chain.client, { deployment, betId });
      const verification = checkEvidence(evidence, deployment);

      expect(verification.steps.filter(({ status }) => status !== "passed")).toEqual([]);
      expect(verification.verdict).toBe("valid");
      expect(evidence.settled?.payout).toBe(payout);
      expect(
        await verifyBet(chain.client, { deployment, betId, placedTx: evidence.placed!.tx }),
      ).toEqual(verification);
    }
  });

  it("does not exist under an id that nobody placed", async () => {
    const betId = packBetId({ player: address(PLAYER), asset: 0, lane: 9, sequence: 1n });
    const { verdict, steps } = await verifyBet(chain.client, { deployment, betId });
    expect(verdict).toBe("invalid");
    expect(steps[0]!.detail).toBe("The chain has no bet of this id.");
  });

  it("is quoted as it is stored", async () => {
    const quote = await readQuote(chain.client, { ...wager(6), player: address(PLAYER) });
    const betId = await bet(PLAYER, 6);
    const { placed } = await collectEvidence(chain.client, { deployment, betId });
    const lane = decodeLane(placed!.bet);
    expect(lane).toMatchObject({
      stake: STAKE,
      reserve: quote.reserve,
      feeRate: Number(quote.feeRate),
      game: 1,
      open: true,
    });
    await expect(
      readQuote(chain.client, { ...wager(7, 9n * 10n ** 9n), rounds: 2, player: address(PLAYER) }),
    ).rejects.toMatchObject({
      name: "BalanceTooLow",
    });
    await expect(
      withdraw(chain.clients(PLAYER), { deployment, asset: 0, amount: 10n ** 12n }),
    ).rejects.toMatchObject({ name: "BalanceTooLow" });
  });
});

describe("evidence that was tampered with", () => {
  let evidence: Evidence;

  beforeAll(async () => {
    stopOracle ??= startOracle(chain, deployment);
    const betId = await bet(PLAYER, 40);
    await drawnBet(betId);
    await settle(chain.clients(2), { deployment, betId });
    evidence = await collectEvidence(chain.client, { deployment, betId });
  });

  const other = `0x${"5a".repeat(32)}` as Hex;
  const nobody = "0x00000000000000000000000000000000000000aa";

  const tamperings: [
    what: string,
    step: StepId,
    words: RegExp,
    tamper: (evidence: Evidence) => void,
  ][] = [
    ["the chain", "placed", /chain 1/, (e) => (e.chainId = 1)],
    ["the player", "placed", /player/, (e) => (e.placed!.player = nobody)],
    ["the bet id's sequence", "placed", /sequence/, (e) => (e.betId += 1n)],
    ["the game", "placed", /Game 2049 is unknown/, (e) => (e.placed!.bet ^= 2_048n << 200n)],
    ["the choice", "placed", /choice/, (e) => (e.placed!.bet |= 7n << 144n)],
    ["the stake", "placed", /reserved/, (e) => (e.placed!.bet += 1_000n << 76n)],
    ["the reserve", "placed", /reserved/, (e) => (e.placed!.bet ^= 1n << 212n)],
    ["the extended flag", "placed", /extras/, (e) => (e.placed!.bet ^= 1n << 241n)],
    ["extras of a plain bet", "placed", /extras/, (e) => (e.placed!.extras = 1n << 72n)],
    ["the open flag", "placed", /open/, (e) => (e.placed!.bet ^= 1n << 240n)],
    ["the block of the request", "requested", /block/, (e) => (e.requested!.block -= 1n)],
    [
      "the block hash of the header",
      "requested",
      /block hash/,
      (e) => (e.requestBlock!.hash = other),
    ],
    [
      "the order in the block",
      "requested",
      /after the bet/,
      (e) => (e.requested!.logIndex = e.placed!.logIndex + 1),
    ],
    ["the slot", "requested", /slot/, (e) => (e.requested!.slot += 1n)],
    ["the source that was set", "requested", /source/, (e) => delete e.source],
    ["the key hash", "requested", /key hash/, (e) => (e.request!.keyHash = other)],
    ["the subscription", "requested", /subscription/, (e) => (e.request!.subId += 1n)],
    ["the sender", "requested", /sender/, (e) => (e.request!.sender = nobody)],
    [
      "the confirmations",
      "requested",
      /confirmations/,
      (e) => (e.request!.minimumRequestConfirmations += 1),
    ],
    ["the number of words", "requested", /one word/, (e) => (e.request!.numWords = 2)],
    ["the round", "requested", /pre-seed/, (e) => (e.requested!.round += 1n)],
    ["the pre-seed", "requested", /pre-seed/, (e) => (e.request!.preSeed += 1n)],
    ["the request id", "requested", /request id/, (e) => (e.requested!.requestId += 1n)],
    ["the request itself", "requested", /no such request/, (e) => delete e.request],
    ["the word", "drawn", /word/, (e) => (e.drawn!.word += 1n)],
    ["the request of the word", "drawn", /another request/, (e) => (e.drawn!.requestId += 1n)],
    ["the time of the word", "drawn", /deadline/, (e) => (e.drawn!.timestamp += 86_401n)],
    ["the success flag", "drawn", /refused/, (e) => (e.fulfilled!.success = false)],
    ["the output", "drawn", /output/, (e) => (e.fulfilled!.outputSeed += 1n)],
    ["the transaction of the word", "drawn", /transaction/, (e) => (e.drawn!.tx = other)],
    ["the fulfilment", "drawn", /did not deliver/, (e) => delete e.fulfilled],
    ["a word that the casino ignored", "drawn", /did not take/, (e) => delete e.drawn],
    [
      "all block hashes together",
      "proof",
      /proof does not hold/,
      (e) => {
        e.requestBlock!.hash = e.requested!.blockHash = e.placed!.blockHash = other;
      },
    ],
    ["the proof's presence", "proof", /holds no proof/, (e) => delete e.fulfilled!.proof],
    [
      "gamma",
      "proof",
      /proof does not hold/,
      (e) => edit(e, (p) => ({ ...p, gamma: [p.gamma[0], p.gamma[1] + 1n] })),
    ],
    ["c", "proof", /proof does not hold/, (e) => edit(e, (p) => ({ ...p, c: p.c + 1n }))],
    ["s", "proof", /proof does not hold/, (e) => edit(e, (p) => ({ ...p, s: p.s + 1n }))],
    [
      "uWitness",
      "proof",
      /proof does not hold/,
      (e) => edit(e, (p) => ({ ...p, uWitness: nobody })),
    ],
    ["zInv", "proof", /proof does not hold/, (e) => edit(e, (p) => ({ ...p, zInv: p.zInv + 1n }))],
    [
      "the public key",
      "proof",
      /another key/,
      (e) => edit(e, (p) => ({ ...p, pk: [p.pk[0] + 1n, p.pk[1]] })),
    ],
    ["the proof's seed", "proof", /pre-seed/, (e) => edit(e, (p) => ({ ...p, seed: p.seed + 1n }))],
    ["the commitment's block", "proof", /commitment.*blockNum/, (e) => commit(e, { blockNum: 1n })],
    [
      "the commitment's subscription",
      "proof",
      /commitment.*subId/,
      (e) => commit(e, { subId: 1n }),
    ],
    [
      "the commitment's gas",
      "proof",
      /commitment.*callbackGasLimit/,
      (e) => commit(e, { callbackGasLimit: 1 }),
    ],
    ["the commitment's words", "proof", /commitment.*numWords/, (e) => commit(e, { numWords: 2 })],
    [
      "the commitment's sender",
      "proof",
      /commitment.*sender/,
      (e) => commit(e, { sender: nobody }),
    ],
    [
      "the commitment's arguments",
      "proof",
      /commitment.*extraArgs/,
      (e) => commit(e, { extraArgs: "0x" }),
    ],
    ["the payout", "paid", /payout/, (e) => (e.settled!.payout += 1n)],
    ["the rounds played", "paid", /rounds were played/, (e) => (e.settled!.played = 2)],
    [
      "a next bet that settled it too",
      "paid",
      /twice/,
      (e) => {
        e.next = { ...e.placed!, ended: (1n << 72n) | (1n << 56n) | e.settled!.payout };
      },
    ],
    [
      "a next bet without an end",
      "paid",
      /had not ended/,
      (e) => {
        e.next = { ...e.placed!, ended: 0n };
        delete e.settled;
      },
    ],
    [
      "a refund beside the payout",
      "paid",
      /twice/,
      (e) => {
        e.refunded = { ...e.settled!, stake: STAKE, faulty: false };
      },
    ],
    [
      "a refund of a drawn bet",
      "paid",
      /although its word/,
      (e) => {
        e.refunded = { ...e.settled!, stake: STAKE, faulty: false };
        delete e.settled;
      },
    ],
  ];

  it.each(tamperings)("is caught: %s", (_, step, words, tamper) => {
    const copy = structuredClone(evidence);
    expect(checkEvidence(copy, deployment).verdict).toBe("valid");
    tamper(copy);
    const { verdict, steps } = checkEvidence(copy, deployment);

    expect(verdict).toBe("invalid");
    const failed = steps.find(({ status }) => status === "failed");
    expect(failed?.id).toBe(step);
    expect(failed?.detail).toMatch(words);
  });

  function edit(
    e: Evidence,
    change: (proof: NonNullable<NonNullable<Evidence["fulfilled"]>["proof"]>) => object,
  ) {
    const { fulfilled } = e;
    fulfilled!.proof = change(fulfilled!.proof!) as typeof fulfilled extends { proof: infer P }
      ? P
      : never;
  }

  function commit(e: Evidence, change: object) {
    const { fulfilled } = e;
    fulfilled!.commitment = { ...fulfilled!.commitment!, ...change };
  }
});

describe("a bet of several rounds that the next one of its lane settled", () => {
  const choice = dice.encode({ target: 5_000, over: false });
  // Whatever is drawn, one of the stops ends it after the first round.
  const stops = { rounds: 12, stopGain: STAKE / 2n, stopLoss: STAKE };
  let evidence: Evidence;
  let quote: Quote;
  let drawn: OpenBet;
  let next: { betId: bigint; hash: Hex };

  beforeAll(async () => {
    stopOracle ??= startOracle(chain, deployment);
    const parameters = { ...wager(50), game: dice.id, choice };
    const series = { ...parameters, ...stops };
    quote = await readQuote(chain.client, { ...series, player: address(PLAYER) });
    const { betId } = await placeWager(chain.clients(PLAYER), series);
    drawn = await drawnBet(betId);
    next = await placeWager(chain.clients(PLAYER), parameters);
    evidence = await collectEvidence(chain.client, { deployment, betId });
  });

  it("is stored with its rounds and stops, which bound what it can win", () => {
    const { rounds, stopGain, stopLoss, reserve } = drawn;
    expect({ rounds, stopGain, stopLoss }).toEqual({ ...stops, rounds: 12n });
    expect(quote.maxPayout).toBeLessThan(STAKE * 15n);
    expect(reserve).toBe(quote.reserve);
    expect(next.betId).toBe(nextBetId(drawn.betId));
    expect(evidence.settled?.tx).toBe(next.hash);
  });

  it("is valid, and its payout has the stakes that were not played", () => {
    const { verdict, steps } = checkEvidence(evidence, deployment);
    expect(steps.filter(({ status }) => status !== "passed")).toEqual([]);
    expect(verdict).toBe("valid");
    expect(steps[4]!.detail).toMatch(/of 12 rounds were drawn/);
    const { payout, played } = evidence.settled!;
    expect(played).toBe(1);
    expect(payout).toBeGreaterThanOrEqual(STAKE * BigInt(12 - played));
  });

  const tamperings: [string, StepId, RegExp, (evidence: Evidence) => void][] = [
    ["the number of rounds", "placed", /reserved/, (e) => (e.placed!.extras += 1n << 72n)],
    ["the stop-gain", "placed", /reserved/, (e) => (e.placed!.extras += 10_000_000n << 88n)],
    ["all extras", "placed", /extras/, (e) => (e.placed!.extras = 0n)],
    ["the choice's tail", "placed", /choice/, (e) => (e.placed!.extras |= 1n)],
    ["the payout", "paid", /next bet of the lane/, (e) => (e.settled!.payout += 1n)],
    ["the rounds played", "paid", /next bet of the lane/, (e) => (e.settled!.played += 1)],
    ["what the next bet tells", "paid", /next bet of the lane/, (e) => (e.next!.ended += 1n)],
    [
      "the payout, wherever it is told",
      "paid",
      /was due/,
      (e) => {
        e.next!.ended += 1n;
        e.settled!.payout += 1n;
      },
    ],
    [
      "the rounds, wherever they are told",
      "paid",
      /rounds were played/,
      (e) => {
        e.next!.ended += 1n << 56n;
        e.settled!.played += 1;
      },
    ],
    ["a settlement of its own too", "paid", /twice/, (e) => (e.settled!.logIndex -= 1)],
    [
      "a refund by itself too",
      "paid",
      /twice/,
      (e) => {
        e.refunded = { ...e.settled!, stake: STAKE * 12n, faulty: true };
        delete e.settled;
      },
    ],
  ];

  it.each(tamperings)("is not valid any more without %s as it was", (_, step, words, tamper) => {
    const copy = structuredClone(evidence);
    tamper(copy);
    const { verdict, steps } = checkEvidence(copy, deployment);

    expect(verdict).toBe("invalid");
    const failed = steps.find(({ status }) => status === "failed");
    expect(failed?.id).toBe(step);
    expect(failed?.detail).toMatch(words);
  });
});

describe("a bet with a choice wider than its lane", () => {
  it("is stored whole, and valid", async () => {
    stopOracle ??= startOracle(chain, deployment);
    const choice = europeanRoulette
      .choices()
      .find((each) => BigInt(each) & ((1n << 72n) - 1n)) as Hex;
    const { betId } = await placeBet(chain.clients(PLAYER), {
      ...wager(51),
      game: europeanRoulette.id,
      stake: STAKE / 4n,
      choice,
    });
    expect((await drawnBet(betId)).choice).toBe(choice);
    await settle(chain.clients(2), { deployment, betId });
    const evidence = await collectEvidence(chain.client, { deployment, betId });
    expect(checkEvidence(evidence, deployment).verdict).toBe("valid");

    evidence.placed!.extras ^= 1n << 71n;
    expect(checkEvidence(evidence, deployment).verdict).toBe("invalid");
  });
});

describe("the layout", () => {
  it("gives ids and seeds as the contract does", async () => {
    const parts = { player: address(PLAYER), asset: 1, lane: 65_535, sequence: 2n ** 28n - 1n };
    const betId = packBetId(parts);
    expect(unpackBetId(betId)).toEqual(parts);
    expect(laneKey(betId)).toBe(laneKey(packBetId({ ...parts, sequence: 1n })));
    expect(() => packBetId({ ...parts, asset: 65_536 })).toThrow(
      "asset 65536 does not fit 16 bits",
    );

    const word = 2n ** 256n - 12_345n;
    const onChain = await chain.client.readContract({
      address: deployment.casino,
      abi: casinoAbi,
      functionName: "seedOf",
      args: [storedWordOf(word), betId],
    });
    expect(seedOf({ word, chainId: 31_337, casino: deployment.casino, betId })).toBe(onChain);
  });
});

function address(player: number) {
  return chain.wallet(player).account.address;
}

function wager(lane: number, stake = STAKE) {
  return {
    deployment,
    asset: 0,
    lane,
    game: coinFlip.id,
    stake,
    choice: coinFlip.encode({ side: "heads" }),
  };
}

async function bet(
  player: number,
  lane: number,
  game: number = coinFlip.id,
  choice?: Hex,
): Promise<bigint> {
  const { betId } = await placeBet(chain.clients(player), {
    ...wager(lane),
    game,
    ...(choice ? { choice } : {}),
  });
  return betId;
}

async function drawnBet(betId: bigint) {
  for (let attempt = 0; attempt < 500; attempt++) {
    const found = await readBet(chain.client, { deployment, betId });
    if (found?.round.state === "drawn") return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`The oracle delivered no word for bet ${betId}`);
}

async function verdictOf(betId: bigint) {
  const { verdict, steps } = await verifyBet(chain.client, { deployment, betId });
  return [verdict, steps.map(({ status }) => status)];
}

function failuresOf(evidence: Evidence): StepId[] {
  return checkEvidence(evidence, deployment)
    .steps.filter(({ status }) => status === "failed")
    .map(({ id }) => id);
}
