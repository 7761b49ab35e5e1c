// The letters that begin an input in a line of inputs, and what writer and reader must number alike.
import type { CommandOutcome, GatePosition } from "../../line/step.ts";

/** One letter an input, or a look-up of the input before it; `docs/reference/journal.md` says which numbers follow. */
export const LETTER = {
  /** A belt's first sample in the segment, a further one of the same belt as the last sample, one of another belt. */
  beltFirst: "B",
  beltSame: "b",
  beltOther: "n",
  driveRuns: "R",
  driveStands: "r",
  wake: "w",
  durable: "d",
  lastLook: "k",
  dark: "e",
  light: "E",
  signalOn: "S",
  signalOff: "s",
  gate: "g",
  command: "c",
  withdrawal: "h",
  /** Any input, as JSON in `data`; with its time too, where that is no safe integer. */
  json: "j",
  jsonTimed: "J",
  /** What a look-up answered: new, the same as one before, whole. */
  lookNew: "L",
  lookSame: "l",
  lookWhole: "Q",
} as const;

export const POSITIONS: readonly GatePosition[] = ["home", "out", "between", "unknown"];
export const OUTCOMES: readonly CommandOutcome[] = [
  ...(["notSent", "done", "refused", "inDoubt", "tooLate", "unknownParcel"] as const),
];

/** Answers that may be pointed back to; the oldest is forgotten. */
export const LOOK_SLOTS = 1024;

/** A number or nothing: 0 is null. */
export const shifted = (value: number | null): number => (value === null ? 0 : value >= 0 ? value + 1 : value);
export const unshifted = (value: number): number | null => (value === 0 ? null : value > 0 ? value - 1 : value);

/** What both sides know of a belt from its samples earlier in the segment: the next one is told by how it differs. */
export interface BeltTrack {
  atNs: number;
  periodNs: number;
  count: number;
  step: number;
  errorNs: number;
}

/** How a belt sample is told: time handed over, time from the reply (stamp + error) to that, count and error. */
export interface BeltNumbers {
  atNs: number;
  lagNs: number;
  count: number;
  errorNs: number;
}

export function nextTrack(before: BeltTrack | undefined, now: BeltNumbers): BeltTrack {
  const { atNs, count, errorNs } = now;
  if (before === undefined) return { atNs, periodNs: 0, count, step: 0, errorNs };
  return { atNs, periodNs: atNs - before.atNs, count, step: count - before.count, errorNs };
}
