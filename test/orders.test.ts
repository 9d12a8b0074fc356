import { type Hex, hashTypedData, recoverTypedDataAddress, zeroAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localAccount } from "../scripts/local.ts";
import { claimReferral } from "../sdk/actions/claim-referral.ts";
import { deposit } from "../sdk/actions/deposit.ts";
import { exclude } from "../sdk/actions/exclude.ts";
import { openSession } from "../sdk/actions/open-session.ts";
import { placeBet } from "../sdk/actions/place-bet.ts";
import { placeMany } from "../sdk/actions/place-many.ts";
import { placeWager } from "../sdk/actions/place-wager.ts";
import { readBalance } from "../sdk/actions/read-balance.ts";
import { readBet } from "../sdk/actions/read-bet.ts";
import { readSession } from "../sdk/actions/read-session.ts";
import { revokeSessions } from "../sdk/actions/revoke-sessions.ts";
import { setLimits } from "../sdk/actions/set-limits.ts";
import { settleMany } from "../sdk/actions/settle-many.ts";
import { whyNot } from "../sdk/actions/why-not.ts";
import type { Deployment } from "../sdk/deployment.ts";
import { coinFlip } from "../sdk/games/coin-flip.ts";
import { dice } from "../sdk/games/dice.ts";
import { europeanRoulette } from "../sdk/games/roulette.ts";
import { unpackBetId } from "../sdk/layout.ts";
import { type Order, orderTypedData, packOrder, signOrder, unpackOrder } from "../sdk/orders.ts";
import { type SessionTerms, gamesMask, grantTypedData, signGrant } from "../sdk/sessions.ts";
import { verifyBet } from "../sdk/verify.ts";
import { type TestChain, deployLocalHouse, startChain, startOracle } from "./local-house.ts";

const PLAYER = localAccount(5);
const OTHER = localAccount(6);
const AFFILIATE = localAccount(9);
const KEY = privateKeyToAccount(`0x${"7e".repeat(32)}`);
const RELAYER = localAccount("relayer");
const STAKE = 10n ** 7n;
const FEE = 2_000n;
const DEPOSIT = 10n ** 10n;
const NO_LIMIT = { day: 0n, week: 0n, month: 0n };

let chain: TestChain;
let deployment: Deployment;
let stopOracle: () => Promise<void>;

beforeAll(async () => {
  chain = await startChain();
  deployment = await deployLocalHouse(chain);
  await deposit(chain.clients(5), {
    deployment,
    asset: 0,
    amount: DEPOSIT,
    affiliate: AFFILIATE.address,
  });
  for (const player of [6, 7, 8])
    await deposit(chain.clients(player), { deployment, asset: 0, amount: DEPOSIT });
  stopOracle = startOracle(chain, deployment);
});

afterAll(() => stopOracle());

describe("an order", () => {
  it("keeps every field through its 160 bytes, whatever it says", async () => {
    const random = generator(1n);
    for (let run = 0; run < 200; run++) {
      const order: Order = {
        player: OTHER.address,
        asset: Number(random(16n)),
        lane: Number(random(16n)),
        sequence: random(28n),
        game: Number(random(16n)),
        stake: random(40n),
        choice: `0x${random(128n).toString(16).padStart(32, "0")}`,
        rounds: Number(random(16n)) + 1,
        stopGain: random(64n),
        stopLoss: random(64n),
        fee: random(40n),
        deadline: random(32n),
      };
      const signed = await signOrder(OTHER, { deployment, order });
      const { order: unpacked, signature } = unpackOrder(signed);
      expect(unpacked).toEqual(order);
      expect(packOrder(unpacked, signature)).toEqual(signed);
      if (run % 20 !== 0) continue;
      const typed = orderTypedData(deployment, unpacked);
      expect(await recoverTypedDataAddress({ ...typed, signature })).toBe(OTHER.address);
    }
  });

  it("does not fit where a number is too large, and its words hold nothing else", async () => {
    const order = orderOf({ lane: 1 });
    const signature = await PLAYER.signTypedData(orderTypedData(deployment, order));
    expect(() => packOrder({ ...order, stake: 1n << 40n }, signature)).toThrow("stake");
    expect(() => packOrder({ ...order, rounds: 0 }, signature)).toThrow("rounds");
    expect(() => packOrder(order, `${signature}00`)).toThrow("not the 65 bytes");
    const signed = packOrder(order, signature);
    expect(() => unpackOrder({ ...signed, terms: signed.terms | (1n << 236n) })).toThrow("terms");
    expect(() => unpackOrder({ ...signed, stops: 1n << 128n })).toThrow("stops");
  });

  it("is good for one casino on one chain", () => {
    const order = orderOf({ lane: 1 });
    const digests = [
      deployment,
      { ...deployment, chainId: 1 },
      { ...deployment, casino: zeroAddress },
    ].map((each) => hashTypedData(orderTypedData(each, order)));
    expect(new Set(digests).size).toBe(3);
  });

  it("is carried out for its player by anyone, who gets the fee; all kinds in one transaction", async () => {
    const chips = europeanRoulette.choices().find((choice) => tailOf(choice) !== 0n) as Hex;
    const orders = [
      orderOf({ lane: 1, fee: FEE }),
      orderOf({ lane: 2, fee: FEE, game: europeanRoulette.id, choice: chips }),
      orderOf({ lane: 3, rounds: 20, stopGain: STAKE, stopLoss: STAKE * 4n }),
      orderOf({ lane: 4, player: OTHER.address, game: dice.id, choice: under(2_500) }),
    ];
    // By an account, and by a wallet client.
    const signed = await Promise.all([
      ...orders
        .slice(0, 3)
        .map((order, index) =>
          signOrder(index === 0 ? chain.wallet(5) : PLAYER, { deployment, order }),
        ),
      signOrder(OTHER, { deployment, order: orders[3]! }),
    ]);
    const { placed, skipped } = await relay(signed);
    expect(skipped).toEqual([]);
    expect(placed.map((betId) => unpackBetId(betId).lane)).toEqual([1, 2, 3, 4]);
    expect(await readBalance(chain.client, { deployment, asset: 0, player: RELAYER.address })).toBe(
      FEE * 2n,
    );
    for (const [index, betId] of placed.entries()) {
      const { player, sequence, game, stake, choice, rounds } = orders[index]!;
      expect(await drawnBet(betId)).toMatchObject({
        player,
        sequence,
        game,
        stake,
        choice,
        rounds: BigInt(rounds),
      });
    }
    await settleMany(chain.clients("keeper"), { deployment, betIds: placed });
    for (const betId of placed) {
      expect((await verifyBet(chain.client, { deployment, betId })).verdict).toBe("valid");
    }
  });

  it("is carried out once, in time, and for its signer alone; the others of its batch are placed", async () => {
    const good = await signed(orderOf({ lane: 10 }));
    const { placed, skipped } = await relay([
      good,
      good,
      await signed(orderOf({ lane: 11, sequence: 2n })),
      await signed(orderOf({ lane: 11, deadline: 1n })),
      await signOrder(OTHER, { deployment, order: orderOf({ lane: 11 }) }),
      await signed(orderOf({ lane: 11, stake: 1n })),
      await signed(orderOf({ lane: 11 })),
    ]);
    expect(placed.map((betId) => unpackBetId(betId).lane)).toEqual([10, 11]);
    expect(skipped.map(({ refusal }) => refusal?.name)).toEqual([
      "SequenceMismatch",
      "SequenceMismatch",
      "OrderExpired",
      "SignerUnknown",
      "StakeBelowLimit",
    ]);
    const words = skipped.map(({ refusal }) => refusal!.explain({ decimals: 9, symbol: "ETH" }));
    for (const { message, hint } of words) expect(message.length * hint.length).toBeGreaterThan(0);
  });
});

describe("a session", () => {
  const lane = { asset: 0, lane: 20 };

  it("opened by anyone with the player's signature lets its key bet, within its terms", async () => {
    const terms = await termsOf({ maxFee: FEE, games: gamesMask([coinFlip.id]) });
    const { nonce } = await session();
    const grant = { player: PLAYER.address, terms, nonce };
    const signature = await signGrant(chain.wallet(5), { deployment, ...grant });
    expect(await recoverTypedDataAddress({ ...grantTypedData(deployment, grant), signature })).toBe(
      PLAYER.address,
    );
    await openSession(chain.clients("relayer"), { deployment, ...grant, signature });
    expect((await session()).session).toMatchObject({
      key: KEY.address,
      lastSequence: 2n,
      games: 1n,
    });
    await expect(
      openSession(chain.clients("relayer"), { deployment, ...grant, signature }),
    ).rejects.toMatchObject({ name: "GrantNotSigned" });

    const { placed, skipped } = await relay([
      await byKey({ stake: STAKE * 2n }),
      await byKey({ fee: FEE * 2n }),
      await byKey({ game: dice.id, choice: under(2_500) }),
      await byKey({ fee: FEE - 1_000n }),
    ]);
    expect(placed.map((betId) => unpackBetId(betId).player)).toEqual([PLAYER.address]);
    expect(skipped.map(({ refusal }) => refusal?.name)).toEqual([
      "SessionStakeAboveLimit",
      "SessionFeeRefused",
      "SessionGameRefused",
    ]);
    await drawnBet(placed[0]!);
  });

  it("ends with its last bet, and when the player revokes it", async () => {
    const second = await relay([await byKey({ sequence: 2n })]);
    await drawnBet(second.placed[0]!);
    const third = await relay([await byKey({ sequence: 3n })]);
    expect(third.skipped[0]?.refusal?.name).toBe("SessionOver");

    await openSession(chain.clients(5), {
      deployment,
      player: PLAYER.address,
      terms: await termsOf({ lastSequence: 9n }),
    });
    await revokeSessions(chain.clients(5), { deployment, lanes: [lane] });
    expect((await session()).session).toBeUndefined();
    const revoked = await relay([await byKey({ sequence: 3n })]);
    expect(revoked.skipped[0]?.refusal?.name).toBe("SignerUnknown");
  });

  it("names games 1 to 80", () => {
    expect(gamesMask([1, 80])).toBe(1n | (1n << 79n));
    expect(() => gamesMask([81])).toThrow(RangeError);
  });

  function session() {
    return readSession(chain.client, { deployment, player: PLAYER.address, ...lane });
  }

  async function termsOf(terms: Partial<SessionTerms>): Promise<SessionTerms> {
    const { timestamp } = await chain.client.getBlock();
    return {
      ...lane,
      key: KEY.address,
      expiry: timestamp + 3_600n,
      maxStake: (STAKE * 3n) / 2n,
      lastSequence: 2n,
      feeTo: RELAYER.address,
      maxFee: 0n,
      games: 0n,
      ...terms,
    };
  }

  function byKey(order: Partial<Order>) {
    return signOrder(KEY, { deployment, order: orderOf({ lane: lane.lane, ...order }) });
  }
});

describe("a player", () => {
  it("is held to the limits and to the exclusion that they set", async () => {
    const terms = {
      stakes: { ...NO_LIMIT, day: 1_000_000n },
      losses: NO_LIMIT,
      deposits: NO_LIMIT,
      pauseSeconds: 0n,
    };
    await setLimits(chain.clients(7), { deployment, asset: 0, terms });
    expect(await whyNot(chain.client, plain(7, 2_000_000n))).toMatchObject({
      name: "StakeLimitReached",
    });
    expect(await whyNot(chain.client, plain(7, 900_000n))).toBeUndefined();

    await exclude(chain.clients(8), { deployment, kind: "cool-off", seconds: 86_400n });
    expect(await whyNot(chain.client, plain(8, STAKE))).toMatchObject({ name: "PlayerExcluded" });
    await expect(
      exclude(chain.clients(8), { deployment, kind: "self-exclusion", seconds: 86_400n }),
    ).rejects.toMatchObject({ name: "ExclusionOutOfBounds" });
  });

  it("brings the affiliate of the first deposit a quarter of the fees, and gets no other one", async () => {
    const wager = {
      deployment,
      asset: 0,
      lane: 30,
      game: coinFlip.id,
      stake: STAKE,
      choice: heads,
    };
    const { betId } = await placeWager(chain.clients(5), { ...wager, rounds: 3 });
    const { feeRate } = await drawnBet(betId);
    await settleMany(chain.clients("keeper"), { deployment, betIds: [betId] });
    const claim = { deployment, player: PLAYER.address, asset: 0 };
    const before = await readBalance(chain.client, { ...claim, player: AFFILIATE.address });
    await claimReferral(chain.clients("keeper"), claim);
    const after = await readBalance(chain.client, { ...claim, player: AFFILIATE.address });
    expect(after - before).toBeGreaterThanOrEqual((STAKE * 3n * feeRate) / 100_000n / 4n);
    await expect(claimReferral(chain.clients("keeper"), claim)).rejects.toMatchObject({
      name: "AmountZero",
    });

    const again = { deployment, asset: 0, amount: STAKE, affiliate: OTHER.address };
    await expect(deposit(chain.clients(5), again)).rejects.toMatchObject({
      name: "AffiliateRefused",
    });
    await expect(deposit(chain.clients(5), { ...again, to: OTHER.address })).rejects.toThrow(
      "own account only",
    );
  });

  it("needs no series for one round, and is told what a thousand of them would cost", async () => {
    const { betId } = await placeBet(chain.clients(6), plain(6, STAKE));
    expect((await readBet(chain.client, { deployment, betId }))?.rounds).toBe(1n);
    const refusal = await whyNot(chain.client, {
      ...plain(6, DEPOSIT / 500n),
      lane: 41,
      rounds: 1_000,
    });
    expect(refusal?.name).toBe("BalanceTooLow");
  });
});

const heads = coinFlip.encode({ side: "heads" });

function under(target: number): Hex {
  return dice.encode({ target, over: false });
}

function orderOf(order: Partial<Order>): Order {
  return {
    player: PLAYER.address,
    asset: 0,
    lane: 0,
    sequence: 1n,
    game: coinFlip.id,
    stake: STAKE,
    choice: heads,
    rounds: 1,
    stopGain: 0n,
    stopLoss: 0n,
    fee: 0n,
    deadline: 2n ** 32n - 1n,
    ...order,
  };
}

function signed(order: Order) {
  return signOrder(PLAYER, { deployment, order });
}

function relay(orders: Awaited<ReturnType<typeof signed>>[]) {
  return placeMany(chain.clients("relayer"), { deployment, orders, feeTo: RELAYER.address });
}

function plain(player: number, stake: bigint) {
  return {
    deployment,
    player: localAccount(player).address,
    asset: 0,
    lane: 40,
    game: coinFlip.id,
    stake,
    choice: heads,
  };
}

function tailOf(choice: Hex): bigint {
  return BigInt(choice) & ((1n << 72n) - 1n);
}

async function drawnBet(betId: bigint) {
  for (let attempt = 0; attempt < 500; attempt++) {
    const found = await readBet(chain.client, { deployment, betId });
    if (found?.round.state === "drawn") return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`The oracle delivered no word for bet ${betId}`);
}

/** Numbers of a given length from a linear congruential generator, the same in each run. */
function generator(state: bigint): (length: bigint) => bigint {
  return (length) => {
    let number = 0n;
    for (let have = 0n; have < length; have += 32n) {
      state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
      number = (number << 32n) | (state >> 32n);
    }
    return number % 2n ** length;
  };
}
