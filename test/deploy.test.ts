import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Hex, encodeFunctionData, parseEther, size } from "viem";
import { CommandError } from "../scripts/command-error.ts";
import { connect, loadDeployment } from "../scripts/connection.ts";
import { deployHouse } from "../scripts/deploy-house.ts";
import { deployOnce, networkOf } from "../scripts/deploy.ts";
import { type HousePlan, localPlan, networkPlan } from "../scripts/house-plan.ts";
import { LOCAL_PROVING_KEY } from "../scripts/local.ts";
import { NETWORKS } from "../scripts/networks.ts";
import { casinoAbi, gameAbi } from "../sdk/abis.ts";
import { deposit } from "../sdk/actions/deposit.ts";
import { readHouse } from "../sdk/actions/read-house.ts";
import { whyNot } from "../sdk/actions/why-not.ts";
import { parseDeployment } from "../sdk/deployment.ts";
import { games } from "../sdk/games/index.ts";
import { type TestChain, startChain, temporaryFolder } from "./local-house.ts";

/** All of them take their time to deploy: most tests do with these. */
const GAMES = 2;

const SEED = 2n ** 255n / 3n;

class Killed extends Error {}

let chain: TestChain;
let place: ReturnType<typeof temporaryFolder>;
let plan: HousePlan;

beforeEach(async () => {
  chain = await startChain();
  place = temporaryFolder();
  const whole = wholePlan();
  plan = { ...whole, games: whole.games.slice(0, GAMES) };
});

afterEach(() => place.remove());

describe("deploying a local house", () => {
  it("leaves a house that takes bets, and a file that describes it", async () => {
    plan = wholePlan();
    const deployment = await deployOnce(options());

    expect(deployment.games.map(({ id }) => id)).toEqual(Object.keys(games).map(Number));

    expect(parseDeployment(JSON.parse(readFileSync(file(), "utf8")))).toEqual(deployment);
    expect(await loadDeployment(chain.client, file())).toEqual(deployment);
    for (const { id, ledgerDecimals } of deployment.assets) {
      const { bankroll } = await readHouse(chain.client, { deployment, asset: id });
      expect(bankroll).toBeGreaterThanOrEqual(2_000n * 10n ** BigInt(ledgerDecimals));
    }
  });

  it("gives each game at least twice the gas that it takes, and takes a bet on each of its choices", async () => {
    plan = wholePlan();
    const deployment = await deployOnce(options());
    await deposit(chain.clients(5), { deployment, asset: 0, amount: 10n ** 9n });
    const player = chain.wallet(5).account.address;
    for (const { id, rules } of deployment.games) {
      const [, { minStake: stake, stipend, roundGas }] = await chain.client.readContract({
        address: deployment.casino,
        abi: casinoAbi,
        functionName: "termsOf",
        args: [id, 0],
      });
      const check = async (choice: Hex) => {
        const wager = { deployment, player, asset: 0, lane: 0, game: id, stake, choice };
        expect(await whyNot(chain.client, wager), `${id} ${choice}`).toBeUndefined();
        const ask = (functionName: "odds" | "payouts", args: readonly unknown[], gas: bigint) => {
          const data = encodeFunctionData({ abi: gameAbi, functionName, args } as Parameters<
            typeof encodeFunctionData
          >[0]);
          return chain.client.call({ to: rules, data, gas: intrinsicGas(data) + gas / 2n });
        };
        await ask("odds", [choice], stipend);
        await ask("payouts", [stake, choice, SEED, 20n, 0n, 0n], stipend + roundGas * 19n);
      };
      await Promise.all(games[id]!.choices().map(check));
    }
  }, 300_000);

  it("does nothing when run again", async () => {
    const first = await deployOnce(options());
    const nonce = await nonceOfDeployer();

    expect(await deployOnce(options())).toEqual(first);
    expect(await nonceOfDeployer()).toBe(nonce);
  });

  it("begins anew on another chain of the same number", async () => {
    await deployOnce(options());
    chain = await startChain();
    const again = await deployOnce(options());

    expect(await chain.client.getCode({ address: again.casino })).toBeDefined();
  });

  it("goes on after a kill at any step without doing one twice", async () => {
    const steps = await stepsOfWholeDeployment();
    for (const [index, last] of steps.entries()) {
      // Each of them costs a chain: every third, and all of the coordinator's, which share a helper.
      if (index % 3 !== 1 && index > 5) continue;
      chain = await startChain();
      const { folder, remove } = temporaryFolder();
      await expect(deployOnce(options({ folder, killAt: last }))).rejects.toThrow(Killed);
      const nonceAtKill = await nonceOfDeployer();
      const deployment = await deployOnce(options({ folder }));

      expect(nonceAtKill).toBe(index);
      expect(await nonceOfDeployer()).toBe(steps.length);
      expect(
        await chain.client.readContract({
          address: deployment.casino,
          abi: casinoAbi,
          functionName: "gameCount",
        }),
      ).toBe(BigInt(GAMES));
      remove();
    }
  });

  it("sends a transaction again that was written down but never arrived", async () => {
    const client = losingTheTransaction(7);
    await expect(deployOnce({ ...options(), publicClient: client })).rejects.toThrow(
      "lost on the way",
    );
    const written = journalledHashes();
    // Fees have changed since, so that signing anew would give another transaction.
    await chain.request("hardhat_mine", ["0x5"]);
    await deployOnce(options());

    expect(journalledHashes()).toMatchObject(written);
    expect(await nonceOfDeployer()).toBe((await stepsOfWholeDeployment()).length);
  });

  it("refuses to go on with other options than it began with", async () => {
    await expect(deployOnce(options({ killAt: "list ETH" }))).rejects.toThrow(Killed);
    plan = { ...plan, epochSeconds: 1_200n };

    await expect(deployOnce(options())).rejects.toThrow(
      'The step "casino" was begun with other contracts or options.',
    );
  });

  it("refuses to go on with another key than it began with", async () => {
    await expect(deployOnce(options({ killAt: "casino" }))).rejects.toThrow(Killed);

    await expect(deployOnce({ ...options(), walletClient: chain.wallet(7) })).rejects.toThrow(
      "began this deployment",
    );
  });
});

describe("what stands in the way of a deployment", () => {
  it("is told where the wallet is empty, with what it needs", async () => {
    await chain.request("hardhat_setBalance", [chain.wallet("deployer").account.address, "0x1"]);
    await expect(deployOnce(options())).rejects.toThrow(/deploying needs about 500\.\d+/);
    expect(existsSync(join(place.folder, "31337.journal.json"))).toBe(false);
  });

  it("is told where the wallet runs dry midway", async () => {
    const drying = options({
      onStep: async (name) => {
        if (name === "list ETH") await drain();
      },
    });
    await expect(deployOnce(drying)).rejects.toThrow("has run out of coins");
    await chain.request("hardhat_setBalance", [
      chain.wallet("deployer").account.address,
      `0x${parseEther("1000").toString(16)}`,
    ]);
    expect((await deployOnce(options())).games).toHaveLength(GAMES);
  });

  it("is told where no node answers", async () => {
    await expect(connect("http://127.0.0.1:9/secret-key")).rejects.toThrow(
      "No node answers at http://127.0.0.1:9.",
    );
  });

  it("is told where the network, the chain or the licence do not fit", () => {
    expect(() => networkOf({ local: true }, 1)).toThrow("the node serves chain 1, not 31337");
    expect(() => networkOf({}, 84_532)).toThrow("It is not said where to deploy.");
    expect(() => networkOf({ network: "moon" }, 1)).toThrow('There is no network "moon".');
    expect(() => networkOf({ network: "base-sepolia" }, 1)).toThrow(
      "base-sepolia is chain 84532, but the node serves chain 1.",
    );
    expect(() => networkOf({ network: "base" }, 8_453)).toThrow("real money");
    const licensed = { network: "base", iHaveALicence: true } as const;
    const [governor, guardian] = [6, 7].map((who) => chain.wallet(who).account.address);
    for (const named of [{}, { governor }, { guardian }])
      expect(() => networkOf({ ...licensed, ...named }, 8_453)).toThrow("must not be what governs");
    expect(networkOf({ ...licensed, governor, guardian }, 8_453)?.name).toBe("base");
    expect(networkOf({ network: "base-sepolia" }, 84_532)?.name).toBe("base-sepolia");
  });

  it("is told where the chain has no coordinator, or one that does not know the key", async () => {
    const deployer = chain.wallet("deployer").account.address;
    const onSepolia = networkPlan(NETWORKS[0]!, { governor: deployer, guardian: deployer });
    await expect(deployHouse({ ...options(), plan: onSepolia })).rejects.toThrow(
      "There is no VRF coordinator at",
    );

    const { randomness } = await deployOnce(options());
    const keyless: HousePlan = {
      ...onSepolia,
      randomness: {
        kind: "listed",
        coordinator: randomness.coordinator,
        keyHash: `0x${"ab".repeat(32)}`,
        confirmations: 0,
        worstPriceWei: 1n,
      },
    };
    await expect(deployHouse({ ...options(), plan: keyless })).rejects.toThrow(
      "does not know the key hash 0xabab",
    );
  });

  it("is told where a deployment's file is missing, broken, or of another chain", async () => {
    await expect(loadDeployment(chain.client, file())).rejects.toThrow("There is no deployment at");
    writeFileSync(file(), "{");
    await expect(loadDeployment(chain.client, file())).rejects.toThrow(CommandError);
    await deployOnce({ ...options(), folder: join(place.folder, "good") }).then((deployment) => {
      const json = JSON.parse(
        readFileSync(join(place.folder, "good", "31337.json"), "utf8"),
      ) as object;
      writeFileSync(
        file(),
        JSON.stringify({ ...json, casino: deployment.accessManager.replace(/..$/, "00") }),
      );
    });
    await expect(loadDeployment(chain.client, file())).rejects.toThrow("has no code on this chain");
    writeFileSync(
      file(),
      JSON.stringify({ ...JSON.parse(readFileSync(file(), "utf8")), chainId: 5 }),
    );
    await expect(loadDeployment(chain.client, file())).rejects.toThrow(
      "is about chain 5, but the node serves chain 31337",
    );
  });

  it("is told of an endpoint that answers with nonsense", async () => {
    const server = createServer((_, response) => response.writeHead(502).end("bad gateway"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (typeof address === "string" || address === null) throw new Error("no port");
    await expect(connect(`http://127.0.0.1:${address.port}`)).rejects.toThrow("No node answers");
    server.close();
  });
});

function wholePlan(): HousePlan {
  return localPlan({
    deployer: chain.wallet("deployer").account.address,
    provingKey: LOCAL_PROVING_KEY,
  });
}

function file(): string {
  return join(place.folder, "31337.json");
}

function options({
  folder = place.folder,
  killAt,
  onStep,
}: { folder?: string; killAt?: string; onStep?: (name: string) => Promise<void> | void } = {}) {
  return {
    publicClient: chain.client,
    walletClient: chain.wallet("deployer"),
    plan,
    folder,
    onStep: (name: string) => {
      if (name === killAt) throw new Killed(name);
      return onStep?.(name);
    },
  };
}

/** What a call costs before its contract runs. */
function intrinsicGas(data: Hex): bigint {
  const zeros = data.match(/(?<=^0x(?:..)*)00/g)?.length ?? 0;
  return 21_000n + 16n * BigInt(size(data)) - 12n * BigInt(zeros);
}

/** The transactions written down, by step. */
function journalledHashes(): Record<string, string> {
  const path = join(place.folder, "31337.journal.json");
  const { steps } = JSON.parse(readFileSync(path, "utf8")) as {
    steps: Record<string, { hash: string }>;
  };
  return Object.fromEntries(Object.entries(steps).map(([name, { hash }]) => [name, hash]));
}

/** The names of all steps, from a deployment on a chain of its own. */
async function stepsOfWholeDeployment(): Promise<string[]> {
  const before = chain;
  chain = await startChain();
  const { folder, remove } = temporaryFolder();
  const steps: string[] = [];
  await deployOnce(options({ folder, onStep: (name) => void steps.push(name) }));
  chain = before;
  remove();
  return steps;
}

function nonceOfDeployer(): Promise<number> {
  return chain.client.getTransactionCount({ address: chain.wallet("deployer").account.address });
}

/** All but the price of a few transfers. */
function drain(): Promise<unknown> {
  return chain.request("hardhat_setBalance", [
    chain.wallet("deployer").account.address,
    "0x100000000000",
  ]);
}

/** The chain's client, but the transaction of this number is lost before it reaches the node. */
function losingTheTransaction(number: number): TestChain["client"] {
  let sent = 0;
  return {
    ...chain.client,
    sendRawTransaction: async (parameters) => {
      if (++sent === number) throw new Error("lost on the way");
      return chain.client.sendRawTransaction(parameters);
    },
  } as TestChain["client"];
}
