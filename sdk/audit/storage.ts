import { type Abi, type Hex, getAddress, parseAbi } from "viem";
import { bankrollAbi, casinoAbi } from "../abis.ts";
import { equal, holds, skip } from "./checks.ts";
import { accountOf } from "./accounts.ts";
import type { Terms } from "./model.ts";
import { AT_ONCE, type Reader, batches, picked, playerOf } from "./reader.ts";
import type { Audit } from "./state.ts";
import { compareAccounts, compareGate, compareSessions } from "./storage-players.ts";

/** The replayed state against what the contracts hold. */

const tokenAbi = [
  {
    type: "function",
    name: "balanceOf",
    stateMutability: "view",
    inputs: [{ name: "account", type: "address" }],
    outputs: [{ type: "uint256" }],
  },
] as const satisfies Abi;

const managerAbi = parseAbi([
  "function hasRole(uint64 roleId, address account) view returns (bool isMember, uint32 executionDelay)",
]);

type Books = {
  bankroll: bigint;
  reserved: bigint;
  fees: bigint;
  mark: bigint;
  openBets: bigint;
  closingBets: bigint;
  closingEquity: bigint;
  closed: boolean;
};
type Bet = {
  open: boolean;
  sequence: bigint;
  stake: bigint;
  choice: Hex;
  game: number;
  slot: bigint;
};
type StoredRound = { state: number; epoch: bigint; requestedAt: bigint; word: bigint };

/** The books of each asset: enough for every checkpoint. */
export async function compareBooks(audit: Audit, reader: Reader): Promise<void> {
  const { state, book, facts } = audit;
  const at = { block: state.block };
  const casino = { address: facts.casino, abi: casinoAbi as Abi };
  const houses = await reader.read(
    state.assets.map((_, id) => ({ ...casino, functionName: "houseOf", args: [id] })),
  );
  for (const [id, asset] of state.assets.entries()) {
    const held = houses[id] as Books;
    const pairs = [
      ["bankroll", asset.bankroll, held.bankroll],
      ["reserve", asset.reserved, held.reserved],
      ["fees", asset.fees, held.fees],
      ["mark", asset.mark, held.mark],
      ["open bets", BigInt(asset.openBets), held.openBets],
      ["bets of the closing epoch", BigInt(asset.closing.openBets), held.closingBets],
      ["equity of the closing epoch", asset.closing.equity, held.closingEquity],
      ["closed", asset.closing.closed, held.closed],
    ] as const;
    for (const [what, expected, found] of pairs)
      equal(book, "money.state", at, expected, found, `${what} of asset ${id}`);
  }
}

/** All that the contracts hold: books, balances, lanes, rounds, terms, shares and tokens. */
export async function compareState(audit: Audit, reader: Reader): Promise<void> {
  const { state, book, facts } = audit;
  const at = { block: state.block };
  const casino = { address: facts.casino, abi: casinoAbi as Abi };
  await compareBooks(audit, reader);

  const [head, source] = (await reader.read([
    { ...casino, functionName: "head" },
    { ...casino, functionName: "source" },
  ])) as [readonly bigint[], readonly unknown[]];
  const heads = ["epoch", "start of the epoch", "rounds", "end of the pause"];
  for (const [index, value] of [
    state.epoch,
    state.epochStart,
    state.roundCount,
    state.pausedUntil,
  ].entries()) {
    equal(book, "money.state", at, BigInt(value), head[index], heads[index]);
  }
  const latest = state.sources.at(-1);
  equal(
    book,
    "money.state",
    at,
    latest?.coordinator,
    String(source[0]).toLowerCase(),
    "coordinator",
  );
  equal(book, "money.state", at, latest?.subscription, source[2], "subscription");

  for (const batch of batches(picked([...state.balances]))) {
    const calls = batch.map(([key]) => ({
      ...casino,
      functionName: "balanceOf",
      args: [playerOf(key), Number.parseInt(key.slice(40), 16)],
    }));
    const found = await reader.read(calls);
    for (const [index, [key, balance]] of batch.entries())
      equal(book, "money.state", at, balance, found[index], `balance of ${playerOf(key)}`);
  }
  for (const batch of batches(picked([...state.lanes]))) {
    const ids = batch.map(([key, { sequence }]) => (BigInt(`0x${key}`) << 64n) | BigInt(sequence));
    const found = (await reader.read(
      ids.map((id) => ({ ...casino, functionName: "betOf", args: [id] })),
    )) as Bet[];
    for (const [index, [, { sequence, bet }]] of batch.entries()) {
      const stored = found[index]!;
      const [wanted, is] = [
        [sequence, bet !== undefined, bet?.stake ?? 0n],
        [Number(stored.sequence), stored.open, stored.open ? stored.stake : 0n],
      ];
      equal(
        book,
        "money.state",
        at,
        wanted.join(" "),
        is.join(" "),
        `number, open and stake of lane ${batch[index]![0]}`,
      );
    }
  }
  for (const batch of batches(picked([...state.rounds]))) {
    const found = (await reader.read(
      batch.map(([slot]) => ({ ...casino, functionName: "roundAt", args: [slot] })),
    )) as StoredRound[];
    for (const [index, [slot, round]] of batch.entries()) {
      const stored = found[index]!;
      equal(
        book,
        "randomness.word",
        at,
        ["free", "pending", "drawn", "void"].indexOf(round.state),
        stored.state,
        `state of slot ${slot}`,
      );
      if (round.state === "drawn")
        equal(book, "randomness.word", at, round.word, stored.word, `word of slot ${slot}`);
    }
  }
  await compareAccounts(audit, reader);
  await compareSessions(audit, reader);
  await compareGate(audit, reader);
  await compareTerms(audit, reader);
  await compareShares(audit, reader);
  await compareTokens(audit, reader);
}

/** Terms of the games, and who holds which role. */
async function compareTerms({ state, book, facts }: Audit, reader: Reader): Promise<void> {
  const at = { block: state.block };
  const listings = [...state.listings];
  const found = (await reader.read(
    listings.map(([key]) => ({
      address: facts.casino,
      abi: casinoAbi as Abi,
      functionName: "termsOf",
      args: key.split(":").map(Number),
    })),
  )) as (readonly [boolean, Terms])[];
  for (const [index, [key, { listed, terms }]] of listings.entries()) {
    const [isListed, stored] = found[index]!;
    const text = (of: Terms, is: boolean) =>
      [
        is ? "listed" : "delisted",
        of.minStake,
        of.maxStake,
        of.stipend,
        of.roundGas,
        of.kellyBps,
        of.capBps,
        of.shareBps,
        of.gameCapBps,
        of.lossBps,
      ].join(" ");
    equal(
      book,
      "governance.bounds",
      at,
      text(terms, listed),
      text(stored, isListed),
      `terms of game and asset ${key}`,
    );
  }
  const members = [...state.governance.members];
  const roles = (await reader.read(
    members.map(([key]) => {
      const [role = "0", account = "0x"] = key.split(":");
      return {
        address: facts.manager,
        abi: managerAbi as Abi,
        functionName: "hasRole",
        args: [BigInt(role), getAddress(account)],
      };
    }),
  )) as (readonly [boolean, number])[];
  for (const [index, [key, { active }]] of members.entries()) {
    if (active <= state.timestamp)
      equal(book, "governance.authority", at, true, roles[index]![0], `holder ${key}`);
  }
}

async function compareShares(audit: Audit, reader: Reader): Promise<void> {
  const { state, book } = audit;
  const at = { block: state.block };
  for (const [id, shares] of state.shares.entries()) {
    const contract = state.assets[id];
    if (!contract || !shares) continue;
    const bankroll = { address: contract.bankrollContract, abi: bankrollAbi as Abi };
    const [supply, unfilled] = await reader.read([
      { ...bankroll, functionName: "totalSupply" },
      { ...bankroll, functionName: "unfilledShares" },
    ]);
    equal(book, "money.state", at, shares.supply, supply, `shares of asset ${id}`);
    equal(book, "money.state", at, shares.pool.shares, unfilled, `shares of asset ${id} that wait`);
    for (const batch of batches(picked([...shares.balances]))) {
      const found = await reader.read(
        batch.map(([holder]) => ({
          ...bankroll,
          functionName: "balanceOf",
          args: [getAddress(holder)],
        })),
      );
      for (const [index, [holder, balance]] of batch.entries())
        equal(book, "money.state", at, balance, found[index], `shares of ${holder}`);
    }
    for (const batch of batches(picked([...shares.accounts.keys()]), AT_ONCE / 2)) {
      const found = await reader.read(
        batch.flatMap((controller) => [
          { ...bankroll, functionName: "maxMint", args: [getAddress(controller)] },
          { ...bankroll, functionName: "maxRedeem", args: [getAddress(controller)] },
        ]),
      );
      for (const [index, controller] of batch.entries()) {
        const account = accountOf(shares, controller);
        equal(
          book,
          "money.state",
          at,
          account.boughtShares,
          found[2 * index],
          `shares that ${controller} can claim`,
        );
        equal(
          book,
          "money.state",
          at,
          account.soldShares,
          found[2 * index + 1],
          `redemptions that ${controller} can claim`,
        );
      }
    }
  }
}

async function compareTokens({ state, book, facts }: Audit, reader: Reader): Promise<void> {
  for (const [id, { token, unit, held }] of state.assets.entries()) {
    const isNative = /^0x0*$/.test(token);
    const balance = isNative
      ? await reader.balanceOf(facts.casino)
      : ((
          await reader.read([
            {
              address: token,
              abi: tokenAbi as Abi,
              functionName: "balanceOf",
              args: [facts.casino],
            },
          ])
        )[0] as bigint);
    holds(
      book,
      "money.tokens",
      { block: state.block },
      balance >= held * unit,
      `at least ${held * unit} of asset ${id}`,
      balance,
    );
  }
}

/** Says that the state could not be compared. */
export function skipState({ book }: Audit, reason: string): void {
  skip(book, "money.state", reason);
  skip(book, "money.tokens", reason);
}
