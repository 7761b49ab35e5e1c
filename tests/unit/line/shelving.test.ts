// Alarms that a person has put aside: for a time, by name, never the law's; shown again when it is over or at a restart.
import { describe, expect, test } from "vitest";
import { alarms } from "../../../src/faults/alarms.ts";
import type { AlarmFault } from "../../../src/faults/fault.ts";
import { CAPS } from "../../../src/line/caps.ts";
import { createLine } from "../../../src/line/core.ts";
import { restore } from "../../../src/line/restore.ts";
import { give } from "./command-requests.ts";
import { LineFixture } from "./line-fixture.ts";

const STRAY = "SCANNER_STRAY_TELEGRAM:scan";
const MINUTE_MS = 60_000;

const shown = (line: LineFixture, key = STRAY) =>
  line.core.snapshot(line.nowMs * 1e6).alarms.find((alarm) => alarm.key === key);
const called = (line: LineFixture) =>
  line.outputs.flatMap((output) =>
    output.kind === "alarm" && output.key === STRAY ? [[output.phase, output.shelved ?? false]] : [],
  );

const nobodyLooks = (): never => {
  throw new Error("nobody looks up here");
};

/** An alarm that stands. */
function strayed(): LineFixture {
  const line = new LineFixture().warmUp();
  line.telegram(["NOBODY"]);
  return line;
}

/** Nothing rides: only the clock goes on, and the line is woken when it has asked for it. */
function waitMs(line: LineFixture, ms: number): void {
  const untilMs = line.nowMs + ms;
  for (let turns = 0; turns < 10_000; turns += 1) {
    const asked = line.outputs.findLast((output) => output.kind === "wakeAt");
    const atMs = asked?.kind === "wakeAt" ? Math.ceil(asked.atNs / 1e6) : Number.POSITIVE_INFINITY;
    if (atMs > untilMs || atMs <= line.nowMs) break;
    line.nowMs = atMs;
    line.send({ kind: "wake" });
  }
  line.nowMs = untilMs;
  line.send({ kind: "wake" });
}

describe("put aside", () => {
  test("an alarm is shown as that, with who and until when, and comes and goes without a call", () => {
    const line = strayed();
    expect(give(line, { command: "shelveAlarm", key: STRAY, minutes: 10 }, { who: "li" }).accepted).toBe(true);
    expect(shown(line)?.shelved).toEqual({ untilNs: line.nowMs * 1e6 + 600e9, by: "li" });
    waitMs(line, 2 * MINUTE_MS);
    expect(shown(line)?.phase).toBe("returned");
    line.telegram(["NOBODY"]);
    expect(called(line)).toEqual([
      ["unacknowledged", false],
      ["returned", true],
      ["unacknowledged", true],
    ]);
    expect(line.facts("operator")).toMatchObject([{ command: "shelveAlarm", target: STRAY, who: "li" }]);
  });

  test("it comes back by itself, and what stands then is called out anew", () => {
    const line = strayed();
    give(line, { command: "shelveAlarm", key: STRAY, minutes: 1 });
    waitMs(line, MINUTE_MS - 10);
    line.telegram(["NOBODY"]);
    expect(shown(line)?.shelved).not.toBeNull();
    waitMs(line, 10);
    expect(shown(line)).toMatchObject({ shelved: null, phase: "unacknowledged" });
    expect(called(line).at(-1)).toEqual(["unacknowledged", false]);
  });

  test("a person shows it again; twice is refused", () => {
    const line = strayed();
    give(line, { command: "shelveAlarm", key: STRAY, minutes: 480 });
    expect(give(line, { command: "unshelveAlarm", key: STRAY }).accepted).toBe(true);
    expect(shown(line)?.shelved).toBeNull();
    expect(give(line, { command: "unshelveAlarm", key: STRAY })).toMatchObject({ code: "COMMAND_NOT_SHELVED" });
  });

  test("a restart shows it, whether checkpoint or journal tells of the alarm", () => {
    const line = strayed();
    give(line, { command: "shelveAlarm", key: STRAY, minutes: 480 });
    const next = new LineFixture(line.layout, { entries: line.entries });
    expect(shown(next)).toMatchObject({ shelved: null, phase: "unacknowledged" });

    const state = restore(line.core.checkpoint(), []);
    expect([...state.shelved.keys()]).toEqual([STRAY]);
    const core = createLine({ state, releases: { look: nobodyLooks } });
    core.handle(
      {
        ...{ kind: "run", layout: line.layout, run: 2, journalId: "journal-1", codeVersion: "test", bootId: "other" },
        ...{ startedAt: "2026-01-01T01:00:00+08:00", epochMonotonicNs: "0", restored: true },
      },
      0,
    );
    const alarm = core.snapshot(0).alarms.find(({ key }) => key === STRAY);
    expect(alarm).toMatchObject({ shelved: null, phase: "unacknowledged" });
  });

  test("it can be acknowledged meanwhile", () => {
    const line = strayed();
    give(line, { command: "shelveAlarm", key: STRAY, minutes: 480 });
    expect(give(line, { command: "acknowledgeAlarm", key: STRAY }).accepted).toBe(true);
    expect(shown(line)?.phase).toBe("acknowledged");
  });
});

describe("not put aside", () => {
  test("a breach, by whomever", () => {
    const line = new LineFixture().warmUp();
    line.edge("out-eye", "dark");
    for (const key of ["LAW_BREACH:out", "LINE_STOPPED:b"])
      expect(give(line, { command: "shelveAlarm", key, minutes: 1 })).toMatchObject({ code: "COMMAND_ALARM_OF_LAW" });
    expect(shown(line, "LAW_BREACH:out")?.shelved).toBeNull();
  });

  test("what does not stand, and more at once than a person can keep in mind", () => {
    const line = strayed();
    expect(give(line, { command: "shelveAlarm", key: "BELT_SLIPS:b", minutes: 1 })).toMatchObject({
      code: "COMMAND_ALARM_UNKNOWN",
    });
    for (let n = 0; n <= CAPS.shelved; n += 1) {
      line.send({ kind: "scanner", scannerId: `s${n}`, state: "down" });
    }
    waitMs(line, 2000);
    const codes = Array.from({ length: CAPS.shelved + 1 }, (_, n) => {
      return give(line, { command: "shelveAlarm", key: `SCANNER_DOWN:s${n}`, minutes: 1 }).code;
    });
    expect(codes).toEqual([...Array.from({ length: CAPS.shelved }, () => null), "COMMAND_SHELF_FULL"]);
  });

  test("the law's alarms: the officer's, what latches, and what says that nobody knows", () => {
    for (const [code, alarm] of Object.entries<AlarmFault>(alarms)) {
      const isOfTheLaw = alarm.acknowledgedBy === "officer" || alarm.isLatching || alarm.priority !== "low";
      if (isOfTheLaw) expect(alarm.maxShelveMinutes, code).toBe(0);
      expect(alarm.maxShelveMinutes, code).toBeLessThanOrEqual(480);
    }
    for (const code of ["GATE_IN_DOUBT", "GATE_NOT_HOME", "LINE_STOPPED"] as const)
      expect(alarms[code].maxShelveMinutes, code).toBe(0);
  });
});
