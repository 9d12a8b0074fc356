import type { Command } from "commander";
import { network } from "hardhat";
import { integer } from "./options.ts";

export const LOCAL_CHAIN_ID = 31337;

/** The shortest epoch, which the local deployment lets pass. */
const SEEDING_SECONDS = 600;

export function register(program: Command): void {
  program
    .command("chain")
    .description("Run a local chain in memory, on loopback")
    .option("--port <port>", "port of the JSON-RPC server, 0 for a free one", integer, 8545)
    .option(
      "--block-ms <ms>",
      "time between blocks; 0 mines each transaction at once",
      integer,
      1_000,
    )
    .action(runChain);
}

/**
 * Serves Hardhat's in-process chain over HTTP and WebSocket until the process ends. With a block
 * time, transactions wait for the next block as on a real chain, so that bets share rounds.
 */
async function runChain(options: { port: number; blockMs: number }): Promise<void> {
  const server = await network.createServer(
    {
      network: "default",
      override: {
        chainId: LOCAL_CHAIN_ID,
        // Otherwise each block of a burst adds a second, and the chain's clock runs ahead of ours.
        allowBlocksWithSameTimestamp: true,
        // Seeding the house waits for an epoch, by moving the clock: from the past to the present.
        initialDate: new Date(Date.now() - SEEDING_SECONDS * 1_000).toISOString(),
        mining: { auto: options.blockMs === 0, interval: options.blockMs },
      },
    },
    "127.0.0.1",
    options.port,
  );
  const { address, port } = await server.listen();
  console.log(`Chain ${LOCAL_CHAIN_ID} listens on http://${address}:${port}`);
  await server.afterClosed();
}
