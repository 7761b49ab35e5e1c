// A scanner before the induction eye: its telegrams wait for their parcels, and name nobody when it is not clear whom.
import { describe, expect, test } from "vitest";
import { CAPS } from "../../../src/line/caps.ts";
import type { LineLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

/** The station reads at 1 m (fronts from 1050 to 1350 mm); the induction eye stands behind it. */
function eyeAt(inductionMm: number): LineLayout {
  const layout = oneGateLayout();
  const belts = layout.belts.map((belt) => ({
    ...belt,
    eyes: belt.eyes.map((eye) => (eye.role === "induction" ? { ...eye, atUm: inductionMm * 1000 } : eye)),
  }));
  return { ...layout, belts };
}

const PARCELS = 10;
const PITCH_MS = 330;

/** Every second parcel of a row is released. */
function row(o: { inductionMm?: number; hidden?: number; unread?: number } = {}): { line: LineFixture; at: number } {
  const line = new LineFixture(eyeAt(o.inductionMm ?? 1500)).warmUp();
  const at = line.nowMs + 100;
  for (let i = 0; i < PARCELS; i++) {
    if (i % 2 === 0) line.release(`P${i}`);
    const hiddenFrom = i === o.hidden ? ["in"] : [];
    line.put({ code: i === o.unread ? "" : `P${i}`, atMs: at + i * PITCH_MS, hiddenFrom });
  }
  return { line, at };
}

const strangers = (line: LineFixture) =>
  line.parcels.filter(({ code, where }) => where === "out" && !line.records.has(code ?? "")).map(({ code }) => code);
const spared = (line: LineFixture) =>
  line.parcels.filter(({ code, where }) => where !== "out" && line.records.has(code ?? "")).map(({ code }) => code);
const runOut = (line: LineFixture, at: number): LineFixture => line.runTo(at + PARCELS * PITCH_MS + 7000);

test.each([1100, 1200, 1300, 1500, 1700])("induction eye at %i mm: each telegram finds its parcel", (inductionMm) => {
  const { line, at } = row({ inductionMm });
  runOut(line, at);
  expect(line.facts("telegram").map(({ itemId }) => itemId)).toEqual(Array.from({ length: PARCELS }, (_, i) => i + 1));
  expect(spared(line)).toEqual([]);
  expect(strangers(line)).toEqual([]);
  expect(line.facts("alarm")).toEqual([]);
});

test("a telegram waits until its parcel has come past the eye, and no longer", () => {
  const line = new LineFixture(eyeAt(1500)).warmUp().release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }).runTo(at + 660);
  expect(line.facts("item")).toHaveLength(1);
  expect(line.facts("telegram")).toEqual([]);
  // The window is 300 mm, of which 150 may lie behind the front.
  line.runTo(at + 650 + 100);
  expect(line.facts("telegram")).toMatchObject([{ itemId: 1 }]);
  expect(line.facts("decision")).toMatchObject([{ disposition: "released" }]);
});

test("a parcel without a telegram is a no-read, and its neighbours keep their names", () => {
  const { line, at } = row({ unread: 5 });
  runOut(line, at);
  expect(strangers(line)).toEqual([]);
  expect(line.ends().map(({ reason }) => reason)).toContain("NO_READ");
});

describe("a telegram without a parcel", () => {
  test("of a parcel that the induction eye missed spoils those who could be meant, and at most three parcels pay", () => {
    for (const hidden of [4, 5]) {
      const { line, at } = row({ hidden });
      runOut(line, at);
      expect([hidden, strangers(line)]).toEqual([hidden, []]);
      expect(spared(line).length).toBeLessThanOrEqual(3);
      expect(line.facts("telegram").filter(({ itemId }) => itemId === null)).toHaveLength(1);
      expect(line.facts("breach")).toEqual([]);
    }
  });

  test("of a label that somebody held into the beam in a gap: nobody gets its name", () => {
    const { line, at } = row();
    line.release("HELD");
    // Parcel 4 has just left the window, parcel 5 comes 660 mm behind it.
    line.runTo(at + 4 * PITCH_MS + 660);
    line.telegram(["HELD"]);
    runOut(line, at);
    expect(line.facts("telegram").find(({ codes }) => codes.includes("HELD"))).toMatchObject({ itemId: null });
    expect(strangers(line)).toEqual([]);
  });
});

test("a telegram that fits two parcels spoils both", () => {
  const line = new LineFixture(eyeAt(1500)).warmUp().release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "", atMs: at }, { code: "", atMs: at + 120, lengthMm: 120 }).runTo(at + 560);
  line.telegram(["A1"]);
  line.runTo(at + 7000);
  expect(line.facts("telegram")).toMatchObject([{ itemId: null, spoiled: [1, 2] }]);
  expect(line.where("")).toEqual(["end", "end"]);
});

test("two waybills in one window are a conflict here too", () => {
  const line = new LineFixture(eyeAt(1500)).warmUp().release("A1").release("A2");
  const at = line.nowMs + 100;
  line.put({ code: "A1;A2", atMs: at }).runTo(at + 7000);
  expect(line.ends()).toMatchObject([{ chuteId: "end", reason: "READ_CONFLICT" }]);
});

test("a counter that is lost meanwhile leaves the telegram to nobody, and in the journal", () => {
  const line = new LineFixture(eyeAt(1500)).warmUp().release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }).runTo(at + 550);
  line.counterMm += 400;
  line.runTo(at + 8000);
  expect(line.facts("telegram")).toMatchObject([{ itemId: null, codes: ["A1"] }]);
  expect(line.where("A1")).toEqual(["end"]);
});

test("eyes that are away meanwhile have made no parcel: the telegram names nobody", () => {
  const line = new LineFixture(eyeAt(1500)).warmUp().release("A1").release("A2");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }, { code: null, atMs: at + 2000 }, { code: "A2", atMs: at + 2500 }).runTo(at + 550);
  line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
  line.connected = false;
  line.runTo(at + 700);
  line.connect();
  line.runTo(at + 9000);
  expect([...line.where("A1"), ...line.where("A2")]).toEqual(["end", "out"]);
});

test("more telegrams than may wait: the newest is unknown at once, and the rest find their parcel", () => {
  const line = new LineFixture(eyeAt(1500)).warmUp();
  const at = line.nowMs + 100;
  line.put({ code: "", atMs: at }).runTo(at + 500);
  for (let i = 0; i <= CAPS.waitingTelegrams; i++) line.telegram(["A1"]);
  expect(line.facts("telegram")).toMatchObject([{ itemId: null }]);
  expect(line.core.snapshot(0).counts["waitingDropped"]).toBe(1);
  line.runTo(at + 7000);
  expect(line.facts("permit")).toEqual([]);
});

test("after a hold-up in which two parcels may have been read, neither gets the name", () => {
  const line = new LineFixture(eyeAt(1700)).warmUp().release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "", atMs: at }, { code: "", atMs: at + 330 }).runTo(at + 500);
  line.isHeldUp = true;
  line.runTo(at + 650);
  line.isHeldUp = false;
  line.runTo(at + 730);
  line.heldUpMs = 200;
  line.telegram(["A1"]);
  line.heldUpMs = 10;
  line.runTo(at + 8000);
  expect(line.facts("telegram")).toMatchObject([{ itemId: null }]);
  expect(line.where("")).toEqual(["end", "end"]);
});
