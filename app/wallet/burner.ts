import { createConnector } from "wagmi";
import type { Address, Chain, Hex } from "viem";
import type { BurnerProvider } from "./burner-provider.ts";

/** Where the key of the local chain's throw-away wallet is kept. */
const KEY = "glasshouse.burner.key";
const CONNECTED = "glasshouse.burner.connected";

/**
 * A wallet made in the browser for the local chain: a key of no value, kept in localStorage, signing without asking.
 * Offered on chain 31337 alone; its code is loaded when it is first used.
 */
export function burner({ chain, rpcUrl }: { chain: Chain; rpcUrl: string }) {
  let provider: Promise<BurnerProvider> | undefined;

  async function load(): Promise<BurnerProvider> {
    const { createBurnerProvider, generatePrivateKey } = await import("./burner-provider.ts");
    const key = (localStorage.getItem(KEY) ?? generatePrivateKey()) as Hex;
    localStorage.setItem(KEY, key);
    return createBurnerProvider({ chain, rpcUrl, key });
  }

  return createConnector<BurnerProvider>((config) => ({
    id: "burner",
    name: "Burner wallet",
    type: "burner",
    getProvider() {
      provider ??= load();
      return provider;
    },
    async connect() {
      const accounts = await this.getAccounts();
      localStorage.setItem(CONNECTED, "1");
      // One account and no capabilities: both shapes that wagmi may ask for are this one.
      return { accounts: accounts as never, chainId: chain.id };
    },
    async disconnect() {
      localStorage.removeItem(CONNECTED);
    },
    async getAccounts(): Promise<readonly Address[]> {
      return [(await this.getProvider()).address];
    },
    async getChainId() {
      return chain.id;
    },
    async isAuthorized() {
      return localStorage.getItem(CONNECTED) === "1" && localStorage.getItem(KEY) !== null;
    },
    async switchChain() {
      return chain;
    },
    onAccountsChanged() {},
    onChainChanged() {},
    onDisconnect() {
      config.emitter.emit("disconnect");
    },
  }));
}
