import { Command } from "commander";
import { benchBackfill, benchLive, median } from "../indexer/bench.ts";
import { prove, verify } from "../sdk/vrf.ts";
import { integer } from "./options.ts";

type Options = { json?: boolean; events: number; rounds: number; runs: number };

type Figures = {
  proofMs: number;
  verifyMs: number;
  indexerEventsPerSecond: { pglite: number; postgres: number };
  blockToRowMs: number;
  blockToPushMs: number;
};

const options = new Command("bench")
  .description(
    "Measure what players and operators wait for; medians, on this machine as busy as it is",
  )
  .option("--json", "print one JSON object and nothing else")
  .option("--events <n>", "events of a backfill", integer, 120_000)
  .option("--rounds <n>", "proofs made and checked", integer, 50)
  .option("--runs <n>", "backfills into each database", integer, 3)
  .parse()
  .opts<Options>();

const figures = await measure(options);
if (options.json) console.log(JSON.stringify(figures));
else
  for (const [name, value] of Object.entries(figures))
    console.log(`${name.padEnd(24)} ${JSON.stringify(value)}`);
process.exit(0);

async function measure({ events, rounds, runs }: Options): Promise<Figures> {
  const proofs = benchProofs(rounds);
  const pglite: number[] = [];
  const postgres: number[] = [];
  for (let run = 0; run < runs; run++) {
    pglite.push(await benchBackfill({ events, database: "pglite" }));
    postgres.push(await benchBackfill({ events, database: "postgres" }));
  }
  const live = await benchLive();
  return {
    ...proofs,
    indexerEventsPerSecond: {
      pglite: Math.round(median(pglite)),
      postgres: Math.round(median(postgres)),
    },
    blockToRowMs: rounded(live.blockToRowMs),
    blockToPushMs: rounded(live.blockToPushMs),
  };
}

function benchProofs(rounds: number): { proofMs: number; verifyMs: number } {
  const secretKey = `0x${"17".repeat(32)}` as const;
  const blockHash = `0x${"b1".repeat(32)}` as const;
  const [proving, verifying]: [number[], number[]] = [[], []];
  // The first ones run before the compiler has warmed up.
  for (let seed = -10; seed < rounds; seed++) {
    const started = performance.now();
    const { proof } = prove({ secretKey, preSeed: BigInt(seed + 1_000), blockHash });
    const proved = performance.now();
    if (!verify({ proof, blockHash }).valid) throw new Error("an honest proof was refused");
    if (seed < 0) continue;
    proving.push(proved - started);
    verifying.push(performance.now() - proved);
  }
  return { proofMs: rounded(median(proving)), verifyMs: rounded(median(verifying)) };
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
