/** The checks of an audit: what each says when it passes, and the book that counts them. */

/** A log's place on the chain; what concerns no log names block 0. */
export type Place = { block: number; tx?: string; log?: number };

export type CheckId = keyof typeof CHECKS;
export type Group =
  "history" | "code" | "randomness" | "bets" | "money" | "players" | "governance" | "statistics";

/** In the order of the report. Each sentence is what a reader may rely on where all of its instances passed. */
export const CHECKS = {
  "history.order":
    "Blocks, transactions and logs come in order, on one fork, and none is told twice.",
  "history.headers":
    "Each block's header hashes to the block's hash, so its time, number and filter are the chain's.",
  "history.filter": "Each log is in the filter of its block's header.",
  "history.receipts":
    "The logs are all those that the block's header commits to: none is added, left out or changed.",
  "history.events": "Every log of the house is an event that this auditor knows, and well-formed.",
  "history.transactions": "The node has each transaction that a proof or a decision rests on.",
  "history.deployment": "Contracts, assets and games are those of the deployment's file.",
  "code.bytecode":
    "The code on chain is the compiler's output of these sources, but for the constants set at creation.",
  "code.opcodes": "Nothing in the house can run foreign code in its name or destroy itself.",
  "randomness.request":
    "Each round asks the pinned source for one word, once, with the casino's own terms.",
  "randomness.nonce": "Requests are numbered without a gap, and their ids follow from the numbers.",
  "randomness.key": "The key of each request is registered at the coordinator.",
  "randomness.slot": "Each round is stored in the first free slot that its request names.",
  "randomness.proof":
    "The VRF proof is valid for the request, the key and the hash of the request's block.",
  "randomness.word":
    "The word that the casino took is the proof's, delivered by the round's own source.",
  "randomness.deadline": "Words are taken within 24 hours, and refunds made only after them.",
  "randomness.once": "No word is delivered, taken or used twice.",
  "randomness.void":
    "A round is marked void once, after its deadline and without a word; three in a day pause betting.",
  "bets.identity": "Each bet has its own id: player, asset, lane and the lane's next number.",
  "bets.round": "Each bet joins the round requested in its own block.",
  "bets.terms": "Fee, reserve and odds are those of the terms in force when the bet was placed.",
  "bets.choice": "The choice is one that the game offers.",
  "bets.orders":
    "Each bet is what its player sent, or signed, or what the lane's session key signed.",
  "bets.limits": "Stake and liability are within the house's limits when the bet was placed.",
  "bets.payout": "The payout is what the rules give for the seed, to the unit.",
  "bets.rules": "The game's contract, asked on chain, pays what the event says.",
  "bets.once": "Each bet ends exactly once: settled or refunded (I4).",
  "bets.refund":
    "A refund gives back the whole stake, and only where no word came or the game failed.",
  "money.solvency":
    "Tokens held cover ledger, escrow, bankroll and fees, of each asset, at each step (I1).",
  "money.totals": "Totals are the sums of their parts (I2).",
  "money.reserve": "What open bets can win is reserved, and never above the bankroll (I3).",
  "money.bound": "No payout is above what was reserved for it (I5).",
  "money.ledger":
    "Every move of a balance is told, covered, and leads to the balance that the next bet shows.",
  "money.fees": "Fees are the pinned share of the edge, and what is claimed was earned.",
  "money.epochs": "Epochs last their time and close with the equity that their bets left.",
  "money.price": "The share price moves only at the close of an epoch, to equity over supply (I6).",
  "money.shares": "Shares are made and burned at that price alone, and claims are what is due.",
  "money.state": "What the events add up to is what the contracts hold.",
  "money.tokens": "The casino's tokens and coins cover what it owes.",
  "players.limits":
    "Bets and deposits stay within the limits that players set; what is looser waits a day (I10).",
  "players.exclusions":
    "Who excluded themselves does not bet or deposit, and no exclusion is shortened.",
  "players.sessions":
    "Session keys end within a week, and bet no more than the player allowed them.",
  "players.eligibility": "Who the gate refuses does not bet or deposit.",
  "players.referrals":
    "Affiliates get a quarter of the fee, for players bound to them at their first deposit.",
  "players.exits": "Withdrawals and claims of liquidity providers pay what they told, whole.",
  "governance.authority": "Each privileged call was made by a holder of its role.",
  "governance.delay": "Each privileged call waited for its announced delay.",
  "governance.bounds": "What governance set is within the bounds written in the code.",
  "governance.pauses": "Pauses are short, rare and respected.",
  "statistics.return":
    "Payouts are in line with the exact odds, game by game (sequential e-values).",
  "statistics.outcomes": "Outcomes fall as often as the rules say (chi-square of exact ranks).",
  "statistics.hours": "No hour of the day pays better or worse.",
  "statistics.producers": "No block producer's blocks pay better or worse.",
  "statistics.players":
    "No tenth of the players, by how much they staked before, is treated better or worse.",
  "statistics.voids": "Bets that were void would have won as often as others.",
} as const;

export type Failure = Place & { expected: string; found: string; note?: string };

export type Tally = {
  passed: number;
  failed: number;
  unchecked: number;
  reason?: string;
  failures: Failure[];
};

/** A book of checks, plain data so that a checkpoint can hold it. */
export type Book = Record<CheckId, Tally>;

/** How many failures of a check are listed. */
export const LISTED_FAILURES = 20;

export function newBook(): Book {
  return Object.fromEntries(
    Object.keys(CHECKS).map((id) => [id, { passed: 0, failed: 0, unchecked: 0, failures: [] }]),
  ) as unknown as Book;
}

export function pass(book: Book, id: CheckId): void {
  book[id].passed++;
}

/** Counts a failure and lists the earliest ones, in whichever order they are found. */
export function fail(
  book: Book,
  id: CheckId,
  at: Place,
  expected: unknown,
  found: unknown,
  note?: string,
): void {
  const tally = book[id];
  tally.failed++;
  const failure: Failure = {
    block: at.block,
    ...(at.tx === undefined ? {} : { tx: at.tx }),
    ...(at.log === undefined ? {} : { log: at.log }),
    expected: shown(expected),
    found: shown(found),
    ...(note === undefined ? {} : { note }),
  };
  const { failures } = tally;
  const after = failures.findIndex((other) => placed(other) > placed(failure));
  if (after === -1) failures.push(failure);
  else failures.splice(after, 0, failure);
  if (failures.length > LISTED_FAILURES) failures.pop();
}

/** Counts what could not be checked, with the reason. */
export function skip(book: Book, id: CheckId, reason: string, count = 1): void {
  book[id].unchecked += count;
  book[id].reason = reason;
}

/** Counts one instance of a check; what was expected and found is listed where they differ. */
export function equal(
  book: Book,
  id: CheckId,
  at: Place,
  expected: unknown,
  found: unknown,
  note?: string,
): boolean {
  if (expected === found) {
    book[id].passed++;
    return true;
  }
  fail(book, id, at, expected, found, note);
  return false;
}

/** As `equal`, for what holds or does not. */
export function holds(
  book: Book,
  id: CheckId,
  at: Place,
  condition: boolean,
  expected: unknown,
  found: unknown,
  note?: string,
): boolean {
  if (condition) {
    book[id].passed++;
    return true;
  }
  fail(book, id, at, expected, found, note);
  return false;
}

export function groupOf(id: CheckId): Group {
  return id.slice(0, id.indexOf(".")) as Group;
}

function placed({ block, log }: Place): number {
  return block * 2 ** 20 + (log ?? 0);
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : String(value);
}
