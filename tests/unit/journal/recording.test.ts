// Lines of inputs among the others: where they stand, when they are written, and who passes over them.
import { expect, test } from "vitest";
import { carryOf } from "../../../src/gateway/carry-over.ts";
import type { PlacedEntry } from "../../../src/gateway/index/story-index.ts";
import { inputDecoder } from "../../../src/journal/inputs/decoder.ts";
import { type InputRecorder, inputRecorder } from "../../../src/journal/inputs/recorder.ts";
import { entryOf, isEntry, isInputs, type JournalLine, parseLine } from "../../../src/journal/line.ts";
import { itemsOf, parcelFilter } from "../../../src/journal/parcel.ts";
import { segmentName, splitLines } from "../../../src/journal/segment.ts";
import { storyWords } from "../../../src/journal/story-words.ts";
import { readTail } from "../../../src/journal/tail.ts";
import { verifyJournal } from "../../../src/journal/verify.ts";
import type { LineEntry } from "../../../src/line/entry.ts";
import { journalRig, type Rig } from "./journal-rig.ts";

const RESTED = { restNs: 10_000_000 };

function recorded(o: Parameters<typeof journalRig>[0] = {}): {
  rig: Rig;
  inputs: InputRecorder;
  lines: () => JournalLine[];
} {
  const inputs = inputRecorder();
  const rig = journalRig({ ...o, inputs });
  rig.drain();
  const lines = (): JournalLine[] => {
    rig.drain();
    return rig.disk
      .names()
      .sort()
      .flatMap((name) => splitLines(rig.disk.read(name)).lines)
      .map((bytes) => parseLine(bytes) as JournalLine);
  };
  return { rig, inputs, lines };
}

const kinds = (lines: readonly JournalLine[]): string[] => lines.map(({ kind }) => kind);

test("an entry comes of inputs: they stand before it, and name the entry before it", () => {
  const { rig, inputs, lines } = recorded();
  inputs.input({ kind: "wake" }, 5);
  inputs.input({ kind: "lastLook", id: 7 }, 6);
  rig.append(2);
  inputs.input({ kind: "wake" }, 9);
  rig.append(1);
  const written = lines();
  expect(kinds(written)).toEqual(["segment", "checkpoint", "inputs", "stray", "stray", "inputs", "stray"]);
  expect(written.filter(isInputs)).toMatchObject([
    { n: 0, count: 2 },
    { n: 2, count: 1 },
  ]);
  const decoder = inputDecoder();
  expect(written.filter(isInputs).flatMap((line) => decoder.line(line))).toEqual([
    { input: { kind: "wake" }, atNs: 5, looks: [] },
    { input: { kind: "lastLook", id: 7 }, atNs: 6, looks: [] },
    { input: { kind: "wake" }, atNs: 9, looks: [] },
  ]);
});

test("no entry comes of them: nothing is written for a second, and then no commit is forced", () => {
  const { rig, inputs } = recorded({ limits: RESTED });
  const passes = (ms: number): void => {
    rig.clock.nowNs += ms * 1e6;
    rig.journal.tick();
  };
  const bytes = (): number => rig.disk.read(segmentName(1)).length;
  rig.drain();
  const before = bytes();
  inputs.input({ kind: "wake" }, rig.clock.nowNs);
  for (let tick = 0; tick < 99; tick += 1) passes(10);
  rig.drain();
  expect(bytes()).toBe(before);
  passes(20);
  expect(inputs.sinceNs()).toBeNull();
  // Rests with what may come meanwhile, as any line for which nothing waits.
  expect(rig.waiting()).not.toContain("write");
  passes(10);
  rig.drain();
  expect(bytes()).toBeGreaterThan(before);
});

test("many of them without an entry: a line each four thousand letters, so that a permit's line stays short", () => {
  const { rig, inputs, lines } = recorded({ limits: RESTED });
  for (let sample = 0; sample < 2000; sample += 1) {
    inputs.input(
      { kind: "belt", beltId: "main", stamp: { atNs: sample * 5e6, count: sample * 20 }, errorNs: 3e5 },
      sample * 5e6,
    );
    rig.journal.tick();
  }
  rig.append(1);
  rig.clock.nowNs += 20e6;
  rig.journal.tick();
  const texts = lines().flatMap((line) => (isInputs(line) ? [line.text.length] : []));
  expect(texts.length).toBeGreaterThan(1);
  expect(Math.max(...texts)).toBeLessThan(4200);
});

test("a full segment: what waits ends in the old one, and the new one can be read alone", () => {
  const { rig, inputs, lines } = recorded({ limits: { segmentBytes: 500 } });
  inputs.input({ kind: "signal", inputId: "full-1", value: true }, 1);
  rig.append(1, "x".repeat(600));
  rig.drain();
  inputs.input({ kind: "signal", inputId: "full-1", value: false }, 2);
  rig.roll();
  inputs.input({ kind: "signal", inputId: "full-1", value: true }, 3);
  rig.append(1);
  const written = lines();
  const second = written.findLastIndex(({ kind }) => kind === "segment");
  expect(written[second - 1]?.kind).toBe("inputs");
  const decoder = inputDecoder();
  expect(
    written
      .slice(second)
      .filter(isInputs)
      .flatMap((line) => decoder.line(line)),
  ).toMatchObject([{ input: { inputId: "full-1", value: true }, atNs: 3 }]);
});

test("the journal is closed: what waits is written", async () => {
  const { rig, inputs, lines } = recorded();
  inputs.input({ kind: "wake" }, 1);
  const closed = rig.journal.close();
  expect(kinds(lines()).at(-1)).toBe("inputs");
  await closed;
});

test("a restart and `verify` pass over them", () => {
  const { rig, inputs, lines } = recorded();
  for (let round = 0; round < 5; round += 1) {
    inputs.input({ kind: "wake" }, round);
    rig.append(1);
  }
  inputs.input({ kind: "wake" }, 9);
  void rig.journal.close();
  lines();
  expect(verifyJournal(rig.disk).isIntact).toBe(true);
  expect(readTail(rig.disk).tail.entries.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5]);
  const again = journalRig({ image: rig.disk.kill(() => 0) });
  expect(again.entries).toHaveLength(5);
});

test("a gateway of format 1 takes them for entries that it does not know: it spends nothing and loses no place", () => {
  const { rig, inputs, lines } = recorded();
  inputs.input({ kind: "wake" }, 1);
  rig.append(3);
  inputs.input({ kind: "wake" }, 2);
  void rig.journal.close();
  // What it called an entry: all but headers and checkpoints.
  const taken = lines().filter(({ kind }) => kind !== "segment" && kind !== "checkpoint");
  expect(taken.filter((line) => !isEntry(line))).toHaveLength(2);
  const entries = taken.map((line): PlacedEntry => ({ segment: 1, seq: line.seq, entry: entryOf(line as never) }));
  const last = entries.at(-1)?.entry as LineEntry;
  expect(carryOf({ entries, upToEntry: last.n, upToSeq: 9, cursor: [] })).toMatchObject({ upToEntry: 3, deltas: {} });
  const asEntries = entries.map(({ entry }) => entry);
  expect(itemsOf(asEntries, "SF1").size).toBe(0);
  expect(asEntries.filter(parcelFilter(new Set([1])))).toEqual([]);
  expect(asEntries.map(storyWords)).toContain("(inputs)");
});

test("the disk is full: entries are written, inputs are not, and both are again in a segment begun a minute later", () => {
  const { rig, inputs, lines } = recorded({ limits: { recordAnewNs: 60e9, freeEveryNs: 1e9 } });
  const one = (): void => {
    inputs.input({ kind: "wake" }, rig.clock.nowNs);
    rig.append(1);
    rig.drain();
  };
  const passes = (seconds: number): void => {
    rig.clock.nowNs += seconds * 1e9;
    rig.journal.tick();
    rig.drain();
    rig.roll();
  };
  one();
  rig.disk.setCapacity(0);
  rig.append(1);
  rig.drain();
  expect(rig.storage).toEqual(["full"]);
  one();
  one();
  rig.disk.setCapacity(Number.POSITIVE_INFINITY);
  passes(2);
  one();
  expect(lines().filter(({ kind }) => kind === "segment")).toHaveLength(1);
  passes(60);
  one();
  const written = lines();
  const recordedNow = written.filter(isInputs).map(({ count, isMissing }) => [count, isMissing === true]);
  expect(recordedNow).toEqual([
    [1, false],
    [0, true],
    [1, false],
  ]);
  expect(written.filter(isEntry).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6]);
  const newest = written.findLastIndex(({ kind }) => kind === "segment");
  // The checkpoint comes in slices, one a group.
  const others = kinds(written.slice(newest)).filter((kind) => kind !== "checkpoint");
  expect(others).toEqual(["segment", "inputs", "stray"]);
});
