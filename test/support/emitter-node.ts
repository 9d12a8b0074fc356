import { startEmitterChain } from "./emitter-chain.ts";

/**
 * A process of its own with an emitter's chain that holds the number of events given as its argument. Prints where it
 * is as one line of JSON, then serves until its input ends.
 */
const wanted = Number(process.argv[2] ?? 0);
const playersPerBlock = 500;
const players = 4_000;

const chain = await startEmitterChain();
let events = 3;
for (let first = 0; first < players; first += playersPerBlock) {
  await chain.deposit(playersPerBlock, first);
  events += playersPerBlock;
}
for (let turn = 0; events < wanted; turn++) {
  await chain.place(playersPerBlock, (turn * playersPerBlock) % players);
  // A round, the word of the one before, a placement each, and in all but the first turn of a player an end.
  events += 2 + playersPerBlock * (turn * playersPerBlock < players ? 1 : 2);
}
const { url, deployment } = chain;
console.log(JSON.stringify({ url, deployment, events, head: await chain.head() }));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
