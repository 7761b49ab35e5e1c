// Spending carried from the journal into the store: once each, whatever the stretches and wherever a crash falls.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { carryOf, carryOver } from "../../../src/gateway/carry-over.ts";
import type { Stretch } from "../../../src/gateway/journal-feed.ts";
import type { LineEntry } from "../../../src/line/entry.ts";
import { systemClock } from "../../../src/releases/clock.ts";
import { openReleaseStore, type ReleaseStore } from "../../../src/releases/store.ts";

let folder: string;
let store: ReleaseStore;
const open = (): ReleaseStore => openReleaseStore(join(folder, "releases.mdb"), systemClock(), { freeFloorBytes: 0 });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coline-carry-"));
  store = open();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const permit = (release: string | null): Partial<LineEntry> => ({ kind: "permit", release }) as Partial<LineEntry>;
const giveBack = (release: string): Partial<LineEntry> => ({ kind: "giveBack", release }) as Partial<LineEntry>;
/** The stretch of entries `from` (counted from 0) to `to`. */
const stretch = (facts: readonly Partial<LineEntry>[], from = 0, to = facts.length): Stretch => ({
  entries: facts.slice(from, to).map((fact, i) => ({
    segment: 1,
    seq: from + i + 2,
    entry: { n: from + i + 1, atNs: 0, ...fact } as LineEntry,
  })),
  upToEntry: to,
  upToSeq: to + 1,
  cursor: ["1", String(to + 1)],
});
const spent = (): number => store.record("EMS", "RB1")?.spent.reduce((sum, line) => sum + line.spent, 0) ?? 0;
const RELEASE = "EMS/RB1/1000";
const NOTHING_ODD = { overdrawn: () => expect.unreachable(), held: () => expect.unreachable() };

/** What an officer has commanded, as the line has journalled it. */
const said = (o: { command: "holdCode" | "liftCode"; accepted?: boolean; eventAtMs?: number }): Partial<LineEntry> => {
  const what = { command: o.command, company: "EMS", waybill: "RB1", reference: "line", officer: null };
  const { accepted = true, eventAtMs = 5000 } = o;
  const asked = JSON.stringify(["wang", what]);
  return { kind: "operator", command: o.command, accepted, asked, eventAtMs, who: "wang" } as Partial<LineEntry>;
};
const holds = () => store.record("EMS", "RB1")?.standing.map(({ authority, placedAtMs }) => [authority, placedAtMs]);

test("a permit spends a piece, a give-back returns it, other entries and gates to safe places spend none", () => {
  const facts = [permit(RELEASE), permit("EMS/RB2/5"), permit(null), { kind: "command" as const }, giveBack(RELEASE)];
  expect(carryOf(stretch(facts)).deltas).toEqual({ "EMS/RB2/5": 1 });
});

test("a waybill named like something of the language is a waybill", () => {
  expect(Object.entries(carryOf(stretch([permit("__proto__/constructor/1")])).deltas)).toEqual([
    ["__proto__/constructor/1", 1],
  ]);
});

test("however the journal is cut into stretches and repeated after crashes, the store holds the same sum", async () => {
  const facts = fc.array(fc.constantFrom(permit(RELEASE), permit(null), { kind: "command" as const }), {
    minLength: 1,
  });
  await fc.assert(
    fc.asyncProperty(
      facts,
      fc.infiniteStream(fc.nat(4)),
      fc.infiniteStream(fc.boolean()),
      async (all, steps, crashes) => {
        await store.restartCursor();
        const before = spent();
        const carry = carryOver(store, NOTHING_ODD);
        for (let at = 0; at < all.length; ) {
          const to = Math.min(all.length, at + 1 + (steps.next().value as number));
          await carry.take(stretch(all, at, to));
          // Died before it knew that the carry had gone through: the same stretch comes again.
          if (crashes.next().value) await carry.take(stretch(all, at, to));
          at = to;
        }
        expect(spent() - before).toBe(
          all.filter((fact) => fact.kind === "permit" && "release" in fact && fact.release).length,
        );
        expect(store.cursor()).toMatchObject({ upToEntry: all.length, upToSeq: all.length + 1 });
      },
    ),
    { numRuns: 25 },
  );
});

test("the sum and the cursor are there again after the store was closed", async () => {
  await carryOver(store, NOTHING_ODD).take(stretch([permit(RELEASE), permit(RELEASE)]));
  await store.close();
  store = open();
  expect(spent()).toBe(2);
  expect(store.cursor()?.cursor).toEqual(["1", "3"]);
});

test("more given back than spent is told, not counted below nothing", async () => {
  const told: string[] = [];
  await carryOver(store, { ...NOTHING_ODD, overdrawn: (releases) => told.push(...releases) }).take(
    stretch([giveBack(RELEASE)]),
  );
  expect(told).toEqual([RELEASE]);
  expect(spent()).toBe(0);
});

test("the mark names the journal that its number is of: the last run's entry tells, and later stretches keep it", async () => {
  const run = (journalId: string): Partial<LineEntry> => ({ kind: "run", journalId }) as Partial<LineEntry>;
  const facts = [run("a"), permit(RELEASE), run("b"), permit(RELEASE)];
  const carry = carryOver(store, NOTHING_ODD);
  await carry.take(stretch(facts, 0, 2));
  expect(store.cursor()).toMatchObject({ journalId: "a", upToEntry: 2 });
  await carry.take(stretch(facts, 2, 3));
  expect(store.cursor()).toMatchObject({ journalId: "b", upToEntry: 3 });
  await carry.take(stretch(facts, 3, 4));
  expect(store.cursor()).toMatchObject({ journalId: "b", upToEntry: 4 });
});

test("an officer's hold that the line took, and that the gateway which asked never wrote, stands once it is carried", async () => {
  const told: string[] = [];
  const carry = carryOver(store, {
    ...NOTHING_ODD,
    held: (_, { changed }) => told.push(...changed.map((w) => w.waybill)),
  });
  const facts = [said({ command: "holdCode", accepted: false }), permit(RELEASE), said({ command: "holdCode" })];
  await carry.take(stretch(facts, 0, 2));
  expect(holds()).toEqual([]);
  await carry.take(stretch(facts, 2, 3));
  expect(holds()).toEqual([["officer:wang", 5000]]);
  expect(told).toEqual(["RB1"]);
  // Written meanwhile by the gateway that was asked: nothing is news.
  await store.restartCursor();
  await carry.take(stretch(facts));
  expect(told).toEqual(["RB1"]);
});

test("a lift is written by the gateway that asked, never from the journal; a hold that it lifted stays lifted", async () => {
  const carry = carryOver(store, { ...NOTHING_ODD, held: () => {} });
  const facts = [said({ command: "holdCode" }), said({ command: "liftCode", eventAtMs: 6000 })];
  await carry.take(stretch(facts));
  expect(holds()).toEqual([["officer:wang", 5000]]);
  const lift = { kind: "lift", company: "EMS", waybill: "RB1", authority: "officer:wang" } as const;
  await store.apply([{ ...lift, holdKind: "officer", reference: "line", eventAtMs: 6000 }]);
  await store.restartCursor();
  await carry.take(stretch(facts));
  expect(holds()).toEqual([]);
});
