// Read rate: too many parcels in a row without a read are an alarm, which goes when the next ones are read again.
import { expect, test } from "vitest";
import { fromCheckpoint, toCheckpoint } from "../../../src/line/checkpoint.ts";
import type { LineLayout } from "../../../src/line/layout.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const OF = 10;
const PITCH_MS = 400;

function judged(percent: number): LineLayout {
  const layout = oneGateLayout();
  const belts = layout.belts.map((belt) => ({
    ...belt,
    stations: belt.stations.map((station) => ({ ...station, noReads: { percent, of: OF } })),
  }));
  return { ...layout, belts };
}

/** A row of parcels; `null`: nothing was read on it, "": the scanner did not even speak. */
function pass(line: LineFixture, codes: readonly (string | null)[]): void {
  const at = line.nowMs + 100;
  line.put(...codes.map((code, i) => ({ code, atMs: at + i * PITCH_MS })));
  line.runTo(at + codes.length * PITCH_MS + 1500);
}

const row = (noReads: number, mark: string | null = null): (string | null)[] =>
  Array.from({ length: OF }, (_, i) => (i < noReads ? mark : `A${i}`));
const alarms = (line: LineFixture) =>
  line
    .facts("alarm")
    .filter(({ code }) => code === "SCANNER_NO_READS")
    .map(({ active, text }) => ({ active, text }));

test("fewer than the limit: no alarm; as many: an alarm that says how many, and gone with the next good block", () => {
  const line = new LineFixture(judged(30)).warmUp();
  pass(line, row(2));
  expect(alarms(line)).toEqual([]);
  pass(line, row(3));
  expect(alarms(line)).toEqual([{ active: true, text: "top: 3 of the last 10 parcels were not read" }]);
  pass(line, row(4));
  expect(alarms(line)).toHaveLength(1);
  pass(line, row(0));
  expect(alarms(line).map(({ active }) => active)).toEqual([true, false]);
});

test("a parcel on which the scanner did not even speak counts as not read, once", () => {
  const line = new LineFixture(judged(50)).warmUp();
  pass(line, row(5, ""));
  expect(alarms(line)).toMatchObject([{ text: "top: 5 of the last 10 parcels were not read" }]);
});

test("a scanner that is down has its own alarm: what it does not read is not counted", () => {
  const line = new LineFixture(judged(30)).warmUp();
  line.send({ kind: "scanner", scannerId: "scan", state: "down" });
  pass(line, row(10, ""));
  expect(alarms(line)).toEqual([]);
  line.send({ kind: "scanner", scannerId: "scan", state: "up" });
  pass(line, row(0));
  expect(alarms(line)).toEqual([]);
});

test("the tally outlives a checkpoint", () => {
  const line = new LineFixture(judged(30)).warmUp();
  pass(line, row(2).slice(0, 5));
  const checkpoint = line.core.checkpoint();
  const restored = fromCheckpoint(checkpoint);
  expect(restored.reads.get("top")).toEqual({ parcels: 5, noReads: 2 });
  expect(toCheckpoint(restored).state).toEqual(checkpoint.state);
});
