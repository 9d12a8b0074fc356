import { once } from "node:events";
import { createServer } from "node:http";

type Request = (method: string, params?: unknown[]) => Promise<unknown>;

/** Serves a chain of this process over HTTP, on a free loopback port. */
export async function serveProvider(
  request: Request,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((incoming, response) => {
    void (async () => {
      let body = "";
      for await (const chunk of incoming) body += String(chunk);
      const { id, method, params } = JSON.parse(body) as {
        id: number;
        method: string;
        params: unknown[];
      };
      const answer = await request(method, params).then(
        (result) => ({ result }),
        (error: Error) => ({ error: { code: -32000, message: error.message } }),
      );
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
    })();
  });
  server.on("upgrade", (_, socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
