// POST /v1/releases over a store of its own: what a batch's answer says, when the feed counts as alive, and any bytes.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createApp } from "../../../src/gateway/api/app.ts";
import { type BatchReport, feed } from "../../../src/gateway/feed.ts";
import { LateWords } from "../../../src/gateway/late-words.ts";
import { systemClock } from "../../../src/releases/clock.ts";
import { NoSpace } from "../../../src/releases/disk-guard.ts";
import { type Heartbeat, openReleaseStore, type ReleaseStore } from "../../../src/releases/store.ts";

let folder: string;
let store: ReleaseStore;
let app: FastifyInstance;
let hinted: { company: string; waybill: string }[];
let counted: Record<string, number>;
/** The stamp of each commit, null where it carried none. */
let stamps: (Heartbeat | null)[];
let refuse: Error | null;
let late: LateWords;
let heard: number[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coline-feed-"));
  store = openReleaseStore(join(folder, "releases.mdb"), systemClock(), { freeFloorBytes: 0 });
  [hinted, counted, stamps, refuse] = [[], { applied: 0, unchanged: 0, rejected: 0 }, [], null];
  heard = [];
  late = new LateWords();
  const apply: ReleaseStore["apply"] = (events, o = {}) => {
    stamps.push(o.heartbeat ?? null);
    return refuse === null ? store.apply(events, o) : Promise.reject(refuse);
  };
  const take = feed({
    store: { apply },
    clock: systemClock(),
    hint: (waybills) => hinted.push(...waybills),
    late,
    heard: (eventAtMs) => void heard.push(eventAtMs),
    count: (result, by) => {
      counted[result] = (counted[result] ?? 0) + by;
    },
  });
  app = createApp(
    {
      feed: take,
      parcel: async () => null,
      command: () => Promise.reject(new Error("nobody commands here")),
      live: { newest: () => null, trouble: () => null, resetMetrics: () => true },
      health: () => ({ ok: true }),
      metrics: { contentType: "text/plain", text: async () => "" },
    },
    { tokens: [], tokensRequired: false },
  );
});
afterEach(async () => {
  await app.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const post = (payload: string | Buffer) =>
  app.inject({ method: "POST", url: "/v1/releases", headers: { "content-type": "application/x-ndjson" }, payload });

const names = { company: "EMS", waybill: "RB123456785CN", authority: "CN-5301", eventAt: "2026-03-01T08:00:00+08:00" };
const release = (more: object = {}) => ({
  kind: "release",
  ...names,
  stream: "cbec",
  direction: "import",
  status: "released",
  pieces: 1,
  validFrom: "2026-03-01T00:00:00+08:00",
  validTo: "2026-06-01T00:00:00+08:00",
  reference: "D1",
  ...more,
});
const hold = (more: object = {}) => ({ kind: "hold", ...names, holdKind: "xray", reference: "H1", ...more });
const alive = { kind: "heartbeat", authority: "CN-5301", eventAt: names.eventAt };
const holdEvent = {
  kind: "hold",
  company: "EMS",
  authority: "CN-5301",
  holdKind: "xray",
  reference: "H1",
  eventAtMs: 0,
} as const;
const ndjson = (...lines: object[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join("");

test("what keeps a parcel in is kept for a controller that is away, also when the store had it already; a lift and a release are not", async () => {
  const lift = { kind: "lift", ...names, holdKind: "xray", reference: "H1" };
  await post(ndjson(release(), hold(), { ...lift, waybill: "RB3" }, release({ waybill: "RB2", status: "inspect" })));
  expect(late.all().map(({ waybill }) => waybill)).toEqual([names.waybill, "RB2"]);
  expect((await post(ndjson(hold()))).json()).toMatchObject({ applied: 0, unchanged: 1 });
  expect(late.all().map(({ waybill }) => waybill)).toEqual(["RB2", names.waybill]);
  for (let i = 0; i < 5100; i += 1)
    late.note([{ ...holdEvent, waybill: `W${i}` }], [{ result: i === 7 ? "applied" : "unchanged" }]);
  expect([late.all().length, late.all()[0]?.waybill]).toEqual([5000, "W100"]);
  late.note([{ ...holdEvent, waybill: "X" }], [{ result: "refused", code: "RELEASE_VALUE_DAMAGED", message: "" }]);
  expect(late.all().at(-1)?.waybill).toBe("W5099");
});

test("releases and holds are in the store when the answer comes, and the controller is told whom to look at", async () => {
  const response = await post(ndjson(release(), hold(), release({ waybill: "RB2" }), alive));
  expect(response.statusCode).toBe(200);
  expect(response.json()).toEqual({ applied: 3, unchanged: 1, rejected: [] });
  expect(store.record("EMS", names.waybill)?.standing).toHaveLength(1);
  expect(hinted).toEqual([
    { company: "EMS", waybill: names.waybill },
    { company: "EMS", waybill: "RB2" },
  ]);
});

test("the same batch again changes nothing, and hints at nothing but what keeps a parcel in", async () => {
  const batch = ndjson(release(), hold({ waybill: "RB9" }), hold({ waybill: "RB9" }));
  await post(batch);
  hinted = [];
  expect((await post(batch)).json()).toEqual({ applied: 0, unchanged: 3, rejected: [] });
  // The gateway may have ended between its commit and its hint, and whoever sends it again has no answer.
  expect(hinted).toEqual([{ company: "EMS", waybill: "RB9" }]);
});

test("a gateway that ended before it had told a hold leaves it to the next one, with those before it, in order", async () => {
  await post(ndjson(hold({ waybill: "RB7" }), release(), hold({ waybill: "RB8" })));
  await post(ndjson(release({ waybill: "RB9", status: "inspect" })));
  await post(ndjson(hold({ waybill: "RB7" })));
  await store.close();
  store = openReleaseStore(join(folder, "releases.mdb"), systemClock(), { freeFloorBytes: 0 });
  expect(store.lateWords().map(({ waybill }) => waybill)).toEqual(["RB7", "RB8", "RB9"]);
  const next = new LateWords(store.lateWords());
  next.note([{ ...holdEvent, waybill: "RB7" }], [{ result: "unchanged" }]);
  expect(next.all().map(({ waybill }) => waybill)).toEqual(["RB8", "RB9", "RB7"]);
});

test("of more such words than are kept the oldest is written over", async () => {
  const events = Array.from({ length: 1200 }, (_, i) => ({ ...holdEvent, waybill: `W${i}` }));
  await store.apply(events.slice(0, 700));
  await store.apply(events.slice(700));
  const kept = store.lateWords();
  expect([kept.length, kept[0]?.waybill, kept.at(-1)?.waybill]).toEqual([1000, "W200", "W1199"]);
});

test("a line that is wrong is named by its number with what would be right; the others are taken", async () => {
  const tooEarly = release({ waybill: "RB3", eventAt: "2099-01-01T00:00:00Z" });
  const response = await post(
    `${ndjson(release())}nonsense\n\n${ndjson(tooEarly, hold({ holdKind: undefined }), hold())}`,
  );
  const report = response.json() as BatchReport;
  expect(report).toMatchObject({ applied: 2, unchanged: 0 });
  expect(report.rejected.map(({ line, code }) => [line, code])).toEqual([
    [2, "CUSTOMS_LINE_NOT_JSON"],
    [4, "RELEASE_EVENT_AHEAD"],
    [5, "CUSTOMS_LINE_INVALID"],
  ]);
  expect(report.rejected.every(({ message }) => message.length > 10)).toBe(true);
});

test("the authorities' own time is heard from every kind of line, the newest of a batch, and from no line refused", async () => {
  await post(ndjson(alive, release({ eventAt: "2026-03-02T08:00:00+08:00" }), hold()));
  await post(ndjson(alive));
  await post("no line\n");
  expect(heard).toEqual([Date.parse("2026-03-02T08:00:00+08:00"), Date.parse(names.eventAt)]);
});

test("a batch that was understood counts as a sign of life, and so does a lone heartbeat", async () => {
  await post(ndjson(release()));
  await post(ndjson(alive));
  expect(stamps).toEqual([expect.objectContaining({ bootId: systemClock().bootId }), expect.any(Object)]);
});

test("a batch with a line that may have been a hold is no sign of life; an empty one is not even a commit", async () => {
  await post(`${ndjson(release())}{"kind":"hold"}\n`);
  expect(stamps).toEqual([null]);
  expect((await post("\n\n")).json()).toEqual({ applied: 0, unchanged: 0, rejected: [] });
  expect(stamps).toHaveLength(1);
});

test("a full disk takes nothing of the batch and says what to do", async () => {
  refuse = new NoSpace("3 MiB are free");
  const response = await post(ndjson(hold()));
  expect(response.statusCode).toBe(507);
  expect(response.json()).toMatchObject({ code: "RELEASE_STORE_NO_SPACE", message: expect.stringContaining("3 MiB") });
});

test("a fifth batch at once is asked to come again, and the first four are not harmed", async () => {
  const waiting: (() => void)[] = [];
  const take = feed({
    store,
    clock: systemClock(),
    hint: () => {},
    late: new LateWords(),
    count: () => {},
    heard: () => {},
  });
  const never = async function* () {
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const first = Array.from({ length: 4 }, () => take(never()));
  await expect(take(never())).rejects.toMatchObject({ status: 429 });
  for (const resume of waiting) resume();
  expect(await Promise.all(first)).toHaveLength(4);
  await expect(take((async function* () {})())).resolves.toMatchObject({ applied: 0 });
});

const anyLine = fc.oneof(
  fc.json(),
  fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", "")),
  fc
    .record({ kind: fc.constantFrom("release", "hold", "lift", "heartbeat"), waybill: fc.string() })
    .map((line) => JSON.stringify(line)),
  fc.constantFrom(release(), hold(), alive, { ...hold(), kind: "lift" }).map((line) => JSON.stringify(line)),
  fc
    .tuple(fc.constantFrom(...Object.keys(release())), fc.jsonValue())
    .map(([key, value]) => JSON.stringify({ ...release(), [key]: value })),
  fc.constantFrom("", " ", "\r", "{}", "[]", "null", '{"kind":"release","kind":"hold"}', "{".repeat(5000)),
);

test("any lines: never a crash, never a 5xx, every line counted once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyLine, { maxLength: 30 }), fc.constantFrom("\n", "\r\n"), async (lines, end) => {
      const response = await post(Buffer.from(lines.join(end)));
      expect(response.statusCode).toBe(200);
      const { applied, unchanged, rejected } = response.json() as BatchReport;
      // What is cut inside a line by a lone line feed counts as lines of its own, as everywhere.
      const sent = lines
        .join(end)
        .split("\n")
        .filter((line) => line.trim() !== "").length;
      expect(applied + unchanged + rejected.length).toBe(sent);
      expect(rejected.map(({ line }) => line)).toEqual(rejected.map(({ line }) => line).toSorted((a, b) => a - b));
      expect(new Set(rejected.map(({ line }) => line)).size).toBe(rejected.length);
    }),
    { numRuns: 150 },
  );
});

test("any bytes: never a crash, never a 5xx", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), async (bytes) => {
      const response = await post(Buffer.from(bytes));
      expect(response.statusCode).toBe(200);
      expect((response.json() as BatchReport).applied).toBe(0);
    }),
    { numRuns: 150 },
  );
  expect(counted["applied"]).toBe(0);
});
