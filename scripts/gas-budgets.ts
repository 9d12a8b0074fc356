/** What each figure must not exceed, and the best peer's for the same where there is one (gas). */
export const BUDGETS = {
  loneBetAllIn: { must: 205_000, peer: 474_800 },
  allInAt5: { must: 82_000, peer: 474_800 },
  allInAt50: { must: 54_000, peer: 474_800 },
  joinedBet: { must: 52_000, peer: 283_542 },
  callback: { must: 9_000, peer: 83_263 },
  callbackAt50: { must: 9_000 },
  settleManyPerBetAt50: { must: 12_000 },
  voidRefund: { must: 48_000, peer: 74_844 },
  withdrawNative: { must: 39_000 },
  withdrawErc20: { must: 49_000 },
  firstBetJoined: { must: 50_000 },
} satisfies Record<string, { must: number; peer?: number }>;
