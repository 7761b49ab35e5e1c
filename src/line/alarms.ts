// Alarm states after ISA-18.2: active or not, each change journalled; text and remedy stand in the fault table.
import { type FaultCode, faultText } from "../faults/table.ts";
import { journal, type Turn } from "./turn.ts";

export interface AlarmChange {
  code: FaultCode;
  /** What it is about: a gate, an eye, a chute ... */
  source: string;
  detail?: string;
}

/** Raises the alarm unless it already stands. */
export function raise(turn: Turn, change: AlarmChange): void {
  const key = `${change.code}:${change.source}`;
  if (turn.state.alarms.has(key)) return;
  const text = faultText(change.code, {
    source: change.source,
    detail: change.detail ?? "",
  });
  turn.state.alarms.set(key, {
    code: change.code,
    source: change.source,
    text,
    sinceNs: turn.nowNs,
  });
  announce(turn, {
    key,
    code: change.code,
    source: change.source,
    active: true,
    text,
  });
}

/** The condition has returned to normal. */
export function clear(turn: Turn, change: { code: FaultCode; source: string }): void {
  const key = `${change.code}:${change.source}`;
  const alarm = turn.state.alarms.get(key);
  if (alarm === undefined) return;
  turn.state.alarms.delete(key);
  announce(turn, {
    key,
    code: change.code,
    source: change.source,
    active: false,
    text: alarm.text,
  });
}

function announce(
  turn: Turn,
  alarm: {
    key: string;
    code: string;
    source: string;
    active: boolean;
    text: string;
  },
): void {
  journal(turn, { kind: "alarm", ...alarm });
  turn.out.push({ kind: "alarm", ...alarm });
}
