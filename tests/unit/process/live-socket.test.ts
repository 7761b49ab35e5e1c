// The socket between controller and gateway: newest state, hints, versions, slow and hostile peers.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { folderSocket } from "../../../src/process/folder-socket.ts";
import { type LiveClient, liveClient } from "../../../src/process/live-client.ts";
import {
  type GatewayMessage,
  greeting,
  HINT_WAYBILLS_MAX,
  type JournalHead,
  LINE_BYTES_MAX,
  type LiveState,
} from "../../../src/process/live-message.ts";
import { type LiveServer, liveServer } from "../../../src/process/live-server.ts";

let journalFolder: string;
let server: LiveServer | undefined;
let client: LiveClient | undefined;
const raw: Socket[] = [];
beforeEach(() => {
  journalFolder = mkdtempSync(join(tmpdir(), "coline-live-"));
});
afterEach(async () => {
  client?.close();
  for (const socket of raw.splice(0)) socket.destroy();
  await server?.close();
  server = client = undefined;
  rmSync(journalFolder, { recursive: true, force: true });
});

/** Only `run` tells one state from the next here. */
const state = (run: number, padding = ""): LiveState => ({ run, codeVersion: padding }) as LiveState;

async function open(slowAfterMs?: number): Promise<{ received: GatewayMessage[] }> {
  const received: GatewayMessage[] = [];
  server = await liveServer({
    journalFolder,
    onMessage: (message) => received.push(message),
    ...(slowAfterMs === undefined ? {} : { slowAfterMs }),
  });
  return { received };
}

async function rawPeer(hello: string): Promise<Socket> {
  const socket = createConnection({ path: folderSocket("live", journalFolder) });
  raw.push(socket);
  await once(socket, "connect");
  socket.write(hello);
  return socket;
}

test("a state published before the gateway came, and each newer one, reach it", async () => {
  await open();
  server?.publish(() => state(1));
  client = liveClient({ journalFolder });
  await vi.waitFor(() => expect(client?.newest()?.state.run).toBe(1));
  server?.publish(() => state(2));
  await vi.waitFor(() => expect(client?.newest()?.state.run).toBe(2));
  expect(client.trouble()).toBeNull();
});

test("the durable head is announced, also to a gateway that comes later", async () => {
  await open();
  server?.head({ seq: 7, hash: "a7" });
  const heads: JournalHead[] = [];
  client = liveClient({ journalFolder, onHead: (head) => heads.push(head) });
  await vi.waitFor(() => expect(heads).toEqual([{ seq: 7, hash: "a7" }]));
  server?.head({ seq: 8, hash: "a8" });
  await vi.waitFor(() => expect(heads.at(-1)).toEqual({ seq: 8, hash: "a8" }));
});

test("hints of any number arrive whole, in messages of bounded size", async () => {
  const { received } = await open();
  client = liveClient({ journalFolder });
  await vi.waitFor(() => expect(client?.connected()).toBe(true));
  const waybills = Array.from({ length: HINT_WAYBILLS_MAX * 2 + 1 }, (_, i) => ({ company: "EMS", waybill: `W${i}` }));
  expect(client.hint(waybills)).toBe(true);
  await vi.waitFor(() => expect(received).toHaveLength(3));
  expect(received.flatMap((m) => (m.kind === "releaseHint" ? m.waybills : []))).toEqual(waybills);
});

test("no controller: the gateway says so, loses its hint knowingly, and connects once there is one", async () => {
  client = liveClient({ journalFolder, reconnectMs: 5 });
  await vi.waitFor(() => expect(client?.trouble()).toContain("no controller"));
  expect(client.hint([{ company: "EMS", waybill: "W1" }])).toBe(false);
  await open();
  await vi.waitFor(() => expect(client?.connected()).toBe(true));
});

test("a controller that restarts: the last state stays readable with its age, and the new one takes over", async () => {
  await open();
  server?.publish(() => state(1));
  client = liveClient({ journalFolder, reconnectMs: 5 });
  await vi.waitFor(() => expect(client?.newest()?.state.run).toBe(1));
  await server?.close();
  await vi.waitFor(() => expect(client?.connected()).toBe(false));
  expect(client.newest()?.state.run).toBe(1);
  await open();
  server?.publish(() => state(2));
  await vi.waitFor(() => expect(client?.newest()?.state.run).toBe(2));
});

test("without a peer a state is not even made", async () => {
  await open();
  let made = 0;
  for (let run = 1; run <= 100; run++) {
    server?.publish(() => {
      made += 1;
      return state(run);
    });
  }
  expect(made).toBe(0);
});

test("a peer that does not read is dropped, what is queued for it stays one state, and a reading one is served", async () => {
  await open(50);
  const slow = await rawPeer(greeting("gateway"));
  slow.pause();
  client = liveClient({ journalFolder });
  await vi.waitFor(() => expect(server?.counts.peers).toBe(2));
  await vi.waitFor(() => expect(client?.connected()).toBe(true));
  const padding = "x".repeat(100_000);
  let run = 0;
  await vi.waitFor(
    () => {
      run += 1;
      server?.publish(() => state(run, padding));
      expect(server?.counts.droppedSlow).toBe(1);
    },
    { timeout: 10_000, interval: 5 },
  );
  expect(server?.counts.peers).toBe(1);
  await vi.waitFor(() => expect(client?.newest()?.state.run).toBe(run));
});

test("neighbouring versions talk, further ones are refused and see our version", async () => {
  const { received } = await open();
  const hello = (version: number): string => `${JSON.stringify({ coline: "live", version, role: "gateway" })}\n`;
  const near = await rawPeer(`${hello(2)}{"kind":"resetMetrics"}\n`);
  await vi.waitFor(() => expect(received).toEqual([{ kind: "resetMetrics" }]));
  expect(near.destroyed).toBe(false);
  const far = await rawPeer(hello(3));
  let answer = "";
  far.on("data", (chunk) => {
    answer += chunk.toString();
  });
  await once(far, "close");
  expect(answer).toBe(greeting("controller"));
  expect(server?.counts.refused).toBe(1);
});

test("messages of an unknown kind, or malformed ones, are counted and change nothing", async () => {
  const { received } = await open();
  const tooMany = Array(HINT_WAYBILLS_MAX + 1).fill({ company: "A", waybill: "B" });
  const bad = ["{", "null", '{"kind":"later"}', '{"kind":"releaseHint","waybills":[{"company":1}]}'];
  bad.push(JSON.stringify({ kind: "releaseHint", waybills: tooMany }));
  await rawPeer(`${greeting("gateway")}${bad.join("\n")}\n{"kind":"resetMetrics"}\n`);
  await vi.waitFor(() => expect(received).toEqual([{ kind: "resetMetrics" }]));
  expect(server?.counts.badLines).toBe(bad.length);
});

test("a line without an end is not collected beyond the bound", async () => {
  await open();
  const flood = await rawPeer(greeting("gateway"));
  flood.on("error", () => {}); // The server's reset is what this test wants.
  flood.write("x".repeat(LINE_BYTES_MAX + 10));
  await vi.waitFor(() => expect(server?.counts).toMatchObject({ peers: 0, badLines: 1 }));
});
