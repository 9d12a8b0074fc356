/** Two hundred bets of a whole house, by the SDK's actions alone: the same ones on every node. */
import { parseAbi } from "viem";
import { bankrollAbi, casinoAbi } from "../../sdk/abis.ts";
import { claimReferral } from "../../sdk/actions/claim-referral.ts";
import { type Call, callOf, send } from "../../sdk/actions/clients.ts";
import { deposit } from "../../sdk/actions/deposit.ts";
import { openSession } from "../../sdk/actions/open-session.ts";
import { placeMany } from "../../sdk/actions/place-many.ts";
import { type WagerParameters, placeWager } from "../../sdk/actions/place-wager.ts";
import { readHead } from "../../sdk/actions/read-head.ts";
import { readQuote } from "../../sdk/actions/read-quote.ts";
import { readSession } from "../../sdk/actions/read-session.ts";
import { refund } from "../../sdk/actions/refund.ts";
import { revokeSessions } from "../../sdk/actions/revoke-sessions.ts";
import { setLimits } from "../../sdk/actions/set-limits.ts";
import { settle } from "../../sdk/actions/settle.ts";
import { settleMany } from "../../sdk/actions/settle-many.ts";
import { withdraw } from "../../sdk/actions/withdraw.ts";
import type { Deployment } from "../../sdk/deployment.ts";
import { laneKey, packBetId } from "../../sdk/layout.ts";
import { type SignedOrder, signOrder } from "../../sdk/orders.ts";
import { signGrant } from "../../sdk/sessions.ts";
import { LIMITS, SESSION_KEY, offers } from "../audit-play.ts";
import { FIRST_PLAYER, localAccount } from "../local.ts";
import type { Chain } from "./chain.ts";
import { type Transcript, readBooks } from "./transcript.ts";
import type { Words } from "./words.ts";

export type Played = { bets: number; voids: number };
export type Table = {
  chain: Chain;
  deployment: Deployment;
  words: Words;
  transcript: Transcript;
  bets: number;
};

const PLAYERS = 8;
const PER_ROUND = 8;
/** The round that gets no word in time. */
const VOID_ROUND = 9;
const ROUNDS_PER_EPOCH = 10;
const VOID_SECONDS = 86_401;
const EPOCH_SECONDS = 601;
const ETHER = 10n ** 9n;
const FEE = 100n;
const SERIES = 5;

const tokenAbi = parseAbi(["function mint(address to, uint256 amount)"]);

/** Numbers of the players' accounts. */
export const PLAYER_ACCOUNTS = Array.from({ length: PLAYERS }, (_, index) => FIRST_PLAYER + index);

/**
 * Plays rounds of eight bets, mostly in one block: both assets, three lanes, all games, series with stops; every fourth
 * round relayed orders of players and session keys, one of them twice. One round goes void, epochs close with liquidity
 * coming and going. At the end no bet is open.
 */
export async function play(table: Table): Promise<Played> {
  const { chain, deployment, words, transcript } = table;
  const { client } = chain;
  const kinds = offers(deployment);
  const relayer = localAccount("relayer").address;
  const keeper = chain.clients("keeper");
  const provider = chain.clients("liquidity");
  const open = new Map<bigint, bigint>();
  const sequences = new Map<bigint, bigint>();
  const played = { bets: 0, voids: 0 };

  await claimShares();
  await seatPlayers();
  for (let round = 1; played.bets < table.bets; round++) {
    const wagers = wagersOf(round, Math.min(PER_ROUND, table.bets - played.bets));
    transcript.note(`the quote of round ${round}`, await quoteOf(wagers[0]!));
    await (round % 4 === 3 ? relay(wagers) : place(round, wagers));
    if (round === VOID_ROUND) await letPass();
    else await words.draw();
    if (round % 4 === 0) await settleAll();
    if (round % 6 === 5) await settleOne();
    if (round % ROUNDS_PER_EPOCH === 0) await nextEpoch();
    if (round % 7 === 0) await withdrawSome();
  }
  await settleAll();
  await claimFees();
  await nextEpoch();
  await note("at the end");
  return played;

  async function seatPlayers(): Promise<void> {
    const [, usdc] = deployment.assets;
    const [first] = PLAYER_ACCOUNTS.map((account) => localAccount(account).address);
    const mayBet = { lastSequence: 2n ** 28n - 1n, feeTo: relayer, maxFee: 1_000n, games: 0n };
    for (const [index, account] of PLAYER_ACCOUNTS.entries()) {
      const clients = chain.clients(account);
      const player = localAccount(account).address;
      const affiliate = index % 3 === 1 && first ? { affiliate: first } : {};
      await deposit(clients, { deployment, asset: 0, amount: 100n * ETHER, ...affiliate });
      await send(
        clients,
        callOf({
          address: usdc!.token,
          abi: tokenAbi,
          functionName: "mint",
          args: [player, 10n ** 12n],
        }),
      );
      await deposit(clients, { deployment, asset: 1, amount: 10n ** 10n });
      if (index % 4 === 0) await setLimits(clients, { deployment, asset: 0, terms: LIMITS });

      const expiry = BigInt(chain.timestamp()) + 6n * 86_400n;
      const lane = { key: SESSION_KEY.address, asset: 0, lane: 0 };
      const terms = { ...lane, expiry, maxStake: ETHER, ...mayBet };
      if (index % 2 === 0) {
        await openSession(clients, { deployment, player, terms });
        continue;
      }
      const { nonce } = await readSession(client, { deployment, player, ...lane });
      const signature = await signGrant(localAccount(account), {
        deployment,
        player,
        terms,
        nonce,
      });
      await openSession(chain.clients("relayer"), { deployment, player, terms, signature });
    }
  }

  function wagersOf(round: number, count: number): Wagered[] {
    const relayed = round % 4 === 3;
    return PLAYER_ACCOUNTS.slice(0, count).map((account, index) => {
      const { game, choice } = kinds[(round * 31 + index * 17) % kinds.length]!;
      const stake = 100_000n + BigInt((index * 7_919 + round * 104_729) % 400_000);
      const series = (index + round) % 7 === 0;
      const stopGain = series && index % 2 === 0 ? 2n * stake : 0n;
      return {
        account,
        deployment,
        asset: !relayed && round % 5 === 4 ? 1 : 0,
        lane: relayed ? 0 : round % 3,
        game,
        stake,
        choice,
        rounds: series ? SERIES : 1,
        stopGain,
        stopLoss: stopGain / 2n,
      };
    });
  }

  function quoteOf({ account, ...wager }: Wagered) {
    return readQuote(client, { player: localAccount(account).address, ...wager });
  }

  async function place(round: number, wagers: Wagered[]): Promise<void> {
    const sends = wagers.map(
      ({ account, ...wager }) =>
        () =>
          placeWager(chain.clients(account), wager),
    );
    const placed = round % 5 === 2 ? await oneByOne(sends) : await chain.together(sends);
    for (const { betId } of placed) count(betId);
  }

  /** Half of them signed by the session key; the first is carried twice, and skipped the second time. */
  async function relay(wagers: Wagered[]): Promise<void> {
    const deadline = BigInt(chain.timestamp() + 600);
    const orders: SignedOrder[] = [];
    for (const [index, { account, deployment: at, ...wager }] of wagers.entries()) {
      const player = localAccount(account).address;
      const lane = laneKey(packBetId({ player, ...wager, sequence: 0n }));
      const sequence = (sequences.get(lane) ?? 0n) + 1n;
      const order = {
        ...wager,
        rounds: wager.rounds ?? 1,
        stopGain: wager.stopGain ?? 0n,
        stopLoss: wager.stopLoss ?? 0n,
        player,
        sequence,
        fee: BigInt(index % 3) * FEE,
        deadline,
      };
      const signer = index % 2 === 0 ? SESSION_KEY : localAccount(account);
      orders.push(await signOrder(signer, { deployment: at, order }));
    }
    const { placed, skipped } = await placeMany(chain.clients("relayer"), {
      deployment,
      orders: [...orders, orders[0]!],
      feeTo: relayer,
    });
    for (const betId of placed) count(betId);
    transcript.note(
      `the orders skipped after ${played.bets} bets`,
      skipped.map(({ player, betId, refusal, reason }) => [player, betId, refusal?.name, reason]),
    );
  }

  function count(betId: bigint): void {
    const { lane, sequence } = { lane: laneKey(betId), sequence: betId & (2n ** 64n - 1n) };
    open.set(lane, betId);
    sequences.set(lane, sequence);
    played.bets++;
  }

  /** Nobody proves in time: the bets are refunded, one alone and the rest together, and the word comes too late. */
  async function letPass(): Promise<void> {
    await note("before the void");
    await chain.pass(VOID_SECONDS);
    const latest = [...open.values()].slice(-PER_ROUND);
    await refund(keeper, { deployment, betId: latest[0]! });
    const { refunded } = await settleMany(keeper, { deployment, betIds: latest.slice(1) });
    played.voids += 1 + refunded.length;
    await words.draw();
    for (const betId of latest) open.delete(laneKey(betId));
    await note("after the void");
  }

  async function settleAll(): Promise<void> {
    if (open.size === 0) return;
    await settleMany(keeper, { deployment, betIds: [...open.values()] });
    open.clear();
  }

  async function settleOne(): Promise<void> {
    const [[lane, betId] = []] = [...open].slice(-1);
    if (lane === undefined || betId === undefined) return;
    const { payout } = await settle(keeper, { deployment, betId });
    transcript.note(`the payout of a bet after ${played.bets}`, payout);
    open.delete(lane);
  }

  async function nextEpoch(): Promise<void> {
    await settleAll();
    const [eth] = deployment.assets;
    const { address: owner } = provider.walletClient.account;
    const own = { address: eth!.bankroll, abi: bankrollAbi } as const;
    const wei = 3n * 10n ** 18n;
    const shares = await client.readContract({ ...own, functionName: "balanceOf", args: [owner] });
    await chain.together(
      [
        callOf({ ...own, functionName: "requestDeposit", args: [wei, owner, owner], value: wei }),
        callOf({ ...own, functionName: "requestRedeem", args: [shares / 10n, owner, owner] }),
      ].map((call) => () => send(provider, call)),
    );
    await chain.pass(EPOCH_SECONDS);
    await send(keeper, ofCasino("rollEpoch"));
    for (const { bankroll } of deployment.assets)
      await send(keeper, callOf({ address: bankroll, abi: bankrollAbi, functionName: "close" }));
    await claimShares();
    const paid = await client.readContract({ ...own, functionName: "maxRedeem", args: [owner] });
    await send(provider, callOf({ ...own, functionName: "redeem", args: [paid, owner, owner] }));
    const { epoch } = await readHead(client, { deployment });
    await note(`when epoch ${epoch} began`);
  }

  async function claimShares(): Promise<void> {
    const [eth] = deployment.assets;
    const { address: owner } = provider.walletClient.account;
    const own = { address: eth!.bankroll, abi: bankrollAbi } as const;
    const minted = await client.readContract({ ...own, functionName: "maxMint", args: [owner] });
    await send(provider, callOf({ ...own, functionName: "mint", args: [minted, owner] }));
  }

  async function withdrawSome(): Promise<void> {
    for (const account of PLAYER_ACCOUNTS.slice(0, 3))
      await withdraw(chain.clients(account), { deployment, asset: 0, amount: ETHER / 1_000n });
  }

  async function claimFees(): Promise<void> {
    for (const account of PLAYER_ACCOUNTS) {
      const player = localAccount(account).address;
      const [, accrued] = await client.readContract({
        address: deployment.casino,
        abi: casinoAbi,
        functionName: "referralOf",
        args: [player, 0],
      });
      if (accrued > 0n) await claimReferral(keeper, { deployment, player, asset: 0 });
    }
    const lanes = [{ asset: 0, lane: 0 }];
    await revokeSessions(chain.clients(PLAYER_ACCOUNTS[0]!), { deployment, lanes });
  }

  function ofCasino(functionName: "rollEpoch"): Call {
    return callOf({ address: deployment.casino, abi: casinoAbi, functionName });
  }

  async function note(when: string): Promise<void> {
    for (const [what, value] of await readBooks(chain, deployment, open.values()))
      transcript.note(`${what} ${when}`, value);
  }
}

type Wagered = WagerParameters & { account: number };

async function oneByOne<T>(sends: (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  for (const send of sends) results.push(await send());
  return results;
}
