import { Command } from "commander";
import { BaseError } from "viem";
import { register as registerAudit } from "./audit.ts";
import { register as registerChain } from "./chain.ts";
import { CommandError } from "./command-error.ts";
import { register as registerDeploy } from "./deploy.ts";
import { register as registerDesign } from "./design.ts";
import { register as registerIndexer } from "./indexer.ts";
import { register as registerKeeper } from "./keeper.ts";
import { register as registerOracle } from "./operate.ts";
import { register as registerPar } from "./par.ts";
import { register as registerRngTest } from "./rng-test.ts";
import { register as registerStart } from "./start.ts";
import { register as registerVerify } from "./verify.ts";

/** The command line. Each command is a file of its own that registers itself here. */
const program = new Command("casino")
  .description("Deploy, operate and audit Glasshouse, a casino whose every move anyone can check.")
  .showHelpAfterError("Run it with --help to see what it takes.");

const COMMANDS = [
  registerStart,
  registerChain,
  registerDeploy,
  registerOracle,
  registerKeeper,
  registerIndexer,
  registerVerify,
  registerAudit,
  registerPar,
  registerDesign,
  registerRngTest,
];
for (const register of COMMANDS) register(program);

try {
  await program.parseAsync();
} catch (error) {
  report(error);
  process.exit(1);
}

function report(error: unknown): void {
  if (error instanceof CommandError) {
    console.error(`${error.message}\nWhat to do: ${error.hint}.`);
  } else if (error instanceof Error) {
    console.error(error instanceof BaseError ? error.shortMessage : error.message);
    if (!process.env.DEBUG) console.error("What to do: run it again with DEBUG=1 for the details.");
  } else {
    console.error(error);
  }
  if (process.env.DEBUG && error instanceof Error) console.error(error.stack, error.cause ?? "");
}
