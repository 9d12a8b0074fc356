/**
 * What the pages call of the casino: a part of `casinoAbi` in `sdk/abis.ts`, small enough for the first load.
 * `test/app-abi.test.ts` holds it to the generated one.
 */
export const casinoAbi = [
  {
    type: "function",
    name: "balanceOf",
    stateMutability: "view",
    inputs: [
      { name: "player", type: "address" },
      { name: "asset", type: "uint16" },
    ],
    outputs: [{ type: "uint256" }],
  },
  {
    type: "function",
    name: "bet",
    stateMutability: "nonpayable",
    inputs: [
      { name: "asset", type: "uint16" },
      { name: "lane", type: "uint16" },
      { name: "game", type: "uint16" },
      { name: "stake", type: "uint56" },
      { name: "choice", type: "bytes16" },
    ],
    outputs: [{ name: "betId", type: "uint256" }],
  },
  {
    type: "function",
    name: "betOf",
    stateMutability: "view",
    inputs: [{ name: "betId", type: "uint256" }],
    outputs: [
      {
        type: "tuple",
        components: [
          { name: "open", type: "bool" },
          { name: "asset", type: "uint16" },
          { name: "lane", type: "uint16" },
          { name: "player", type: "address" },
          { name: "game", type: "uint16" },
          { name: "sequence", type: "uint256" },
          { name: "stake", type: "uint256" },
          { name: "choice", type: "bytes16" },
          { name: "rounds", type: "uint256" },
          { name: "stopGain", type: "uint256" },
          { name: "stopLoss", type: "uint256" },
          { name: "reserve", type: "uint256" },
          { name: "feeRate", type: "uint256" },
          { name: "slot", type: "uint256" },
        ],
      },
    ],
  },
  {
    type: "function",
    name: "deposit",
    stateMutability: "payable",
    inputs: [
      { name: "asset", type: "uint16" },
      { name: "amount", type: "uint256" },
      { name: "to", type: "address" },
    ],
    outputs: [],
  },
  {
    type: "function",
    name: "houseOf",
    stateMutability: "view",
    inputs: [{ name: "asset", type: "uint16" }],
    outputs: [
      {
        type: "tuple",
        components: [
          { name: "bankroll", type: "uint256" },
          { name: "reserved", type: "uint256" },
          { name: "fees", type: "uint256" },
          { name: "mark", type: "uint256" },
          { name: "openBets", type: "uint256" },
          { name: "closingBets", type: "uint256" },
          { name: "closingEquity", type: "uint256" },
          { name: "closed", type: "bool" },
        ],
      },
    ],
  },
  {
    type: "function",
    name: "refund",
    stateMutability: "nonpayable",
    inputs: [{ name: "betId", type: "uint256" }],
    outputs: [],
  },
  {
    type: "function",
    name: "rehearse",
    stateMutability: "nonpayable",
    inputs: [
      { name: "player", type: "address" },
      {
        name: "wager",
        type: "tuple",
        components: [
          { name: "asset", type: "uint16" },
          { name: "lane", type: "uint16" },
          { name: "game", type: "uint16" },
          { name: "stake", type: "uint256" },
          { name: "choice", type: "bytes16" },
          { name: "rounds", type: "uint256" },
          { name: "stopGain", type: "uint256" },
          { name: "stopLoss", type: "uint256" },
        ],
      },
    ],
    outputs: [],
  },
  {
    type: "function",
    name: "roundAt",
    stateMutability: "view",
    inputs: [{ name: "slot", type: "uint256" }],
    outputs: [
      {
        type: "tuple",
        components: [
          { name: "state", type: "uint8" },
          { name: "epoch", type: "uint256" },
          { name: "requestedAt", type: "uint256" },
          { name: "word", type: "uint256" },
        ],
      },
    ],
  },
  {
    type: "function",
    name: "settle",
    stateMutability: "nonpayable",
    inputs: [{ name: "betId", type: "uint256" }],
    outputs: [],
  },
  {
    type: "function",
    name: "termsOf",
    stateMutability: "view",
    inputs: [
      { name: "game", type: "uint16" },
      { name: "asset", type: "uint16" },
    ],
    outputs: [
      { name: "listed", type: "bool" },
      {
        name: "terms",
        type: "tuple",
        components: [
          { name: "minStake", type: "uint256" },
          { name: "maxStake", type: "uint256" },
          { name: "stipend", type: "uint256" },
          { name: "roundGas", type: "uint256" },
          { name: "kellyBps", type: "uint256" },
          { name: "capBps", type: "uint256" },
          { name: "shareBps", type: "uint256" },
          { name: "gameCapBps", type: "uint256" },
          { name: "lossBps", type: "uint256" },
        ],
      },
    ],
  },
  {
    type: "function",
    name: "withdraw",
    stateMutability: "nonpayable",
    inputs: [
      { name: "asset", type: "uint16" },
      { name: "amount", type: "uint256" },
      { name: "to", type: "address" },
    ],
    outputs: [],
  },
] as const;

/** What the pages call of a token. */
export const tokenAbi = [
  {
    type: "function",
    name: "balanceOf",
    stateMutability: "view",
    inputs: [{ type: "address" }],
    outputs: [{ type: "uint256" }],
  },
  {
    type: "function",
    name: "allowance",
    stateMutability: "view",
    inputs: [{ type: "address" }, { type: "address" }],
    outputs: [{ type: "uint256" }],
  },
  {
    type: "function",
    name: "approve",
    stateMutability: "nonpayable",
    inputs: [{ type: "address" }, { type: "uint256" }],
    outputs: [{ type: "bool" }],
  },
  {
    type: "function",
    name: "mint",
    stateMutability: "nonpayable",
    inputs: [{ type: "address" }, { type: "uint256" }],
    outputs: [],
  },
] as const;
