import { WebSocket } from "ws";
import { type Header } from "./batch.ts";
import { RpcFailed, headerOf } from "./rpc.ts";

/**
 * Waits for new blocks: over a WebSocket subscription where the node has one, by the clock where it does not. A
 * subscription that went silent never holds reading up: the clock runs beside it, more slowly.
 */
export class Heads {
  readonly #rpcUrl: string;
  readonly #url: string | undefined;
  readonly #pollMs: number;
  #socket: WebSocket | undefined;
  #retry: NodeJS.Timeout | undefined;
  #subscribed = false;
  #closed = false;
  #latest: Header | undefined;
  #wake: () => void = () => undefined;

  constructor(rpcUrl: string, { pollMs = 250 }: { pollMs?: number } = {}) {
    this.#rpcUrl = rpcUrl;
    this.#url = socketUrlOf(rpcUrl);
    this.#pollMs = pollMs;
    this.#connect();
  }

  /** The node it listens to. */
  get url(): string {
    return this.#rpcUrl;
  }

  /** Whether blocks are pushed. */
  get subscribed(): boolean {
    return this.#subscribed;
  }

  /** The newest block pushed since the last call, if any. */
  take(): Header | undefined {
    const latest = this.#latest;
    this.#latest = undefined;
    return latest;
  }

  /** Resolves with the next block pushed, or when it is time to ask, or on {@link Heads.wake}. */
  async next(): Promise<void> {
    if (this.#latest || this.#closed) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#subscribed ? this.#pollMs * 4 : this.#pollMs);
      this.#wake = resolve;
    });
    clearTimeout(timer);
  }

  wake(): void {
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.terminate();
    this.#wake();
  }

  #connect(): void {
    if (!this.#url || this.#closed) return;
    const socket = new WebSocket(this.#url, { handshakeTimeout: 5_000 });
    this.#socket = socket;
    socket.on("open", () =>
      socket.send(
        JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] }),
      ),
    );
    socket.on("message", (data) => this.#receive(String(data)));
    // The close that follows an error decides what to do.
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      this.#subscribed = false;
      if (!this.#closed) this.#retry = setTimeout(() => this.#connect(), 2_000);
    });
  }

  #receive(text: string): void {
    try {
      const message = JSON.parse(text) as {
        id?: number;
        result?: unknown;
        params?: { result: Parameters<typeof headerOf>[0] };
      };
      if (message.id === 1) this.#subscribed = typeof message.result === "string";
      if (!message.params) return;
      this.#latest = headerOf(message.params.result);
      this.#wake();
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof RpcFailed)) throw error;
      // Not a node that pushes blocks: polling goes on.
      this.#socket?.terminate();
    }
  }
}

/** Nodes on this machine serve both on one port; of others a WebSocket URL must be given. */
function socketUrlOf(rpcUrl: string): string | undefined {
  const url = new URL(rpcUrl);
  if (url.protocol === "ws:" || url.protocol === "wss:") return rpcUrl;
  if (!["127.0.0.1", "localhost", "[::1]"].includes(url.hostname)) return undefined;
  return rpcUrl.replace(/^http/, "ws");
}
