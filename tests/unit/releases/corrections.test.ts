// A release is spent once, however its validity is corrected: what belongs together by its corrections is one use of the number.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { releaseKey } from "../../../src/line/release.ts";
import type { DeclarationEvent } from "../../../src/releases/event.ts";
import { openReleaseReader, type ReleaseReader } from "../../../src/releases/reader.ts";
import { openReleaseStore, type ReleaseStore } from "../../../src/releases/store.ts";
import { dayMs, declared, t0 } from "./samples.ts";

const now = { wallMs: t0 };
const clock = { wallMs: () => now.wallMs, monotonicNs: () => 5_000_000_000, bootId: "boot-1" };
let folder: string;
let store: ReleaseStore;
let reader: ReleaseReader;
let entries = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coline-corrections-"));
  const file = join(folder, "releases.mdb");
  now.wallMs = t0;
  entries = 0;
  store = openReleaseStore(file, clock, { freeFloorBytes: 0 });
  reader = openReleaseReader(file, clock);
});
afterEach(async () => {
  await reader.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Valid from one day to the other, decided on the day `saidOn`. */
const said = (from: number, to: number, saidOn: number, o: Partial<DeclarationEvent> = {}): DeclarationEvent =>
  declared({ validFromMs: t0 + from * dayMs, validToMs: t0 + to * dayMs, eventAtMs: t0 + saidOn * dayMs, ...o });
const tell = (...events: DeclarationEvent[]) => {
  now.wallMs = Math.max(now.wallMs, ...events.map((event) => event.eventAtMs));
  return store.apply(events);
};
const carry = (release: DeclarationEvent, pieces = 1) => {
  entries += 1;
  const deltas = { [releaseKey(release)]: pieces };
  return store.carry({ journalId: null, upToEntry: entries, upToSeq: entries, deltas, cursor: [] });
};
function recordOn(day: number, waybill = declared().waybill) {
  now.wallMs = t0 + day * dayMs;
  return reader.look(declared().company, waybill).record;
}

test("an extension, then a later beginning: spent on day 5, the piece is spent under the last window too", async () => {
  await tell(said(0, 10, 0));
  now.wallMs = t0 + 5 * dayMs;
  await carry(said(0, 10, 0));
  await tell(said(0, 30, 5));
  expect(recordOn(9)).toMatchObject({ pieces: 1, spent: 1 });
  await tell(said(11, 30, 9));
  expect(recordOn(12)).toMatchObject({ pieces: 1, spent: 1 });
});

test("two authorities: a piece spent under the one's release is spent under the other's, however that is moved on", async () => {
  const quarantine = { authority: "quarantine" };
  await tell(said(0, 10, 0), said(5, 30, 0, quarantine));
  now.wallMs = t0 + 2 * dayMs;
  await carry(said(0, 10, 0));
  expect(recordOn(12)).toMatchObject({ authority: "quarantine", spent: 1 });
  await tell(said(11, 30, 12, quarantine));
  expect(recordOn(12)).toMatchObject({ authority: "quarantine", spent: 1 });
  await tell(said(29, 90, 13, quarantine));
  expect(recordOn(80)).toMatchObject({ authority: "quarantine", spent: 1 });
});

test("a release that is extended after its piece has left counts against another's that begins in the extension", async () => {
  await tell(said(0, 10, 0));
  await carry(said(0, 10, 0));
  await tell(said(0, 30, 5), said(25, 60, 5, { authority: "quarantine" }));
  expect(recordOn(40)).toMatchObject({ authority: "quarantine", spent: 1 });
});

test("what the journal has and the store not yet: corrections in between do not let it go again", async () => {
  await tell(said(0, 10, 0), said(5, 30, 0, { authority: "quarantine" }));
  await tell(said(11, 30, 3, { authority: "quarantine" }));
  await carry(said(0, 10, 0));
  expect(recordOn(12)).toMatchObject({ authority: "quarantine", spent: 1 });
});

test("withdrawn before its spending is carried, then declared anew in what was its validity: spent", async () => {
  await tell(said(0, 90, 0), said(0, 6, 5));
  await carry(said(0, 90, 0));
  await tell(said(10, 40, 7));
  expect(recordOn(20)).toMatchObject({ spent: 1 });
});

test("a window that was moved to earlier days is spent there: a clock that was set back lets nothing go again", async () => {
  await tell(said(5, 10, 0));
  await carry(said(5, 10, 0));
  await tell(said(0, 7, 5), said(0, 4, 6));
  expect(recordOn(3)).toMatchObject({ spent: 1 });
});

test("a correction that comes after the one that overtook it still ties what was spent to the last window", async () => {
  await tell(said(0, 10, 0));
  await carry(said(0, 10, 0));
  await tell(said(11, 30, 9));
  expect(await tell(said(0, 30, 5))).toMatchObject({ applied: 1, unchanged: 0 });
  expect(recordOn(12)).toMatchObject({ validFromMs: t0 + 11 * dayMs, spent: 1 });
  expect(await tell(said(0, 30, 5), said(0, 10, 0), said(11, 30, 9))).toMatchObject({ applied: 0, unchanged: 3 });
});

test("one jump to a window that never met what was spent is the number's next use", async () => {
  await tell(said(0, 10, 0));
  await carry(said(0, 10, 0));
  await tell(said(10, 40, 8));
  expect(recordOn(12)).toMatchObject({ spent: 0 });
  await carry(said(10, 40, 8));
  expect(recordOn(12)).toMatchObject({ spent: 1 });
});

test("a piece that came back is not spent after its window was moved, and none is counted twice", async () => {
  await tell(said(0, 10, 0, { pieces: 3 }));
  await carry(said(0, 10, 0), 2);
  await tell(said(4, 30, 5, { pieces: 3 }));
  await carry(said(4, 30, 5));
  expect(recordOn(6)).toMatchObject({ pieces: 3, spent: 3 });
  const { overdrawn } = await carry(said(0, 10, 0), -1);
  expect(overdrawn).toEqual([]);
  expect(recordOn(6)).toMatchObject({ pieces: 3, spent: 2 });
});

test("a correction leaves the ledger and its version as they were: the two tables still name each other", async () => {
  await tell(said(0, 10, 0));
  await carry(said(0, 10, 0));
  const before = store.record("EMS", declared().waybill);
  await tell(said(0, 30, 5));
  await tell(said(11, 30, 9));
  const after = store.record("EMS", declared().waybill);
  expect(after?.spent).toEqual(before?.spent);
  expect(after?.version).toBeGreaterThan(before?.version ?? 0);
  expect(recordOn(12)?.version).toBe(after?.version);
});

test("corrections that each overlap the last, in whatever order they are heard and whenever spending is carried: no second parcel", async () => {
  const correction = fc.record({ by: fc.integer({ min: -30, max: 60 }), length: fc.integer({ min: 1, max: 60 }) });
  const chain = fc.array(correction, { minLength: 1, maxLength: 8 });
  const sorting = fc.array(fc.nat(), { minLength: 8, maxLength: 8 });
  let [runs, apart] = [0, 0];
  await fc.assert(
    fc.asyncProperty(chain, sorting, fc.nat(8), fc.boolean(), async (moves, order, carriedAfter, twoAuthorities) => {
      runs += 1;
      const waybill = `W${runs}`;
      const first = said(300, 330, 0, { waybill });
      // Spent under the first window, or under another authority's that overlaps it.
      const spent = twoAuthorities ? said(290, 305, 0, { waybill, authority: "quarantine" }) : first;
      let [from, to] = [300, 330];
      const corrections = moves.map(({ by, length }, index) => {
        from = Math.max(from - length + 1, Math.min(from + by, to - 1), 0);
        to = from + length;
        return said(from, to, index + 1, { waybill });
      });
      const heard = [...corrections.keys()].sort((a, b) => Number(order[a]) - Number(order[b]));
      now.wallMs = t0 + 302 * dayMs;
      await tell(first, spent);
      for (const [count, index] of heard.entries()) {
        if (count === carriedAfter) await carry(spent);
        await tell(corrections[index] as DeclarationEvent);
      }
      if (heard.length <= carriedAfter) await carry(spent);
      if (from >= 330 || to <= 300) apart += 1;
      for (const day of [from, to - 1]) expect(recordOn(day, waybill)).toMatchObject({ pieces: 1, spent: 1 });
    }),
    { numRuns: 300 },
  );
  // A chain that never left the first window proves nothing.
  expect(apart).toBeGreaterThan(20);
});
