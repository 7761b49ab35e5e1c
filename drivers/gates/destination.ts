// The words of a PLC that tracks: destination telegrams out, their verdicts and reports of parcels in. Pure.
import type { CommandOutcome, PlcReport } from "../../src/line/step.ts";
import { type NumberFormat, numberFrom, PLAIN_32, registersOf } from "../buses/number-format.ts";
import type { GatePermit } from "../buses/port.ts";
import type { BusRequest } from "../buses/request.ts";
import type { TrackerWiring } from "../inputs/wiring.ts";

/** @param format order of words and bytes of the device's numbers; left out: as the protocol writes them */
export type Tracker = TrackerWiring & { format?: NumberFormat };

const formatsOf = (format: NumberFormat = PLAIN_32) => ({
  one: { ...format, bits: 16 } as const,
  two: { ...format, bits: 32 } as const,
});

/** Sequence, number of the parcel, code of its destination, belt count after which the telegram is not true any more. */
export const TELEGRAM_REGISTERS = 7;
/** The verdicts on the last telegrams, so that one is not lost behind the next. */
const VERDICTS = 4;
const VERDICT_REGISTERS = 3;
/** Session, bits, and the verdicts. */
export const TRACKER_STATUS_REGISTERS = 2 + VERDICTS * VERDICT_REGISTERS;
const REPORT_HEAD = 2;
const REPORT_REGISTERS = 6;
const ARMED = 8;

export const reportRegisters = (slots: number): number => REPORT_HEAD + slots * REPORT_REGISTERS;

/** The code of the belt's end, and the number that means every parcel. */
const SAFE_END = 0;
const ALL_PARCELS = 0;
/** Nobody knows where the parcel is. */
const NOWHERE = 0xffff;

const OUTCOMES: Readonly<Record<number, CommandOutcome>> = {
  1: "done",
  2: "tooLate",
  // Something newer was said of this parcel: it was recalled meanwhile.
  3: "refused",
  4: "unknownParcel",
  5: "refused",
};

export interface TrackerStatus {
  /** Changes with every start of the PLC's program. */
  session: number;
  isArmed: boolean;
  /** By sequence. */
  verdicts: ReadonlyMap<number, CommandOutcome>;
}

/** @throws for a chute without a code, or a permit without a parcel: the configuration's rules exclude both */
export function destinationTelegram(tracker: Tracker, permit: GatePermit): BusRequest {
  const code = tracker.codes[permit.chuteId];
  if (code === undefined || permit.trackingId === undefined || permit.window === null)
    throw new Error(`permit ${permit.id}: no destination of chute ${permit.chuteId}`);
  return telegram(tracker, {
    sequence: permit.id,
    trackingId: permit.trackingId,
    code,
    untilCount: permit.window.untilCount,
  });
}

/** The safe end as a destination, which is never late. @param o.trackingId null: of every parcel that was told of before */
export const recallTelegram = (tracker: Tracker, o: { sequence: number; trackingId: number | null }): BusRequest =>
  telegram(tracker, {
    sequence: o.sequence,
    trackingId: o.trackingId ?? ALL_PARCELS,
    code: SAFE_END,
    untilCount: 0,
  });

function telegram(
  { register, format }: Tracker,
  o: { sequence: number; trackingId: number; code: number; untilCount: number },
): BusRequest {
  const { one, two } = formatsOf(format);
  const head = [...registersOf(o.sequence, two), ...registersOf(o.trackingId, two)];
  const values = [...head, ...registersOf(o.code, one), ...registersOf(o.untilCount, two)];
  return { kind: "writeRegisters", address: register, values };
}

export const trackerStatusRequest = ({ status }: TrackerWiring): BusRequest => ({
  kind: "readRegisters",
  address: status,
  count: TRACKER_STATUS_REGISTERS,
});

/** `words`: the status registers, in order. */
export function trackerStatusOf(words: ArrayLike<number>, format?: NumberFormat): TrackerStatus {
  const { one, two } = formatsOf(format);
  const verdicts = new Map<number, CommandOutcome>();
  for (let slot = 0; slot < VERDICTS; slot += 1) {
    const at = 2 + slot * VERDICT_REGISTERS;
    const outcome = OUTCOMES[numberFrom(words, at + 2, one)];
    if (outcome !== undefined) verdicts.set(numberFrom(words, at, two), outcome);
  }
  return { session: numberFrom(words, 0, one), isArmed: (numberFrom(words, 1, one) & ARMED) !== 0, verdicts };
}

/** The number of the newest report; they count from 1, and from 1 again in a new session. */
export const newestReport = (registers: ArrayLike<number>, { reports, format }: Tracker): number =>
  numberFrom(registers, reports, formatsOf(format).two);

/** Report number `n`, which must still stand in its slot; null: of a kind that this version does not know. */
export function reportAt(registers: ArrayLike<number>, tracker: Tracker, n: number): PlcReport | null {
  const at = tracker.reports + REPORT_HEAD + (n % tracker.slots) * REPORT_REGISTERS;
  const { one, two } = formatsOf(tracker.format);
  const word = (index: number): number => numberFrom(registers, at + index, one);
  const trackingId = numberFrom(registers, at + 1, two);
  const value = numberFrom(registers, at + 3, two);
  switch (word(0)) {
    case 1:
      return { kind: "came", trackingId, count: value };
    case 2:
      return { kind: "passed", trackingId, count: value };
    case 3: {
      const how = value === 1 ? "seen" : value === 2 ? "unseen" : "lost";
      return { kind: "ended", trackingId, how, chuteId: chuteOf(tracker, word(5)) };
    }
    default:
      return null;
  }
}

function chuteOf({ codes, safeEndChuteId }: TrackerWiring, code: number): string | null {
  if (code === SAFE_END) return safeEndChuteId;
  if (code === NOWHERE) return null;
  return Object.keys(codes).find((chuteId) => codes[chuteId] === code) ?? null;
}
