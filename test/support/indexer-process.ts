import { startIndexer } from "../../indexer/main.ts";

/** An indexer in a process of its own, to be killed. Its options are the argument, as JSON; prints its URL. */
const indexer = await startIndexer({ ...JSON.parse(process.argv[2] ?? "{}"), log: console.error });
console.log(indexer.url);
process.on("SIGTERM", () => {
  void indexer.stop().then(() => process.exit(0));
});
await indexer.done;
