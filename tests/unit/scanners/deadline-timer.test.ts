// A deadline that moves with every byte: one timer runs at a time, and it is never early and never forgotten.
import { expect, test } from "vitest";
import { DeadlineTimer } from "../../../drivers/scanners/clock.ts";

test("a deadline that moves on while the timer runs: no second timer, and due only at the new deadline", () => {
  const plant = plantWith(10e6);
  plant.timer.arm();
  plant.timer.arm();
  expect(plant.timersSet()).toBe(1);
  plant.deadlineNs = 25e6;
  plant.passMs(24);
  expect(plant.dueAtNs).toEqual([]);
  plant.passMs(2);
  expect(plant.dueAtNs).toEqual([26e6]);
  expect(plant.timersSet()).toBe(3);
});

test("a deadline that went away: the timer runs out and rests until it is armed again", () => {
  const plant = plantWith(10e6);
  plant.timer.arm();
  plant.deadlineNs = null;
  plant.passMs(50);
  expect(plant.timersSet()).toBe(1);
  plant.deadlineNs = 60e6;
  plant.timer.arm();
  plant.passMs(11);
  expect(plant.dueAtNs).toEqual([61e6]);
});

test("stopped: never due", () => {
  const plant = plantWith(10e6);
  plant.timer.arm();
  plant.timer.stop();
  plant.passMs(50);
  expect(plant.dueAtNs).toEqual([]);
});

/** A clock of whole milliseconds; what is due takes its deadline away, as a discarded frame does. */
function plantWith(deadlineNs: number) {
  let nowMs = 0;
  let set = 0;
  const pending = new Set<{ atMs: number; run: () => void }>();
  const clock = {
    nowNs: () => nowMs * 1e6,
    heardAfterNs: () => 0,
    setTimer(delayMs: number, run: () => void) {
      set += 1;
      const entry = { atMs: nowMs + delayMs, run };
      pending.add(entry);
      return () => void pending.delete(entry);
    },
  };
  const plant = {
    deadlineNs: deadlineNs as number | null,
    dueAtNs: [] as number[],
    timersSet: () => set,
    passMs(ms: number) {
      for (const endMs = nowMs + ms; nowMs < endMs; ) {
        nowMs += 1;
        for (const entry of [...pending].filter(({ atMs }) => atMs <= nowMs)) {
          pending.delete(entry);
          entry.run();
        }
      }
    },
  };
  const due = (nowNs: number) => {
    plant.dueAtNs.push(nowNs);
    plant.deadlineNs = null;
  };
  return Object.assign(plant, { timer: new DeadlineTimer(clock, () => plant.deadlineNs, due) });
}
