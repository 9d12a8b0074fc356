/** Drives the whole stack in a real Chromium, as a player would. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { type Hex, createWalletClient, defineChain, http, parseEther } from "viem";
import { generatePrivateKey, mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { games } from "../sdk/games/index.ts";
import { type TestWallet, installWallet, launchBrowser } from "./browser.ts";
import { type Stack, startStack } from "./stack.ts";

const MNEMONIC = "test test test test test test test test test test test junk";
const PATIENCE = 45_000;
/** Every game of the house, in the order of their numbers. */
const GAMES = Object.values(games).map(({ key }) => `/games/${key}`);
const PAGES = ["/", ...GAMES, "/account", "/house", "/verify"];

let stack: Stack;
let browser: Browser;
let open: BrowserContext[] = [];
/** What the page complained of since the test began. */
let complaints: string[] = [];

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

afterEach(async () => {
  await Promise.all(open.map((context) => context.close()));
  open = [];
  complaints = [];
});

async function newPage(
  options: { width?: number; height?: number; dark?: boolean; key?: Hex } = {},
): Promise<{ page: Page; wallet?: TestWallet }> {
  const { width = 1440, height = 900, dark = false, key } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  open.push(context);
  const chain = chainOf();
  const wallet =
    key === undefined
      ? undefined
      : await installWallet(context, { rpcUrl: stack.rpcUrl, chain, key });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    const { hostname } = new URL(request.url());
    if (hostname !== "127.0.0.1" && hostname !== "") complaints.push(`request to ${request.url()}`);
  });
  return wallet === undefined ? { page } : { page, wallet };
}

function chainOf() {
  return defineChain({
    id: 31337,
    name: "local",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    rpcUrls: { default: { http: [stack.rpcUrl] } },
  });
}

/** A key with ten coins of the local chain. */
async function fundedKey(): Promise<Hex> {
  const key = generatePrivateKey();
  const rich = createWalletClient({
    account: mnemonicToAccount(MNEMONIC, { addressIndex: 7 }),
    chain: chainOf(),
    transport: http(stack.rpcUrl),
  });
  await rich.sendTransaction({ to: privateKeyToAccount(key).address, value: parseEther("10") });
  return key;
}

/** Opens a page as far as a reader has it: loaded, running, with its fonts. */
async function visit(page: Page, path: string): Promise<void> {
  await page.goto(`${stack.appUrl}${path}`, { waitUntil: "load" });
  await page.getByRole("main").waitFor();
  if (GAMES.includes(path)) await buttonSays(page, /^Connect wallet$/);
  await page.evaluate(() => document.fonts.ready);
}

const go = (page: Page) => page.getByTestId("go");
const note = (page: Page) => page.locator("#step-note");

async function buttonSays(page: Page, text: RegExp): Promise<void> {
  await expect.poll(() => go(page).textContent(), { timeout: PATIENCE }).toMatch(text);
}

async function connect(page: Page, name: RegExp): Promise<void> {
  await buttonSays(page, /^Connect wallet$/);
  await go(page).click();
  await page.getByRole("button", { name }).click();
  await buttonSays(page, /Deposit|Flip|Roll|Switch/);
}

async function deposit(page: Page): Promise<void> {
  await buttonSays(page, /^Deposit/);
  await go(page).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Deposit [0-9]/ })
    .click();
  await buttonSays(page, / to get /);
}

/** The bet that the page is about, as its receipt's link names it. */
async function receiptOn(page: Page): Promise<string | null> {
  const link = page.getByRole("link", { name: "Open the receipt" });
  return (await link.count()) === 0 ? null : link.getAttribute("href");
}

/** Places the bet on the button and waits until the stage tells the result of that bet, and of no earlier one. */
async function play(page: Page): Promise<string> {
  const before = await receiptOn(page);
  await go(page).click();
  await expect.poll(() => receiptOn(page), { timeout: PATIENCE }).not.toBe(before);
  const verdict = page.locator("[class*=verdict]").first();
  await expect.poll(() => verdict.textContent(), { timeout: PATIENCE }).toMatch(/paid|lost/);
  await buttonSays(page, / to get /);
  return (await verdict.textContent()) ?? "";
}

describe("a player with the burner wallet", () => {
  it("connects, deposits, bets on both games, verifies and withdraws", async () => {
    const { page } = await newPage();
    await page.goto(`${stack.appUrl}/games/coin-flip`);
    await connect(page, /Burner wallet/);
    await deposit(page);
    expect(await play(page)).toMatch(/heads|tails/);
    expect(await play(page)).toMatch(/heads|tails/);

    await page.goto(`${stack.appUrl}/games/dice`);
    await buttonSays(page, /^Roll/);
    await page.getByLabel("Target number").fill("90");
    await page.getByLabel("Target number").press("Enter");
    await page.getByRole("radio", { name: "Under" }).focus();
    expect(await play(page)).toMatch(/^ ?[0-9]+\.[0-9]{2} · (paid|lost)/);

    await page.getByRole("link", { name: "Open the receipt" }).click();
    const verdict = page.getByTestId("verdict");
    await expect.poll(() => verdict.textContent(), { timeout: PATIENCE }).toMatch(/^Valid/);

    await page.getByLabel("Change one bit of the VRF proof").check();
    await expect.poll(() => verdict.textContent()).toMatch(/^Invalid/);
    await page.getByLabel("The chain's own data").check();
    await expect.poll(() => verdict.textContent()).toMatch(/^Valid/);

    await page.goto(`${stack.appUrl}/account`);
    await page.getByRole("button", { name: "All of it" }).click();
    await page.getByRole("button", { name: "Withdraw", exact: true }).click();
    await expect
      .poll(
        () =>
          page
            .locator("section", { hasText: "Your deposits and withdrawals" })
            .last()
            .textContent(),
        { timeout: PATIENCE },
      )
      .toMatch(/Withdrawal/);
    expect(complaints).toEqual([]);
  });

  it("bets once on each game, and every draw is told", async () => {
    const { page } = await newPage();
    await page.goto(`${stack.appUrl}/games/coin-flip`);
    await connect(page, /Burner wallet/);
    await deposit(page);
    for (const path of GAMES.slice(2)) {
      await page.goto(`${stack.appUrl}${path}`);
      await buttonSays(page, / to get |^Pick|^Place/);
      // On these the choice is made on the board itself, and there is none at first.
      if (path.endsWith("keno")) {
        for (const number of [3, 17, 40])
          await page.getByRole("button", { name: String(number), exact: true }).click();
      }
      if (path.endsWith("roulette")) {
        await page.getByRole("button", { name: /^17 black/ }).click();
        await page.getByRole("button", { name: /^Red/ }).click();
        await page.getByLabel("Add a chip on a line").selectOption({ index: 5 });
      }
      await buttonSays(page, / to get /);
      expect(await play(page), path).toMatch(/paid|lost/);
    }
    expect(complaints).toEqual([]);
  });

  it("takes test tokens, deposits them with an allowance and bets in them", async () => {
    const { page } = await newPage();
    await page.goto(`${stack.appUrl}/games/coin-flip`);
    await connect(page, /Burner wallet/);
    await page.goto(`${stack.appUrl}/account`);
    await page.getByRole("button", { name: /Get 1,000 test USDC/ }).click();
    await page.getByRole("radio", { name: /USDC/ }).click();
    await expect
      .poll(
        () =>
          page
            .getByText(/1,000\.00 USDC/)
            .first()
            .isVisible(),
        { timeout: PATIENCE },
      )
      .toBe(true);
    await page.goto(`${stack.appUrl}/games/coin-flip`);
    await page.getByLabel("Asset").selectOption({ label: "USDC" });
    await deposit(page);
    expect(await play(page)).toMatch(/USDC/);
    expect(complaints).toEqual([]);
  });
});

describe("a player with an announced wallet", () => {
  it("declines, is told so, tries again and bets; a reload in mid-bet loses nothing", async () => {
    const { page, wallet } = await newPage({ key: await fundedKey() });
    await page.goto(`${stack.appUrl}/games/coin-flip`);
    await connect(page, /Test wallet/);
    await deposit(page);

    wallet!.answer = "reject";
    await go(page).click();
    await expect
      .poll(() => note(page).textContent(), { timeout: PATIENCE })
      .toMatch(/You declined in the wallet/);
    wallet!.answer = "approve";

    await go(page).click();
    await buttonSays(page, /Waiting for the draw|In the next block|Flip .* to get/);
    await page.reload();
    await expect
      .poll(() => page.locator("[class*=verdict]").first().textContent(), { timeout: PATIENCE })
      .toMatch(/paid|lost/);
    await buttonSays(page, /^Flip/);
    expect(complaints).toEqual([]);
  });

  it("is asked to switch when the wallet is on another chain", async () => {
    const { page, wallet } = await newPage({ key: await fundedKey() });
    await page.goto(`${stack.appUrl}/games/coin-flip`);
    await connect(page, /Test wallet/);
    await wallet!.moveTo(1);
    await buttonSays(page, /^Switch to chain 31337$/);
    await go(page).click();
    await buttonSays(page, /^Deposit/);
    expect(complaints).toEqual([]);
  });

  it("may decline to connect", async () => {
    const { page, wallet } = await newPage({ key: await fundedKey() });
    wallet!.answer = "reject";
    await page.goto(`${stack.appUrl}/games/coin-flip`);
    await go(page).click();
    await page.getByRole("button", { name: /Test wallet/ }).click();
    await expect
      .poll(() => page.getByRole("dialog").textContent())
      .toMatch(/You declined in the wallet/);
    expect(complaints).toEqual([]);
  });
});

describe("ten bets of both games, half from the burner and half from an announced wallet", () => {
  it("end with ten receipts that say valid", async () => {
    const receipts = new Set<string>();
    for (const key of [undefined, await fundedKey()]) {
      const { page } = await newPage(key === undefined ? {} : { key });
      await page.goto(`${stack.appUrl}/games/coin-flip`);
      await connect(page, key === undefined ? /Burner wallet/ : /Test wallet/);
      await deposit(page);
      for (let bet = 0; bet < 5; bet++) {
        if (bet === 3) {
          await page.goto(`${stack.appUrl}/games/dice`);
          await buttonSays(page, /^Roll/);
        }
        await play(page);
        receipts.add((await receiptOn(page)) ?? "none");
      }
      expect(complaints).toEqual([]);
    }
    expect(receipts.size).toBe(10);

    const { page } = await newPage();
    for (const receipt of receipts) {
      await page.goto(`${stack.appUrl}${receipt}`);
      const verdict = page.getByTestId("verdict");
      // Paid once the keeper or the next bet has settled it.
      await expect
        .poll(
          async () => {
            const text = (await verdict.textContent()) ?? "";
            if (!text.startsWith("Valid")) await page.reload();
            return text;
          },
          { timeout: 60_000, interval: 2_000 },
        )
        .toMatch(/^Valid/);
    }
  });
});

describe("every page", () => {
  it.each(PAGES)(
    "%s has no serious accessibility violation, by day and by night, wide and narrow",
    async (path) => {
      for (const options of [{}, { dark: true, width: 390, height: 844 }]) {
        const { page } = await newPage(options);
        await visit(page, path);
        const serious = async () => {
          const { violations } = await new AxeBuilder({ page }).analyze();
          return violations
            .filter(({ impact }) => impact === "serious" || impact === "critical")
            .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
        };
        // Again while colours are still on their way.
        await expect.poll(serious, { timeout: PATIENCE }).toEqual([]);
        const width = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(width, "scrolls sideways").toBeLessThanOrEqual(0);
      }
      expect(complaints).toEqual([]);
    },
  );

  it.each(GAMES)(
    "%s shows the bet button on a phone's first screen and never shifts",
    async (path) => {
      const { page } = await newPage({ width: 390, height: 844 });
      await page.addInitScript(() => {
        const scores: number[] = [];
        (window as unknown as { shifts: number[] }).shifts = scores;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries())
            scores.push((entry as unknown as { value: number }).value);
        }).observe({ type: "layout-shift", buffered: true });
      });
      await page.goto(`${stack.appUrl}${path}`, { waitUntil: "networkidle" });
      const box = await go(page).boundingBox();
      expect((box?.y ?? 9_999) + (box?.height ?? 0)).toBeLessThanOrEqual(844);
      const shifts = await page.evaluate(() =>
        (window as unknown as { shifts: number[] }).shifts.reduce((sum, each) => sum + each, 0),
      );
      expect(shifts).toBeLessThanOrEqual(0.02);
    },
  );

  it.each(GAMES)("%s names at most 220 KiB of scripts", async (path) => {
    const { page } = await newPage();
    const response = await page.goto(`${stack.appUrl}${path}`, { waitUntil: "load" });
    // Those for browsers without modules are not loaded by any that can run the page.
    const tags = (await response!.text()).match(/<script[^>]+src="[^"]+"[^>]*>/g) ?? [];
    const named = tags
      .filter((tag) => !/nomodule/i.test(tag))
      .map((tag) => new URL(/src="([^"]+)"/.exec(tag)![1]!, stack.appUrl).href);
    const bytes = await page.evaluate(
      (urls) =>
        performance
          .getEntriesByType("resource")
          .map((entry) => entry as PerformanceResourceTiming)
          .filter(({ name }) => urls.includes(name))
          .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
      named,
    );
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes / 1024).toBeLessThanOrEqual(220);
  });
});

describe("when something is missing", () => {
  it("says that the node does not answer instead of showing zeros", async () => {
    const { page } = await newPage();
    await page.route(`${stack.rpcUrl}/**`, (route) => route.abort());
    await page.goto(`${stack.appUrl}/`);
    await expect
      .poll(() => page.getByText("The node does not answer").first().isVisible(), {
        timeout: PATIENCE,
      })
      .toBe(true);
  });

  it("says that the indexer does not answer instead of an empty list", async () => {
    const { page } = await newPage();
    await page.route(`${stack.apiUrl}/**`, (route) => route.abort());
    await page.goto(`${stack.appUrl}/`);
    await expect
      .poll(() => page.getByText("The indexer does not answer").first().isVisible(), {
        timeout: PATIENCE,
      })
      .toBe(true);
  });
});
