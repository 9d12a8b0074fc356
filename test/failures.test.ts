import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { localPlan, networkPlan } from "../scripts/house-plan.ts";
import { NETWORKS } from "../scripts/networks.ts";
import { casinoAbi } from "../sdk/abis.ts";
import { type AnyGame, games } from "../sdk/games/index.ts";
import { WAD } from "../sdk/games/types.ts";

const NUMBERS = Array.from({ length: 36 }, (_, index) => index + 1);
const ROW = /^\| (\d+) +\| [^|]*\| `([^`]+)` +\| `([^`]+)` +\|$/gm;

const OPERATOR = "0x00000000000000000000000000000000000000aa";
const ROLES = { governor: OPERATOR, guardian: OPERATOR } as const;

/** Shares of a stake, as `contracts/` bounds them; the first test of failure 23 holds them to the sources. */
const MAX_SHARE_BPS = 5_000n;
const AFFILIATE_BPS = 2_500n;
const RTP_CEILING = 9_999n * 10n ** 14n;

/** Functions of the casino that change state, by who may call them. */
const BY_ROLE = [
  ..."claimFees delist listAsset listGame pause setSource setTerms".split(" "),
  // By its authority alone.
  "setAuthority",
];
const BY_ITS_OWN = [
  "closeEpoch",
  "drawBankroll",
  "fundBankroll",
  "guard",
  "rawFulfillRandomWords",
  "setSession",
];
const BY_ANYONE = [
  ..."bet claimReferral deposit depositReferred depositWithPermit placeMany placeWager refund".split(
    " ",
  ),
  ..."rehearse rollEpoch settle settleMany withdraw".split(" "),
];

describe("the table of the 36 failures", () => {
  const rows = [...source("../docs/security/failures.md").matchAll(ROW)].map(
    ([, number, file, name]) => ({ number: Number(number), file: file!, name: name! }),
  );
  const inSolidity = rows.filter(({ file }) => file.startsWith("failures/"));
  const elsewhere = rows.filter((row) => !inSolidity.includes(row));

  it("has rows of each number, in order", () => {
    const numbers = rows.map(({ number }) => number);
    expect([...new Set(numbers)]).toEqual(NUMBERS);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });

  it.each(inSolidity)("names a test in Solidity: $number, $name", ({ number, file, name }) => {
    expect(source(`contracts/${file}`)).toContain(`function ${name}(`);
    expect(name).toMatch(new RegExp(`^test_failure_${`${number}`.padStart(2, "0")}_`));
  });

  it.each(elsewhere)("names a test in TypeScript: $number, $name", ({ file, name }) => {
    expect(source(`../${file}`)).toContain(`"${name}"`);
  });

  it("lists every test that bears a number, all of them in one folder", () => {
    const folder = new URL("contracts/", import.meta.url);
    const written = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".t.sol"))
      .flatMap((file) =>
        [...source(`contracts/${file}`).matchAll(/function (test(?:Fuzz)?_failure_\w+)/g)].map(
          ([, name]) => ({ file, name: name! }),
        ),
      );
    expect(written.map(({ file, name }) => `${file} ${name}`).toSorted()).toEqual(
      inSolidity.map(({ file, name }) => `${file} ${name}`).toSorted(),
    );
  });
});

describe("failure 23, rewards", () => {
  it("has the bounds of the contracts", () => {
    expect(constant("Annex", "MAX_SHARE_BPS")).toBe(MAX_SHARE_BPS);
    expect(constant("House", "AFFILIATE_BPS")).toBe(AFFILIATE_BPS);
    expect(source("../contracts/Risk.sol")).toContain("RTP_CEILING = 0.9999e18;");
  });

  it.each(Object.values(games))(
    "leave less than the stake of $name with every choice, to a player who is affiliate and LP too",
    (game: AnyGame) => {
      for (const choice of game.choices()) {
        let [space, paid] = [0n, 0n];
        for (const { weight, multiplierWad } of game.distribution(choice)) {
          space += weight;
          paid += weight * multiplierWad;
        }
        const staked = space * WAD;
        // Exact, not the rounded-down RTP that the contract declares.
        expect(paid * WAD).toBeLessThanOrEqual(RTP_CEILING * staked);
        const edge = staked - paid;
        const fee = (edge * MAX_SHARE_BPS) / 10_000n;
        const referral = (fee * AFFILIATE_BPS) / 10_000n;
        expect(paid + referral).toBeLessThan(staked);
        // Whoever owns the bankroll gets the rest of the edge back, and never the operator's part.
        for (const ownedBps of [5_000n, 9_900n, 10_000n])
          expect(paid + referral + ((edge - fee) * ownedBps) / 10_000n).toBeLessThan(staked);
      }
    },
  );
});

describe("failure 28, functions that somebody forgot to guard", () => {
  it("knows who may call each function of the casino that changes state", () => {
    const changing = casinoAbi.flatMap((item) =>
      item.type === "function" &&
      (item.stateMutability === "nonpayable" || item.stateMutability === "payable")
        ? [item.name]
        : [],
    );
    expect([...new Set(changing)].toSorted()).toEqual(
      [...BY_ROLE, ...BY_ITS_OWN, ...BY_ANYONE].toSorted(),
    );
  });

  it("finds the modifier at each function of a role, which the sweep calls", () => {
    const sweep = source("contracts/failures/Failures27to29.t.sol");
    const restricted = ["Ledger", "Rounds", "House", "Risk", "Bets", "Casino"].flatMap((part) =>
      [
        ...source(`../contracts/${part}.sol`).matchAll(
          /function (\w+)\([^)]*\)[^{;]*\brestricted\b/g,
        ),
      ].map(([, name]) => name!),
    );
    expect([...restricted, "setAuthority"].toSorted()).toEqual(BY_ROLE.toSorted());
    for (const name of restricted) expect(sweep).toContain(`abi.encodeCall(ICasino.${name},`);
  });
});

describe("failure 35, rounding", () => {
  const LEAST = [
    ...new Set(
      [
        localPlan({ deployer: OPERATOR, provingKey: "0x" }),
        networkPlan(NETWORKS[0]!, ROLES),
      ].flatMap(({ assets }) => assets.map(({ minStake }) => minStake)),
    ),
  ];

  it.each(Object.values(games))(
    "leaves the least stakes of $name the return that the casino's floor asks for",
    (game: AnyGame) => {
      for (const choice of game.choices()) {
        const classes = game.distribution(choice);
        const space = classes.reduce((sum, { weight }) => sum + weight, 0n);
        // Odd stakes round too: the least one itself is as round as can be.
        for (const stake of LEAST.flatMap((least) => [least, least + 1n, least + 337n])) {
          let [exact, paid] = [0n, 0n];
          for (const { weight, multiplierWad } of classes) {
            exact += weight * multiplierWad * stake;
            paid += weight * ((multiplierWad * stake) / WAD) * WAD;
          }
          expect(paid * 5n).toBeGreaterThanOrEqual(4n * stake * space * WAD);
          // A thousandth of the stake is all that rounding takes.
          expect(exact - paid).toBeLessThanOrEqual((stake * space * WAD) / 1_000n);
        }
      }
    },
  );
});

function constant(contract: string, name: string): bigint {
  const found = new RegExp(`\\b${name} = ([\\d_]+);`).exec(source(`../contracts/${contract}.sol`));
  return BigInt(found![1]!.replaceAll("_", ""));
}

function source(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}
