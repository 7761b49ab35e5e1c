// Waybills that are long over are forgotten in small steps, and nothing that comes later turns that into a release.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { maxValidityMs } from "../../../src/customs/feed-event.ts";
import { releaseKey } from "../../../src/line/release.ts";
import { horizonMs } from "../../../src/releases/admission.ts";
import type { ReleaseEvent } from "../../../src/releases/event.ts";
import { keepAfterEndMs, keepAfterWordMs, maxPruned } from "../../../src/releases/prune.ts";
import { openReleaseReader, type ReleaseReader } from "../../../src/releases/reader.ts";
import { openReleaseStore, type PrunePlace, type ReleaseStore } from "../../../src/releases/store.ts";
import { dayMs, declared, hold, lift, t0 } from "./samples.ts";

const now = { wallMs: t0 };
const clock = { wallMs: () => now.wallMs, monotonicNs: () => 5_000_000_000, bootId: "boot-1" };
interface Cache {
  store: ReleaseStore;
  reader: ReleaseReader;
}
let folder: string;
let opened: Cache[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coline-prune-"));
  opened = [];
  now.wallMs = t0;
});
afterEach(async () => {
  for (const { reader, store } of opened) {
    await reader.close();
    await store.close();
  }
  rmSync(folder, { recursive: true });
});

function open(name = "releases"): Cache {
  const file = join(folder, `${name}${opened.length}.mdb`);
  const store = openReleaseStore(file, clock, { freeFloorBytes: 0 });
  opened.push({ store, reader: openReleaseReader(file, clock) });
  return opened.at(-1) as Cache;
}

async function sweep(store: ReleaseStore): Promise<number[]> {
  const counts: number[] = [];
  let from: PrunePlace | null = null;
  do {
    const { pruned, next } = await store.prune({ from, atMs: now.wallMs });
    counts.push(pruned);
    from = next;
  } while (from !== null);
  return counts;
}
const total = (counts: number[]): number => counts.reduce((sum, count) => sum + count, 0);

const { company, waybill, validToMs } = declared();
const key = releaseKey(declared());
const spend = (store: ReleaseStore, upTo: number, pieces: number, release = key) =>
  store.carry({ journalId: null, upToEntry: upTo, upToSeq: upTo, deltas: { [release]: pieces }, cursor: [] });
/** The first instant at which `declared()` is over: its event lies at t0, its end 90 days behind. */
const overMs = Math.max(validToMs + keepAfterEndMs, t0 + keepAfterWordMs) + 1;

test("the feed takes no validity that is longer than spending is remembered after its end", () => {
  expect(maxValidityMs).toBeLessThan(keepAfterEndMs);
});

test("a record that is long over goes with what was spent on it; not an instant before", async () => {
  const { store, reader } = open();
  await store.apply([declared()]);
  await spend(store, 1, 1);
  now.wallMs = overMs - 1;
  expect(total(await sweep(store))).toBe(0);
  const before = reader.look(company, waybill);
  now.wallMs = overMs;
  expect(total(await sweep(store))).toBe(1);
  expect(store.record(company, waybill)).toBeNull();
  expect(before).toMatchObject({ result: "miss", record: null });
  expect(reader.look(company, waybill)).toEqual(before);
  expect(total(await sweep(store))).toBe(0);
});

test("what is spent of a release that is still good, or just over, stays", async () => {
  const { store, reader } = open();
  const late = { validFromMs: overMs - dayMs, validToMs: overMs + 10 * dayMs };
  await store.apply([declared(late), declared({ waybill: "JUSTOVER", ...late, validToMs: overMs - 1 })]);
  await spend(store, 1, 1, releaseKey(declared(late)));
  now.wallMs = overMs;
  expect(total(await sweep(store))).toBe(0);
  expect(reader.look(company, waybill)).toMatchObject({ result: "record", record: { spent: 1, pieces: 1 } });
});

test("what was spent stays as long as any window that is good may overlap the one it was spent on", async () => {
  const { store, reader } = open();
  const first = declared({ validFromMs: t0 + 300 * dayMs, validToMs: t0 + 450 * dayMs });
  await store.apply([first]);
  await spend(store, 1, 1, releaseKey(first));
  now.wallMs = t0 + 630 * dayMs;
  expect(total(await sweep(store))).toBe(0);
  const overlapping = { validFromMs: first.validToMs - 1, validToMs: first.validToMs - 1 + 184 * dayMs };
  await store.apply([declared({ authority: "other", eventAtMs: now.wallMs, ...overlapping })]);
  expect(reader.look(company, waybill)).toMatchObject({ result: "record", record: { spent: 1, pieces: 1 } });
});

test("what was spent stays as long as any window that is good may overlap what its release was ever corrected to", async () => {
  const { store, reader } = open();
  const ending = (day: number, saidOn: number) =>
    declared({ validFromMs: t0 + 300 * dayMs, validToMs: t0 + day * dayMs, eventAtMs: t0 + saidOn });
  await store.apply([ending(310, 0)]);
  await spend(store, 1, 1, releaseKey(ending(310, 0)));
  await store.apply([ending(480, 1), ending(305, 2)]);
  now.wallMs = t0 + 500 * dayMs;
  expect(total(await sweep(store))).toBe(0);
  const overlapping = { validFromMs: t0 + 479 * dayMs, validToMs: t0 + 600 * dayMs };
  await store.apply([declared({ authority: "other", eventAtMs: now.wallMs, ...overlapping })]);
  expect(reader.look(company, waybill)).toMatchObject({ result: "record", record: { spent: 1, pieces: 1 } });
});

test("a revoke stays until the release that it revoked would no longer be taken", async () => {
  const { store, reader } = open();
  const long = declared({ validFromMs: t0 + 300 * dayMs, validToMs: t0 + 480 * dayMs });
  const withdrawn = declared({ eventAtMs: t0 + 1, validFromMs: t0, validToMs: t0 + 1 });
  await store.apply([long, withdrawn]);
  now.wallMs = t0 + horizonMs;
  expect(total(await sweep(store))).toBe(0);
  expect(await store.apply([long])).toMatchObject({ unchanged: 1 });
  now.wallMs = t0 + keepAfterWordMs + 2;
  expect(total(await sweep(store))).toBe(1);
  expect((await store.apply([long])).results[0]).toMatchObject({ code: "RELEASE_EVENT_TOO_OLD" });
  expect(reader.look(company, waybill)).toMatchObject({ result: "miss" });
});

test("a hold stays, and so does the record that carries it; a hold without a record stays too", async () => {
  const { store, reader } = open();
  await store.apply([declared(), hold(), hold({ waybill: "ALONE" })]);
  now.wallMs = overMs + 10_000 * dayMs;
  expect(total(await sweep(store))).toBe(0);
  expect(store.record(company, waybill)?.declarations).toHaveLength(1);
  expect(reader.look(company, "ALONE").holds).toHaveLength(1);
});

test("a lift stays when its record goes: the hold that it lifted does not stand again when its line is repeated", async () => {
  const { store, reader } = open();
  await store.apply([declared(), hold(), lift({ eventAtMs: t0 + 1 })]);
  now.wallMs = overMs;
  expect(total(await sweep(store))).toBe(1);
  expect(await store.apply([hold()])).toMatchObject({ unchanged: 1 });
  expect(reader.look(company, waybill)).toMatchObject({ result: "miss", holds: [] });
});

test("the number is used again after it was forgotten: a record of its own, none of its pieces spent, holds kept", async () => {
  const { store, reader } = open();
  await store.apply([declared(), hold(), lift({ eventAtMs: t0 + 1 })]);
  await spend(store, 1, 1);
  now.wallMs = overMs;
  await sweep(store);
  const again = declared({ eventAtMs: overMs, validFromMs: overMs, validToMs: overMs + 90 * dayMs });
  await store.apply([again]);
  expect(reader.look(company, waybill)).toMatchObject({ result: "record", record: { spent: 0 }, holds: [] });
  await store.apply([hold({ eventAtMs: overMs })]);
  expect(reader.look(company, waybill)).toMatchObject({ result: "record", holds: [{ reference: "H-1" }] });
});

test("pieces spent on a waybill that was never declared: forgotten after the life of a number", async () => {
  const { store } = open();
  await spend(store, 1, 1);
  now.wallMs = t0 + 2 * keepAfterEndMs;
  expect(total(await sweep(store))).toBe(1);
  expect(store.record(company, waybill)).toBeNull();
  expect(store.cursor()).toMatchObject({ upToEntry: 1 });
});

test("a waybill that is no longer counted stays the error that it is", async () => {
  const { store, reader } = open();
  await store.apply(Array.from({ length: 65 }, (_, i) => declared({ reference: `r${i}` })));
  now.wallMs = overMs;
  expect(total(await sweep(store))).toBe(0);
  expect(reader.look(company, waybill).result).toBe("error");
});

test("many at once go in batches that are bounded, each of them once", async () => {
  const { store } = open();
  const count = maxPruned * 2 + 7;
  await store.apply(Array.from({ length: count }, (_, i) => declared({ waybill: `W${i}` })));
  now.wallMs = overMs;
  const counts = await sweep(store);
  expect(Math.max(...counts)).toBe(maxPruned);
  expect(total(counts)).toBe(count);
});

test("whatever is said, spent, repeated and forgotten: what a forgetful store lets leave, one that forgets nothing would too", async () => {
  const days = (...counts: number[]) => fc.constantFrom(...counts).map((count) => count * dayMs);
  const said = fc.record({
    ago: days(0, 0, 1, 200, 399, 450),
    ahead: days(-30, 0, 0, 100, 300),
    length: days(1, 20, 184, 184),
    status: fc.constantFrom("released" as const, "released" as const, "released" as const, "inspect" as const),
    authority: fc.constantFrom("a", "a", "a", "b"),
  });
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("say" as const), said }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("repeat" as const), which: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("leave" as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("hold" as const), ago: days(0, 1, 500), lifts: fc.boolean() }),
    },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant("wait" as const), by: days(1, 20, 60, 190, 320) }) },
  );
  const [all, forgetful] = [open("all"), open("forgetful")];
  let [runs, seq, released, forgotten] = [0, 0, 0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
      now.wallMs = t0;
      runs += 1;
      const of = { waybill: `W${runs}` };
      const events: ReleaseEvent[] = [];
      const both = async (act: (store: ReleaseStore) => Promise<unknown>) => {
        await act(all.store);
        await act(forgetful.store);
      };
      const tell = async (event: ReleaseEvent) => {
        events.push(event);
        await both((store) => store.apply([event]));
      };
      const leaves = ({ reader }: Cache): string | null => {
        const { record, holds } = reader.look(company, of.waybill);
        const goes = record?.status === "released" && holds.length === 0 && record.spent < record.pieces;
        return goes ? releaseKey(record) : null;
      };
      for (const s of steps) {
        if (s.kind === "say") {
          const { ago, ahead, length, ...more } = s.said;
          const [eventAtMs, validFromMs] = [now.wallMs - ago, now.wallMs - ago + ahead];
          await tell(declared({ ...of, ...more, eventAtMs, validFromMs, validToMs: validFromMs + length }));
        } else if (s.kind === "repeat" && events.length > 0) {
          await both((store) => store.apply([events[s.which % events.length] as ReleaseEvent]));
        } else if (s.kind === "hold") await tell((s.lifts ? lift : hold)({ ...of, eventAtMs: now.wallMs - s.ago }));
        else if (s.kind === "leave") {
          const release = leaves(forgetful);
          seq += 1;
          if (release !== null) await both((store) => spend(store, seq, 1, release));
        } else if (s.kind === "wait") {
          now.wallMs += s.by;
          forgotten += total(await sweep(forgetful.store));
        }
        const release = leaves(forgetful);
        if (release !== null) released += 1;
        if (release !== null) expect(leaves(all)).toBe(release);
        const holds = ({ reader }: Cache) => reader.look(company, of.waybill).holds;
        expect(holds(forgetful)).toEqual(holds(all));
      }
    }),
    { numRuns: 250 },
  );
  // A law that was never put to the test proves nothing.
  expect(released).toBeGreaterThan(10);
  expect(forgotten).toBeGreaterThan(10);
});
