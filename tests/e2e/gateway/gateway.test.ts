// The whole gateway over a journal that a real writer writes and a live socket that a test's controller serves.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Gateway, OpenToEveryone, startGateway } from "../../../src/gateway/gateway.ts";
import type { ParcelView } from "../../../src/gateway/parcel.ts";
import { hashToken } from "../../../src/gateway/tokens.ts";
import { fileDisk } from "../../../src/journal/file-disk.ts";
import { readTail } from "../../../src/journal/tail.ts";
import { beginRun, type RunningJournal } from "../../../src/journal/writer.ts";
import type { LineEntry } from "../../../src/line/entry.ts";
import { dataPlaces } from "../../../src/process/data-folder.ts";
import type { GatewayMessage, LiveState } from "../../../src/process/live-message.ts";
import { type LiveServer, liveServer } from "../../../src/process/live-server.ts";
import { openLog } from "../../../src/process/log.ts";
import { createMetrics } from "../../../src/process/metrics.ts";
import { systemClock } from "../../../src/releases/clock.ts";
import { openReleaseReader } from "../../../src/releases/reader.ts";

const WAIT = { timeout: 15_000, interval: 20 };
const WAYBILL = "RB123456785CN";

let dataFolder: string;
let gateway: Gateway | undefined;
let controller: TestController | undefined;
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), "coline-gateway-"));
});
afterEach(async () => {
  await controller?.stop();
  await gateway?.stop();
  controller = gateway = undefined;
  rmSync(dataFolder, { recursive: true, force: true });
});

async function start(more: Parameters<typeof site>[0] = {}): Promise<Gateway> {
  gateway = await startGateway({ site: site(more), log: openLog("test", { level: "silent" }).log });
  return gateway;
}
const site = (o: { host?: string; tokens?: { name: string; scopes: ("feed" | "read")[]; sha256: string }[] }) => ({
  dataFolder,
  gateway: { api: { host: o.host ?? "127.0.0.1", port: 0 }, tokens: o.tokens ?? [] },
  archiveFolder: null,
  line: { storage: { minFreeMb: 1, retainDays: 1096 } },
});

interface TestController {
  heard: GatewayMessage[];
  append(...facts: object[]): void;
  publish(state: Partial<LiveState>): void;
  stop(): Promise<void>;
}

/** The part of a controller that the gateway sees: its journal and its live socket. */
async function startController(): Promise<TestController> {
  const { journalFolder } = dataPlaces(dataFolder);
  const disk = fileDisk(journalFolder);
  const found = readTail(disk);
  const heard: GatewayMessage[] = [];
  let live: LiveServer | null = await liveServer({ journalFolder, onMessage: (message) => heard.push(message) });
  const journal: RunningJournal = beginRun({
    limits: { restNs: 0 },
    disk,
    end: found.end,
    checkpoint: { version: 1, nextEntry: found.end.lastEntry + 1, state: {}, pages: [] },
    codeVersion: "0.0.0",
    bootId: systemClock().bootId,
    nowNs: () => 0,
    wallTime: () => "2026-03-01T08:00:00.000+08:00",
    events: { durable: () => live?.head(journal.head()), storage: () => {} },
    fatal: (error) => expect.unreachable(error.message),
  });
  let n = found.end.lastEntry;
  const metrics = createMetrics();
  metrics.stage("reaction", "plc1").record(12e6);
  controller = {
    heard,
    append(...facts) {
      for (const fact of facts) journal.append({ n: ++n, atNs: n * 1e9, ...fact } as LineEntry);
    },
    publish: (state) =>
      live?.publish(
        () =>
          ({
            line: { counts: { items: 3 }, alarms: [], belts: [] },
            metrics: metrics.snapshot(),
            ...state,
          }) as unknown as LiveState,
      ),
    async stop() {
      const closing = live;
      live = null;
      await journal.close();
      await closing?.close();
      metrics.close();
    },
  };
  return controller;
}

const release = (more: object = {}) => ({
  kind: "release",
  company: "EMS",
  waybill: WAYBILL,
  stream: "cbec",
  direction: "import",
  status: "released",
  pieces: 3,
  validFrom: new Date(Date.now() - 86_400_000).toISOString(),
  validTo: new Date(Date.now() + 86_400_000).toISOString(),
  authority: "CN-5301",
  reference: "D1",
  eventAt: new Date().toISOString(),
  ...more,
});
const post = (lines: object[], headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${gateway?.url}/v1/releases`, {
    method: "POST",
    headers: { "content-type": "application/x-ndjson", ...headers },
    body: lines.map((line) => `${JSON.stringify(line)}\n`).join(""),
  });
const get = (path: string): Promise<Response> => fetch(`${gateway?.url}${path}`);
const parcel = async (): Promise<ParcelView> => (await get(`/v1/parcels/${WAYBILL}`)).json() as Promise<ParcelView>;
const spent = async (): Promise<number> =>
  (await parcel()).records[0]?.spent.reduce((sum, line) => sum + line.spent, 0) ?? 0;

const RELEASE = `EMS/${WAYBILL}/1000`;
const identity = { kind: "code", waybill: WAYBILL, companies: ["EMS"], patternId: "s10" };
const wayOfOneParcel = [
  { kind: "item", itemId: 1, beltId: "belt1", eyeId: "induction", beltUm: 0, errorUm: 0 },
  { kind: "telegram", scannerId: "scan1", itemId: 1, spoiled: [], result: "codes", codes: [WAYBILL], rawHex: "" },
  {
    kind: "decision",
    itemId: 1,
    version: 1,
    identity,
    looks: [],
    disposition: "released",
    why: "r",
    chuteId: "out",
    refusals: [],
  },
  {
    kind: "permit",
    itemId: 1,
    gateId: "g1",
    chuteId: "out",
    zone: { kind: "abnormal" },
    release: RELEASE,
    decision: 1,
  },
  { kind: "end", itemId: 1, end: "arrived", chuteId: "out", possiblyOutbound: true, reason: "seen", waybill: WAYBILL },
];

test("a release is in the cache that the controller reads when the answer comes, and the controller is told", async () => {
  await start();
  const { heard } = await startController();
  const reader = openReleaseReader(dataPlaces(dataFolder).releaseFile, systemClock());
  await vi.waitFor(
    async () => expect(await (await get("/healthz")).json()).toMatchObject({ controller: "connected" }),
    WAIT,
  );
  expect(await (await post([release()])).json()).toEqual({ applied: 1, unchanged: 0, rejected: [] });
  const look = reader.look("EMS", WAYBILL);
  expect(look).toMatchObject({ result: "record", record: { status: "released", pieces: 3, spent: 0 } });
  expect(look.feedAgeNs).toBeGreaterThanOrEqual(0);
  await vi.waitFor(
    () => expect(heard).toEqual([{ kind: "releaseHint", waybills: [{ company: "EMS", waybill: WAYBILL }] }]),
    WAIT,
  );
  await reader.close();
});

test("a hold that came while the controller was away is told to the next one, by the next gateway too: what it holds may have left already", async () => {
  const first = await start();
  await post([release(), { ...release({ waybill: "RB987654321CN" }), status: "inspect" }]);
  await first.stop();
  await start();
  const { heard } = await startController();
  await vi.waitFor(
    () => expect(heard).toEqual([{ kind: "releaseHint", waybills: [{ company: "EMS", waybill: "RB987654321CN" }] }]),
    WAIT,
  );
});

test("a permit in the journal is spent in the store, and the parcel's story can be read in plain words", async () => {
  await start();
  const { append } = await startController();
  await post([release()]);
  append(...wayOfOneParcel);
  await vi.waitFor(async () => {
    expect(await spent()).toBe(1);
    expect((await parcel()).stories[0]?.entries).toHaveLength(5);
  }, WAIT);
  const [story] = (await parcel()).stories;
  expect(story?.missing).toBe(0);
  expect(story?.entries.map(({ entry }) => entry.kind)).toEqual(["item", "telegram", "decision", "permit", "end"]);
  expect(story?.entries.map(({ words }) => words).join("\n")).toContain("arrived in out, seen by its eye");
  // The run's epoch is tied to wall time by the segment's header; entry n was written at n seconds.
  expect(story?.entries[0]?.at).toBe("2026-03-01T08:00:01.000+08:00");
});

test("a gateway that was away catches up, and one that restarts counts nothing twice", async () => {
  await start();
  await startController();
  await post([release()]);
  await gateway?.stop();
  controller?.append(...wayOfOneParcel, {
    kind: "permit",
    itemId: 1,
    gateId: "g1",
    release: RELEASE,
    zone: { kind: "abnormal" },
  });
  await start();
  await vi.waitFor(async () => expect(await spent()).toBe(2), WAIT);
  await gateway?.stop();
  await start();
  controller?.append({ kind: "giveBack", permit: 6, release: RELEASE, why: "safeEnd" });
  await vi.waitFor(async () => expect(await spent()).toBe(1), WAIT);
  expect((await parcel()).stories).toHaveLength(1);
});

test("another journal in the folder: its entries are carried from its start, and what was spent stays spent", async () => {
  await start();
  await startController();
  await post([release()]);
  controller?.append(...wayOfOneParcel);
  await vi.waitFor(async () => expect(await spent()).toBe(1), WAIT);
  await controller?.stop();
  await gateway?.stop();
  const { journalFolder } = dataPlaces(dataFolder);
  for (const name of readdirSync(journalFolder)) rmSync(join(journalFolder, name));
  await startController();
  controller?.append({ kind: "permit", itemId: 1, gateId: "g1", release: RELEASE, zone: { kind: "abnormal" } });
  await start();
  await vi.waitFor(async () => expect(await spent()).toBe(2), WAIT);
});

test("a segment that is closed and carried over is compressed; the story in it is told all the same, and counted", async () => {
  await start();
  await startController();
  await post([release()]);
  controller?.append(...wayOfOneParcel);
  await vi.waitFor(async () => expect(await spent()).toBe(1), WAIT);
  await controller?.stop();
  await startController();
  controller?.append({ kind: "giveBack", permit: 4, release: RELEASE, why: "safeEnd" });
  await vi.waitFor(async () => expect(await spent()).toBe(0), WAIT);
  await gateway?.stop();
  await start();
  const { journalFolder } = dataPlaces(dataFolder);
  const names = ["000000000001.jsonl.gz", "000000000002.jsonl", "live.key"];
  await vi.waitFor(() => expect(readdirSync(journalFolder).sort()).toEqual(names), WAIT);
  const [story] = (await parcel()).stories;
  expect([story?.missing, story?.entries.length]).toEqual([0, 6]);
  expect(await (await get("/metrics")).text()).toContain('coline_journal_segments_total{done="compressed"} 1');
  await controller?.stop();
  await startController();
  controller?.append({ kind: "permit", itemId: 1, gateId: "g1", release: RELEASE, zone: { kind: "abnormal" } });
  await vi.waitFor(async () => expect(await spent()).toBe(1), WAIT);
});

test("live state and metrics come from the controller while it is there, and say so when it is not", async () => {
  await start();
  const away = await get("/v1/line");
  expect(away.status).toBe(503);
  expect(await away.json()).toMatchObject({
    code: "API_LINE_NOT_LIVE",
    message: expect.stringContaining("no controller"),
  });
  expect((await get("/healthz")).status).toBe(200);
  expect(await (await get("/metrics")).text()).toContain("coline_controller_up 0");

  const { publish, heard } = await startController();
  await vi.waitFor(async () => {
    publish({ run: 7 });
    expect(await (await get("/v1/line")).json()).toMatchObject({ run: 7, line: { counts: { items: 3 } } });
  }, WAIT);
  const text = await (await get("/metrics")).text();
  expect(text).toContain("coline_controller_up 1");
  expect(text).toMatch(/coline_stage_seconds\{stage="reaction",device="plc1",since="start",figure="max"\} 0\.0120/);
  expect(text).toContain('coline_line_counts{name="items"} 3');
  expect((await fetch(`${gateway?.url}/v1/metrics/reset`, { method: "POST" })).status).toBe(202);
  await vi.waitFor(() => expect(heard).toContainEqual({ kind: "resetMetrics" }), WAIT);

  await controller?.stop();
  await vi.waitFor(async () => expect((await get("/v1/line")).status).toBe(503), WAIT);
});

test("beyond loopback without tokens the gateway does not start; with tokens they are asked for", async () => {
  await expect(start({ host: "0.0.0.0" })).rejects.toBeInstanceOf(OpenToEveryone);
  await start({ tokens: [{ name: "customs", scopes: ["feed"], sha256: hashToken("coline_secret") }] });
  expect((await post([release()])).status).toBe(401);
  expect((await post([release()], { authorization: "Bearer coline_secret" })).status).toBe(200);
});

test("a port that is taken ends the start with its reason, and leaves the store free for the next one", async () => {
  await start();
  const port = Number(new URL(gateway?.url ?? "").port);
  const other = { ...site({}), dataFolder: mkdtempSync(join(tmpdir(), "coline-gateway-")) };
  other.gateway.api.port = port;
  const log = openLog("test", { level: "silent" }).log;
  await expect(startGateway({ site: other, log })).rejects.toMatchObject({ code: "EADDRINUSE" });
  other.gateway.api.port = 0;
  await (await startGateway({ site: other, log })).stop();
  rmSync(other.dataFolder, { recursive: true, force: true });
});
