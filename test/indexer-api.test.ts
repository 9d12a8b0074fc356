import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type Indexer, startIndexer } from "../indexer/main.ts";
import { packBetId } from "../sdk/layout.ts";
import { type EmitterChain, playerAddress, startEmitterChain } from "./support/emitter-chain.ts";
import { untilAt, until } from "./support/indexing.ts";
import { type TestPostgres, startPostgres } from "./support/postgres.ts";

let chain: EmitterChain;
let postgres: TestPostgres;
let indexer: Indexer;

beforeAll(async () => {
  [chain, postgres] = await Promise.all([startEmitterChain(), startPostgres()]);
  await chain.deposit(4);
  for (let turn = 0; turn < 5; turn++) await chain.place(3);
  await chain.withdraw(0, 12n);
  indexer = await startIndexer({
    rpc: [chain.url],
    deployment: chain.deployment,
    database: { url: postgres.url },
    origins: ["http://localhost:3000"],
  });
  await untilAt(indexer, await chain.head());
});

afterAll(async () => {
  await indexer?.stop();
  await chain?.close();
  await postgres?.stop();
});

async function get(path: string, status = 200) {
  const response = await fetch(indexer.url + path, {
    headers: { origin: "http://localhost:3000" },
  });
  expect(response.status, path).toBe(status);
  return JSON.parse(await response.text());
}

test("a bet is told from its placement to its end, with exact ids", async () => {
  const betId = packBetId({ player: playerAddress(1), asset: 0, lane: 0, sequence: 4n });
  const bet = await get(`/api/bets/${betId}`);
  expect(bet).toMatchObject({
    betId: betId.toString(),
    player: playerAddress(1),
    asset: 0,
    lane: 0,
    sequence: 4,
    game: 2,
    stake: "1000",
    choice: `0x1388${"0".repeat(28)}`,
    reserve: "1000",
    feeRate: 500,
    round: 4,
    deadline: bet.placedAt + 86_400,
  });
  expect(["settled", "refunded"]).toContain(bet.status);
  expect(bet.settledBlock).toBe(bet.placedBlock + 1);
  expect(bet.drawnBlock).toBe(bet.placedBlock + 1);
  const block = await chain.client.getBlock({ blockNumber: BigInt(bet.placedBlock) });
  expect(bet.placedAt).toBe(Number(block.timestamp));
  expect(block.transactions).toContain(bet.placedTx);
});

test("the last bet waits for its word", async () => {
  const betId = packBetId({ player: playerAddress(1), asset: 0, lane: 0, sequence: 5n });
  const bet = await get(`/api/bets/${betId}`);
  expect(bet.status).toBe("pending");
  expect(bet).not.toHaveProperty("payout");
  expect(bet).not.toHaveProperty("word");
});

test("pages end between bets of one block as well", async () => {
  const first = await get("/api/bets?limit=7");
  const second = await get(`/api/bets?limit=200&cursor=${first.next}`);
  const ids = [...first.items, ...second.items].map(({ betId }: { betId: string }) => betId);
  expect(ids).toHaveLength(15);
  expect(new Set(ids).size).toBe(15);
  expect(second.next).toBeNull();
});

test("pages of bets follow each other without a gap, the newest first", async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: { betId: string; player: string }[]; next: string | null } = await get(
      `/api/bets?player=${playerAddress(2)}&asset=0&game=2&limit=2${cursor ? `&cursor=${cursor}` : ""}`,
    );
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...page.items.map((bet) => bet.betId));
    cursor = page.next;
  } while (cursor);
  const expected = [5n, 4n, 3n, 2n, 1n].map((sequence) =>
    packBetId({ player: playerAddress(2), asset: 0, lane: 0, sequence }).toString(),
  );
  expect(seen).toEqual(expected);
  expect((await get("/api/bets?game=1")).items).toEqual([]);
});

test("transfers, rounds and status are served", async () => {
  const { items } = await get(`/api/players/${playerAddress(0)}/transfers`);
  expect(items.map((item: { kind: string; amount: string }) => [item.kind, item.amount])).toEqual([
    ["withdrawal", "12"],
    ["deposit", "1000000000"],
  ]);
  const rounds = await get("/api/rounds?limit=2");
  expect(
    rounds.items.map((round: { round: number; bets: number }) => [round.round, round.bets]),
  ).toEqual([
    [5, 3],
    [4, 3],
  ]);
  const head = await chain.head();
  expect(await get("/api/status")).toMatchObject({
    chainId: 31337,
    casino: chain.casino,
    head,
    indexed: head,
    lag: 0,
    finalized: expect.any(Number),
  });
  const metrics = await (await fetch(`${indexer.url}/metrics`)).text();
  expect(metrics).toContain(`glasshouse_indexer_indexed_block ${head}`);
  expect((await get(`/api/players/${playerAddress(999)}`)).assets).toEqual([]);
});

test.each([
  ["/api/bets?limit=0", "limit"],
  ["/api/bets?limit=201", "limit"],
  ["/api/bets?limit=ten", "limit"],
  ["/api/bets?player=0x12", "player"],
  ["/api/bets?game=70000", "game"],
  ["/api/bets?cursor=-1", "cursor"],
  ["/api/bets?sort=asc", "no parameter sort"],
  ["/api/bets/0x12", "decimal"],
  [`/api/bets/${"9".repeat(78)}`, "decimal"],
  ["/api/players/me", "address"],
  ["/api/rounds?cursor=99999999999999999", "cursor"],
])("%s is refused with the reason", async (path, reason) => {
  expect((await get(path, 400)).error).toContain(reason);
});

test("what is not there is 404", async () => {
  expect((await get("/api/bets/5", 404)).error).toContain("No such bet");
  expect((await get("/nothing", 404)).error).toContain("/nothing");
});

test("only the app's pages may read from a browser", async () => {
  const answer = (origin: string) => fetch(`${indexer.url}/api/house`, { headers: { origin } });
  expect((await answer("http://localhost:3000")).headers.get("access-control-allow-origin")).toBe(
    "http://localhost:3000",
  );
  expect(
    (await answer("https://elsewhere.example")).headers.get("access-control-allow-origin"),
  ).toBeNull();

  const refused = new WebSocket(`${indexer.url.replace("http", "ws")}/api/live`, {
    origin: "https://elsewhere.example",
  });
  const [error] = (await once(refused, "error")) as [Error];
  expect(error.message).toContain("403");
});

type Message = { type: string; block?: number; bet?: { player: string; status: string } };

async function listen(player?: string): Promise<{ messages: Message[]; close(): void }> {
  const socket = new WebSocket(`${indexer.url.replace("http", "ws")}/api/live`);
  const messages: Message[] = [];
  socket.on("message", (data) => messages.push(JSON.parse(String(data)) as Message));
  await once(socket, "open");
  if (player) {
    socket.send(JSON.stringify({ player }));
    await until("the filter is set", () => messages.some(({ type }) => type === "filter"));
  }
  return { messages, close: () => socket.close() };
}

test("listeners hear of everything, or of one player, in the chain's order, and of forks", async () => {
  // What came before is told to whoever listened then.
  await untilAt(indexer, await chain.head());
  const all = await listen();
  const one = await listen(playerAddress(2));
  const snapshot = await chain.client.snapshot();
  const block = await chain.place(3);
  const heard = ({ messages }: { messages: Message[] }, head: number) =>
    until(`${head} is heard`, () =>
      messages.some((message) => message.type === "head" && message.block === head),
    );
  await Promise.all([heard(all, block), heard(one, block)]);

  const types = (messages: Message[]) =>
    messages.map(({ type }) => (type === "betRefunded" ? "betSettled" : type));
  expect(types(all.messages)).toEqual([
    "roundDrawn",
    ...Array.from({ length: 3 }, () => ["betSettled", "betPlaced"]).flat(),
    "head",
  ]);
  expect(types(one.messages)).toEqual(["filter", "roundDrawn", "betSettled", "betPlaced", "head"]);
  expect(one.messages.flatMap(({ bet }) => bet?.player ?? [])).toEqual([
    playerAddress(2),
    playerAddress(2),
  ]);

  await chain.client.revert({ id: snapshot });
  const other = await chain.deposit(1, 50);
  await chain.mine(1);
  await heard(all, other + 1);
  expect(
    all.messages.some((message) => message.type === "reorg" && message.block === other - 1),
  ).toBe(true);
  all.close();
  one.close();
});
