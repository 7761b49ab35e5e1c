// Entries for which nothing waits lie for a while and share a write; what somebody waits for is written at once.
import { expect, test } from "vitest";
import type { LineEntry } from "../../../src/line/entry.ts";
import { journalRig, type Rig } from "./journal-rig.ts";

const REST_NS = 10_000_000;

/** A run whose first segment is on the disk. */
function restingRig(): Rig {
  const rig = journalRig({ limits: { restNs: REST_NS } });
  rig.drain();
  return rig;
}

function permit(rig: Rig): void {
  const n = rig.entries.length + 1;
  const zone = { kind: "inspection" } as const;
  const fact = { kind: "permit", itemId: 1, gateId: "g", chuteId: "c", zone, release: null, decision: 1 } as const;
  const entry: LineEntry = { n, atNs: 0, ...fact };
  rig.entries.push(entry);
  rig.journal.append(entry);
  rig.append(0);
}

function pass(rig: Rig, ns: number): void {
  rig.clock.nowNs += ns;
  rig.journal.tick();
  rig.append(0);
}

const writes = (rig: Rig): number => rig.waiting().filter((operation) => operation === "write").length;

test("entries alone are left to rest, and then written together", () => {
  const rig = restingRig();
  rig.append(2);
  pass(rig, REST_NS - 1);
  rig.append(1);
  expect(writes(rig)).toBe(0);
  pass(rig, 1);
  expect(writes(rig)).toBe(1);
  rig.drain();
  expect(rig.durable()).toBe(3);
});

test("a permit is written at once, and takes along what rests", () => {
  const rig = restingRig();
  rig.append(2);
  permit(rig);
  expect(writes(rig)).toBe(1);
  rig.drain();
  expect(rig.durable()).toBe(3);
});

test("what comes while a permit is being written rests: the disk is free for the next permit", () => {
  const rig = restingRig();
  permit(rig);
  rig.append(2);
  rig.drain();
  expect(rig.durable()).toBe(1);
  permit(rig);
  rig.drain();
  expect(rig.durable()).toBe(4);
});

test("a permit that comes while another is being written follows as soon as the disk is free", () => {
  const rig = restingRig();
  permit(rig);
  permit(rig);
  rig.drain();
  expect(rig.durable()).toBe(2);
});

test("whatever rests when the journal is closed is written first", async () => {
  const rig = restingRig();
  rig.append(2);
  const closed = rig.journal.close();
  rig.drain();
  await closed;
  expect(rig.durable()).toBe(2);
});

test("law: an entry lies no longer than the rest, however they come", () => {
  const rig = restingRig();
  for (let round = 0; round < 50; round += 1) {
    rig.append(1 + (round % 3));
    const last = rig.entries.length;
    for (let ms = 0; ms < REST_NS / 1e6; ms += 1) {
      pass(rig, 1e6);
      rig.drain();
    }
    expect(rig.durable()).toBeGreaterThanOrEqual(last);
  }
});
