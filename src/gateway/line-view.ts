// The live state as the API shows it: the controller's picture, with the wall time of each alarm.
import { wallTimeOf } from "../journal/story.ts";
import type { AlarmView } from "../line/step.ts";
import type { LiveState } from "../process/live-message.ts";

type ShownAlarm = AlarmView & {
  /** Wall time at which it came, RFC 3339; null: the controller does not tell. */
  since: string | null;
};

export type LineView = { ageMs: number } & Omit<LiveState, "line"> & {
    line: Omit<LiveState["line"], "alarms"> & { alarms: readonly ShownAlarm[] };
  };

/** Urgent ones first, then the newest. */
export function lineView(state: LiveState, ageMs: number): LineView {
  const alarms = state.line.alarms.map((alarm): ShownAlarm => ({ ...alarm, since: sinceOf(alarm) }));
  alarms.sort((a, b) => rankOf(b) - rankOf(a) || Date.parse(b.since ?? "") - Date.parse(a.since ?? "") || 0);
  return { ageMs, ...state, line: { ...state.line, alarms } };
}

/** An alarm may be older than the run: it counts from the epoch of its own. A controller of before says no epoch. */
const sinceOf = ({ epochAt, sinceNs }: Partial<AlarmView>): string | null =>
  epochAt === undefined || sinceNs === undefined ? null : wallTimeOf({ wallTime: epochAt, atNs: 0 }, sinceNs).at;

const order = ["low", "medium", "high", "critical"];
const rankOf = (alarm: AlarmView): number => order.indexOf(alarm.priority);
