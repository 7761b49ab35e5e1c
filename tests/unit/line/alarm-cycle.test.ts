// The life cycle of one alarm: each phase, what leads out of it, and what holds over any order of inputs.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AlarmCycle,
  type AlarmInput,
  type AlarmTimes,
  afterRestart,
  alarmStep,
} from "../../../src/line/alarm-cycle.ts";

const MS = 1_000_000;
const plain: AlarmTimes = { lasts: "state", onDelayMs: 0, offDelayMs: 0, isLatching: false };
const slow: AlarmTimes = { ...plain, onDelayMs: 100, offDelayMs: 200 };
const moment: AlarmTimes = { ...plain, lasts: "event", offDelayMs: 1000 };

/** Inputs with their instants, ms. */
function run(times: AlarmTimes, ...inputs: readonly [AlarmInput, number][]): AlarmCycle | null {
  return inputs.reduce<AlarmCycle | null>(
    (alarm, [input, ms]) => alarmStep(alarm, input, { times, nowNs: ms * MS }),
    null,
  );
}
const phase = (...o: Parameters<typeof run>): string => run(...o)?.phase ?? "normal";

describe("a condition without delays", () => {
  test("comes, is seen, goes", () => {
    expect(phase(plain, ["raise", 0])).toBe("unacknowledged");
    expect(phase(plain, ["raise", 0], ["acknowledge", 1])).toBe("acknowledged");
    expect(phase(plain, ["raise", 0], ["acknowledge", 1], ["clear", 2])).toBe("normal");
  });
  test("gone before anybody saw it, it stays in the list until somebody does", () => {
    expect(phase(plain, ["raise", 0], ["clear", 1])).toBe("returned");
    expect(phase(plain, ["raise", 0], ["clear", 1], ["acknowledge", 2])).toBe("normal");
  });
  test("back again unseen, it is active once more", () => {
    expect(phase(plain, ["raise", 0], ["clear", 1], ["raise", 2])).toBe("unacknowledged");
  });
  test("raised again after it was acknowledged, it stays acknowledged", () => {
    expect(phase(plain, ["raise", 0], ["acknowledge", 1], ["raise", 2])).toBe("acknowledged");
  });
});

describe("a condition with delays", () => {
  test("shorter than its on-delay, it never was", () => {
    expect(phase(slow, ["raise", 0])).toBe("pending");
    expect(phase(slow, ["raise", 0], ["clear", 99], ["due", 100])).toBe("normal");
    expect(phase(slow, ["raise", 0], ["due", 99])).toBe("pending");
    expect(phase(slow, ["raise", 0], ["due", 100])).toBe("unacknowledged");
  });
  test("raised again while its on-delay runs, it does not wait longer", () => {
    expect(phase(slow, ["raise", 0], ["raise", 90], ["due", 100])).toBe("unacknowledged");
  });
  test("back within its off-delay, it never went", () => {
    const came: [AlarmInput, number][] = [
      ["raise", 0],
      ["due", 100],
      ["clear", 500],
    ];
    expect(phase(slow, ...came, ["due", 699])).toBe("unacknowledged");
    expect(phase(slow, ...came, ["due", 700])).toBe("returned");
    expect(phase(slow, ...came, ["raise", 600], ["due", 900])).toBe("unacknowledged");
  });
  test("gone again and again, the off-delay counts from the first going", () => {
    expect(phase(slow, ["raise", 0], ["due", 100], ["clear", 500], ["clear", 650], ["due", 700])).toBe("returned");
  });
});

describe("a moment", () => {
  test("returns when it was not seen again for its off-delay", () => {
    expect(phase(moment, ["raise", 0], ["due", 999])).toBe("unacknowledged");
    expect(phase(moment, ["raise", 0], ["due", 1000])).toBe("returned");
    expect(phase(moment, ["raise", 0], ["raise", 900], ["due", 1000])).toBe("unacknowledged");
    expect(phase(moment, ["raise", 0], ["acknowledge", 1], ["due", 1000])).toBe("normal");
  });
  test("latching, it stays until it is acknowledged, and is new after that", () => {
    const latching: AlarmTimes = { ...moment, offDelayMs: 0, isLatching: true };
    expect(phase(latching, ["raise", 0], ["due", 1e6])).toBe("unacknowledged");
    expect(phase(latching, ["raise", 0], ["acknowledge", 1])).toBe("normal");
    expect(phase(latching, ["raise", 0], ["acknowledge", 1], ["raise", 2])).toBe("unacknowledged");
  });
});

test("a latching condition that has gone stays active until it is acknowledged; seen before, it goes with its condition", () => {
  const latching: AlarmTimes = { ...plain, isLatching: true };
  expect(phase(latching, ["raise", 0], ["clear", 1])).toBe("unacknowledged");
  expect(phase(latching, ["raise", 0], ["clear", 1], ["acknowledge", 2])).toBe("normal");
  expect(phase(latching, ["raise", 0], ["acknowledge", 1], ["clear", 2])).toBe("normal");
});

describe("a restart", () => {
  const restarted = (times: AlarmTimes, alarm: AlarmCycle | null): AlarmCycle | null =>
    alarm === null ? null : afterRestart(alarm, { times, nowNs: 0, graceNs: 10 });
  test("what was seen and what was not is known; what still stands is told within the grace, or it returns", () => {
    const acknowledged = restarted(plain, run(plain, ["raise", 0], ["acknowledge", 1]));
    expect(acknowledged).toEqual({ phase: "acknowledged", isPresent: false, dueNs: 10 });
    expect(alarmStep(acknowledged, "due", { times: plain, nowNs: 10 })).toBeNull();
    expect(alarmStep(acknowledged, "raise", { times: plain, nowNs: 5 })).toMatchObject({
      phase: "acknowledged",
      dueNs: null,
    });
    const unseen = restarted(plain, run(plain, ["raise", 0]));
    expect(alarmStep(unseen, "due", { times: plain, nowNs: 10 })?.phase).toBe("returned");
  });
  test("a delay that ran is void, and what has returned unseen is still to be seen", () => {
    expect(restarted(slow, run(slow, ["raise", 0]))).toBeNull();
    expect(restarted(plain, run(plain, ["raise", 0], ["clear", 1]))?.phase).toBe("returned");
    const latching: AlarmTimes = { ...moment, offDelayMs: 0, isLatching: true };
    expect(restarted(latching, run(latching, ["raise", 0]))).toMatchObject({ phase: "unacknowledged", dueNs: null });
  });
});

const arbitraryTimes = fc.record({
  lasts: fc.constantFrom("state" as const, "event" as const),
  onDelayMs: fc.constantFrom(0, 3),
  offDelayMs: fc.constantFrom(0, 5),
  isLatching: fc.boolean(),
});
const arbitraryInputs = fc.array(
  fc.tuple(fc.constantFrom<AlarmInput[]>("raise", "clear", "due", "acknowledge"), fc.integer({ min: 0, max: 4 })),
  { maxLength: 40 },
);

test("any order of inputs: nobody is spared the acknowledgement, and every delay that runs has an end", () => {
  fc.assert(
    fc.property(arbitraryTimes, arbitraryInputs, (times, steps) => {
      let alarm: AlarmCycle | null = null;
      let ms = 0;
      let isUnseen = false;
      for (const [input, later] of steps) {
        ms += later;
        const before: AlarmCycle | null = alarm;
        alarm = alarmStep(alarm, input, { times, nowNs: ms * MS });
        if (alarm?.phase === "unacknowledged") isUnseen = true;
        if (input === "acknowledge") isUnseen = false;
        // It goes out of the list only by being seen.
        if (isUnseen) expect(alarm, `${input} at ${JSON.stringify(before)}`).not.toBeNull();
        if (alarm?.phase === "pending") expect(alarm.dueNs).not.toBeNull();
        // What neither stands nor waits for anything is only kept for somebody to see.
        if (alarm !== null && !alarm.isPresent && alarm.dueNs === null) expect(alarm.phase).not.toBe("acknowledged");
      }
    }),
  );
});
