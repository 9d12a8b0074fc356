import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Indexer, startIndexer } from "../indexer/main.ts";
import { type EmitterChain, startEmitterChain } from "./support/emitter-chain.ts";
import { dump, freshDump, temporaryDirectory, until, untilAt } from "./support/indexing.ts";
import { type TestPostgres, startPostgres } from "./support/postgres.ts";

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(async () => {
  await postgres?.stop();
});

describe.each(["pglite", "postgres"] as const)("on %s", (kind) => {
  let chain: EmitterChain;
  let indexer: Indexer;
  let at: { directory: string } | { url: string };
  let remove: () => Promise<void>;

  beforeAll(async () => {
    chain = await startEmitterChain();
    await chain.deposit(10);
    await chain.place(10);
    const temporary = await temporaryDirectory();
    remove = temporary.remove;
    at = kind === "pglite" ? { directory: temporary.directory } : { url: postgres.url };
    indexer = await start();
  });

  afterAll(async () => {
    await indexer?.stop();
    await chain?.close();
    await remove?.();
  });

  const start = () =>
    startIndexer({
      rpc: [chain.url],
      deployment: chain.deployment,
      database: at,
      selfCheckMs: 50,
      shorterAfterMs: 200,
    });

  async function expectSameAsFresh(): Promise<void> {
    await untilAt(indexer, await chain.head());
    expect(await dump(indexer.database)).toEqual(await freshDump(chain, postgres));
  }

  test.each([1, 8, 40, 90])(
    "a reorganisation of %i blocks leaves nothing of the dead blocks",
    async (depth) => {
      const snapshot = await chain.client.snapshot();
      const forkedAfter = await chain.head();
      await act(chain, depth, 0);
      await untilAt(indexer, forkedAfter + depth);

      await chain.client.revert({ id: snapshot });
      await act(chain, depth + 2, 1);
      await untilAt(indexer, forkedAfter + depth + 2);
      expect((await indexer.health()).deepestReorg).toBe(depth);
      await expectSameAsFresh();
    },
  );

  test("a chain that got shorter and stays so is followed", async () => {
    const snapshot = await chain.client.snapshot();
    const forkedAfter = await chain.head();
    await act(chain, 12, 0);
    await untilAt(indexer, forkedAfter + 12);

    await chain.client.revert({ id: snapshot });
    await untilAt(indexer, forkedAfter);
    await expectSameAsFresh();
  });

  test("a fork while the indexer was down is found at the start", async () => {
    const snapshot = await chain.client.snapshot();
    const forkedAfter = await chain.head();
    await act(chain, 6, 0);
    await untilAt(indexer, forkedAfter + 6);
    await indexer.stop();

    await chain.client.revert({ id: snapshot });
    await act(chain, 9, 1);
    indexer = await start();
    await expectSameAsFresh();
  });

  test("the self-check holds after all of it", async () => {
    const head = await chain.head();
    await until(
      "the head was checked",
      async () => (await indexer.health()).selfCheck?.block === head,
    );
    expect((await indexer.health()).selfCheck).toMatchObject({ ok: true, mismatches: [] });
  });
});

test("a chain that shares no block with the database stops the indexer and says what to do", async () => {
  const { directory, remove } = await temporaryDirectory();
  const first = await startEmitterChain();
  const indexer = await startIndexer({
    rpc: [first.url],
    deployment: first.deployment,
    database: { directory },
  });
  await untilAt(indexer, await first.head());
  await indexer.stop();
  await first.close();

  const second = await startEmitterChain();
  await second.mine(3);
  const again = await startIndexer({
    rpc: [second.url],
    deployment: second.deployment,
    database: { directory },
  });
  await expect(again.done).rejects.toMatchObject({
    name: "ChainReplaced",
    hint: expect.stringContaining("delete the --data directory"),
  });
  await again.stop();
  await second.close();
  await remove();
});

/** Blocks of every kind; two variants differ in players and amounts. */
async function act(chain: EmitterChain, blocks: number, variant: number): Promise<void> {
  for (let block = 0; block < blocks; block++) {
    const kind = (block + variant) % 5;
    if (kind === 0) await chain.place(4, variant + (block % 3));
    else if (kind === 1) await chain.settle(6, block % 2);
    else if (kind === 2) await chain.deposit(2, 20 + variant * 10 + (block % 7));
    else if (kind === 3) await chain.withdraw(variant, 7n + BigInt(variant));
    else await chain.mine(1);
  }
}
