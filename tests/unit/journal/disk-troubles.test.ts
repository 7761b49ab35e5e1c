// Slow, full and failing disks: what the line is told, what is kept, and what ends the process.
import { expect, test } from "vitest";
import { virtualDisk } from "../../../simulators/virtual/virtual-disk.ts";
import { readTail } from "../../../src/journal/tail.ts";
import { verifyJournal } from "../../../src/journal/verify.ts";
import { journalRig, restored } from "./journal-rig.ts";

const MS = 1_000_000;

test("entries appended while a group is in flight form the next group: one write and one sync each", () => {
  const rig = journalRig({ limits: { groupBytes: 100_000 } });
  rig.drain();
  rig.append(1);
  expect(rig.waiting()).toEqual(["write"]);
  rig.append(5);
  rig.append(5);
  expect(rig.waiting()).toEqual(["write"]);
  rig.answer();
  expect(rig.waiting()).toEqual(["fdatasync"]);
  rig.answer();
  expect(rig.durable()).toBe(1);
  rig.answer();
  rig.answer();
  expect(rig.durable()).toBe(11);
  expect(rig.waiting()).toEqual([]);
});

test("a group older than the disk's share is slow, and ok again when it is durable", () => {
  const rig = journalRig({ limits: { slowAfterNs: 25 * MS } });
  rig.drain();
  rig.append(1);
  rig.clock.nowNs += 25 * MS;
  rig.journal.tick();
  expect(rig.storage).toEqual([]);
  rig.clock.nowNs += 1;
  rig.journal.tick();
  rig.journal.tick();
  expect(rig.storage).toEqual(["slow"]);
  rig.drain();
  expect(rig.storage).toEqual(["slow", "ok"]);
});

test("a disk that fills in the middle of a write: said, kept, completed when there is room, never doubled", () => {
  const rig = journalRig();
  rig.drain();
  const used = rig.disk.read("000000000001.jsonl").length;
  rig.disk.setCapacity(used + 150);
  rig.append(4);
  rig.drain();
  rig.append(4);
  expect(rig.storage).toEqual(["full"]);
  expect(rig.durable()).toBe(0);
  expect(rig.disk.read("000000000001.jsonl").length).toBe(used + 150);

  rig.clock.nowNs += 2000 * MS;
  rig.journal.tick();
  rig.drain();
  expect(rig.storage).toEqual(["full"]);

  rig.disk.setCapacity(1_000_000);
  rig.clock.nowNs += 2000 * MS;
  rig.journal.tick();
  rig.drain();
  expect(rig.storage).toEqual(["full", "ok"]);
  expect(rig.durable()).toBe(8);
  expect(restored(readTail(rig.disk))).toEqual(rig.entries);
  expect(verifyJournal(rig.disk).damage).toBeNull();
});

test("no room for a new segment's file: entries wait and the segment begins when there is room", () => {
  const rig = journalRig({ capacityBytes: 0 });
  rig.append(2);
  rig.drain();
  expect(rig.storage).toEqual(["full"]);
  rig.disk.setCapacity(1_000_000);
  rig.clock.nowNs += 1000 * MS;
  rig.journal.tick();
  rig.drain();
  expect(rig.durable()).toBe(2);
  expect(rig.storage).toEqual(["full", "ok"]);
});

test("free space below the floor: full although every write succeeds, ok above it", () => {
  const rig = journalRig({ capacityBytes: 10_000, limits: { freeFloorBytes: 9_000, freeEveryNs: 5000 * MS } });
  rig.append(10);
  rig.drain();
  rig.clock.nowNs += 5000 * MS;
  rig.journal.tick();
  rig.drain();
  expect(rig.storage).toEqual(["full"]);
  expect(rig.durable()).toBe(10);
  rig.disk.setCapacity(20_000);
  rig.clock.nowNs += 5000 * MS;
  rig.journal.tick();
  rig.drain();
  expect(rig.storage).toEqual(["full", "ok"]);
});

test("more waits than the cap: full first, and past the second cap the process ends and names what is lost", () => {
  const rig = journalRig({ limits: { heldFullBytes: 2000, heldMaxBytes: 4000 } });
  rig.drain();
  rig.append(5);
  rig.append(10);
  expect(rig.storage).toEqual(["full"]);
  expect(rig.failures).toEqual([]);
  rig.append(30);
  expect(rig.failures).toHaveLength(1);
  expect(rig.failures[0]).toMatchObject({ code: "JOURNAL_BUFFER_FULL" });
  expect(rig.failures[0]?.message).toContain("entries after 0 are lost");
});

test("the cap was passed and the disk comes back: ok when half of it is written", () => {
  const rig = journalRig({ limits: { heldFullBytes: 2000, groupBytes: 500 } });
  rig.drain();
  rig.append(20);
  expect(rig.storage).toEqual(["full"]);
  rig.drain();
  expect(rig.storage).toEqual(["full", "ok"]);
  expect(rig.durable()).toBe(20);
});

test("a sync that fails ends the process once, is never tried again, and nothing more is said to be durable", () => {
  const rig = journalRig();
  rig.append(3);
  rig.drain();
  rig.append(1);
  rig.disk.failSyncs();
  rig.drain();
  expect(rig.failures).toHaveLength(1);
  expect(rig.failures[0]).toMatchObject({ code: "JOURNAL_SYNC_FAILED" });
  rig.append(2);
  rig.journal.tick();
  expect(rig.waiting()).toEqual([]);
  expect(rig.durable()).toBe(3);
});

test("entries restored from runs before are said to be durable only after their file was synced", () => {
  const before = journalRig();
  before.drain();
  before.append(3);
  before.answer();
  const rig = journalRig({ image: before.disk.kill(() => 0) });
  expect(rig.entries).toHaveLength(3);
  expect(rig.waiting()).toContain("syncFile");
  expect(rig.durable()).toBe(0);
  rig.drain();
  expect(rig.durable()).toBe(3);
});

test("closing writes out what is held and closes the file; appending afterwards is a mistake", async () => {
  const rig = journalRig();
  rig.append(3);
  const closed = rig.journal.close();
  rig.drain();
  await closed;
  expect(rig.durable()).toBe(3);
  expect(() => rig.append(1)).toThrow("closed");
});

test("an entry out of order is refused: its number is what durable speaks of", () => {
  const rig = journalRig();
  expect(() => rig.journal.append({ n: 2, atNs: 0, kind: "storage", state: "ok" })).toThrow("entry 2 follows entry 0");
});

test("the run entry carries the run's number once, and comes back as it was", () => {
  const rig = journalRig();
  const entry = {
    n: 1,
    atNs: 0,
    kind: "run" as const,
    run: 1,
    journalId: "j",
    codeVersion: "1",
    bootId: "b",
    layoutHash: "h",
    startedAt: "t",
    epochMonotonicNs: "0",
    restored: false,
  };
  rig.journal.append(entry);
  rig.entries.push(entry);
  const closed = rig.journal.close();
  rig.drain();
  const disk = virtualDisk({ later: () => {}, image: rig.disk.kill(() => 0) });
  expect(readTail(disk).tail.entries).toEqual([entry]);
  expect(
    disk
      .read("000000000001.jsonl")
      .toString()
      .match(/"run":1,.*"kind":"run"|"kind":"run".*"run":1/g),
  ).toHaveLength(1);
  return closed;
});
