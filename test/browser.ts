/** A real Chromium for the tests, out of the package registry, and a wallet for it. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { type Chain, type Hex, createWalletClient, hexToBigInt, http, numberToHex } from "viem";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";

const DATA = fileURLToPath(new URL("../.glasshouse/", import.meta.url));
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Unpacks the browser once into the project's own folder, with the libraries and fonts a bare machine lacks. */
async function unpackChromium(): Promise<{ path: string; env: Record<string, string> }> {
  const folder = join(DATA, "chromium");
  mkdirSync(join(folder, "cache"), { recursive: true });
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs22.x";
  try {
    const { default: packed } = await import("@sparticuz/chromium");
    const path = await packed.executablePath();
    const fonts = join(folder, "fonts.conf");
    writeFileSync(
      fonts,
      `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(folder, "fonts", "fonts")}</dir><cachedir>${join(folder, "cache")}</cachedir></fontconfig>`,
    );
    return {
      path,
      env: {
        FONTCONFIG_PATH: folder,
        FONTCONFIG_FILE: fonts,
        LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
        HOME: folder,
      },
    };
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}

/** Starts Chromium with a fresh profile: CHROMIUM_PATH's where it is set, else the packaged one on Linux. */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && existsSync(named))
    return chromium.launch({
      executablePath: named,
      args: FLAGS,
      ignoreDefaultArgs: ["--headless=old"],
    });
  if (process.platform !== "linux") return chromium.launch({ args: FLAGS });
  const { path, env } = await unpackChromium();
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  return chromium.launch({ executablePath: path, args: FLAGS, env: { ...inherited, ...env } });
}

/** A folder of this run that is gone afterwards. */
export function scratchFolder(name: string): { path: string; remove(): void } {
  mkdirSync(DATA, { recursive: true });
  const path = mkdtempSync(join(DATA, `${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A wallet extension as the page sees it, with the person's mind in the test's hands. */
export interface TestWallet {
  account: PrivateKeyAccount;
  /** What the person answers to the next requests. */
  answer: "approve" | "reject";
  chainId: number;
  /** Methods that asked the person. */
  asked: string[];
  /** Tells all pages that the wallet went to another chain. */
  moveTo(chainId: number): Promise<void>;
}

type Answer = { result: unknown } | { error: { code: number; message: string } };

/**
 * Installs an EIP-1193 provider, announced by EIP-6963, into every page of a context. It signs with a key of the test
 * through `exposeFunction`; errors cross as data, so that their code survives.
 */
export async function installWallet(
  context: BrowserContext,
  { rpcUrl, chain, key }: { rpcUrl: string; chain: Chain; key: Hex },
): Promise<TestWallet> {
  const account = privateKeyToAccount(key);
  const client = createWalletClient({ account, chain, transport: http(rpcUrl) });
  let approved = false;
  const wallet: TestWallet = {
    account,
    answer: "approve",
    chainId: chain.id,
    asked: [],
    async moveTo(chainId) {
      wallet.chainId = chainId;
      await Promise.all(
        context
          .pages()
          .map((page) =>
            page.evaluate(
              (id) => window.dispatchEvent(new CustomEvent("test-wallet-chain", { detail: id })),
              numberToHex(chainId),
            ),
          ),
      );
    },
  };

  const askPerson = (method: string): void => {
    wallet.asked.push(method);
    if (wallet.answer === "reject")
      throw Object.assign(new Error("User rejected the request."), { code: 4001 });
  };

  const handle = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    switch (method) {
      case "eth_chainId":
        return numberToHex(wallet.chainId);
      case "eth_accounts":
        return approved ? [account.address] : [];
      case "eth_requestAccounts":
      case "wallet_requestPermissions": {
        askPerson(method);
        approved = true;
        if (method === "eth_requestAccounts") return [account.address];
        return [
          {
            parentCapability: "eth_accounts",
            caveats: [{ type: "restrictReturnedAccounts", value: [account.address] }],
          },
        ];
      }
      case "wallet_revokePermissions":
        approved = false;
        return null;
      case "wallet_switchEthereumChain": {
        askPerson(method);
        await wallet.moveTo(Number((params[0] as { chainId: Hex }).chainId));
        return null;
      }
      case "eth_sendTransaction": {
        askPerson(method);
        const { to, data, value } = params[0] as { to: Hex; data?: Hex; value?: Hex };
        return client.sendTransaction({
          to,
          ...(data ? { data } : {}),
          ...(value ? { value: hexToBigInt(value) } : {}),
        });
      }
      case "personal_sign":
        askPerson(method);
        return account.signMessage({ message: { raw: params[0] as Hex } });
      case "eth_signTypedData_v4":
        askPerson(method);
        return account.signTypedData(JSON.parse(params[1] as string));
      default:
        return client.request({ method, params } as Parameters<typeof client.request>[0]);
    }
  };

  await context.exposeFunction(
    "testWallet",
    async (method: string, params: readonly unknown[]): Promise<Answer> => {
      try {
        return { result: await handle(method, params) };
      } catch (error) {
        const { code = -32603, message } = error as { code?: number; message: string };
        return { error: { code, message } };
      }
    },
  );
  await context.addInitScript(announceWallet);
  return wallet;
}

/** Runs inside the page, before its own scripts. */
function announceWallet(): void {
  type Listener = (value: unknown) => void;
  type Bridge = (
    method: string,
    params: readonly unknown[],
  ) => Promise<{ result?: unknown; error?: { code: number; message: string } }>;
  const listeners: Record<string, Listener[]> = {};
  const provider = {
    async request({ method, params = [] }: { method: string; params?: readonly unknown[] }) {
      const { error, result } = await (window as unknown as { testWallet: Bridge }).testWallet(
        method,
        params,
      );
      if (error !== undefined) throw Object.assign(new Error(error.message), { code: error.code });
      return result;
    },
    on(event: string, listener: Listener) {
      (listeners[event] ??= []).push(listener);
    },
    removeListener(event: string, listener: Listener) {
      listeners[event] = (listeners[event] ?? []).filter((each) => each !== listener);
    },
  };
  window.addEventListener("test-wallet-chain", (event) => {
    for (const listener of listeners.chainChanged ?? []) listener((event as CustomEvent).detail);
  });
  const detail = Object.freeze({
    info: {
      uuid: "3f9c1d1e-6c1b-4c55-9c1e-000000000001",
      name: "Test wallet",
      icon: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
      rdns: "test.wallet",
    },
    provider,
  });
  const announce = () =>
    window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
}
