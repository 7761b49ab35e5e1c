// The alarms of a line: delays by the line's own time, what the journal and the picture say, the cap, a restart.
import { expect, test } from "vitest";
import { acknowledge, raise, tickAlarms } from "../../../src/line/alarms.ts";
import { CAPS } from "../../../src/line/caps.ts";
import { emptyState } from "../../../src/line/state.ts";
import type { LineInput } from "../../../src/line/step.ts";
import type { Turn } from "../../../src/line/turn.ts";
import { LineFixture, oneGateLayout } from "./line-fixture.ts";

const device = (connected: boolean): LineInput => ({ kind: "device", deviceId: "plc", connected, armed: connected });
const phases = (line: LineFixture, code: string): (string | null | undefined)[] =>
  line.facts("alarm").flatMap((entry) => (entry.code === code ? [entry.phase] : []));
const shown = (line: LineFixture) => line.core.snapshot(line.nowMs * 1e6).alarms;
/** A wake at the instant that the line has asked for. */
function wakeWhenAsked(line: LineFixture): void {
  const asked = line.outputs.findLast((output) => output.kind === "wakeAt");
  if (asked?.kind !== "wakeAt") throw new Error("the line did not ask to be woken");
  line.nowMs = Math.ceil(asked.atNs / 1e6);
  line.send({ kind: "wake" });
}

test("a device that is back before anybody could have looked is no alarm", () => {
  const line = new LineFixture().warmUp();
  line.send(device(false));
  line.send(device(true));
  expect(phases(line, "DEVICE_DOWN")).toEqual([]);
  expect(shown(line)).toEqual([]);
});

test("a device that never connects after a start is an alarm; one that does in time is none", () => {
  const layout = oneGateLayout();
  const [belt] = layout.belts;
  if (belt === undefined) throw new Error("no belt");
  const gates = belt.gates.map((gate, at) => (at === 0 ? { ...gate, deviceId: "other" } : gate));
  const line = new LineFixture(oneGateLayout({ belts: [{ ...belt, gates }] })).warmUp();
  expect(
    shown(line)
      .filter(({ code }) => code === "DEVICE_DOWN")
      .map(({ source }) => source),
  ).toEqual(["other"]);
});

test("a device that stays away is an alarm by the line's own wake, and returns unseen when it is back for long enough", () => {
  const line = new LineFixture().warmUp();
  line.connected = false;
  line.send(device(false));
  expect(shown(line)).toEqual([]);
  wakeWhenAsked(line);
  expect(shown(line).filter(({ code }) => code === "DEVICE_DOWN")).toMatchObject([
    {
      code: "DEVICE_DOWN",
      source: "plc",
      phase: "unacknowledged",
      priority: "low",
      count: 1,
      acknowledgedBy: "operator",
    },
  ]);
  line.send(device(true));
  expect(phases(line, "DEVICE_DOWN")).toEqual(["unacknowledged"]);
  const backMs = line.nowMs;
  while (line.nowMs < backMs + 2000) wakeWhenAsked(line);
  expect(phases(line, "DEVICE_DOWN")).toEqual(["unacknowledged", "returned"]);
  expect(shown(line).find(({ code }) => code === "DEVICE_DOWN")).toMatchObject({ phase: "returned" });
});

test("what comes again while it is active only counts, and the newest word is shown", () => {
  const line = new LineFixture().warmUp();
  line.telegram(["NOBODY"]);
  line.telegram(["NOBODY"]);
  line.telegram(["NOBODY"]);
  expect(phases(line, "SCANNER_STRAY_TELEGRAM")).toEqual(["unacknowledged"]);
  expect(shown(line)).toMatchObject([{ code: "SCANNER_STRAY_TELEGRAM", count: 3 }]);
});

test("what nobody has seen is still to be seen after a restart, whether the checkpoint or the journal tells it", () => {
  const line = new LineFixture().warmUp();
  line.telegram(["NOBODY"]);
  const sinceMs = line.nowMs;
  const next = new LineFixture(line.layout, { entries: line.entries });
  expect(shown(next)).toMatchObject([
    { code: "SCANNER_STRAY_TELEGRAM", phase: "unacknowledged", sinceNs: sinceMs * 1e6 },
  ]);
  next.runTo(11_000);
  expect(shown(next)).toMatchObject([{ code: "SCANNER_STRAY_TELEGRAM", phase: "returned" }]);
});

test("a breach that no officer has acknowledged is an alarm from the first moment of the next run", () => {
  const line = new LineFixture().warmUp();
  const stamp = { atNs: line.nowMs * 1e6, count: null };
  line.send({ kind: "eye", eyeId: "out-eye", edge: "dark", after: stamp, upTo: stamp });
  const next = new LineFixture(line.layout, { entries: line.entries });
  next.runTo(60_000);
  const breach = shown(next).find(({ code }) => code === "LAW_BREACH");
  expect(breach).toMatchObject({ phase: "unacknowledged", priority: "critical", acknowledgedBy: "officer" });
  expect(shown(next).find(({ code }) => code === "LINE_STOPPED")).toMatchObject({ phase: "unacknowledged" });
});

function turnAt(nowNs: number, state = emptyState()): Turn {
  const slacks = { edgeUm: 0, lengthUm: 0, arrivalNs: 0, homeNs: 0, leadNs: 0, loopNs: 0 };
  const agendas = { slacks, looksAtAll: true, isLookedAt: true, byBelt: new Map(), fillings: new Map() };
  return { state, nowNs, out: [], indexes: new Map(), agendas, releases: { look: () => never() } };
}
const never = (): never => {
  throw new Error("nobody looks up here");
};

test("at the cap the oldest of the least priority goes, and says so; what matters more stays", () => {
  const turn = turnAt(0);
  raise(turn, { code: "LAW_BREACH", source: "out" });
  for (let n = 0; n < CAPS.alarms + 5; n++) raise(turn, { code: "CHUTE_UNEXPECTED_ITEM", source: `c${n}` });
  expect(turn.state.alarms.size).toBe(CAPS.alarms);
  expect(turn.state.counts["alarmsDropped"]).toBe(6);
  expect(turn.state.alarms.has("LAW_BREACH:out")).toBe(true);
  expect(turn.state.alarms.has("CHUTE_UNEXPECTED_ITEM:c5")).toBe(false);
  const gone = turn.out.filter((output) => output.kind === "alarm" && output.phase === null);
  expect(gone).toHaveLength(6);
});

test("at a cap of graver alarms the new one loses, and nothing else changes", () => {
  const turn = turnAt(0);
  for (let n = 0; n < CAPS.alarms; n++) raise(turn, { code: "LATE_HOLD", source: `c${n}` });
  const outputs = turn.out.length;
  raise(turn, { code: "EYE_MISSED_ITEM", source: "e" });
  expect(turn.state.alarms.has("EYE_MISSED_ITEM:e")).toBe(false);
  expect([turn.out.length, turn.state.counts["alarmsDropped"]]).toEqual([outputs, 1]);
});

test("an acknowledgement is journalled with the person, and the alarm goes when its time is over", () => {
  const state = emptyState();
  const turn = turnAt(0, state);
  raise(turn, { code: "EYE_MISSED_ITEM", source: "e" });
  acknowledge(turn, { key: "EYE_MISSED_ITEM:e", by: "wang" });
  expect(turn.out.at(-1)).toMatchObject({ kind: "alarm", phase: "acknowledged", by: "wang", active: true });
  const later = turnAt(state.alarmDueNs ?? 0, state);
  tickAlarms(later);
  expect(later.out.at(-1)).toMatchObject({ kind: "alarm", phase: null, active: false });
  expect([state.alarms.size, state.alarmDueNs]).toEqual([0, null]);
});
