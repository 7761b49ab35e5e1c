// How an alarm's row is written: what it says, how it comes, stays and goes, and who may quiet it.
import type { AlarmFault, AlarmPriority } from "./fault.ts";

interface Row {
  means: string;
  controllerDoes: string;
  consequence: string;
  personShould: string;
}

/** Left out: no delay, not latching, acknowledged by an operator, put aside for a shift at most. */
type Terms = Partial<
  Pick<AlarmFault, "onDelayMs" | "offDelayMs" | "isLatching" | "acknowledgedBy" | "maxShelveMinutes">
>;

const SHIFT_MINUTES = 480;

const alarm =
  (lasts: AlarmFault["lasts"]) =>
  (priority: AlarmPriority, text: string, row: Row, terms: Terms = {}): AlarmFault => ({
    kind: "alarm",
    priority,
    text,
    lasts,
    onDelayMs: 0,
    offDelayMs: 0,
    isLatching: false,
    acknowledgedBy: "operator",
    maxShelveMinutes: SHIFT_MINUTES,
    ...row,
    ...terms,
  });

export const state = alarm("state");
export const event = alarm("event");

/** An event is over when it was not seen again for a minute: a slipping belt is one alarm, not a hundred. */
export const NOT_AGAIN_MS = 60_000;
/** The law's alarms are never put aside: a parcel may have left, or nobody knows whether one may. */
export const ofTheLaw: Terms = { maxShelveMinutes: 0 };
export const officerLatches: Terms = { isLatching: true, acknowledgedBy: "officer", ...ofTheLaw };
