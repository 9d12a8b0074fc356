import { type Hex, formatUnits, hexToString } from "viem";

/** How to show the amounts of an asset: decimals of its units in the ledger, and its symbol. */
export type Money = { decimals: number; symbol: string };

/** A refusal in plain words: what is the matter, and what to do about it. */
export type Explanation = { message: string; hint: string };

/** A refusal of the contracts. `name` equals the Solidity error's; `args` holds its arguments by name. */
export abstract class CasinoError<Args extends object = object> extends Error {
  readonly args: Args;

  constructor(name: string, args: Args) {
    super(
      `${name}(${Object.entries(args)
        .map(([key, value]) => `${key}: ${value}`)
        .join(", ")})`,
    );
    this.name = name;
    this.args = args;
  }

  abstract explain(money: Money): Explanation;
}

/** Makes the class of one Solidity error out of its name and its explanation. */
export function define<Args extends object>(
  name: string,
  explanation: (args: Args, money: Money) => [string, string],
) {
  return class extends CasinoError<Args> {
    constructor(args: Args) {
      super(name, args);
    }

    explain(money: Money): Explanation {
      const [message, hint] = explanation(this.args, money);
      return { message, hint };
    }
  };
}

/** Units as an amount with its symbol. */
export function show(units: bigint, { decimals, symbol }: Money): string {
  return `${formatUnits(units, decimals)} ${symbol}`;
}

/** Seconds since 1970 as a date with its minute. */
export function time(seconds: bigint): string {
  return `${new Date(Number(seconds) * 1000).toISOString().replace("T", " ").slice(0, 16)} UTC`;
}

/** A short name in 32 bytes, as Solidity's string literals give. */
export function label(bytes: Hex): string {
  const text = hexToString(bytes).replaceAll("\0", "");
  return text === "" ? "A parameter" : text;
}
