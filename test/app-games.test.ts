import { existsSync } from "node:fs";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { zeroAddress } from "viem";
import { describe, expect, it } from "vitest";
import { Dice } from "../app/games/dice/Dice.tsx";
import { gameTable } from "../app/games/table.ts";
import { loadTwin } from "../app/games/twins.ts";
import { OddsStrip } from "../app/play/OddsStrip.tsx";
import { SettingsContext } from "../app/settings.ts";
import { games } from "../sdk/games/index.ts";

describe("the table of games that have a page", () => {
  it.each(gameTable)("says of $key what its rules say", async ({ id, key, name, file }) => {
    const twin = await loadTwin(id);
    expect(twin).toMatchObject({ id, key, name });
    expect(`${twin?.contract.name}.sol`).toBe(file);
    expect(existsSync(new URL(`../contracts/games/${file}`, import.meta.url))).toBe(true);
    expect(existsSync(new URL(`../app/games/${key}/page.tsx`, import.meta.url))).toBe(true);
  });

  it("leaves no game of the SDK out", () => {
    const ids = gameTable.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(Object.keys(games).map(Number)));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("the odds strip", () => {
  it.each(gameTable)(
    "has forty cells for each choice of $key, and one where it landed",
    async ({ id }) => {
      const twin = await loadTwin(id);
      if (twin === undefined) throw new Error("No rules");
      for (const choice of twin.choices().slice(0, 12)) {
        const classes = twin.distribution(choice);
        const outermost = [classes[0]!, classes.at(-1)!];
        for (const { multiplierWad } of outermost) {
          for (const seed of [0n, 2n ** 256n - 1n, 999n]) {
            const strip = renderToStaticMarkup(
              createElement(OddsStrip, { classes, landed: { seed, multiplierWad } }),
            );
            expect(strip.match(/data-tone/g)).toHaveLength(40);
            expect(strip.match(/data-landed="true"/g)).toHaveLength(1);
          }
        }
      }
    },
  );

  it("tints as many cells as their share of the draws", () => {
    const [win, push, loss] = [2n, 1n, 0n].map((stakes, index) => ({
      label: "",
      weight: [10n, 10n, 20n][index]!,
      multiplierWad: stakes * 10n ** 18n,
    }));
    const strip = renderToStaticMarkup(
      createElement(OddsStrip, { classes: [win!, push!, loss!], landed: undefined }),
    );
    expect(strip.match(/data-tone="win"/g)).toHaveLength(10);
    expect(strip.match(/data-tone="back"/g)).toHaveLength(10);
    expect(strip.match(/data-tone="loss"/g)).toHaveLength(20);
    expect(strip).toContain("25.00 % of draws win, 25.00 % give the stake back");
  });
});

describe("the page of a game", () => {
  it("says that the house does not offer it where the deployment does not list it", () => {
    const settings = {
      ready: true,
      local: false,
      rpcUrl: "http://127.0.0.1",
      apiUrl: undefined,
      deployment: {
        chainId: 1,
        name: "Test house",
        casino: zeroAddress,
        accessManager: zeroAddress,
        deployBlock: 0,
        randomness: {
          coordinator: zeroAddress,
          keyHash: "0x",
          subscription: 0n,
          confirmations: 0,
          callbackGasLimit: 0,
          coordinatorBlock: 0,
        },
        assets: [],
        games: [{ id: 1, key: "coin-flip", name: "Coin flip", rules: zeroAddress }],
      },
    } as const;
    const page = renderToStaticMarkup(
      createElement(
        SettingsContext,
        {
          value: {
            ...settings,
            deployment: {
              ...settings.deployment,
              assets: [],
              games: [...settings.deployment.games],
            },
          },
        },
        createElement(Dice, { info: { about: "", source: undefined } }),
      ),
    );
    expect(page).toContain("This house (Test house) does not offer dice");
    expect(page).not.toContain("Stake");
  });
});
