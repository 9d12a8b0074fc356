/**
 * The long tests: what is too slow for every change and must hold before a release. Each run draws a seed of its own
 * and prints it; the same seed repeats the run. Exits 1 where anything does not hold.
 */
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { isDeepStrictEqual } from "node:util";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { Command, Option } from "commander";
import { network } from "hardhat";
import {
  type Address,
  BaseError,
  type Hex,
  type PublicClient,
  hexToBigInt,
  keccak256,
  stringToHex,
} from "viem";
import { gameAbi } from "../sdk/abis.ts";
import { decodeError } from "../sdk/errors.ts";
import { type AnyGame, gameByKey, games } from "../sdk/games/index.ts";
import { IllegalChoice, type Odds, type Series, WAD } from "../sdk/games/types.ts";
import { integer } from "./options.ts";
import { seedsOf } from "./rng-seeds.ts";
import { adversaries, invariants } from "./test-long-solidity.ts";
import type { Stretch, Tally } from "./test-long-worker.ts";

const KEYS = Object.values(games).map(({ key }) => key);
const PARTS = ["differential", "monte-carlo", "invariants", "adversaries"] as const;

type Options = {
  rounds: number;
  game?: string;
  seed?: number;
  only?: (typeof PARTS)[number];
  runs: number;
  depth: number;
  episodes: number;
};
/** What a contract or its twin says to a series: an error by its name. */
type Answer = { odds: Odds; payouts: { paid: bigint; played: number } } | string;

/** Enough for the dearest game's thousand rounds. */
const GAS = 1_000_000_000n;
const MAX_ROUNDS = 1_000;
const STAKE_BITS = 40;
/** Series compared at a time: the chain computes while the twin does. */
const BATCH = 16;
/** Legal choices kept to make further ones of. */
const POOL = 4_096;
const TRIES = 8;
const LANES = 2;
const SIGMAS = 4;

const options = new Command("test-long")
  .description("Test for hours what every change is tested with for seconds")
  .option("--rounds <n>", "of all games (differential), of each (Monte-Carlo)", integer, 10_000_000)
  .addOption(new Option("--game <key>", "one game instead of all").choices(KEYS))
  .option("--seed <n>", "repeat the run of that seed, instead of drawing one", integer)
  .addOption(new Option("--only <part>", "one part instead of all").choices(PARTS))
  .option("--runs <n>", "sequences of calls for each invariant", integer, 10_000)
  .option("--depth <n>", "calls in each", integer, 128)
  .option("--episodes <n>", "of each adversary", integer, 10_000)
  .parse()
  .opts<Options>();

const seed = options.seed ?? randomInt(2 ** 47);
const tested = options.game === undefined ? Object.values(games) : [gameByKey(options.game)];
const tests = {
  differential: () => differential(tested, options.rounds),
  "monte-carlo": () => monteCarlo(tested, options.rounds),
  invariants: () => invariants(options.runs, options.depth, seed),
  adversaries: () => adversaries(options.episodes, seed),
};

console.log(`Seed ${seed}: --seed ${seed} repeats this run.`);
for (const part of options.only === undefined ? PARTS : [options.only]) {
  const started = performance.now();
  const passed = await tests[part]();
  const seconds = Math.round((performance.now() - started) / 1_000);
  console.log(`${passed ? "✓" : "✗"} ${part}: ${seconds.toLocaleString("en")} s\n`);
  if (!passed) process.exitCode = 1;
}

// -- Contract against twin --

/** Series of any choices, legal and illegal, in each game's contract and its twin, until so many rounds were played. */
async function differential(tested: AnyGame[], rounds: number): Promise<boolean> {
  const { viem } = await network.create({ override: { blockGasLimit: GAS } });
  const chain = await viem.getPublicClient();
  let sum = 0;
  for (const game of tested) {
    const { name, args } = game.contract;
    const { address } = await viem.deployContract(name, [...args]);
    const started = performance.now();
    const cases = casesOf(game);
    const seen = { series: 0, played: 0, illegal: 0, choices: new Set<Hex>() };
    do {
      const batch = Array.from({ length: BATCH }, () => cases.next().value);
      const answers = Promise.all(batch.map((series) => onChain(chain, address, series)));
      await setImmediate();
      const ours = batch.map((series) => ofTwin(game, series));
      const theirs = await answers;
      for (const [at, series] of batch.entries()) {
        const [twin, contract] = [ours[at]!, theirs[at]!];
        if (!isDeepStrictEqual(twin, contract)) {
          console.error(difference(game, series, { contract, twin }));
          return false;
        }
        seen.series++;
        if (typeof twin === "string") seen.illegal++;
        else {
          seen.played += twin.payouts.played;
          seen.choices.add(series.choice);
        }
      }
    } while (seen.played < rounds / tested.length);
    sum += seen.played;
    const rate = Math.round((seen.played * 1_000) / (performance.now() - started));
    console.log(
      `✓ ${game.key.padEnd(20)} ${text(seen.played)} rounds of ${text(seen.series)} series, ${text(seen.choices.size)} legal choices, ${text(seen.illegal)} illegal ones; ${text(rate)} rounds/s`,
    );
  }
  console.log(`${text(sum)} rounds, 0 mismatches.`);
  return true;
}

function ofTwin(game: AnyGame, series: Series): Answer {
  try {
    return { odds: game.odds(series.choice), payouts: game.payouts(series) };
  } catch (error) {
    if (error instanceof IllegalChoice) return error.name;
    throw new Error(`${game.key} broke on ${shown(series)}`, { cause: error });
  }
}

async function onChain(chain: PublicClient, address: Address, series: Series): Promise<Answer> {
  const { stake, choice, seed: drawn, rounds, stopGain, stopLoss } = series;
  const contract = { abi: gameAbi, address, gas: GAS } as const;
  const [odds, payouts] = await Promise.allSettled([
    chain.readContract({ ...contract, functionName: "odds", args: [choice] }),
    chain.readContract({
      ...contract,
      functionName: "payouts",
      args: [stake, choice, drawn, BigInt(rounds), stopGain, stopLoss],
    }),
  ]);
  if (odds.status === "fulfilled" && payouts.status === "fulfilled") {
    const [maxMultiplierWad, rtpWad, varianceWad] = odds.value;
    const [paid, played] = payouts.value;
    return {
      odds: { maxMultiplierWad, rtpWad, varianceWad },
      payouts: { paid, played: Number(played) },
    };
  }
  const [first, second] = [odds, payouts].map((call) =>
    call.status === "fulfilled" ? "no error" : errorName(call.reason),
  );
  return first === second ? first! : `odds: ${first}, payouts: ${second}`;
}

function errorName(error: unknown): string {
  return (
    decodeError(error)?.name ?? (error instanceof BaseError ? error.shortMessage : String(error))
  );
}

function difference(
  game: AnyGame,
  series: Series,
  answers: { contract: Answer; twin: Answer },
): string {
  return [
    `✗ ${game.key}: the contract and its twin differ.`,
    `  series   ${shown(series)}`,
    `  contract ${shown(answers.contract)}`,
    `  twin     ${shown(answers.twin)}`,
    `  again    node scripts/test-long.ts --only differential --game ${game.key} --seed ${seed}`,
  ].join("\n");
}

/**
 * Series of a game, the same for the same seed: stakes of any size, stops near and far, and choices that descend from
 * the listed ones, so that each legal encoding can come up and illegal ones come close to them.
 */
function* casesOf(game: AnyGame): Generator<Series, never> {
  const source = seedsOf(hexToBigInt(keccak256(stringToHex(`test:long ${seed} ${game.key}`))));
  const word = () => source.next().value;
  const below = (limit: number) => Number(word() % BigInt(limit));
  const pool = [...game.choices()];
  const any = () => pool[below(pool.length)]!;
  for (;;) {
    const parent = any();
    // Every fourth is what comes, mostly illegal; the others have a few tries.
    const tries = below(4) === 0 ? 1 : TRIES;
    let choice = parent;
    let legal = false;
    for (let tried = 0; !legal && tried < tries; tried++) {
      choice = mutated(parent, any(), below);
      legal = isLegal(game, choice);
    }
    if (!legal && tries > 1) choice = parent;
    if (legal && pool.length < POOL) pool.push(choice);
    else if (legal) pool[below(POOL)] = choice;
    const stake = word() % 2n ** BigInt(below(STAKE_BITS + 1));
    // Off in every second series.
    const stop = () =>
      below(2) === 0 ? 0n : 1n + (word() % (1n + stake * 2n ** BigInt(below(11))));
    yield {
      stake,
      choice,
      // Far seeds, and now and then one near an end.
      seed: below(8) > 0 ? word() : below(2) === 0 ? BigInt(below(100)) : 2n ** 256n - 1n,
      // Mostly short: there are more choices than long series.
      rounds: 1 + below(Math.min(MAX_ROUNDS, 2 ** below(11))),
      stopGain: stop(),
      stopLoss: stop(),
    };
  }
}

/** The choice after one to three changes, most of them in its first bytes. */
function mutated(choice: Hex, other: Hex, below: (limit: number) => number): Hex {
  const bytes = Buffer.from(choice.slice(2), "hex");
  const donor = Buffer.from(other.slice(2), "hex");
  const size = bytes.length;
  for (let changes = 1 + below(3); changes > 0; changes--) {
    const at = below(2) === 0 ? below(size) : below(4);
    const changeTo = [
      () => bytes.writeUInt8(below(256), at),
      () => bytes.writeUInt8((bytes[at]! + (below(2) === 0 ? 1 : 255)) % 256, at),
      () => bytes.writeUInt8(bytes[at]! ^ (1 << below(8)), at),
      () => bytes.writeUInt8(bytes[below(size)]!, at),
      () => bytes.writeUInt16BE(below(65_536), Math.min(at, size - 2)),
      () => bytes.fill(0, at),
      () => donor.copy(bytes, at, at),
    ];
    changeTo[below(changeTo.length)]!();
  }
  return `0x${bytes.toString("hex")}`;
}

function isLegal(game: AnyGame, choice: Hex): boolean {
  try {
    game.decode(choice);
    return true;
  } catch (error) {
    if (error instanceof IllegalChoice) return false;
    throw error;
  }
}

// -- Means against exact RTPs --

/**
 * So many rounds of each game, its choices in turn. A round counts by its distance from its choice's RTP in standard
 * deviations of that choice, so that no choice of rare large wins drowns the others.
 */
async function monteCarlo(tested: AnyGame[], rounds: number): Promise<boolean> {
  const middle = Math.ceil(rounds / LANES);
  const lanes = await Promise.all(
    Array.from({ length: LANES }, (_, lane) =>
      stretch({
        games: tested.map(({ key }) => key),
        seed,
        from: lane * middle,
        to: Math.min(rounds, (lane + 1) * middle),
      }),
    ),
  );
  const passed = tested.map((game, index) => {
    const tallies = lanes.map((lane) => lane[index]!);
    const { mean, rtp, z } = measured(game, tallies);
    const within = Math.abs(z) <= SIGMAS;
    const seconds = Math.max(...tallies.map((tally) => tally.seconds));
    console.log(
      `${within ? "✓" : "✗"} ${game.key.padEnd(20)} mean ${percent(mean)}, exact ${percent(rtp)}, z ${z.toFixed(2).padStart(5)}; ${text(Math.round(rounds / seconds))} rounds/s`,
    );
    return within;
  });
  return passed.every(Boolean);
}

async function stretch(workerData: Stretch): Promise<Tally[]> {
  const worker = new Worker(new URL("./test-long-worker.ts", import.meta.url), { workerData });
  const [tallies] = (await once(worker, "message")) as [Tally[]];
  return tallies;
}

/** Throws RangeError where a round came to what the game's distribution excludes. */
function measured(game: AnyGame, tallies: Tally[]): { mean: number; rtp: number; z: number } {
  let [rounds, paid, expected, deviations] = [0, 0, 0, 0];
  for (const [turn, choice] of game.choices().entries()) {
    const { space, first, second, multipliers } = momentsOf(game, choice);
    let [count, sum] = [0, 0n];
    for (const { counts } of tallies) {
      for (const [multiplierWad, times] of counts[turn]!) {
        if (!multipliers.has(multiplierWad)) {
          const what = `${game.key}: ${game.describe(choice)}`;
          throw new RangeError(`${what} came to ${multiplierWad}, which its law excludes.`);
        }
        count += times;
        sum += multiplierWad * BigInt(times);
      }
    }
    // Exact up to the last step: the sums have far more digits than a number.
    const distance = Number(sum * space - first * BigInt(count)) / Number(space);
    const sigma = Math.sqrt(Number(second * space - first * first)) / Number(space);
    rounds += count;
    paid += Number(sum);
    expected += (Number(first) / Number(space)) * count;
    deviations += distance / sigma;
  }
  const staked = rounds * Number(WAD);
  return { mean: paid / staked, rtp: expected / staked, z: deviations / Math.sqrt(rounds) };
}

function momentsOf(game: AnyGame, choice: Hex) {
  let [space, first, second] = [0n, 0n, 0n];
  const multipliers = new Set<bigint>();
  for (const { weight, multiplierWad } of game.distribution(choice)) {
    space += weight;
    first += weight * multiplierWad;
    second += weight * multiplierWad ** 2n;
    multipliers.add(multiplierWad);
  }
  return { space, first, second, multipliers };
}

// -- Words --

function text(count: number): string {
  return count.toLocaleString("en");
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(4)}%`;
}

function shown(value: Series | Answer): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? `${each}` : each));
}
