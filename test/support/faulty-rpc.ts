import { type IncomingMessage, createServer } from "node:http";
import { once } from "node:events";

type Call = { method: string; params: unknown[]; id: number };
type Answer = { result?: unknown; error?: unknown };

/** A node that forwards to a real one and misbehaves as told. It pushes nothing: there is no WebSocket. */
export type FaultyRpc = {
  url: string;
  /** Changes an answer; `"hang"` never answers. Undefined behaves. */
  fault: ((call: Call, answer: Answer) => Answer | "hang" | undefined) | undefined;
  /** Calls so far. */
  calls: Call[];
  close(): Promise<void>;
};

export async function startFaultyRpc(target: string, port = 0): Promise<FaultyRpc> {
  const faulty: FaultyRpc = { url: "", fault: undefined, calls: [], close: async () => undefined };
  const server = createServer((request, response) => {
    void (async () => {
      const body = await readAll(request);
      const call = JSON.parse(body) as Call;
      faulty.calls.push(call);
      const forwarded = await fetch(target, {
        method: "POST",
        body,
        headers: { "content-type": "application/json" },
      });
      const answer = (await forwarded.json()) as Answer;
      const changed = faulty.fault?.(call, answer);
      if (changed === "hang") return;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(changed ? { jsonrpc: "2.0", id: call.id, ...changed } : answer));
    })().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  server.on("upgrade", (_, socket) => socket.destroy());
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  faulty.url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  faulty.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return faulty;
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
