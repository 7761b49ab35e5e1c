// The index of stories: found by any of a parcel's codes, however the journal is cut into stretches, and bounded.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStoryIndex, type PlacedEntry, type StoryIndex } from "../../../src/gateway/index/story-index.ts";
import { itemsOf, parcelFilter } from "../../../src/journal/parcel.ts";
import type { LineEntry, LineFact } from "../../../src/line/entry.ts";
import { HELD, parcelEntries, RELEASED } from "../journal/parcel-entries.ts";

let folder: string;
let index: StoryIndex;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "coline-index-"));
  index = openStoryIndex(join(folder, "stories.mdb"));
});
afterEach(async () => {
  await index.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Entries as the journal numbers them; only the fields that the index looks at. */
function journal(...facts: (Partial<LineFact> & { kind: LineFact["kind"] })[]): PlacedEntry[] {
  return facts.map((fact, i) => ({
    segment: 1,
    seq: i + 2,
    entry: { n: i + 1, atNs: i, ...fact } as unknown as LineEntry,
  }));
}
const item = (itemId: number) => ({ kind: "item", itemId }) as const;
const telegram = (itemId: number | null, codes: string[], spoiled: number[] = []) =>
  ({ kind: "telegram", itemId, codes, spoiled }) as const;
const decision = (itemId: number, waybill: string) =>
  ({ kind: "decision", itemId, identity: { kind: "code", waybill, companies: [], patternId: "p" } }) as const;
const permit = (itemId: number) => ({ kind: "permit", itemId, gateId: "g1" }) as const;
const end = (itemId: number, waybill: string | null) => ({ kind: "end", itemId, waybill }) as const;
const seqs = (code: string): number[][] => index.find(code).map((places) => places.map(({ seq }) => seq));

test("the whole way of a parcel is found by its code, other parcels' entries left out", async () => {
  const entries = journal(
    item(7),
    item(8),
    telegram(7, [" rb1 "]),
    { kind: "gate" },
    decision(7, "RB1"),
    permit(7),
    telegram(8, ["RB2"]),
    { kind: "lastLook", permit: 6 } as never,
    { kind: "command", permit: 6 } as never,
    end(7, "RB1"),
  );
  await index.add(entries, ["1", "11"]);
  expect(seqs("RB1")).toEqual([[2, 4, 6, 7, 9, 10, 11]]);
  expect(seqs("rb1 ")).toEqual(seqs("RB1"));
  expect(seqs("RB2")).toEqual([[3, 8]]);
  expect(seqs("RB")).toEqual([]);
});

test("a story cut by a restart of the gateway at any entry is the same story", async () => {
  const entries = journal(item(7), telegram(7, ["RB1"]), decision(7, "RB1"), permit(7), {
    kind: "command",
    permit: 4,
  } as never);
  for (let cut = 1; cut < entries.length; cut++) {
    await index.clear();
    await index.add(entries.slice(0, cut), ["1", String(cut)]);
    await index.close();
    index = openStoryIndex(join(folder, "stories.mdb"));
    expect(index.cursor()).toEqual(["1", String(cut)]);
    await index.add(entries.slice(cut), ["1", "6"]);
    expect(seqs("RB1")).toEqual([[2, 3, 4, 5, 6]]);
  }
});

test("a code seen twice has two stories, the newest first", async () => {
  await index.add(journal(item(1), telegram(1, ["RB1"]), end(1, "RB1"), item(2), telegram(2, ["RB1"])), ["1", "6"]);
  expect(seqs("RB1")).toEqual([
    [5, 6],
    [2, 3, 4],
  ]);
});

test("an item id that a new journal uses again begins a story of its own", async () => {
  await index.add(journal(item(1), telegram(1, ["RB1"]), item(1), telegram(1, ["RB2"])), ["1", "5"]);
  expect(seqs("RB1")).toEqual([[2, 3]]);
  expect(seqs("RB2")).toEqual([[4, 5]]);
});

test("a telegram that spoiled two parcels stands in both stories", async () => {
  await index.add(journal(item(1), item(2), telegram(null, ["RB9"], [1, 2])), ["1", "4"]);
  expect(seqs("RB9")).toEqual([
    [3, 4],
    [2, 4],
  ]);
});

test("over its bound the index forgets the oldest stories with all that led to them", async () => {
  await index.close();
  index = openStoryIndex(join(folder, "small.mdb"), { storiesMax: 2 });
  await index.add(journal(item(1), telegram(1, ["A1"]), permit(1), item(2), telegram(2, ["A2"]), item(3)), ["1", "7"]);
  expect(index.stories()).toBe(2);
  expect(seqs("A1")).toEqual([]);
  expect(seqs("A2")).toEqual([[5, 6]]);
  const late = { segment: 1, seq: 9, entry: { kind: "command", permit: 3 } as unknown as LineEntry };
  await index.add([late], ["1", "9"]);
  expect(index.stories()).toBe(2);
});

test("a parcel that circulates for ever keeps a bounded story with its beginning and its newest entries", async () => {
  const rounds = Array.from({ length: 600 }, () => decision(1, "RB1"));
  await index.add(journal(item(1), ...rounds), ["1", "602"]);
  const [story] = seqs("RB1");
  expect(story).toHaveLength(256);
  expect(story?.[0]).toBe(2);
  expect(story?.at(-1)).toBe(602);
});

test.each(["", "   ", "x".repeat(5000), "\0"])(
  "an impossible code (%#) finds nothing and harms nothing",
  async (code) => {
    await index.add(journal(item(1), telegram(1, [code]), decision(1, code)), ["1", "4"]);
    expect(index.stories()).toBe(1);
    expect(() => index.find(code)).not.toThrow();
  },
);

test("a story of the index is the story that the journal itself tells, withdrawals included", async () => {
  const entries = parcelEntries.map((entry, i) => ({ segment: 1, seq: i + 2, entry }));
  for (const placed of entries) await index.add([placed], ["1", String(placed.seq)]);
  for (const code of [RELEASED, HELD]) {
    const tells = parcelFilter(itemsOf(parcelEntries, code));
    expect(seqs(code)).toEqual([entries.filter(({ entry }) => tells(entry)).map(({ seq }) => seq)]);
  }
});
