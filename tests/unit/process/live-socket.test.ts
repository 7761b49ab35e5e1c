// The socket between controller and gateway: newest state, hints, versions, slow and hostile peers.
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { folderSocket } from "../../../src/process/folder-socket.ts";
import { type LiveClient, liveClient } from "../../../src/process/live-client.ts";
import { proofOf, readLiveKey } from "../../../src/process/live-key.ts";
import {
  type AnswerMessage,
  type CommandMessage,
  type GatewayMessage,
  greeting,
  HINT_WAYBILLS_MAX,
  type JournalHead,
  LINE_BYTES_MAX,
  LIVE_VERSION,
  type LiveState,
  readGatewayMessage,
  readGreeting,
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

const commandMessage = (id: string): CommandMessage => ({
  kind: "command",
  tag: 3,
  request: {
    id,
    what: { command: "disableChute", chuteId: "out" },
    who: "li",
    roles: ["operator"],
    eventAtMs: 5,
    untilMonotonicNs: "123456789",
  },
});

/** @param hello what it answers to the controller's nonce; left out: what a gateway does */
async function rawPeer(then = "", hello: (nonce: string) => string = gatewayHello): Promise<Socket> {
  const socket = createConnection({ path: folderSocket("live", journalFolder) });
  raw.push(socket);
  const [first] = (await once(socket, "data")) as [Buffer];
  socket.write(hello(readGreeting(first.toString().split("\n")[0] ?? "")?.nonce ?? "") + then);
  return socket;
}

const gatewayHello = (nonce: string): string => greeting("gateway", { proof: proofOf(keyThere(), nonce) });

function keyThere(): Buffer {
  const key = readLiveKey(journalFolder);
  if (key === null) throw new Error("the server has made no key");
  return key;
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
  const slow = await rawPeer();
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

test("neighbouring versions talk, further ones are refused and have seen our version", async () => {
  const { received } = await open();
  const ofVersion = (version: number) => (nonce: string) =>
    `${JSON.stringify({ coline: "live", version, role: "gateway", proof: proofOf(keyThere(), nonce) })}\n`;
  const near = await rawPeer('{"kind":"resetMetrics"}\n', ofVersion(LIVE_VERSION + 1));
  await vi.waitFor(() => expect(received).toEqual([{ kind: "resetMetrics" }]));
  expect(near.destroyed).toBe(false);
  const far = await rawPeer("", ofVersion(LIVE_VERSION + 2));
  await once(far, "close");
  expect(server?.counts.refused).toBe(1);
});

test.each([
  ["says nothing of it", () => greeting("gateway", {})],
  ["has another folder's key", (nonce: string) => greeting("gateway", { proof: proofOf(Buffer.alloc(32), nonce) })],
  ["repeats what it heard another one say", () => greeting("gateway", { proof: proofOf(keyThere(), "old") })],
])("whoever cannot read the journal's folder commands nothing: a peer that %s is refused", async (_case, hello) => {
  const { received } = await open();
  server?.publish(() => state(1));
  const peer = await rawPeer(`${JSON.stringify(commandMessage("x"))}\n`, hello);
  let heard = "";
  peer.on("data", (chunk) => {
    heard += chunk.toString();
  });
  await once(peer, "close");
  expect({ received, heard, counts: server?.counts }).toMatchObject({
    received: [],
    heard: "",
    counts: { refused: 1 },
  });
});

test("the key stays over a restart, is nobody else's to read, and a torn one is made anew", async () => {
  await open();
  const key = keyThere();
  const file = join(journalFolder, "live.key");
  expect(statSync(file).mode & 0o007).toBe(0);
  await server?.close();
  await open();
  expect(keyThere()).toEqual(key);
  await server?.close();
  writeFileSync(file, "abc");
  await open();
  expect(keyThere()).not.toEqual(key);
});

test("a gateway without the key says what it lacks", async () => {
  await open();
  rmSync(join(journalFolder, "live.key"));
  client = liveClient({ journalFolder, reconnectMs: 5 });
  await vi.waitFor(() => expect(client?.trouble()).toContain("live.key"));
  expect(client.connected()).toBe(false);
});

test("a command reaches the controller as it was given, and its answer reaches the gateway that asked", async () => {
  const received: GatewayMessage[] = [];
  const answer = { id: "x", accepted: true, code: null, detail: "", entry: 1, isRepeated: false, eventAtMs: 5 };
  server = await liveServer({
    journalFolder,
    onMessage(message, reply) {
      received.push(message);
      if (message.kind === "command") reply({ kind: "answer", tag: message.tag, answer: { ...answer, durable: true } });
    },
  });
  const answers: AnswerMessage[] = [];
  client = liveClient({ journalFolder, onAnswer: (message) => answers.push(message) });
  await vi.waitFor(() => expect(client?.connected()).toBe(true));
  const command = commandMessage("x");
  expect(client.send(command)).toBe(true);
  await vi.waitFor(() => expect(answers).toEqual([{ kind: "answer", tag: 3, answer: { ...answer, durable: true } }]));
  expect(received).toEqual([command]);
});

test("an answer to a gateway that has gone is nobody's, and one that reads nothing cannot fill the controller", async () => {
  const replies: ((message: AnswerMessage) => void)[] = [];
  server = await liveServer({ journalFolder, onMessage: (_, reply) => replies.push(reply) });
  const gone = await rawPeer(`${JSON.stringify(commandMessage("x"))}\n`);
  await vi.waitFor(() => expect(replies).toHaveLength(1));
  gone.pause();
  const long: AnswerMessage = {
    kind: "answer",
    tag: 3,
    answer: { detail: "x".repeat(500_000) } as AnswerMessage["answer"],
  };
  for (let n = 0; n < 10; n++) replies[0]?.(long);
  expect(server.counts).toMatchObject({ droppedSlow: 1, peers: 0 });
  expect(() => replies[0]?.(long)).not.toThrow();
});

test.each([
  ["no id", { id: undefined }],
  ["an id of two lines", { id: "a\nb" }],
  ["another command", { what: { command: "start" } }],
  ["scopes that are no list", { roles: "officer" }],
  ["a deadline that is no number", { untilMonotonicNs: "-1e9" }],
  ["no time", { eventAtMs: null }],
])("a command with %s is no message", (_case, change) => {
  const message = commandMessage("x");
  expect(readGatewayMessage(JSON.stringify(message))).toEqual(message);
  expect(readGatewayMessage(JSON.stringify({ ...message, request: { ...message.request, ...change } }))).toBeNull();
});

test("scopes that this version does not know count for nothing", () => {
  const message = commandMessage("x");
  const later = { ...message, request: { ...message.request, roles: ["maintainer", "operator"] } };
  expect(readGatewayMessage(JSON.stringify(later))).toEqual(message);
});

test("messages of an unknown kind, or malformed ones, are counted and change nothing", async () => {
  const { received } = await open();
  const tooMany = Array(HINT_WAYBILLS_MAX + 1).fill({ company: "A", waybill: "B" });
  const bad = ["{", "null", '{"kind":"later"}', '{"kind":"releaseHint","waybills":[{"company":1}]}'];
  bad.push(JSON.stringify({ kind: "releaseHint", waybills: tooMany }));
  await rawPeer(`${bad.join("\n")}\n{"kind":"resetMetrics"}\n`);
  await vi.waitFor(() => expect(received).toEqual([{ kind: "resetMetrics" }]));
  expect(server?.counts.badLines).toBe(bad.length);
});

test("a line without an end is not collected beyond the bound", async () => {
  await open();
  const flood = await rawPeer();
  flood.on("error", () => {}); // The server's reset is what this test wants.
  flood.write("x".repeat(LINE_BYTES_MAX + 10));
  await vi.waitFor(() => expect(server?.counts).toMatchObject({ peers: 0, badLines: 1 }), { timeout: 10_000 });
});
