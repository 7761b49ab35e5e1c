// A parcel's story: which entries belong to it, when they happened by the wall clock, and what the words say.
import { expect, test } from "vitest";
import type { JournalLine } from "../../../src/journal/line.ts";
import { itemsOf, parcelFilter } from "../../../src/journal/parcel.ts";
import { tellStory, wallTimeOf } from "../../../src/journal/story.ts";
import { storyWords } from "../../../src/journal/story-words.ts";
import { HELD, parcelEntries, RELEASED } from "./parcel-entries.ts";

const kindsOf = (code: string): string[] => {
  const tells = parcelFilter(itemsOf(parcelEntries, code));
  return parcelEntries.filter(tells).map((entry) => entry.kind);
};

test("a parcel with a permit: its item, reads, permit, last look, command and withdrawal, and nobody else's", () => {
  expect(kindsOf(RELEASED)).toEqual([
    "item",
    "telegram",
    "decision",
    "permit",
    "lastLook",
    "command",
    "withdraw",
    "withdrawal",
    "end",
  ]);
  expect(kindsOf(` ${RELEASED.toLowerCase()} `)).toEqual(kindsOf(RELEASED));
});

test("a parcel without a permit: the gate next to it is not its story", () => {
  expect(kindsOf(HELD)).toEqual(["item", "telegram", "decision", "end"]);
  expect(kindsOf("SF12345678")).toEqual([]);
});

test("a telegram that spoiled two items belongs to both", () => {
  const spoil = {
    kind: "telegram" as const,
    scannerId: "s",
    itemId: null,
    spoiled: [11, 12],
    result: "codes" as const,
  };
  const telegram = {
    n: 99,
    atNs: 0,
    ...spoil,
    codes: ["X1"],
    rawHex: "",
    firstByteNs: 0,
    lastByteNs: 0,
    arrivedAfterNs: 0,
  };
  expect([...itemsOf([telegram], "X1")]).toEqual([11, 12]);
  expect(parcelFilter(new Set([12]))(telegram)).toBe(true);
  expect(storyWords(telegram)).toMatch(/; it fits the items 11, 12 and spoils them all$/);
  expect(storyWords({ ...telegram, spoiled: [11] })).toMatch(/; it fits item 11, or somebody unknown near it/);
});

test("what customs said, the rule, the refusal with its law, and the end are in the words", () => {
  const words = parcelEntries.map(storyWords);
  expect(words).toContain(
    `decision 1 on item 11 (${RELEASED}): released; customs: sf released by customs D-77, express import, ` +
      "0 of 2 spent, feed heard 1.2 s before; rule r1, to C1; C0 refused by law 4: the chute is full, 40 parcels",
  );
  expect(words[5]).toContain("yt has no record, HELD by quarantine sample Q-1");
  expect(words[5]).toContain("no rule, to the safe end");
  expect(words[6]).toBe(
    `permit 7 for item 11: gate g1 to C1 (outbound, express import); one piece of sf/${RELEASED}/0 is reserved`,
  );
  expect(words[8]).toBe("command of permit 7: the device carried it out");
  expect(words[13]).toBe(`END of item 11 (${RELEASED}): arrived in C1, seen by its eye (released)`);
});

test("a last look says which spent pieces are its own, and a release's key is told as a date", () => {
  const look = parcelEntries.flatMap((entry) => (entry.kind === "lastLook" ? entry.looks : []))[0];
  if (look === undefined) throw new Error("no look");
  const lastLook = (carriedEntry: number) =>
    storyWords({
      ...{ n: 8, atNs: 0, kind: "lastLook", permit: 7, go: true, refusals: [], plannedNs: 5 },
      looks: [{ ...look, carriedEntry }],
    });
  expect(lastLook(7)).toContain("0 of 2 spent, its own included, feed");
  expect(lastLook(6)).toContain("0 of 2 spent, feed");
  const permit = parcelEntries.find((entry) => entry.kind === "permit");
  if (permit?.kind !== "permit") throw new Error("no permit");
  expect(storyWords({ ...permit, release: "EMS/RB1/1795481757000" })).toContain(
    "one piece of EMS RB1 (valid from 2026-11-24T00:55:57Z) is reserved",
  );
});

test("times: the header's instant on both clocks, the plant's offset kept, over midnight and backwards", () => {
  const mark = { seq: 1, run: 2, hash: "h" };
  const header = {
    ...mark,
    kind: "segment" as const,
    format: 1,
    segment: 1,
    prev: "p",
    codeVersion: "",
    bootId: "",
    cuts: [],
  };
  const at = { ...header, atNs: 10_000_000_000, wallTime: "2026-03-01T23:59:59.500+08:00" };
  expect(wallTimeOf(at, 11_250_000_000).at).toBe("2026-03-02T00:00:00.750+08:00");
  expect(wallTimeOf(at, 0).at).toBe("2026-03-01T23:59:49.500+08:00");
  expect(wallTimeOf({ ...at, wallTime: "2026-03-01T23:59:59Z" }, 10_001_000_000).at).toBe("2026-03-01T23:59:59.001Z");
  expect(wallTimeOf({ ...at, wallTime: "2026-03-01T00:00:00-03:30" }, 1e10).at).toBe("2026-03-01T00:00:00.000-03:30");

  const entry = { ...mark, n: 1, atNs: 10_000_000_000, kind: "storage" as const, state: "ok" };
  const times = (lines: JournalLine[]) => [...tellStory(lines, () => true)].map((line) => line.at);
  expect(times([at, entry])).toEqual(["2026-03-01T23:59:59.500+08:00"]);
  expect(times([entry])).toEqual([null]);
  expect(times([at, { ...entry, run: 3 }])).toEqual([null]);
});
