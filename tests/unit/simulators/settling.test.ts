// From when on a belt has to deliver again after the last fault: people need their time while it stands.
import { expect, test } from "vitest";
import { Settling } from "../../../simulators/virtual/settling.ts";
import type { LineEntry } from "../../../src/line/entry.ts";

const S = 1e9;
const SETTLED_NS = 100 * S;

const permit = (beltId: string, allowed: boolean): LineEntry =>
  ({ kind: "linePermit", beltId, permit: "run", allowed, why: "GATE_IN_DOUBT:g1" }) as LineEntry;

function settling(...entries: (readonly [number, LineEntry])[]): (beltId: string) => number {
  const settling = new Settling(SETTLED_NS);
  for (const [atS, entry] of entries) settling.entry(entry, atS * S);
  return (beltId) => settling.of(beltId) / S;
}

test("a belt that stood when the faults were over settles after it was let run again; another one is not excused by it", () => {
  const of = settling([87, permit("a", false)], [97.5, permit("a", true)]);
  expect(of("a")).toBe(111.5);
  expect(of("b")).toBe(100);
});

test("a stop long before the last fault's end changes nothing", () => {
  expect(settling([10, permit("a", false)], [20, permit("a", true)])("a")).toBe(100);
});

test("a stop after all should have settled is no excuse, nor one that follows on an excused one", () => {
  expect(settling([100, permit("a", false)], [110, permit("a", true)])("a")).toBe(100);
  const of = settling(
    ...([
      [99, permit("a", false)],
      [109, permit("a", true)],
    ] as const),
    ...([
      [110, permit("a", false)],
      [130, permit("a", true)],
    ] as const),
  );
  expect(of("a")).toBe(123);
});

test("a controller that comes up anew lets its belts run, whatever the run before had against it", () => {
  const run = { kind: "run", run: 2 } as LineEntry;
  const infeed = { kind: "linePermit", beltId: "a", permit: "infeed", allowed: true, why: "" } as LineEntry;
  expect(settling([95, permit("a", false)], [96, infeed], [98, run], [120, permit("a", true)])("a")).toBe(112);
});
