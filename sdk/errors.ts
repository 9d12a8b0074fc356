import {
  type Abi,
  BaseError,
  type Hex,
  decodeErrorResult,
  formatUnits,
  isHex,
  parseAbi,
} from "viem";
import { bankrollAbi, casinoAbi, eligibilityAbi, gameAbi, limitsAbi, sessionsAbi } from "./abis.ts";
import { IllegalChoice } from "./games/types.ts";
import * as ofPlayers from "./player-errors.ts";
import { CasinoError, type Explanation, type Money, define, label, show, time } from "./refusal.ts";

export * from "./player-errors.ts";
export { CasinoError, type Explanation, IllegalChoice, type Money };

const SUPPORT = "This should not happen in normal play; please report it.";
const OPERATOR = "Only the operator of the casino meets this one.";

// -- Ledger --

export const AssetUnknown = define<{ asset: number }>("AssetUnknown", ({ asset }) => [
  `The casino lists no asset number ${asset}.`,
  "Choose another asset.",
]);
export const AssetUnfit = define<{ token: string }>("AssetUnfit", ({ token }) => [
  `The token ${token} is listed already or cannot be counted in whole units.`,
  OPERATOR,
]);
export const AmountZero = define<object>("AmountZero", () => [
  "The amount is zero.",
  "Enter an amount above zero.",
]);
export const AmountNotWhole = define<{ amount: bigint; unit: bigint }>(
  "AmountNotWhole",
  (_, { decimals }) => [
    `The amount has more than ${decimals} decimals.`,
    `Enter an amount with at most ${decimals} decimals.`,
  ],
);
export const BalanceTooLow = define<{ balance: bigint; amount: bigint }>(
  "BalanceTooLow",
  ({ balance, amount }, money) => [
    `Your balance of ${show(balance, money)} does not cover ${show(amount, money)}.`,
    "Deposit more, or choose a smaller amount.",
  ],
);
export const AssetFull = define<{ held: bigint; limit: bigint }>(
  "AssetFull",
  ({ limit }, money) => [
    `The casino cannot hold more than ${show(limit, money)}.`,
    "Deposit a smaller amount.",
  ],
);
export const TransferMismatch = define<{ received: bigint; expected: bigint }>(
  "TransferMismatch",
  () => [
    "The token delivered another amount than was sent.",
    "Tokens that charge a fee on transfers or change balances are not supported.",
  ],
);
export const ValueMismatch = define<{ value: bigint; expected: bigint }>("ValueMismatch", () => [
  "The coins sent along do not match the amount.",
  SUPPORT,
]);
export const RecipientRefused = define<{ to: string }>("RecipientRefused", ({ to }) => [
  `${to} refused the coins.`,
  "Withdraw to another address.",
]);

// -- Bets --

export const BetsPaused = define<{ until: bigint }>("BetsPaused", ({ until }) => [
  `New bets are paused until ${time(until)}.`,
  "Open bets and withdrawals work as always; come back then.",
]);
export const LaneBusy = define<{ betId: bigint; deadline: bigint }>("LaneBusy", ({ deadline }) => [
  "Your previous bet is still waiting for its random word.",
  `Wait a moment. If no word comes, the stake can be taken back after ${time(deadline)}.`,
]);
export const GameNotListed = define<{ game: number; asset: number }>(
  "GameNotListed",
  (_, { symbol }) => [
    `This game takes no bets in ${symbol}.`,
    "Choose another game or another asset.",
  ],
);
export const StakeBelowLimit = define<{ stake: bigint; limit: bigint }>(
  "StakeBelowLimit",
  ({ limit }, money) => [`The least stake is ${show(limit, money)}.`, "Raise the stake."],
);
export const StakeAboveLimit = define<{ stake: bigint; limit: bigint }>(
  "StakeAboveLimit",
  ({ limit }, money) => [
    `The largest stake on this choice is ${show(limit, money)} now.`,
    "Lower the stake, or choose something with a smaller top prize.",
  ],
);
export const LiabilityAboveLimit = define<{ liability: bigint; limit: bigint }>(
  "LiabilityAboveLimit",
  ({ liability, limit }, money) => [
    `This bet could win ${show(liability, money)}; the bankroll covers ${show(limit, money)} for one bet now.`,
    "Lower the stake, or choose something with a smaller top prize.",
  ],
);
export const DrawdownReached = define<{ bankroll: bigint; mark: bigint }>(
  "DrawdownReached",
  ({ bankroll, mark }, money) => [
    `The bankroll of ${show(bankroll, money)} is more than a quarter below its mark of ${show(mark, money)}, so it takes no bets.`,
    "Come back when it has recovered; open bets and withdrawals work as always.",
  ],
);
export const GameLossReached = define<{ loss: bigint; limit: bigint }>(
  "GameLossReached",
  ({ limit }, money) => [
    `This game has lost ${show(limit, money)} of the bankroll or more today, so it takes no large bets until midnight UTC.`,
    "Lower the stake, choose another game, or come back tomorrow.",
  ],
);
export const OddsOutOfBounds = define<{ rtpWad: bigint }>("OddsOutOfBounds", ({ rtpWad }) => [
  `The game pays back ${formatUnits(rtpWad, 16)}% on this choice, outside what the house allows.`,
  "Change the choice.",
]);
export const BetNotOpen = define<{ betId: bigint }>("BetNotOpen", () => [
  "This bet has ended already, or never was.",
  "Nothing is left to do.",
]);
export const RoundPending = define<{ betId: bigint; deadline: bigint }>(
  "RoundPending",
  ({ deadline }) => [
    "The random word of this bet is not in yet.",
    `Wait for it. If it does not come, the stake can be taken back after ${time(deadline)}.`,
  ],
);
export const RoundVoid = define<{ betId: bigint }>("RoundVoid", () => [
  "No random word came for this bet in time, so it is void.",
  "Take the stake back.",
]);
export const RoundDrawnAlready = define<{ betId: bigint }>("RoundDrawnAlready", () => [
  "The random word of this bet is in, so it cannot be refunded.",
  "Settle the bet.",
]);
export const GasTooLow = define<{ stipend: bigint }>("GasTooLow", () => [
  "The transaction carries too little gas to run the game.",
  "Raise its gas limit.",
]);

/** Not a refusal: the bet would be placed, with these terms. */
export const Rehearsed = define<{
  maxPayout: bigint;
  reserve: bigint;
  feeRate: bigint;
  maxStake: bigint;
}>("Rehearsed", ({ maxPayout }, money) => [
  `The bet would be placed; it can win ${show(maxPayout, money)}.`,
  "Place it.",
]);

// -- Orders --

export const OrderExpired = define<{ deadline: bigint }>("OrderExpired", ({ deadline }) => [
  `The order was valid until ${time(deadline)}.`,
  "Sign it again with a later deadline.",
]);
export const SequenceMismatch = define<{ sequence: bigint; expected: bigint }>(
  "SequenceMismatch",
  ({ sequence, expected }) => [
    `The order is for bet ${sequence} of its lane, whose next one is ${expected}.`,
    "It was carried out already, or another bet came first: sign one for the lane's next bet.",
  ],
);
export const AffiliateRefused = define<{ affiliate: string }>(
  "AffiliateRefused",
  ({ affiliate }) => [
    `${affiliate} cannot become the affiliate of this account.`,
    "An affiliate is bound with the first deposit or never, and nobody refers themselves: deposit without one.",
  ],
);

// -- Randomness and governance --

export const RandomnessUnfunded = define<{ subscription: bigint }>(
  "RandomnessUnfunded",
  ({ subscription }) => [
    "The casino cannot pay for another random word at the moment.",
    `Try again later. Anyone may fund Chainlink VRF subscription ${subscription}.`,
  ],
);
export const RoundsFull = define<{ limit: bigint }>("RoundsFull", () => [
  "The casino has no free slot for another round.",
  "Try again later.",
]);
export const SourceMissing = define<{ coordinator: string }>("SourceMissing", ({ coordinator }) => [
  `There is no source of randomness at ${coordinator}.`,
  OPERATOR,
]);
export const PauseTooSoon = define<{ from: bigint }>("PauseTooSoon", ({ from }) => [
  `The next pause can begin at ${time(from)}.`,
  OPERATOR,
]);
export const OutOfBounds = define<{ what: Hex; value: bigint; bound: bigint }>(
  "OutOfBounds",
  ({ what, value, bound }) => [`${label(what)} ${value} is out of bounds (${bound}).`, OPERATOR],
);
export const NotLimits = define<{ caller: string }>("NotLimits", () => [
  "Only the casino's own limits contract may do this.",
  SUPPORT,
]);
export const NotSessions = define<{ caller: string }>("NotSessions", () => [
  "Only the casino's own sessions contract may do this.",
  SUPPORT,
]);
export const NotBankroll = define<{ caller: string }>("NotBankroll", () => [
  "Only a bankroll may do this.",
  OPERATOR,
]);
export const BankrollTooLow = define<{ free: bigint; amount: bigint }>(
  "BankrollTooLow",
  ({ free, amount }, money) => [
    `The bankroll has ${show(free, money)} free, less than ${show(amount, money)}.`,
    "Wait until open bets have ended.",
  ],
);
export const EpochNotOver = define<{ end: bigint }>("EpochNotOver", ({ end }) => [
  `The epoch ends at ${time(end)}.`,
  "Come back then.",
]);
export const EpochNotClosed = define<{ asset: number; openBets: bigint }>(
  "EpochNotClosed",
  ({ openBets }) => [
    `The epoch that ended still has ${openBets} open bets, or is not closed yet.`,
    "Settle them, then close it.",
  ],
);
export const AccessManagedUnauthorized = define<{ caller: string }>(
  "AccessManagedUnauthorized",
  ({ caller }) => [`${caller} has no right to do this.`, OPERATOR],
);

/** A refusal that has no words of its own here: an error of a token, of a bankroll's share, of the access manager. */
export class OtherRefusal extends CasinoError<Record<string, unknown>> {
  explain(): Explanation {
    return { message: `The contract refused: ${this.message}.`, hint: SUPPORT };
  }
}

const CLASSES = {
  AssetUnknown,
  AssetUnfit,
  AmountZero,
  AmountNotWhole,
  BalanceTooLow,
  AssetFull,
  TransferMismatch,
  ValueMismatch,
  RecipientRefused,
  BetsPaused,
  LaneBusy,
  GameNotListed,
  StakeBelowLimit,
  StakeAboveLimit,
  LiabilityAboveLimit,
  DrawdownReached,
  GameLossReached,
  IllegalChoice,
  OddsOutOfBounds,
  BetNotOpen,
  RoundPending,
  RoundVoid,
  RoundDrawnAlready,
  GasTooLow,
  Rehearsed,
  OrderExpired,
  SequenceMismatch,
  AffiliateRefused,
  RandomnessUnfunded,
  RoundsFull,
  SourceMissing,
  PauseTooSoon,
  OutOfBounds,
  NotLimits,
  NotSessions,
  NotBankroll,
  BankrollTooLow,
  EpochNotOver,
  EpochNotClosed,
  AccessManagedUnauthorized,
  ...ofPlayers,
};

const ABI: Abi = [
  ...[
    ...casinoAbi,
    ...limitsAbi,
    ...sessionsAbi,
    ...eligibilityAbi,
    ...gameAbi,
    ...bankrollAbi,
  ].filter((item: { type: string }) => item.type === "error"),
  ...parseAbi(["error AccessManagedUnauthorized(address caller)"]),
];

/** The refusal in an error of viem or in raw revert data; nothing where it is not one of the contracts'. */
export function decodeError(error: unknown): CasinoError | undefined {
  const data = revertDataOf(error);
  if (data === undefined || data.length < 10) return undefined;

  let decoded;
  try {
    decoded = decodeErrorResult({ abi: ABI, data });
  } catch (cause) {
    // Not an error of these contracts: the caller has the original to show.
    if (cause instanceof BaseError) return undefined;
    throw cause;
  }
  const { errorName, abiItem } = decoded;
  const inputs = abiItem.type === "error" ? abiItem.inputs : [];
  const values = (decoded.args ?? []) as readonly unknown[];
  const args = Object.fromEntries(
    inputs.map((input, index) => [input.name ?? index, values[index]]),
  );
  const Known = (CLASSES as Record<string, new (args: never) => CasinoError>)[errorName];
  return Known ? new Known(args as never) : new OtherRefusal(errorName, args);
}

/** Walks the causes of an error to the revert data that a node sent. */
function revertDataOf(error: unknown): Hex | undefined {
  const seen = new Set<unknown>();
  for (let at: unknown = error; at !== undefined && at !== null && !seen.has(at);) {
    seen.add(at);
    if (isHex(at)) return at;
    if (typeof at !== "object") return undefined;
    const { raw, data, cause } = at as { raw?: unknown; data?: unknown; cause?: unknown };
    if (isHex(raw)) return raw;
    if (isHex(data)) return data;
    if (typeof data === "object" && data !== null && isHex((data as { data?: unknown }).data)) {
      return (data as { data: Hex }).data;
    }
    at = cause;
  }
  return undefined;
}
