// The cycles of a simulated PLC: as many as its time was, however late its process came to them, and none for a stop.
import { expect, test } from "vitest";
import { CycleClock } from "../../../simulators/wired/plc/cycle-clock.ts";

const MS = 1_000_000;

test("each cycle is due once, and no part of one is lost", () => {
  const clock = new CycleClock({ scanMs: 1, nowNs: 0, stops: () => 1 });
  const due = [0.4, 1.2, 2.1, 2.9, 3, 7.5, 8.2].map((ms) => clock.due(ms * MS));
  expect(due).toEqual([0, 1, 1, 0, 1, 4, 1]);
});

test("cycles that its machine had no time for are made up, those of a stop are not", () => {
  let stops = 7;
  const clock = new CycleClock({ scanMs: 1, nowNs: 0, stops: () => stops });
  expect(clock.due(250 * MS)).toBe(250);
  stops += 1;
  expect(clock.due(650 * MS)).toBe(1);
  expect(clock.due(651 * MS)).toBe(1);
  expect(clock.due(700 * MS)).toBe(49);
});
