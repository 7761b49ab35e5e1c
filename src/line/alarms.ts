// The standing alarms of the line: raised, cleared, acknowledged and timed; every change of phase is journalled.
import { alarms as table } from "../faults/alarms.ts";
import type { AlarmFault, AlarmPriority } from "../faults/fault.ts";
import { type FaultCode, faultText } from "../faults/table.ts";
import { type AlarmCycle, type AlarmInput, afterRestart, alarmStep } from "./alarm-cycle.ts";
import { CAPS } from "./caps.ts";
import type { Alarm, LineState } from "./state.ts";
import { count, journal, type Turn } from "./turn.ts";

export interface AlarmChange {
  code: FaultCode;
  /** What it is about: a gate, an eye, a chute ... */
  source: string;
  detail?: string;
}

/** Longer than devices and scanners take to say how they are after a start. */
const RESTART_GRACE_NS = 10_000_000_000;
const MINUTE_NS = 60_000_000_000;

/** The condition stands, or has come again: while the alarm is active that only counts. */
export function raise(turn: Turn, change: AlarmChange): void {
  const key = `${change.code}:${change.source}`;
  const { code, source } = change;
  const text = faultText(code, { source, detail: change.detail ?? "" });
  const known = turn.state.alarms.get(key);
  if (known !== undefined) {
    known.text = text;
    known.count++;
    if (known.cycle.phase === "returned") Object.assign(known, { sinceNs: turn.nowNs, epochAt: turn.state.epochAt });
    step(turn, { key, alarm: known, input: "raise" });
    return;
  }
  const cycle = alarmStep(null, "raise", { times: table[code], nowNs: turn.nowNs });
  if (cycle === null || !makeRoom(turn, code)) return;
  const alarm: Alarm = { code, source, text, count: 1, sinceNs: turn.nowNs, epochAt: turn.state.epochAt, cycle };
  turn.state.alarms.set(key, alarm);
  if (cycle.phase !== "pending") announce(turn, { key, alarm, phase: cycle.phase, by: null });
  noteDue(turn.state);
}

/** The condition has returned to normal. */
export function clear(turn: Turn, change: { code: FaultCode; source: string }): void {
  const key = `${change.code}:${change.source}`;
  const alarm = turn.state.alarms.get(key);
  if (alarm !== undefined) step(turn, { key, alarm, input: "clear" });
}

/** @param o.by token name of the person; the caller has judged the role */
export function acknowledge(turn: Turn, o: { key: string; by: string }): void {
  const alarm = turn.state.alarms.get(o.key);
  if (alarm !== undefined) step(turn, { key: o.key, alarm, input: "acknowledge", by: o.by });
}

/** Put aside: the alarm lives on, and nobody is called. The caller has judged whether and how long it may be. */
export function shelve(turn: Turn, o: { key: string; minutes: number; by: string }): void {
  turn.state.shelved.set(o.key, { untilNs: turn.nowNs + o.minutes * MINUTE_NS, by: o.by });
  noteDue(turn.state);
}

/** By a person, or because its time is over: what stands or was not seen is called out anew. */
export function unshelve(turn: Turn, key: string): void {
  turn.state.shelved.delete(key);
  noteDue(turn.state);
  const alarm = turn.state.alarms.get(key);
  if (alarm !== undefined && alarm.cycle.phase !== "pending")
    announce(turn, { key, alarm, phase: alarm.cycle.phase, by: null });
}

/** What of the table belongs to an alarm; one of another version's table is treated as the plainest. */
export const termsOf = (code: string): AlarmFault =>
  (table as Readonly<Record<string, AlarmFault>>)[code] ?? table.SCANNER_STRAY_TELEGRAM;

/** Ends the delays that are over; costs a comparison while there are none. */
export function tickAlarms(turn: Turn): void {
  const { alarmDueNs } = turn.state;
  if (alarmDueNs === null || alarmDueNs > turn.nowNs) return;
  for (const [key, alarm] of [...turn.state.alarms]) step(turn, { key, alarm, input: "due" });
  for (const [key, { untilNs }] of [...turn.state.shelved]) if (untilNs <= turn.nowNs) unshelve(turn, key);
}

/** The alarms of the run before: what is known of them stays, see `afterRestart`. */
export function carryAlarms(turn: Turn): void {
  // How long it was to be put aside was said in times of the run before: it is shown, and may be put aside again.
  turn.state.shelved.clear();
  for (const [key, alarm] of [...turn.state.alarms]) {
    // A checkpoint of an older version has alarms without a cycle.
    const before = alarm.cycle ?? { phase: "unacknowledged", isPresent: true, dueNs: null };
    const o = { times: termsOf(alarm.code), nowNs: turn.nowNs, graceNs: RESTART_GRACE_NS };
    const cycle = afterRestart(before, o);
    if (cycle === null) turn.state.alarms.delete(key);
    else turn.state.alarms.set(key, { ...alarm, cycle, count: alarm.count ?? 1, epochAt: alarm.epochAt ?? "" });
  }
  noteDue(turn.state);
}

function step(turn: Turn, o: { key: string; alarm: Alarm; input: AlarmInput; by?: string }): void {
  const { key, alarm, input } = o;
  const before = alarm.cycle.phase;
  const cycle = alarmStep(alarm.cycle, input, { times: termsOf(alarm.code), nowNs: turn.nowNs });
  if (cycle === null) turn.state.alarms.delete(key);
  else alarm.cycle = cycle;
  noteDue(turn.state);
  const after = cycle?.phase ?? null;
  if (before === after || (before === "pending" && after === null)) return;
  announce(turn, { key, alarm, phase: after, by: o.by ?? null });
}

function announce(turn: Turn, o: { key: string; alarm: Alarm; phase: AlarmCycle["phase"] | null; by: string | null }) {
  const { code, source, text, count: times } = o.alarm;
  const fact = {
    key: o.key,
    code,
    source,
    active: o.phase === "unacknowledged" || o.phase === "acknowledged",
    phase: o.phase === "pending" ? null : o.phase,
    count: times,
    by: o.by,
    ...(turn.state.shelved.has(o.key) ? { shelved: true } : {}),
    text,
  };
  journal(turn, { kind: "alarm", ...fact });
  turn.out.push({ kind: "alarm", ...fact, priority: termsOf(code).priority });
}

/** The earliest end of a delay, so that the line asks to be woken then. */
function noteDue(state: LineState): void {
  let dueNs: number | null = null;
  for (const { cycle } of state.alarms.values())
    if (cycle.dueNs !== null && (dueNs === null || cycle.dueNs < dueNs)) dueNs = cycle.dueNs;
  for (const { untilNs } of state.shelved.values()) if (dueNs === null || untilNs < dueNs) dueNs = untilNs;
  state.alarmDueNs = dueNs;
}

const ranks: Readonly<Record<AlarmPriority, number>> = { low: 0, medium: 1, high: 2, critical: 3 };
const rankOf = (code: string): number => ranks[termsOf(code).priority];

/** At the cap the least important alarm goes, the oldest of them first; false: that would be the new one itself. */
function makeRoom(turn: Turn, code: FaultCode): boolean {
  const { alarms } = turn.state;
  if (alarms.size < CAPS.alarms) return true;
  count(turn, "alarmsDropped");
  let loser: { key: string; alarm: Alarm } | null = null;
  for (const [key, alarm] of alarms)
    if (loser === null || rankOf(alarm.code) < rankOf(loser.alarm.code)) loser = { key, alarm };
  if (loser === null || rankOf(loser.alarm.code) > rankOf(code)) return false;
  alarms.delete(loser.key);
  if (loser.alarm.cycle.phase !== "pending") announce(turn, { ...loser, phase: null, by: null });
  return true;
}
