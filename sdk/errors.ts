import {
  type Abi,
  BaseError,
  type Hex,
  decodeErrorResult,
  formatUnits,
  hexToString,
  isHex,
  parseAbi,
} from "viem";
import { bankrollAbi, casinoAbi, gameAbi } from "./abis.ts";
import { IllegalChoice } from "./games/types.ts";
import { CasinoError, type Explanation, type Money, define } from "./refusal.ts";

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
export const ChoiceTooWide = define<{ choice: Hex }>("ChoiceTooWide", () => [
  "The choice needs more room than a bet has.",
  SUPPORT,
]);
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
  ChoiceTooWide,
  IllegalChoice,
  OddsOutOfBounds,
  BetNotOpen,
  RoundPending,
  RoundVoid,
  RoundDrawnAlready,
  GasTooLow,
  RandomnessUnfunded,
  RoundsFull,
  SourceMissing,
  PauseTooSoon,
  OutOfBounds,
  NotBankroll,
  BankrollTooLow,
  EpochNotOver,
  EpochNotClosed,
  AccessManagedUnauthorized,
};

const ABI: Abi = [
  ...[...casinoAbi, ...gameAbi, ...bankrollAbi].filter(
    (item: { type: string }) => item.type === "error",
  ),
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

function show(units: bigint, { decimals, symbol }: Money): string {
  return `${formatUnits(units, decimals)} ${symbol}`;
}

function time(seconds: bigint): string {
  return `${new Date(Number(seconds) * 1000).toISOString().replace("T", " ").slice(0, 16)} UTC`;
}

/** A short name in 32 bytes, as Solidity's string literals give. */
function label(bytes: Hex): string {
  const text = hexToString(bytes).replaceAll("\0", "");
  return text === "" ? "A parameter" : text;
}
