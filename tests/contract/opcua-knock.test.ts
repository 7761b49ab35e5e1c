// Whether anybody takes a connection at all is known within a second, however long a session may take then.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { knock } from "../../drivers/opcua/knock.ts";

let ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.reverse()) end();
  ends = [];
});

const never = new AbortController().signal;
const endpoint = (port: number): string => `opc.tcp://127.0.0.1:${port}/server`;

/** A machine whose system takes two connections more and then no other: its program stands. */
async function fullMachine(): Promise<number> {
  const program = 'require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, function () {';
  const child = spawn(process.execPath, ["-e", `${program} console.log(this.address().port) })`]);
  ends.push(() => child.kill("SIGKILL"));
  const [text] = (await once(child.stdout, "data")) as [Buffer];
  child.kill("SIGSTOP");
  const port = Number(text.toString());
  const waiting: Socket[] = Array.from({ length: 4 }, () => connect({ host: "127.0.0.1", port }).on("error", () => {}));
  ends.push(() => {
    for (const socket of waiting) socket.destroy();
  });
  await Promise.race(waiting.map((socket) => once(socket, "connect")));
  return port;
}

test("a machine that takes none: the attempt ends after a second, and says who", async () => {
  const port = await fullMachine();
  const began = performance.now();
  await expect(knock(endpoint(port), never)).rejects.toThrow(`nobody at 127.0.0.1:${port} took a connection`);
  expect(performance.now() - began).toBeGreaterThan(990);
});

test("a port that nobody listens at: at once", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  await expect(knock(endpoint(port), never)).rejects.toThrow("ECONNREFUSED");
});

test("a server: the knock is over when it is taken, and leaves no connection", async () => {
  const ended = new Promise<unknown>((resolve) => {
    const server = createServer((socket) => socket.on("error", resolve).on("close", resolve));
    ends.push(() => server.close());
    server.listen(0, "127.0.0.1", () => knock(endpoint((server.address() as { port: number }).port), never));
  });
  await expect(ended).resolves.toMatchObject({ code: "ECONNRESET" });
});

test("an attempt that is given up ends its knock", async () => {
  const port = await fullMachine();
  const given = new AbortController();
  const knocked = knock(endpoint(port), given.signal);
  given.abort();
  await expect(knocked).rejects.toThrow(/abort/i);
});
