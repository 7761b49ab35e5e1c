// How soon a unit that does not answer is tried again: beside others that do, alone on its line, and when a cable is back.
import { expect, test } from "vitest";
import { ProbeSlots } from "../../../../drivers/buses/rtu/probe-slots.ts";

const TIMEOUT_NS = 50e6;
const timeoutNs = (): number => TIMEOUT_NS;

/** Tries of units that stay dead, in timeouts from the beginning, looked for each tenth of one. */
function triesOf(slots: ProbeSlots<number>, o: { from: number; until: number }): { unit: number; at: number }[] {
  const tries: { unit: number; at: number }[] = [];
  for (let at = o.from; at < o.until; at += 0.1) {
    const unit = slots.take(at * TIMEOUT_NS, timeoutNs);
    if (unit === null) continue;
    tries.push({ unit, at: Math.round(at) });
    slots.ask(unit);
  }
  return tries;
}

function opened(...units: number[]): ProbeSlots<number> {
  const slots = new ProbeSlots<number>();
  for (const unit of units) slots.ask(unit);
  return slots;
}

test("each unit is tried at once when the line opens", () => {
  const slots = opened(1, 2, 3);
  expect([1, 2, 3].map(() => slots.take(0, timeoutNs))).toEqual([1, 2, 3]);
});

test("beside a unit that answers, dead ones are tried for less than a hundredth of the time, all together", () => {
  const slots = opened(1, 2, 3);
  expect(slots.take(0, timeoutNs)).toBe(1);
  slots.answered(1);
  triesOf(slots, { from: 0, until: 100 });
  const tries = triesOf(slots, { from: 100, until: 2100 });
  expect(tries.length / 2000).toBeLessThanOrEqual(0.01);
  expect(new Set(tries.map(({ unit }) => unit))).toEqual(new Set([2, 3]));
});

test("alone on its line a dead unit is tried in each ten timeouts: it holds nobody up", () => {
  expect(triesOf(opened(1), { from: 0, until: 45 })).toEqual([0, 10, 20, 30, 40].map((at) => ({ unit: 1, at })));
});

test("units of a line on which nobody answers are tried by turns, one in ten timeouts", () => {
  const tries = triesOf(opened(1, 2), { from: 0, until: 45 });
  expect(tries.map(({ at }) => at)).toEqual([0, 0, 10, 20, 30, 40]);
  expect(tries.map(({ unit }) => unit)).toEqual([1, 2, 1, 2, 1, 2]);
});

test("the first to answer on a dead line brings the others a try each, at once unless they were just tried", () => {
  const slots = opened(1, 2, 3);
  triesOf(slots, { from: 0, until: 25 });
  // At 10 unit 1 was tried, at 20 unit 2; unit 3 last at 0.
  expect(slots.take(31 * TIMEOUT_NS, timeoutNs)).toBe(3);
  expect(slots.answered(3)).toBe(true);
  expect(triesOf(slots, { from: 32, until: 90 })).toEqual([
    { unit: 1, at: 32 },
    { unit: 2, at: 32 },
  ]);
  expect(slots.answered(3)).toBe(false);
});

test("the last that answered goes: those that waited for their share are tried sooner", () => {
  const slots = opened(1, 2);
  slots.take(0, timeoutNs);
  slots.answered(1);
  triesOf(slots, { from: 0, until: 50 });
  const beside = slots.dueNs;
  expect(slots.drop(1)).toBe(true);
  expect(slots.dueNs).toBeLessThan(beside);
});
