// A gateway's API on a port of its own that answers as the test says, and the token that a command finds in its environment.
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, vi } from "vitest";

export const TOKEN = "coline_test";

/** To be called once a file, at its top; it listens anew before each test. */
export function answeringGateway(answer: (request: IncomingMessage) => Promise<{ status: number; body: unknown }>): {
  url: string;
} {
  const gateway = { url: "" };
  let server: Server;
  beforeEach(async () => {
    vi.stubEnv("COLINE_TOKEN", TOKEN);
    server = createServer((request, response) => {
      void answer(request).then(({ status, body }) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      });
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    gateway.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return gateway;
}
