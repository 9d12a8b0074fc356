import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import fc from "fast-check";
import hre from "hardhat";
import { parseAbi, parseEther, parseEventLogs, type Hex } from "viem";
import { beforeAll, describe, expect, it } from "vitest";
import { deployCoordinator } from "../scripts/chainlink.ts";
import * as vrf from "../sdk/vrf.ts";

const secretKey: Hex = `0x${"11".repeat(32)}`;
const blockHash: Hex = `0x${"ab".repeat(32)}`;
const FIELD = 2n ** 256n - 2n ** 32n - 977n;
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const golden = vrf.prove({
  secretKey,
  preSeed: 42n,
  blockHash,
  nonce: BigInt(`0x${"22".repeat(32)}`),
});

describe("the golden vector", () => {
  it("has the known key hash", () => {
    expect(vrf.keyHashOf(vrf.publicKeyOf(secretKey))).toBe(
      "0x969b0a11b8a56bacf1ac18f219e7e376e7c213b7e7e7e46cc70a5dd086daff2a",
    );
  });

  it("has the known output and word", () => {
    expect(golden.output).toBe(0xd98cb4e276c5240c2334deb230796cfd557a132cae4c1d8eb711bff06076a569n);
    expect(golden.word).toBe(0x96a36ff0ccd9fd292e1c5747392957fe8e43406629a374b1199133f81cb27cb9n);
    expect(vrf.verify({ proof: golden.proof, blockHash })).toEqual({
      valid: true,
      output: golden.output,
      word: golden.word,
    });
  });
});

describe("the proofs that Chainlink's Go prover made", () => {
  const vectors = goVectors();

  it("are five", () => expect(vectors).toHaveLength(5));

  it.each(vectors)("verify ($blockHash)", ({ proof, blockHash }) => {
    expect(vrf.verify({ proof, blockHash })).toMatchObject({ valid: true });
  });

  it.each(vectors)("fail against another block hash ($blockHash)", ({ proof }) => {
    expect(vrf.verify({ proof, blockHash: `0x${"00".repeat(32)}` })).toMatchObject({
      step: "sHashWitness",
    });
  });
});

describe("any key and seed", () => {
  const word = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
  const key = fc.bigInt({ min: 1n, max: 2n ** 255n }).map(hex32);

  it("proves what verifies, in the same way each time", () => {
    fc.assert(
      fc.property(key, word, word.map(hex32), (secretKey, preSeed, blockHash) => {
        const made = vrf.prove({ secretKey, preSeed, blockHash });

        expect(vrf.verify({ proof: made.proof, blockHash })).toEqual({
          valid: true,
          output: made.output,
          word: made.word,
        });
        expect(vrf.prove({ secretKey, preSeed, blockHash })).toEqual(made);
      }),
      { numRuns: 20 },
    );
  });

  it("gives the same output whatever the nonce", () => {
    const other = vrf.prove({ secretKey, preSeed: 42n, blockHash });
    expect(other.proof.c).not.toBe(golden.proof.c);
    expect(other.output).toBe(golden.output);
  });

  it("survives the trip through calldata", () => {
    fc.assert(
      fc.property(key, word, fc.nat(), (secretKey, preSeed, callbackGasLimit) => {
        const { proof } = vrf.prove({ secretKey, preSeed, blockHash });
        const commitment = { ...someCommitment, callbackGasLimit };
        const calldata = vrf.encodeFulfilment({ proof, commitment });

        expect(calldata.length).toBe(2 + 2 * 772);
        expect(vrf.decodeFulfilment(calldata)).toEqual({ proof, commitment });
      }),
      { numRuns: 5 },
    );
  });
});

describe("a tampered proof", () => {
  const { proof } = golden;
  const elsewhere = vrf.prove({ secretKey, preSeed: 43n, blockHash }).proof;
  const offCurve: vrf.AffinePoint = [1n, 1n];
  const sqrtOf8 = 0x4218f20ae6c646b363db68605822fb14264ca8d2587fdd6fbc750d587e76a7een;
  const negated = ([x, y]: vrf.AffinePoint): vrf.AffinePoint => [x, FIELD - y];

  const rows: [string, Partial<vrf.Proof>, vrf.Step][] = [
    ["a public key off the curve", { pk: offCurve }, "publicKeyOnCurve"],
    ["a public key beyond 256 bits", { pk: [proof.pk[0] + FIELD, proof.pk[1]] }, "malformed"],
    ["an x beyond the field", { pk: [FIELD + 1n, sqrtOf8] }, "publicKeyOnCurve"],
    ["a y beyond the field", { gamma: [1n, FIELD + 1n] }, "gammaOnCurve"],
    ["gamma off the curve", { gamma: offCurve }, "gammaOnCurve"],
    ["the witness of c·gamma off the curve", { cGammaWitness: offCurve }, "cGammaWitnessOnCurve"],
    ["the witness of s·hash off the curve", { sHashWitness: offCurve }, "sHashWitnessOnCurve"],
    ["another public key", { pk: vrf.publicKeyOf(blockHash) }, "uWitness"],
    ["another c", { c: proof.c + 1n }, "uWitness"],
    ["a c of zero", { c: 0n }, "uWitness"],
    ["another s", { s: proof.s + 1n }, "uWitness"],
    ["another u witness", { uWitness: elsewhere.uWitness }, "uWitness"],
    ["a u witness of zero", { uWitness: `0x${"00".repeat(20)}` }, "uWitness"],
    ["the same witness twice", { sHashWitness: proof.cGammaWitness }, "distinctWitnesses"],
    ["gamma negated", { gamma: negated(proof.gamma) }, "cGammaWitness"],
    ["another gamma", { gamma: elsewhere.gamma }, "cGammaWitness"],
    [
      "the witness of c·gamma negated",
      { cGammaWitness: negated(proof.cGammaWitness) },
      "cGammaWitness",
    ],
    ["another seed", { seed: 43n }, "sHashWitness"],
    [
      "the witness of s·hash negated",
      { sHashWitness: negated(proof.sHashWitness) },
      "sHashWitness",
    ],
    ["another zInv", { zInv: proof.zInv + 1n }, "zInv"],
    ["a zInv of zero", { zInv: 0n }, "zInv"],
    ["a negative number", { s: -1n }, "malformed"],
    ["a number beyond 256 bits", { c: 2n ** 256n }, "malformed"],
    ["a u witness that is no address", { uWitness: "0x12" }, "malformed"],
  ];

  it.each(rows)("is refused for %s", (_, change, step) => {
    const verdict = vrf.verify({ proof: { ...proof, ...change }, blockHash });

    expect(verdict).toMatchObject({ valid: false, step });
    expect(verdict).toHaveProperty("reason", expect.stringMatching(/\.$/));
  });

  it("is refused for another challenge with every witness in order", () => {
    // c and s still satisfy u = c·pk + s·G, yet c is chosen, not the hash of the points.
    const secret = BigInt(secretKey);
    const c = proof.c + 1n;
    const s = (((proof.s - secret) % ORDER) + ORDER) % ORDER;
    const forged = withWitnesses({ ...proof, c, s });

    expect(vrf.verify({ proof: forged, blockHash })).toMatchObject({
      valid: false,
      step: "challenge",
    });
  });

  it("is refused without a throw when it is not a proof at all", () => {
    for (const junk of [
      undefined,
      null,
      7,
      "0x",
      {},
      { ...proof, pk: [1n] },
      { ...proof, gamma: "1,1" },
    ]) {
      expect(vrf.verify({ proof: junk as never, blockHash })).toMatchObject({
        valid: false,
        step: "malformed",
      });
    }
    expect(vrf.verify({ proof, blockHash: "0xab" })).toMatchObject({
      valid: false,
      step: "malformed",
    });
  });
});

describe("misuse", () => {
  it("throws for a secret key outside the group", () => {
    expect(() => vrf.publicKeyOf("0x00")).toThrow(vrf.ScalarOutOfRange);
    expect(() => vrf.prove({ secretKey: hex32(ORDER), preSeed: 1n, blockHash })).toThrow(
      vrf.ScalarOutOfRange,
    );
  });

  it("throws for calldata that is not one fulfilment", () => {
    expect(() => vrf.decodeFulfilment("0x6abb1721")).toThrow(vrf.NotAFulfilment);
    expect(() => vrf.decodeFulfilment("0x301f42e9")).toThrow(vrf.NotAFulfilment);
    expect(() => vrf.decodeFulfilment(`0xd42efd83${"00".repeat(32)}`)).toThrow(vrf.NotAFulfilment);
  });
});

describe("the real coordinator", () => {
  let chain: Awaited<ReturnType<typeof standUp>>;

  beforeAll(async () => {
    chain = await standUp();
  });

  it("takes our proof and draws the output that we foretold", async () => {
    const { publicClient, walletClient, coordinator, keyHash, firstWord, request } = chain;
    const lane = await publicClient.readContract({
      address: coordinator,
      abi: vrf.coordinatorAbi,
      functionName: "s_provingKeys",
      args: [keyHash],
    });
    expect(lane).toEqual([true, 30_000_000_000n]);

    for (const nonce of [1n, 2n]) {
      const asked = await request(3);
      const [asking] = parseEventLogs({
        abi: vrf.coordinatorAbi,
        logs: asked.logs,
        eventName: "RandomWordsRequested",
      });
      const { preSeed, requestId, sender, subId } = asking!.args;
      expect(preSeed).toBe(vrf.preSeedOf({ keyHash, sender, subId, nonce }));
      expect(requestId).toBe(vrf.requestIdOf({ keyHash, preSeed }));

      const { proof, output, word } = vrf.prove({ secretKey, preSeed, blockHash: asked.blockHash });
      const commitment = { ...asking!.args, blockNum: asked.blockNumber };
      const fulfilled = await publicClient.waitForTransactionReceipt({
        hash: await walletClient.sendTransaction({
          to: coordinator,
          data: vrf.encodeFulfilment({ proof, commitment }),
          gas: 700_000n,
        }),
      });
      const [event] = parseEventLogs({
        abi: vrf.coordinatorAbi,
        logs: fulfilled.logs,
        eventName: "RandomWordsFulfilled",
      });
      expect(event!.args).toMatchObject({
        requestId,
        outputSeed: output,
        success: true,
        nativePayment: true,
      });
      expect(await firstWord(requestId)).toBe(word);
      expect(vrf.wordOf(output, 0)).toBe(word);
    }
  });
});

const someCommitment: vrf.RequestCommitment = {
  blockNum: 7n,
  subId: 2n ** 255n + 1n,
  callbackGasLimit: 200_000,
  numWords: 1,
  sender: "0x90A8820424CC8a819d14cBdE54D12fD3fbFa9bb2",
  extraArgs: `0x92fd1338${"00".repeat(31)}01`,
};

/** Gives c and s the witnesses that belong to them, so that only the challenge can tell. */
function withWitnesses(proof: vrf.Proof): vrf.Proof {
  const { Point } = secp256k1;
  const at = ([x, y]: vrf.AffinePoint) => Point.fromAffine({ x, y });
  const point = ({ x, y }: { x: bigint; y: bigint }): vrf.AffinePoint => [x, y];
  // The honest witness of s·hash, divided by the honest s, is the hash.
  const hashed = at(golden.proof.sHashWitness).multiply(Point.Fn.inv(golden.proof.s));

  const cGammaWitness = point(at(proof.gamma).multiply(Point.Fn.create(proof.c)).toAffine());
  const sHashWitness = point(hashed.multiply(proof.s).toAffine());
  const zInv = Point.Fp.inv(Point.Fp.pow(Point.Fp.sub(sHashWitness[0], cGammaWitness[0]), 5n));
  return { ...proof, cGammaWitness, sHashWitness, zInv };
}

/** Proofs and block hashes out of the Foundry test that ships with Chainlink's contracts. */
function goVectors(): { proof: vrf.Proof; blockHash: Hex }[] {
  const file = createRequire(import.meta.url).resolve(
    "@chainlink/contracts/src/v0.8/vrf/test/VRFV2Plus.t.sol",
  );
  const source = readFileSync(file, "utf8");
  const vector = /-block-hash (0x[0-9a-f]{64})(?:(?!-block-hash)[^])*?VRF\.Proof\(\{([^}]*)\}\)/g;

  return [...source.matchAll(vector)].map(([, blockHash, body]) => {
    const field = (name: string) =>
      body!.match(new RegExp(`\\b${name}: (\\[[^\\]]*\\]|\\w+)`))![1]!;
    const number = (name: string) => BigInt(field(name).replaceAll("_", ""));
    const point = (name: string) =>
      field(name)
        .replace(/[[\]_\s]/g, "")
        .split(",")
        .map(BigInt) as [bigint, bigint];
    const proof = {
      pk: point("pk"),
      gamma: point("gamma"),
      c: number("c"),
      s: number("s"),
      seed: number("seed"),
      uWitness: field("uWitness") as Hex,
      cGammaWitness: point("cGammaWitness"),
      sHashWitness: point("sHashWitness"),
      zInv: number("zInv"),
    };
    return { proof, blockHash: blockHash as Hex };
  });
}

/** A chain of its own with the real coordinator, a funded subscription and a consumer. */
async function standUp() {
  const { viem } = await hre.network.create();
  const publicClient = await viem.getPublicClient();
  const [walletClient] = await viem.getWalletClients();
  const { coordinator, keyHash } = await deployCoordinator({
    walletClient: walletClient!,
    publicClient,
    provingKey: secretKey,
    laneMaxGasPriceWei: 30_000_000_000n,
  });

  const consumer = await viem.deployContract("BareConsumer", [coordinator]);
  const subscriptions = parseAbi([
    "function createSubscription() returns (uint256)",
    "function addConsumer(uint256 subId, address consumer)",
    "function fundSubscriptionWithNative(uint256 subId) payable",
    "event SubscriptionCreated(uint256 indexed subId, address owner)",
  ]);
  const at = { address: coordinator, abi: subscriptions };
  const opened = await publicClient.waitForTransactionReceipt({
    hash: await walletClient!.writeContract({ ...at, functionName: "createSubscription" }),
  });
  const subId = parseEventLogs({ abi: subscriptions, logs: opened.logs })[0]!.args.subId;
  await walletClient!.writeContract({
    ...at,
    functionName: "addConsumer",
    args: [subId, consumer.address],
  });
  const value = parseEther("1");
  await walletClient!.writeContract({
    ...at,
    functionName: "fundSubscriptionWithNative",
    args: [subId],
    value,
  });

  const consumerAt = {
    address: consumer.address,
    abi: parseAbi([
      "function request(bytes32 keyHash, uint256 subId, uint16 confirmations, uint32 callbackGasLimit, uint32 numWords, uint256 count)",
      "function firstWord(uint256 requestId) view returns (uint256)",
    ]),
  };
  return {
    publicClient,
    walletClient: walletClient!,
    coordinator,
    keyHash,
    firstWord: (requestId: bigint) =>
      publicClient.readContract({ ...consumerAt, functionName: "firstWord", args: [requestId] }),
    request: async (numWords: number) =>
      publicClient.waitForTransactionReceipt({
        hash: await walletClient!.writeContract({
          ...consumerAt,
          functionName: "request",
          args: [keyHash, subId, 0, 200_000, numWords, 1n],
        }),
      }),
  };
}

function hex32(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, "0")}`;
}
