// Random appends, delays, short writes and crashes: what a restart gives back, whatever the disk was doing.
import fc from "fast-check";
import { expect, test } from "vitest";
import { virtualDisk } from "../../../simulators/virtual/virtual-disk.ts";
import { readTail } from "../../../src/journal/tail.ts";
import { verifyJournal } from "../../../src/journal/verify.ts";
import { journalRig, restored } from "./journal-rig.ts";

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("append" as const), count: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("answer" as const), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("roll" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("crash" as const, "kill" as const) }) },
);

/** Numbers drawn one after the other from a list, for the torn parts and the short writes. */
function drawer(numbers: readonly number[]): (max: number) => number {
  let at = 0;
  return (max) => {
    at += 1;
    return (numbers[at % numbers.length] ?? 0) % (max + 1);
  };
}

test("crashes at any step: a restart gives back a first part that holds everything said to be durable", () => {
  const scenario = fc.tuple(
    fc.array(step, { minLength: 1, maxLength: 60 }),
    fc.array(fc.nat(5000), { minLength: 1, maxLength: 40 }),
    fc.boolean(),
  );
  fc.assert(
    fc.property(scenario, ([steps, numbers, writesShort]) => {
      const draw = drawer(numbers);
      const limits = { segmentBytes: 3000 };
      const taken = (length: number): number => (writesShort ? 1 + draw(length - 1) : length);
      let rig = journalRig({ limits, taken });
      for (const s of [...steps, { do: "crash" as const }]) {
        if (s.do === "append") rig.append(s.count);
        else if (s.do === "roll") rig.roll();
        else if (s.do === "answer") for (let left = s.count; left > 0; left -= 1) rig.answer();
        else {
          const before = rig;
          rig = journalRig({ limits, taken, image: before.disk[s.do](draw) });
          expect(rig.entries).toEqual(before.entries.slice(0, rig.entries.length));
          expect(rig.entries.length).toBeGreaterThanOrEqual(before.durable());
        }
        expect(rig.failures).toEqual([]);
      }
      rig.drain();
      expect(rig.durable()).toBe(rig.entries.length);
      expect(verifyJournal(rig.disk, rig.journal.head())).toMatchObject({ isIntact: true, damage: null, tornBytes: 0 });
    }),
    { numRuns: 600 },
  );
});

test("a crash at every single step of a short run: the chain verifies and nothing durable is lost", () => {
  for (let steps = 0; steps < 60; steps += 1) {
    for (const part of [0, 1, 100, 4999]) {
      const rig = journalRig({ limits: { segmentBytes: 1500 } });
      for (let done = 0; done < steps; done += 1) {
        if (done % 3 === 0) rig.append(2);
        if (done % 10 === 9) rig.roll();
        rig.answer();
      }
      const image = rig.disk.crash((max) => part % (max + 1));
      const after = virtualDisk({ later: () => {}, image });
      const entries = restored(readTail(after));
      expect(entries).toEqual(rig.entries.slice(0, entries.length));
      expect(entries.length).toBeGreaterThanOrEqual(rig.durable());
      expect(verifyJournal(after).damage).toBeNull();
    }
  }
});

test("torn again and again before a header was whole: each rest is owned up to by the next header", () => {
  let rig = journalRig();
  rig.drain();
  rig.append(3);
  rig.drain();
  for (let time = 0; time < 5; time += 1) {
    rig.append(1);
    while (rig.waiting()[0] !== "write") rig.answer();
    rig = journalRig({ image: rig.disk.kill((max) => Math.floor(max / 2)) });
    expect(rig.found.end.cuts.at(-1)?.bytes).toBeGreaterThan(0);
  }
  rig.drain();
  const verdict = verifyJournal(rig.disk);
  expect(verdict.damage).toBeNull();
  expect(verdict.cuts).toHaveLength(5);
});

test("a segment whose name never reached the disk, and the next one made: no crash leaves a gap between them", () => {
  const first = journalRig();
  first.append(2);
  first.drain();
  const second = journalRig({ image: first.disk.kill(() => 0) });
  while (second.disk.names().length < 2) second.answer();
  const third = journalRig({ image: second.disk.kill(() => 0) });
  while (third.disk.names().length < 3) third.answer();
  // The first name that may vanish does, the others stay.
  let drawn = 0;
  const image = third.disk.crash((max) => Math.min(max, drawn++));
  const fourth = journalRig({ image });
  fourth.drain();
  expect(fourth.entries).toEqual(first.entries);
  expect(verifyJournal(fourth.disk).damage).toBeNull();
});

test("the checkpoint of the newest segment is not whole: the restart goes back to the one before", () => {
  const rig = journalRig({ limits: { segmentBytes: 4000, sliceChars: 200 } });
  rig.append(30, "padding ".repeat(10));
  rig.drain();
  rig.roll();
  while (rig.disk.names().length < 2) rig.answer();
  for (let left = 6; left > 0; left -= 1) rig.answer();
  const rest = readTail(virtualDisk({ later: () => {}, image: rig.disk.kill(() => 0) }));
  expect(rest.end.segment).toBe(2);
  expect(rest.tail.checkpoint?.nextEntry).toBe(1);
  expect(rest.tail.entries).toEqual(rig.entries);
});

test("a whole checkpoint in the newest segment: the restart reads that one only", () => {
  const rig = journalRig({ limits: { segmentBytes: 2000 } });
  rig.append(30);
  rig.drain();
  rig.roll();
  rig.append(2);
  rig.drain();
  const disk = virtualDisk({ later: () => {}, image: rig.disk.kill(() => 0) });
  const read: string[] = [];
  const found = readTail({
    names: disk.names,
    read(name) {
      read.push(name);
      return disk.read(name);
    },
  });
  expect(read).toEqual(["000000000002.jsonl"]);
  expect(found.tail.checkpoint?.nextEntry).toBe(31);
  expect(found.tail.entries).toEqual(rig.entries.slice(30));
});
