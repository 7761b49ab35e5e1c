// The TCP driver on a real connection, with a simulated terminal server in a process of its own at the other end.
import { createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import type { z } from "zod";
import type { ScannerPort } from "../../drivers/scanners/port.ts";
import { tcpDriver } from "../../drivers/scanners/tcp-scanner.ts";
import { tcpScannerSchema } from "../../drivers/scanners/tcp-schema.ts";
import { ScannerProcess } from "../../simulators/wired/scanner/process.ts";
import { eventually } from "./eventually.ts";
import { nowNs, scannerClock } from "./scanner-clock.ts";
import { rigOn, type ScannerRig, type ScannerRigWish, settingsOf } from "./scanner-rig.ts";
import { scannerContract } from "./scanners.ts";

const clock = scannerClock();

scannerContract("scanner behind a terminal server", openRig);

async function openRig(wish: ScannerRigWish): Promise<ScannerRig> {
  const wire = new ScannerProcess({ linkPath: "tcp:127.0.0.1:0", baud: 115_200 });
  await wire.start();
  const [, host = "", port] = wire.address.split(":");
  if (wish.unplugged) await wire.unplug();
  return rigOn(wire, openScanner({ host, port: Number(port), settleMs: 0, ...settingsOf(wish) }));
}

function openScanner(config: Omit<z.input<typeof tcpScannerSchema>, "id" | "driver">): ScannerPort {
  return tcpDriver.make({
    config: tcpScannerSchema.parse({ id: "scan1", driver: "serial-tcp", ...config }),
    clock,
  });
}

/** A terminal server in this process: its connections can be left hanging as a dead one's are. */
async function openServer(): Promise<{ port: number; connections: Socket[]; ends: string[]; close(): void }> {
  const connections: Socket[] = [];
  const ends: string[] = [];
  const server = createServer((socket) => {
    const number = connections.push(socket);
    socket.on("error", ({ message }) => ends.push(`${number} ${message}`));
    socket.on("data", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    connections,
    ends,
    close() {
      for (const socket of connections) socket.destroy();
      server.close();
    },
  };
}

function listenTo(scanner: ScannerPort) {
  const states: string[] = [];
  const heard: { text: string | undefined; arrivedAfterNs: number; lastByteNs: number }[] = [];
  scanner.open({
    state: (_, state) => states.push(state),
    telegram: (_, { codes, arrivedAfterNs, lastByteNs }) =>
      heard.push({ text: codes[0]?.text, arrivedAfterNs, lastByteNs }),
  });
  return { states, heard };
}

test("a half-open connection is noticed by its silence: another one takes its place, and the old one is reset", async () => {
  const server = await openServer();
  const scanner = openScanner({ host: "127.0.0.1", port: server.port, silenceMs: 200, settleMs: 0 });
  const { states, heard } = listenTo(scanner);
  await eventually(() => server.connections.length).toBeGreaterThanOrEqual(2);
  await eventually(() => server.ends[0]).toContain("1 read ECONNRESET");
  // On the old one nothing can come any more; the new one is heard.
  server.connections.at(-1)?.write("\u0002A1\u0003");
  await eventually(() => heard.map(({ text }) => text)).toContain("A1");
  expect(states.slice(0, 3)).toEqual(["up", "silent", "up"]);
  await scanner.close();
  server.close();
});

test("what a terminal server has kept while nobody was connected may have come at any time since", async () => {
  const server = await openServer();
  const scanner = openScanner({ host: "127.0.0.1", port: server.port, silenceMs: 60_000, settleMs: 400 });
  const { states, heard } = listenTo(scanner);
  await eventually(() => server.connections.length).toBe(1);
  const upNs = nowNs();
  await eventually(() => nowNs() - upNs).toBeGreaterThan(450e6);
  server.connections[0]?.write("\u0002A1\u0003");
  await eventually(() => heard.length).toBe(1);
  server.connections[0]?.resetAndDestroy();
  await eventually(() => states).toEqual(["up", "down", "up"]);
  server.connections[1]?.write("\u0002B2\u0003");
  await eventually(() => heard.length).toBe(2);
  const againNs = nowNs();
  await eventually(() => nowNs() - againNs).toBeGreaterThan(450e6);
  server.connections[1]?.write("\u0002C3\u0003");
  await eventually(() => heard.length).toBe(3);
  const [first, kept, fresh] = heard;
  expect(kept?.arrivedAfterNs).toBeLessThanOrEqual(first?.lastByteNs ?? 0);
  expect(fresh?.arrivedAfterNs).toBeGreaterThan(kept?.lastByteNs ?? Number.POSITIVE_INFINITY);
  await scanner.close();
  server.close();
});

test("the way over the network counts into when a telegram came", async () => {
  const server = await openServer();
  const scanner = openScanner({ host: "127.0.0.1", port: server.port, silenceMs: 60_000, settleMs: 0, transitMs: 150 });
  const { heard } = listenTo(scanner);
  await eventually(() => server.connections.length).toBe(1);
  server.connections[0]?.write("\u0002A1\u0003");
  await eventually(() => heard.length).toBe(1);
  const [telegram] = heard;
  expect((telegram?.lastByteNs ?? 0) - (telegram?.arrivedAfterNs ?? 0)).toBeGreaterThanOrEqual(150e6);
  await scanner.close();
  server.close();
});

test("a look at a port says whether anybody answers", async () => {
  const server = await openServer();
  const config = tcpScannerSchema.parse({ id: "s", driver: "serial-tcp", host: "127.0.0.1", port: server.port });
  expect(await tcpDriver.look(config)).toMatchObject({ error: null });
  server.close();
  await eventually(() => server.connections.every((socket) => socket.destroyed)).toBe(true);
  expect((await tcpDriver.look(config)).error).toContain("ECONNREFUSED");
});
