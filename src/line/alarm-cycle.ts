// The life cycle of one alarm after ISA-18.2, as a pure step: what comes, the delays and who looked decide its phase.

/** Normal is no alarm at all. `pending` waits for its on-delay and is shown to nobody; `returned` is ISA's RTN-unack. */
export type AlarmPhase = "pending" | "unacknowledged" | "acknowledged" | "returned";

export interface AlarmCycle {
  phase: AlarmPhase;
  /** The condition stands. */
  isPresent: boolean;
  /** When the running delay is over, ns of the run; null: none runs. */
  dueNs: number | null;
}

/** raise and clear: the condition came (again), went; due: the delay is over; acknowledge: a person has seen it. */
export type AlarmInput = "raise" | "clear" | "due" | "acknowledge";

export interface AlarmTimes {
  lasts: "state" | "event";
  onDelayMs: number;
  offDelayMs: number;
  isLatching: boolean;
}

/** @returns null: back to normal; the same object: nothing changed but perhaps a count */
export function alarmStep(
  alarm: AlarmCycle | null,
  input: AlarmInput,
  o: { times: AlarmTimes; nowNs: number },
): AlarmCycle | null {
  switch (input) {
    case "raise":
      return raised(alarm, o);
    case "clear":
      return cleared(alarm, o);
    case "due":
      if (alarm === null || alarm.dueNs === null || alarm.dueNs > o.nowNs) return alarm;
      return alarm.phase === "pending" ? active(o) : gone(alarm, o.times);
    case "acknowledge":
      return acknowledged(alarm, o.times);
    default:
      return input satisfies never;
  }
}

type Now = { times: AlarmTimes; nowNs: number };

function raised(alarm: AlarmCycle | null, now: Now): AlarmCycle {
  if (alarm === null && now.times.lasts === "state" && now.times.onDelayMs > 0)
    return { phase: "pending", isPresent: true, dueNs: now.nowNs + now.times.onDelayMs * 1e6 };
  if (alarm?.phase === "pending") return alarm;
  // One that had returned unseen is still to be seen: it comes at once, as itself.
  const next = active(now);
  return alarm?.phase === "acknowledged" ? { ...next, phase: "acknowledged" } : next;
}

/** A moment has no end of its own: it counts as gone, and the off-delay begins with it. */
function active({ times, nowNs }: Now): AlarmCycle {
  const alarm: AlarmCycle = { phase: "unacknowledged", isPresent: times.lasts === "state", dueNs: null };
  if (times.lasts === "state" || (times.isLatching && times.offDelayMs === 0)) return alarm;
  return { ...alarm, dueNs: nowNs + times.offDelayMs * 1e6 };
}

function cleared(alarm: AlarmCycle | null, { times, nowNs }: Now): AlarmCycle | null {
  if (alarm === null || alarm.phase === "pending") return null;
  if (!alarm.isPresent) return alarm;
  if (times.offDelayMs > 0) return { ...alarm, isPresent: false, dueNs: nowNs + times.offDelayMs * 1e6 };
  return gone(alarm, times);
}

function gone(alarm: AlarmCycle, { isLatching }: AlarmTimes): AlarmCycle | null {
  if (alarm.phase === "acknowledged") return null;
  return { phase: isLatching ? alarm.phase : "returned", isPresent: false, dueNs: null };
}

function acknowledged(alarm: AlarmCycle | null, { isLatching }: AlarmTimes): AlarmCycle | null {
  if (alarm === null || alarm.phase === "returned") return null;
  if (alarm.phase !== "unacknowledged") return alarm;
  const isOver = isLatching && !alarm.isPresent && alarm.dueNs === null;
  return isOver ? null : { ...alarm, phase: "acknowledged" };
}

/**
 * After a restart nobody knows what still stands: what does is raised again by the line, the rest returns when the
 * grace is over. What somebody has or has not seen is known.
 */
export function afterRestart(
  alarm: AlarmCycle,
  o: { times: AlarmTimes; nowNs: number; graceNs: number },
): AlarmCycle | null {
  if (alarm.phase === "pending") return null;
  if (alarm.phase === "returned") return alarm;
  const waits = o.times.lasts === "event" && o.times.isLatching && o.times.offDelayMs === 0;
  if (waits) return { ...alarm, isPresent: false };
  return { ...alarm, isPresent: false, dueNs: o.nowNs + o.graceNs };
}
