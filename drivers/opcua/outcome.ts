// What a server's answer to a write or a call says: done, certainly not done, or in doubt.
import type { BusReply } from "../buses/request.ts";

const GOOD = 0x0000_0000;

/**
 * Status codes by their numbers (OPC 10000-6, annex A.2).
 * The server refused before it did anything. Every other bad code may stand for something that was begun: a time-out on
 * the way from the server to the PLC is the same doubt as one on the way from us to the server.
 */
const NOT_DONE: ReadonlySet<number> = new Set([
  0x801f_0000, // BadUserAccessDenied
  0x8025_0000, // BadSessionIdInvalid
  0x8026_0000, // BadSessionClosed
  0x8027_0000, // BadSessionNotActivated
  0x8033_0000, // BadNodeIdInvalid
  0x8034_0000, // BadNodeIdUnknown
  0x8035_0000, // BadAttributeIdInvalid
  0x8036_0000, // BadIndexRangeInvalid
  0x8037_0000, // BadIndexRangeNoData
  0x803b_0000, // BadNotWritable
  0x803c_0000, // BadOutOfRange
  0x803d_0000, // BadNotSupported
  0x8073_0000, // BadWriteNotSupported
  0x8074_0000, // BadTypeMismatch
  0x8075_0000, // BadMethodInvalid
  0x8076_0000, // BadArgumentsMissing
  0x80ab_0000, // BadInvalidArgument
  0x80af_0000, // BadInvalidState
  0x80e5_0000, // BadTooManyArguments
  0x8010_0000, // BadTooManyOperations
  0x800b_0000, // BadServiceUnsupported
  0x8111_0000, // BadNotExecutable
]);

/** What a device says that obeys nothing now: its watchdog has tripped, or it is in no state to move. */
const BAD_INVALID_STATE = 0x80af_0000;

/** Modbus' words for the same, in which the machine of a device thinks: see `doubtAfter`. */
const DEVICE_FAILURE = 4;
const ILLEGAL_VALUE = 3;
const ACKNOWLEDGE = 5;

export interface UaStatus {
  status: number;
  name: string;
}

/**
 * @param statuses one for each variable written, or the one of the call; several are in doubt unless all say the same
 * @returns written, refused, or in doubt until the device shows what it did
 */
export function outcomeOf(statuses: readonly UaStatus[]): BusReply {
  if (statuses.length === 0) return inDoubt("no status");
  const first = statuses.find(({ status }) => baseOf(status) !== GOOD);
  if (first === undefined) return { kind: "written" };
  if (!statuses.every(({ status }) => NOT_DONE.has(baseOf(status)))) return inDoubt(first.name);
  const code = baseOf(first.status) === BAD_INVALID_STATE ? DEVICE_FAILURE : ILLEGAL_VALUE;
  return { kind: "exception", code, text: first.name };
}

/**
 * Good codes with a meaning of their own ("completes asynchronously", "clamped") and all uncertain ones say that
 * something was done, not that it was this.
 */
const inDoubt = (text: string): BusReply => ({ kind: "exception", code: ACKNOWLEDGE, text });

/** Without the flag bits in the lower half. */
const baseOf = (status: number): number => (status & 0xffff_0000) >>> 0;
