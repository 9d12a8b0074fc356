import type { Command } from "commander";
import { LOCAL_CHAIN_ID } from "./chain.ts";
import { CommandError } from "./command-error.ts";
import { connect, loadDeployment, walletOf } from "./connection.ts";
import { untilStopped } from "./keeper.ts";
import { LOCAL_PROVING_KEY, localAccount } from "./local.ts";
import { runOracle } from "./oracle.ts";

/** The oracle's command. On a real chain Chainlink's own network answers, so ours runs on local chains alone. */
export function register(program: Command): void {
  program
    .command("oracle")
    .description("Answer the casino's requests for randomness with real proofs, on a local chain")
    .requiredOption("--rpc <url>", "node of the chain")
    .option("--deployment <file>", "deployments/<chainId>.json by default")
    .action(async (options: { rpc: string; deployment?: string }) => {
      const publicClient = await connect(options.rpc);
      const chainId = await publicClient.getChainId();
      if (chainId !== LOCAL_CHAIN_ID) {
        throw new CommandError(
          `The oracle's key is known to everyone; the node serves chain ${chainId}, not ${LOCAL_CHAIN_ID}.`,
          "run it on a local chain; elsewhere Chainlink answers",
        );
      }
      const { randomness } = await loadDeployment(publicClient, options.deployment);
      await runOracle({
        publicClient,
        walletClient: walletOf(publicClient, localAccount("oracle")),
        coordinator: randomness.coordinator,
        secretKey: LOCAL_PROVING_KEY,
        signal: untilStopped(),
        log: (sentence) => console.log(sentence),
        fromBlock: BigInt(randomness.coordinatorBlock),
      });
    });
}
