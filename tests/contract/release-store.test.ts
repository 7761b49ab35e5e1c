// The release store over a real file: what the gateway commits is what the controller's look-up finds.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { releaseKey } from "../../src/line/release.ts";
import { maxAheadMs } from "../../src/releases/admission.ts";
import { openReleaseReader, type ReleaseReader } from "../../src/releases/reader.ts";
import { maxBatchEvents, openReleaseStore, type ReleaseStore } from "../../src/releases/store.ts";
import { dayMs, declared, hold, lift, t0 } from "../unit/releases/samples.ts";

const now = { wallMs: t0 + dayMs, monotonicNs: 5_000_000_000, bootId: "boot-1" };
const clock = {
  wallMs: () => now.wallMs,
  monotonicNs: () => now.monotonicNs,
  get bootId() {
    return now.bootId;
  },
};
let folder: string;
let file: string;
let store: ReleaseStore;
let reader: ReleaseReader;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "releases-"));
  file = join(folder, "releases.mdb");
  Object.assign(now, { wallMs: t0 + dayMs, monotonicNs: 5_000_000_000, bootId: "boot-1" });
  store = openReleaseStore(file, clock);
  reader = openReleaseReader(file, clock);
});

afterEach(async () => {
  await reader.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const { company, waybill } = declared();
const look = () => reader.look(company, waybill);
const key = releaseKey(declared());

test("nothing is known of a waybill: a miss, with no hold and no sign of life", () => {
  const nothing = { record: null, holds: [], feedAgeNs: null, carriedJournal: null, carriedEntry: 0 };
  expect(look()).toEqual({ company, waybill, result: "miss", ...nothing });
});

test("a release that was applied is the record of the next look, in the same turn as the commit", async () => {
  const applied = await store.apply([declared()]);
  expect(applied).toMatchObject({ applied: 1, unchanged: 0, refused: 0, changed: [{ company, waybill }] });
  const { kind: _kind, ...said } = declared();
  expect(look()).toMatchObject({ result: "record", record: { ...said, spent: 0 }, holds: [] });
});

test("the same batch again is all unchanged, and the version stays", async () => {
  const batch = [declared(), hold(), lift({ eventAtMs: t0 + 1 }), hold({ reference: "H-2" })];
  expect(await store.apply(batch)).toMatchObject({ applied: 4, unchanged: 0 });
  const before = look();
  const again = await store.apply(batch);
  expect(again).toMatchObject({ applied: 0, unchanged: 4, changed: [] });
  expect(again.results).toEqual(batch.map(() => ({ result: "unchanged" })));
  expect(look()).toEqual(before);
});

test("the version grows with the record, with its holds and with what is spent", async () => {
  const versions: (number | undefined)[] = [];
  const note = () => versions.push(look().record?.version);
  await store.apply([declared()]);
  note();
  await store.apply([hold()]);
  note();
  await store.carry({ journalId: null, upToEntry: 1, upToSeq: 1, deltas: { [key]: 1 }, cursor: [] });
  note();
  expect(versions).toEqual([...versions].sort((a, b) => Number(a) - Number(b)));
  expect(new Set(versions).size).toBe(3);
});

test("a hold exists where no record does, and outlives the record's expiry", async () => {
  await store.apply([hold()]);
  expect(look()).toMatchObject({ result: "miss", holds: [{ reference: "H-1" }] });
  await store.apply([declared()]);
  expect(look()).toMatchObject({ result: "record", holds: [{ reference: "H-1" }] });
  now.wallMs = declared().validToMs;
  expect(look()).toMatchObject({ result: "miss", record: null, holds: [{ reference: "H-1" }] });
  await store.apply([lift({ eventAtMs: t0 + 1 })]);
  expect(look().holds).toEqual([]);
});

test("a number used again after its window: each window has its own record and its own spending", async () => {
  const next = { validFromMs: declared().validToMs, validToMs: declared().validToMs + 90 * dayMs };
  await store.apply([declared({ pieces: 1 }), declared({ reference: "second", pieces: 2, ...next })]);
  await store.carry({ journalId: null, upToEntry: 1, upToSeq: 1, deltas: { [key]: 1 }, cursor: [] });
  expect(look().record).toMatchObject({ pieces: 1, spent: 1 });
  now.wallMs = next.validFromMs;
  expect(look().record).toMatchObject({ pieces: 2, spent: 0, reference: "second" });
});

test("a refused event is told with its reason, and the others of the batch are applied", async () => {
  const ahead = declared({ waybill: "AHEAD", eventAtMs: now.wallMs + maxAheadMs + 1 });
  const applied = await store.apply([ahead, declared()]);
  expect(applied).toMatchObject({ applied: 1, refused: 1, changed: [{ waybill }] });
  expect(applied.results[0]).toMatchObject({ result: "refused", code: "RELEASE_EVENT_AHEAD" });
  expect(reader.look(company, "AHEAD").result).toBe("miss");
});

test("a batch above the limit is refused as a whole", async () => {
  const batch = Array.from({ length: maxBatchEvents + 1 }, (_, i) => declared({ waybill: `W${i}` }));
  await expect(store.apply(batch)).rejects.toThrow(/at most 10000/);
  expect(reader.look(company, "W0").result).toBe("miss");
});

test("spending is carried with the journal's cursor, and a stretch that was carried is not counted again", async () => {
  await store.apply([declared({ pieces: 3 })]);
  expect(store.cursor()).toBeNull();
  const carry = {
    journalId: "journal-1",
    upToEntry: 40,
    upToSeq: 50,
    deltas: { [key]: 2 },
    cursor: ["segment-1", "50", "hash"],
  };
  expect(await store.carry(carry)).toEqual({ carried: true, overdrawn: [] });
  expect(await store.carry(carry)).toEqual({ carried: false, overdrawn: [] });
  expect(look()).toMatchObject({ carriedJournal: "journal-1", carriedEntry: 40, record: { spent: 2 } });
  expect(store.cursor()).toEqual({
    journalId: "journal-1",
    upToEntry: 40,
    upToSeq: 50,
    cursor: ["segment-1", "50", "hash"],
  });
  await store.carry({ journalId: null, upToEntry: 60, upToSeq: 70, deltas: { [key]: -1 }, cursor: [] });
  expect(look()).toMatchObject({ carriedJournal: "journal-1", carriedEntry: 60, record: { spent: 1 } });
  await store.carry({ journalId: "journal-2", upToEntry: 90, upToSeq: 99, deltas: {}, cursor: [] });
  expect(look()).toMatchObject({ carriedJournal: "journal-2", carriedEntry: 90 });
});

test("a journal that begins anew: the cursor goes, what was spent stays", async () => {
  await store.apply([declared()]);
  await store.carry({ journalId: null, upToEntry: 40, upToSeq: 50, deltas: { [key]: 1 }, cursor: [] });
  await store.restartCursor();
  expect(store.cursor()).toBeNull();
  expect(look()).toMatchObject({ carriedJournal: null, carriedEntry: 0, record: { spent: 1 } });
});

test("a carry with a key that names no release changes nothing, the cursor included", async () => {
  const carry = { journalId: null, upToEntry: 1, upToSeq: 1, deltas: { [key]: 1, "EMS/RB1": 1 }, cursor: [] };
  await expect(store.carry(carry)).rejects.toThrow(/"EMS\/RB1" is no release key/);
  expect(store.cursor()).toBeNull();
  await store.apply([declared()]);
  expect(look().record?.spent).toBe(0);
});

test("more given back than spent is told by name", async () => {
  const { overdrawn } = await store.carry({
    journalId: null,
    upToEntry: 1,
    upToSeq: 1,
    deltas: { [key]: -1 },
    cursor: [],
  });
  expect(overdrawn).toEqual([key]);
});

test("freshness: age on the monotonic clock, none on another boot or from the future", async () => {
  await store.heartbeat({ bootId: "boot-1", monotonicNs: 4_000_000_123 });
  expect(look().feedAgeNs).toBe(999_999_877);
  now.monotonicNs = 3_000_000_000;
  expect(look().feedAgeNs).toBeNull();
  now.monotonicNs = 9_000_000_000_000_000; // 104 days of uptime
  await store.heartbeat({ bootId: "boot-1", monotonicNs: now.monotonicNs - 7 });
  expect(look().feedAgeNs).toBe(7);
  now.bootId = "boot-2";
  expect(look().feedAgeNs).toBeNull();
});

test("freshness on a machine that was suspended: the monotonic clock stood, and the wall clock tells", async () => {
  await store.heartbeat({ bootId: "boot-1", monotonicNs: now.monotonicNs, wallMs: now.wallMs });
  now.monotonicNs += 1_000_000_000;
  now.wallMs += 3_600_000;
  expect(look().feedAgeNs).toBe(3_600_000_000_000);
  now.wallMs -= 7_200_000;
  expect(look().feedAgeNs, "a clock that was set back makes nothing fresher").toBe(1_000_000_000);
});

test("a batch with a sign of life: it and the events are seen together", async () => {
  await store.apply([declared()], { heartbeat: { bootId: "boot-1", monotonicNs: now.monotonicNs } });
  expect(look()).toMatchObject({ result: "record", feedAgeNs: 0 });
});

test("batches that are sent at once are applied one after the other, none lost", async () => {
  const batches = Array.from({ length: 20 }, (_, i) =>
    store.apply([declared({ reference: `r${i}` }), hold({ reference: `h${i}` })]),
  );
  await Promise.all(batches);
  expect(store.record(company, waybill)).toMatchObject({ saturated: false });
  expect(store.record(company, waybill)?.declarations).toHaveLength(20);
  expect(look().holds).toHaveLength(20);
});

test("a waybill of which more is said than is counted is an error, never a release", async () => {
  await store.apply([declared(), ...Array.from({ length: 65 }, (_, i) => hold({ reference: `h${i}` }))]);
  expect(look()).toMatchObject({ result: "error", record: null, detail: expect.stringContaining("more holds") });
  expect(store.record(company, waybill)?.saturated).toBe(true);
});

test("views: all that is stored of a waybill, for each company that uses the number", async () => {
  await store.apply([
    declared({ company: "UPS" }),
    declared({ company: "EMS" }),
    hold({ company: "DHL" }),
    declared({ waybill: `${waybill}1` }),
    declared({ waybill: waybill.slice(0, -1) }),
  ]);
  expect(store.findByWaybill(waybill).map((view) => view.company)).toEqual(["DHL", "EMS", "UPS"]);
  expect(store.record("EMS", waybill)?.declarations).toHaveLength(1);
  expect(store.record("DHL", waybill)).toMatchObject({ declarations: [], standing: [{ reference: "H-1" }] });
  expect(store.record("EMS", "NONE")).toBeNull();
});

test("a code that no waybill can be is a miss, however long or strange", async () => {
  await store.apply([declared()]);
  for (const code of ["", "A/B", "x".repeat(5000), "放行", "\0", `${waybill}/EMS`, waybill.toLowerCase()]) {
    expect(reader.look(company, code)).toMatchObject({ result: "miss", record: null });
  }
});

test("what was committed is there after the store was closed and opened", async () => {
  await store.apply([declared(), hold()]);
  await store.close();
  store = openReleaseStore(file, clock);
  expect(store.record(company, waybill)).toMatchObject({ declarations: [{ pieces: 1 }], standing: [{}] });
});
