// Debounce: a beam that changes for less than it must has not changed; what the belt travels meanwhile is error.
import { describe, expect, test } from "vitest";
import type { LineLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const DEBOUNCE_MS = 20;

function debounced(): LineLayout {
  const layout = oneGateLayout();
  const belts = layout.belts.map((belt) => ({
    ...belt,
    // The gaps of a row leave room for the greater errors.
    provedGapUm: 450_000,
    eyes: belt.eyes.map((eye) => (eye.role === "chute" ? eye : { ...eye, debounceNs: DEBOUNCE_MS * 1_000_000 })),
  }));
  return { ...layout, belts };
}

function flicker(line: LineFixture, eyeId: string, o: { from: "dark" | "light"; forMs: number }): void {
  line.edge(eyeId, o.from === "dark" ? "light" : "dark");
  line.runTo(line.nowMs + o.forMs);
  line.edge(eyeId, o.from);
}

test("an item is made when its edge has lasted, where the edge was, and with the error of the debounce", () => {
  const line = new LineFixture(debounced()).warmUp();
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }).runTo(at + DEBOUNCE_MS);
  expect(line.facts("item")).toEqual([]);
  line.runTo(at + DEBOUNCE_MS + 15);
  const [item] = line.facts("item");
  expect(item?.errorUm).toBe(6_000 + 2000 * DEBOUNCE_MS);
  const front = line.core.snapshot(0).belts[0]?.items[0]?.frontUm ?? 0;
  expect(Math.abs(front / 1000 - (line.parcels[0]?.frontMm ?? 0))).toBeLessThan(15);
});

test("a parcel with a flicker in every beam arrives as one, and costs its neighbours nothing", () => {
  const line = new LineFixture(debounced()).warmUp();
  const at = line.nowMs + 100;
  for (let i = 0; i < 6; i++) line.release(`P${i}`).put({ code: `P${i}`, atMs: at + i * 340 });
  for (const [eyeId, placeMm] of [["in", 200] as const, ["mid", 2000] as const]) {
    // In the middle of parcel 2.
    line.runTo(at + 2 * 340 + (placeMm - 200) / 2 + 50);
    flicker(line, eyeId, { from: "dark", forMs: 10 });
    // And in the gap behind it.
    line.runTo(at + 2 * 340 + (placeMm - 200) / 2 + 200);
    flicker(line, eyeId, { from: "light", forMs: 10 });
  }
  line.runTo(at + 9000);
  expect(line.parcels.map(({ where }) => where)).toEqual(Array(6).fill("out"));
  expect(line.facts("item")).toHaveLength(6);
  expect(line.core.snapshot(0).counts["flickers"]).toBe(4);
});

describe("a row", () => {
  test("is sorted as without a debounce", () => {
    const line = new LineFixture(debounced()).warmUp();
    const at = line.nowMs + 100;
    // So far apart that the eye behind the gate has seen a tail, and its debounce has passed, before the next command.
    for (let i = 0; i < 8; i++) line.put({ code: `P${i}`, atMs: at + i * 400 });
    for (let i = 0; i < 8; i += 2) line.release(`P${i}`);
    line.runTo(at + 9000);
    expect(line.parcels.map(({ where }) => where)).toEqual(["out", "end", "out", "end", "out", "end", "out", "end"]);
    expect(line.facts("alarm")).toEqual([]);
  });
});

test("a parcel and a gap that outlast the debounce by two samples are seen, however soon the next change comes", () => {
  const line = new LineFixture(debounced()).warmUp();
  const at = line.nowMs + 100;
  // 62 mm at 2 m/s: 31 ms.
  line.put({ code: "", atMs: at, lengthMm: 62 }, { code: "", atMs: at + 62, lengthMm: 62 }).runTo(at + 200);
  expect(line.facts("item")).toHaveLength(2);
});

test("a device that goes away takes with it what had not lasted: no item is made of a beam that nobody sees", () => {
  const line = new LineFixture(debounced()).warmUp();
  const at = line.nowMs + 100;
  line.put({ code: "A1", atMs: at }).runTo(at + 10);
  line.send({ kind: "device", deviceId: "plc", connected: false, armed: false });
  line.connected = false;
  line.runTo(at + 50);
  line.connect();
  line.runTo(at + 8000);
  expect(line.facts("item")).toEqual([]);
  expect(line.where("A1")).toEqual(["end"]);
});
