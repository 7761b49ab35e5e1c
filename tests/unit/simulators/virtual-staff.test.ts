// The people at a virtual line: they see what keeps a belt down, also where the journal has named another reason before.
import { expect, test } from "vitest";
import { virtualClock } from "../../../simulators/virtual/clock.ts";
import { virtualStaff } from "../../../simulators/virtual/virtual-staff.ts";
import type { LineEntry } from "../../../src/line/entry.ts";

const S = 1e9;

test("a safe end that is blocked while the belt is down for a gate in doubt is cleared all the same, once", () => {
  const clock = virtualClock();
  const cleared: number[] = [];
  let stops: string[] = [];
  const staff = virtualStaff({
    ...{ clock, feed: () => {}, nowNs: clock.nowNs, changeContainer: () => {}, canTest: () => true },
    ...{ unlocksAfterNs: 20 * S, changesAfterNs: 20 * S, clearsAfterNs: 3 * S, testsAfterNs: 10 * S },
    stops: () => stops,
    clearSafeEnd() {
      cleared.push(clock.nowNs() / S);
      stops = ["GATE_IN_DOUBT:g1"];
    },
  });
  const permit = (allowed: boolean, why: string): LineEntry =>
    ({ kind: "linePermit", beltId: "b", permit: "run", allowed, why }) as LineEntry;
  stops = ["GATE_IN_DOUBT:g1", "SAFE_END_BLOCKED"];
  staff.see(permit(false, "GATE_IN_DOUBT:g1"));
  clock.runTo(12 * S);
  stops = [];
  staff.see(permit(true, "GATE_IN_DOUBT:g1"));
  clock.runTo(60 * S);
  expect(cleared).toEqual([4]);
});
