import { existsSync } from "node:fs";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { zeroAddress } from "viem";
import { describe, expect, it } from "vitest";
import { Dice } from "../app/games/dice/Dice.tsx";
import { gameTable } from "../app/games/table.ts";
import { loadTwin } from "../app/games/twins.ts";
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
