import { type Context, Hono } from "hono";
import { cors } from "hono/cors";
import { type Queries } from "./database.ts";
import { type Health, renderMetrics } from "./health.ts";
import {
  findBet,
  listBets,
  listHouses,
  listPlayer,
  listPlayerEvents,
  listRounds,
  listTransfers,
} from "./views.ts";

const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;

/** A parameter is not what it should be; answered with status 400. */
export class ParameterInvalid extends Error {
  override readonly name = "ParameterInvalid";
}

/** The HTTP API: reads only, of the database only. */
export function createApi({
  db,
  health,
  origins,
}: {
  db: Queries;
  health: () => Promise<Health>;
  /** Pages that may read it from a browser; `*` for any. */
  origins: string[];
}): Hono {
  const app = new Hono();
  app.use("/api/*", cors({ origin: origins.includes("*") ? "*" : origins, allowMethods: ["GET"] }));
  app.onError((error, c) => {
    if (error instanceof ParameterInvalid) return c.json({ error: error.message }, 400);
    console.error(error);
    return c.json(
      { error: "The indexer's database did not answer; /api/status may say more." },
      500,
    );
  });
  app.notFound((c) => c.json({ error: `There is nothing at ${c.req.path}.` }, 404));

  app.get("/api/status", async (c) => c.json(await health()));
  app.get("/api/bets", async (c) => {
    only(c, ["player", "game", "asset", "limit", "cursor"]);
    return c.json(
      await listBets(db, {
        player: optional(c, "player", address),
        game: optional(c, "game", uint16),
        asset: optional(c, "asset", uint16),
        limit: limitOf(c),
        before: optional(c, "cursor", integer),
      }),
    );
  });
  app.get("/api/bets/:betId", async (c) => {
    const bet = await findBet(db, betIdOf(c.req.param("betId")));
    return bet
      ? c.json(bet)
      : c.json({ error: "No such bet was placed, as far as the chain has been read." }, 404);
  });
  app.get("/api/players/:address", async (c) =>
    c.json(await listPlayer(db, address(c.req.param("address"), "address"))),
  );
  app.get("/api/players/:address/transfers", async (c) => {
    only(c, ["limit", "cursor"]);
    const player = address(c.req.param("address"), "address");
    return c.json(
      await listTransfers(db, {
        player,
        limit: limitOf(c),
        before: optional(c, "cursor", integer),
      }),
    );
  });
  app.get("/api/players/:address/events", async (c) => {
    only(c, ["limit", "cursor"]);
    const player = address(c.req.param("address"), "address");
    return c.json(
      await listPlayerEvents(db, {
        player,
        limit: limitOf(c),
        before: optional(c, "cursor", integer),
      }),
    );
  });
  app.get("/api/house", async (c) => c.json(await listHouses(db)));
  app.get("/api/rounds", async (c) => {
    only(c, ["limit", "cursor"]);
    return c.json(
      await listRounds(db, { limit: limitOf(c), before: optional(c, "cursor", integer) }),
    );
  });

  app.get("/livez", (c) => c.text("alive\n"));
  app.get("/readyz", async (c) => {
    const { ready, problem, lag } = await health();
    return ready
      ? c.text("ready\n")
      : c.text(`${problem ?? `${lag} blocks behind the head`}\n`, 503);
  });
  app.get("/metrics", async (c) => c.text(renderMetrics(await health())));
  return app;
}

/** 40 lower-case hex digits. Throws {@link ParameterInvalid}. */
export function address(text: string, name: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text))
    throw new ParameterInvalid(`${name} must be an address: 0x and 40 hex digits.`);
  return text.slice(2).toLowerCase();
}

function only(c: Context, names: string[]): void {
  const unknown = Object.keys(c.req.query()).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new ParameterInvalid(`There is no parameter ${unknown}; there are ${names.join(", ")}.`);
}

function optional<T>(
  c: Context,
  name: string,
  parse: (text: string, name: string) => T,
): T | undefined {
  const text = c.req.query(name);
  return text === undefined ? undefined : parse(text, name);
}

function limitOf(c: Context): number {
  const limit = optional(c, "limit", integer) ?? DEFAULT_LIMIT;
  if (limit < 1 || limit > MAX_LIMIT)
    throw new ParameterInvalid(`limit must be 1 to ${MAX_LIMIT}.`);
  return limit;
}

function integer(text: string, name: string): number {
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(Number(text))) {
    throw new ParameterInvalid(`${name} must be a whole number, as the last answer gave it.`);
  }
  return Number(text);
}

function uint16(text: string, name: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new ParameterInvalid(`${name} must be a number from 0 to 65535.`);
  return Number(text);
}

function betIdOf(text: string): bigint {
  if (!/^\d{1,78}$/.test(text) || BigInt(text) >> 256n !== 0n) {
    throw new ParameterInvalid("A bet's id is a decimal number below 2^256.");
  }
  return BigInt(text);
}
