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
