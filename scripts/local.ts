import type { Hex } from "viem";
import { type HDAccount, mnemonicToAccount } from "viem/accounts";

/** What only local chains have: keys that everyone knows. Nothing here may ever hold value. */

const MNEMONIC = "test test test test test test test test test test test junk";

const ACCOUNTS = { deployer: 0, oracle: 1, keeper: 2, liquidity: 3, relayer: 4 } as const;

/** The first account that is a player's; all later ones are too. */
export const FIRST_PLAYER = 5;

/** The oracle's VRF key on local chains. */
export const LOCAL_PROVING_KEY: Hex = `0x${"11".repeat(32)}`;

/** The account that a part of the house uses on local chains, out of Hardhat's standard ones. */
export function localAccount(role: keyof typeof ACCOUNTS | number): HDAccount {
  return mnemonicToAccount(MNEMONIC, {
    addressIndex: typeof role === "number" ? role : ACCOUNTS[role],
  });
}
