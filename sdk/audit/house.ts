import { equal, fail, holds } from "./checks.ts";
import { isFloat, markOf } from "./floats.ts";
import { move } from "./ledger.ts";
import { noteCredit, noteDeposit } from "./players.ts";
import type { Args } from "./records.ts";
import { newShares } from "./accounts.ts";
import type { AssetState } from "./model.ts";
import { type At, type Audit, lower, meet } from "./state.ts";

/** Ledger, bankrolls, epochs and terms: the twin of `Ledger` and `House`. */

/** Bounds of `House` and `Lane`. */
const MAX_AMOUNT = (1n << 56n) - 1n;
const MAX_STAKE = (1n << 40n) - 1n;
const BOUNDS = {
  kellyBps: 5_000n,
  capBps: 1_000n,
  shareBps: 5_000n,
  gameCapBps: 5_000n,
  lossBps: 2_000n,
  roundGas: 100_000n,
} as const;
const STIPEND = { least: 10_000n, most: 4_000_000n } as const;
const NATIVE_UNIT = 10n ** 9n;

export function deposited(
  audit: Audit,
  { player, asset: id, amount, from }: Args<"casino", "Deposited">,
  at: At,
): void {
  const asset = audit.state.assets[id];
  if (!asset) return fail(audit.book, "money.ledger", at, "a listed asset", `asset ${id}`);
  holds(audit.book, "money.ledger", at, amount > 0n, "an amount above 0", amount);
  asset.held += amount;
  holds(
    audit.book,
    "money.ledger",
    at,
    asset.held <= MAX_AMOUNT,
    `at most ${MAX_AMOUNT} units held`,
    asset.held,
  );
  noteDeposit(audit, player, id, amount, at);
  move(audit, asset, player, id, amount, at);
  if (player === asset.bankrollContract && from === player) {
    if (!meet(audit, `deposit ${id} ${amount}`))
      fail(audit.book, "money.shares", at, "a request to deposit", `${amount} units`);
  }
}

export function withdrawn(
  audit: Audit,
  { player, asset: id, amount }: Args<"casino", "Withdrawn">,
  at: At,
): void {
  const asset = audit.state.assets[id];
  if (!asset) return fail(audit.book, "money.ledger", at, "a listed asset", `asset ${id}`);
  holds(audit.book, "money.ledger", at, amount > 0n, "an amount above 0", amount);
  asset.held -= amount;
  move(audit, asset, player, id, -amount, at);
  if (player === asset.bankrollContract) {
    holds(
      audit.book,
      "players.exits",
      at,
      meet(audit, `claim ${id} ${amount}`),
      "a claim of a liquidity provider",
      `${amount} units`,
    );
  }
}

export function bankrollFunded(
  audit: Audit,
  { asset: id, amount }: Args<"casino", "BankrollFunded">,
  at: At,
): void {
  const asset = audit.state.assets[id];
  if (!asset) return fail(audit.book, "money.ledger", at, "a listed asset", `asset ${id}`);
  equal(
    audit.book,
    "money.shares",
    at,
    audit.state.shares[id]?.close?.bought,
    amount,
    "deposits executed",
  );
  resize(asset, amount);
  move(audit, asset, asset.bankrollContract, id, -amount, at);
  meet(audit, `funded ${id}`);
}

export function bankrollDrawn(
  audit: Audit,
  { asset: id, amount }: Args<"casino", "BankrollDrawn">,
  at: At,
): void {
  const asset = audit.state.assets[id];
  if (!asset) return fail(audit.book, "money.ledger", at, "a listed asset", `asset ${id}`);
  equal(
    audit.book,
    "money.shares",
    at,
    audit.state.shares[id]?.close?.paid,
    amount,
    "redemptions paid",
  );
  holds(
    audit.book,
    "money.reserve",
    at,
    asset.bankroll - asset.reserved >= amount,
    `at most ${asset.bankroll - asset.reserved} free`,
    amount,
  );
  resize(asset, -amount);
  move(audit, asset, asset.bankrollContract, id, amount, at);
  meet(audit, `drawn ${id}`);
}

export function feesClaimed(
  audit: Audit,
  { asset: id, amount, to }: Args<"casino", "FeesClaimed">,
  at: At,
): void {
  const asset = audit.state.assets[id];
  if (!asset) return fail(audit.book, "money.fees", at, "a listed asset", `asset ${id}`);
  holds(audit.book, "money.fees", at, amount <= asset.fees, `at most ${asset.fees} earned`, amount);
  const tx = audit.transactions.get(at.tx);
  // Called by its holder or by the manager; within another call its arguments do not show.
  const wanted = `${[id, amount, to].map((value) => BigInt(value).toString(16).padStart(64, "0")).join("")}`;
  if (tx && (tx.to === audit.facts.casino || tx.to === audit.facts.manager))
    holds(
      audit.book,
      "money.fees",
      at,
      tx.input.includes(wanted),
      "a claim of these fees for this account",
      `${amount} units to ${to}`,
    );
  asset.fees -= amount;
  noteCredit(audit, to, id, at);
  move(audit, asset, to, id, amount, at);
}

export function epochRolled(
  audit: Audit,
  { epoch, start }: Args<"casino", "EpochRolled">,
  at: At,
): void {
  const { state, book, facts } = audit;
  equal(book, "money.epochs", at, state.epoch + 1, Number(epoch), "epoch");
  equal(book, "money.epochs", at, state.timestamp, Number(start), "start");
  if (facts.epochSeconds !== undefined) {
    const over = state.epochStart + facts.epochSeconds;
    holds(
      book,
      "money.epochs",
      at,
      state.timestamp >= over,
      `an epoch that lasts until ${over}`,
      state.timestamp,
    );
  }
  for (const [id, asset] of state.assets.entries()) {
    holds(
      book,
      "money.epochs",
      at,
      asset.closing.closed,
      `epoch ${state.epoch - 1} of asset ${id} closed`,
      "open",
    );
    asset.closing = { equity: asset.bankroll, openBets: asset.openBets, closed: false };
    asset.openBets = 0;
    asset.round = { block: -1, share: 0n };
    const faded = (asset.mark * 7n) / 8n;
    asset.mark = markOf(faded > asset.bankroll ? faded : asset.bankroll);
  }
  state.epoch = Number(epoch);
  state.epochStart = Number(start);
  state.roundsLastEpoch = state.roundsThisEpoch;
  state.roundsThisEpoch = 0;
  state.joinable = { block: -1, slot: -1 };
}

export function epochClosed(
  audit: Audit,
  { epoch, asset: id, equity }: Args<"casino", "EpochClosed">,
  at: At,
): boolean {
  const { state, book } = audit;
  const asset = state.assets[id];
  if (!asset) {
    fail(book, "money.epochs", at, "a listed asset", `asset ${id}`);
    return false;
  }
  const { closing } = asset;
  equal(book, "money.epochs", at, state.epoch - 1, Number(epoch), "epoch");
  equal(book, "money.epochs", at, false, closing.closed, "closed before");
  equal(book, "money.epochs", at, 0, closing.openBets, "bets of the epoch to resolve");
  equal(book, "money.epochs", at, closing.equity, equity, "equity");
  closing.closed = true;
  return true;
}

export function assetListed(audit: Audit, args: Args<"casino", "AssetListed">, at: At): void {
  const { state, book, facts } = audit;
  equal(book, "history.order", at, state.assets.length, args.asset, "number of the asset");
  const known = facts.deployment.assets.find(({ id }) => id === args.asset);
  if (known) {
    equal(
      book,
      "history.deployment",
      at,
      lower(known.token),
      args.token,
      `token of asset ${args.asset}`,
    );
    equal(book, "history.deployment", at, known.unit, args.unit, `unit of asset ${args.asset}`);
    equal(
      book,
      "history.deployment",
      at,
      lower(known.bankroll),
      args.bankroll,
      `bankroll of asset ${args.asset}`,
    );
  } else {
    fail(
      book,
      "history.deployment",
      at,
      `assets 0 to ${facts.deployment.assets.length - 1}`,
      `asset ${args.asset}`,
      "the deployment's file does not know it",
    );
  }
  if (args.asset === 0)
    equal(book, "governance.bounds", at, NATIVE_UNIT, args.unit, "unit of the native coin");
  state.assets[args.asset] = {
    token: args.token,
    unit: args.unit,
    bankrollContract: args.bankroll,
    held: 0n,
    ledger: 0n,
    escrow: 0n,
    bankroll: 0n,
    reserved: 0n,
    fees: 0n,
    accrued: 0n,
    mark: 0n,
    round: { block: -1, share: 0n },
    openBets: 0,
    closing: { equity: 0n, openBets: 0, closed: true },
    turnover: 0n,
    paid: 0n,
    feesEarned: 0n,
  };
  state.shares[args.asset] ??= newShares();
}

export function gameListed(
  audit: Audit,
  { game, rules }: Args<"casino", "GameListed">,
  at: At,
): void {
  const { state, book, facts } = audit;
  equal(book, "history.order", at, state.games.length + 1, game, "number of the game");
  const known = facts.deployment.games.find(({ id }) => id === game);
  if (known)
    equal(book, "history.deployment", at, lower(known.rules), rules, `rules of game ${game}`);
  else
    fail(
      book,
      "history.deployment",
      at,
      `games 1 to ${facts.deployment.games.length}`,
      `game ${game}`,
      "the deployment's file does not know it",
    );
  state.games[game - 1] = rules;
}

export function termsSet(
  audit: Audit,
  { game, asset, terms }: Args<"casino", "TermsSet">,
  at: At,
): void {
  const { state, book } = audit;
  const key = `${game}:${asset}`;
  const listing = state.listings.get(key);
  const before = listing?.terms.stipend ?? 0n;
  const further = listing?.terms.roundGas ?? 0n;
  const bound = (condition: boolean, what: string, value: unknown) =>
    holds(book, "governance.bounds", at, condition, what, value);
  bound(
    state.games[game - 1] !== undefined && state.assets[asset] !== undefined,
    "a listed game and asset",
    key,
  );
  bound(terms.maxStake <= MAX_STAKE, `a largest stake of at most ${MAX_STAKE}`, terms.maxStake);
  for (const [name, most] of Object.entries(BOUNDS)) {
    const value = terms[name as keyof typeof BOUNDS];
    bound(value <= most, `${name} of at most ${most}`, value);
  }
  bound(
    terms.stipend >= STIPEND.least &&
      terms.stipend <= STIPEND.most &&
      terms.stipend % 512n === 0n &&
      terms.roundGas % 16n === 0n,
    "a stipend within its bounds",
    terms.stipend,
  );
  bound(terms.stipend >= before, `a stipend never below the ${before} before`, terms.stipend);
  bound(
    terms.roundGas >= further,
    `gas of a round never below the ${further} before`,
    terms.roundGas,
  );
  bound(
    isFloat(terms.minStake) && isFloat(terms.maxStake),
    "stakes of eleven significant bits",
    `${terms.minStake}, ${terms.maxStake}`,
  );
  // A young game's bets are all counted; it stays young until one of them finds it grown.
  state.listings.set(key, {
    listed: true,
    terms,
    young: listing?.young ?? true,
    book: listing?.book ?? { reserved: 0n, loss: 0n, day: 0, listedAt: state.timestamp },
  });
}

/** @returns Whether governance did it, and not the failing of the game. */
export function gameDelisted(
  audit: Audit,
  { game, asset, faulty }: Args<"casino", "GameDelisted">,
  at: At,
): boolean {
  const { state, book } = audit;
  const key = `${game}:${asset}`;
  const listing = state.listings.get(key);
  holds(book, "governance.bounds", at, listing?.listed === true, "a listed game", key);
  if (listing) listing.listed = false;
  if (faulty)
    holds(
      book,
      "bets.refund",
      at,
      meet(audit, `delisted ${key}`),
      "a bet that the game failed",
      key,
    );
  return !faulty;
}

/** `House._resized`: deposits and redemptions are no drawdown, so the mark moves along, or begins anew on next to nothing. */
function resize(asset: AssetState, amount: bigint): void {
  const before = asset.bankroll;
  asset.bankroll += amount;
  const begins = before >> 4n <= asset.mark >> 14n;
  asset.mark = markOf(begins ? asset.bankroll : (asset.mark * asset.bankroll) / before);
}
