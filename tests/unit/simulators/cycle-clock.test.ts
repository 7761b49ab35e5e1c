// The cycles of a simulated PLC: as many as its time was, however late its process came to them, and none for a stop.
import { expect, test } from "vitest";
import { CycleClock } from "../../../simulators/wired/plc/cycle-clock.ts";

const MS = 1_000_000;

test("each cycle is due once, and no part of one is lost", () => {
  const clock = new CycleClock({ scanMs: 1, nowNs: 0, stops: () => 1 });
  const due = [0.4, 1.2, 2.1, 2.9, 3, 7.5, 8.2].map((ms) => clock.due(ms * MS).cycles);
  expect(due).toEqual([0, 1, 1, 0, 1, 4, 1]);
});

test("cycles that its machine had no time for are made up, those of a stop are not", () => {
  let stops = 7;
  const clock = new CycleClock({ scanMs: 1, nowNs: 0, stops: () => stops });
  expect(clock.due(250 * MS)).toEqual({ cycles: 250, stoodNs: 0 });
  stops += 1;
  expect(clock.due(650 * MS)).toEqual({ cycles: 1, stoodNs: 400 * MS });
  expect(clock.due(651 * MS)).toEqual({ cycles: 1, stoodNs: 0 });
  expect(clock.due(700 * MS)).toEqual({ cycles: 49, stoodNs: 0 });
});
