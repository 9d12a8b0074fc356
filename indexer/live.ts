import { type IncomingMessage, type Server } from "node:http";
import { type Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { ParameterInvalid, address } from "./api.ts";
import { type Notice } from "./apply.ts";
import { type Database } from "./database.ts";
import { listHappenings } from "./views.ts";

const PATH = "/api/live";
const MOST_LISTENERS = 1_000;
/** A listener that lags by more bytes than this is let go: it can read what it missed from the API. */
const MOST_BUFFERED = 4 << 20;
const PING_MS = 30_000;

type Listener = { socket: WebSocket; player: string | undefined; answered: boolean };

/** Pushes what was written to everyone who listens at `/api/live`. */
export class Live {
  readonly #database: Database;
  readonly #origins: string[];
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 1_024 });
  readonly #listeners = new Set<Listener>();
  readonly #ping: NodeJS.Timeout;
  #queue: Promise<void> = Promise.resolve();

  constructor(database: Database, origins: string[]) {
    this.#database = database;
    this.#origins = origins;
    this.#ping = setInterval(() => this.#dropSilent(), PING_MS);
    this.#ping.unref();
  }

  get size(): number {
    return this.#listeners.size;
  }

  async start(server: Server): Promise<void> {
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const refusal = this.#refusalOf(request);
      if (refusal) socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\n\r\n`);
      else this.#server.handleUpgrade(request, socket, head, (listener) => this.#accept(listener));
    });
    await this.#database.onNotify((payload) => {
      // In order, and never two at once.
      this.#queue = this.#queue
        .then(() => this.#publish(JSON.parse(payload) as Notice))
        .catch(console.error);
    });
  }

  close(): void {
    clearInterval(this.#ping);
    for (const { socket } of this.#listeners) socket.close(1001, "The indexer stops");
    this.#server.close();
  }

  #refusalOf(request: IncomingMessage): string | undefined {
    if (new URL(request.url ?? "/", "http://localhost").pathname !== PATH) return "404 Not Found";
    if (this.#listeners.size >= MOST_LISTENERS) return "503 Service Unavailable";
    const { origin } = request.headers;
    // Browsers name their page; other programs need not.
    const welcome =
      origin === undefined || this.#origins.includes("*") || this.#origins.includes(origin);
    return welcome ? undefined : "403 Forbidden";
  }

  #accept(socket: WebSocket): void {
    const listener: Listener = { socket, player: undefined, answered: true };
    this.#listeners.add(listener);
    socket.on("pong", () => (listener.answered = true));
    socket.on("close", () => this.#listeners.delete(listener));
    socket.on("error", () => socket.terminate());
    socket.on("message", (data) => {
      try {
        const { player } = JSON.parse(String(data)) as { player?: unknown };
        listener.player =
          player === undefined || player === null
            ? undefined
            : `0x${address(String(player), "player")}`;
        socket.send(JSON.stringify({ type: "filter", player: listener.player ?? null }));
      } catch (error) {
        if (!(
          error instanceof SyntaxError ||
          error instanceof TypeError ||
          error instanceof ParameterInvalid
        ))
          throw error;
        socket.send(
          JSON.stringify({
            type: "error",
            error: 'Send {"player":"0x…"} to hear of one player only.',
          }),
        );
      }
    });
  }

  async #publish(notice: Notice): Promise<void> {
    if (this.#listeners.size === 0) return;
    if ("ancestor" in notice) return this.#push({ type: "reorg", block: notice.ancestor });
    for (const { at: _, ...message } of await listHappenings(
      this.#database.read,
      notice.from,
      notice.to,
    )) {
      this.#push(message, "bet" in message ? message.bet.player : undefined);
    }
    this.#push({ type: "head", block: notice.to });
  }

  #push(message: object, player?: string): void {
    const text = JSON.stringify(message);
    for (const listener of this.#listeners) {
      if (player !== undefined && listener.player !== undefined && listener.player !== player)
        continue;
      if (listener.socket.bufferedAmount > MOST_BUFFERED) listener.socket.terminate();
      else listener.socket.send(text);
    }
  }

  #dropSilent(): void {
    for (const listener of this.#listeners) {
      if (!listener.answered) listener.socket.terminate();
      listener.answered = false;
      listener.socket.ping();
    }
  }
}
