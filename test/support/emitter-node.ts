import { startEmitterChain } from "./emitter-chain.ts";

/**
 * A process of its own with an emitter's chain that holds the number of events given as its argument. Prints where it
 * is as one line of JSON, then serves until its input ends.
 */
const wanted = Number(process.argv[2] ?? 0);
const playersPerBlock = 500;
const players = 4_000;

const chain = await startEmitterChain();
for (let first = 0; first < players; first += playersPerBlock)
  await chain.deposit(playersPerBlock, first);
for (let turn = 0; chain.events() < wanted; turn++)
  await chain.place(playersPerBlock, (turn * playersPerBlock) % players);
const { url, deployment } = chain;
console.log(JSON.stringify({ url, deployment, events: chain.events(), head: await chain.head() }));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
