// Time in which nobody looked at the induction eye: what came past it then is unknown, and no gate moves close to it.
import { expect, test } from "vitest";
import type { LineLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

/** No eye between the induction and the gate tells of what the induction eye has missed. */
function withoutTrackEye(change: Partial<LineLayout["belts"][number]> = {}): LineLayout {
  const layout = oneGateLayout();
  const belts = layout.belts.map((belt) => ({ ...belt, eyes: belt.eyes.filter(({ id }) => id !== "mid"), ...change }));
  return { ...layout, belts };
}

/** A released parcel, and one of 110 mm that follows it 250 mm behind and comes past the eye while nobody looks. */
function stalled(line: LineFixture): LineFixture {
  line.warmUp().release("A1");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }, { code: "", atMs: at + 225, lengthMm: 110 }).runTo(at + 215);
  line.isHeldUp = true;
  line.runTo(at + 315);
  line.isHeldUp = false;
  return line.runTo(at + 7000);
}

test("a loop that stood still while a parcel came past the eye: it does not leave through its neighbour's gate", () => {
  const line = stalled(new LineFixture(withoutTrackEye()));
  expect(line.facts("item")).toHaveLength(1);
  expect([...line.where("A1"), ...line.where("")]).toEqual(["end", "end"]);
  expect(line.facts("breach")).toEqual([]);
});

test("so it is on a belt without encoder", () => {
  const drive = { deviceId: "plc", sampleNs: 10_000_000 };
  const line = stalled(new LineFixture(withoutTrackEye({ encoder: null, drive })));
  expect(line.where("")).toEqual(["end"]);
  expect(line.facts("breach")).toEqual([]);
});

test("a stall in which no parcel can have come past costs nobody anything", () => {
  const line = new LineFixture(withoutTrackEye()).warmUp().release("A1").release("A2");
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }, { code: "A2", atMs: at + 330 }).runTo(at + 150);
  line.isHeldUp = true;
  line.runTo(at + 180);
  line.isHeldUp = false;
  line.runTo(at + 7000);
  expect([...line.where("A1"), ...line.where("A2")]).toEqual(["out", "out"]);
});

/** The eyes are on a device of their own, which may say nothing for 210 ms before it counts as lost. */
function eyesElsewhere(change: Partial<LineLayout["belts"][number]> = {}): LineFixture {
  const layout = withoutTrackEye(change);
  const belts = layout.belts.map((belt) => ({
    ...belt,
    eyes: belt.eyes.map((eye) => (eye.role === "chute" ? eye : { ...eye, deviceId: "io", silenceNs: 210_000_000 })),
  }));
  const line = new LineFixture({ ...layout, belts });
  line.send({ kind: "device", deviceId: "io", connected: true, armed: true });
  return line.warmUp();
}

test.each([
  ["without encoder", { encoder: null, drive: { deviceId: "plc", sampleNs: 10_000_000 } }],
  ["counted by another device", {}],
])(
  "an eye's device that falls silent before it counts as lost, on a belt %s: what came in then is unknown",
  (_, change) => {
    const line = eyesElsewhere(change).release("A1");
    const at = line.nowMs + 100;
    // 250 mm behind the released one, and past the eye while its device is silent and nobody knows.
    line.put({ code: "A1", atMs: at }, { code: "", atMs: at + 225, lengthMm: 110 }).runTo(at + 215);
    line.away.add("io");
    line.runTo(at + 420);
    line.send({ kind: "device", deviceId: "io", connected: false, armed: false });
    line.runTo(at + 440);
    line.away.delete("io");
    line.send({ kind: "device", deviceId: "io", connected: true, armed: true });
    line.runTo(at + 7000);
    expect([...line.where("A1"), ...line.where("")]).toEqual(["end", "end"]);
    expect(line.facts("breach")).toEqual([]);
  },
);

test("a poll that brings eyes and counts in one request hides nothing while the belt travels less than a parcel between two", () => {
  const layout = oneGateLayout();
  // 10 mm between two samples of 2 m/s: the shortest parcel is just longer.
  const belts = layout.belts.map((belt) => ({
    ...belt,
    minItemUm: 11_000,
    eyes: belt.eyes.map((eye) => ({ ...eye, apartNs: 0 })),
  }));
  const line = new LineFixture({ ...layout, belts }).warmUp().release("A1");
  line.put({ code: "A1", atMs: line.nowMs + 100 }).runTo(line.nowMs + 6000);
  expect(line.where("A1")).toEqual(["out"]);
});
