// The words of a judging gate's mailbox: commands and withdrawals out, verdict and position in. Pure.
import type { GatePosition } from "../../src/line/step.ts";
import { type NumberFormat, numberFrom, registerCount, registersOf } from "../buses/number-format.ts";
import type { GatePermit } from "../buses/port.ts";
import type { BusRequest } from "../buses/request.ts";
import type { MailboxDrive } from "./schema.ts";

const ACCEPTED = 1;
const BIT = { home: 1, out: 2, fault: 4, armed: 8 } as const;
const WHOLE_CIRCLE = 0xffff_ffff;

/**
 * Registers that a mailbox takes: sequence, position, three counts and the time out for a command, then the sequence up
 * to which all is void; in its status sequence, verdict and bits.
 */
export function mailboxSpans(drive: { bits: 16 | 32 }): { command: number; void: number; status: number } {
  const one = registerCount(drive);
  return { command: 4 * one + 2, void: one, status: one + 2 };
}

/** What it takes in all: commands and withdrawals. */
export const mailboxRegisters = (drive: { bits: 16 | 32 }): number => 5 * registerCount(drive) + 2;

export interface MailboxStatus {
  /** The sequence that was judged last. */
  judged: number;
  isAccepted: boolean;
  position: GatePosition;
  /** The device carries out commands: its watchdog is fed. */
  isArmed: boolean;
}

/**
 * One write, so that no half command is ever judged.
 * @throws for a chute that the drive has no position for: the configuration's proof excludes it
 */
export function commandRequest(
  drive: MailboxDrive,
  o: { permit: GatePermit; sequence: number; format: NumberFormat },
): BusRequest {
  const { permit, format } = o;
  const position = drive.positions[permit.chuteId];
  if (position === undefined) throw new Error(`gate ${permit.gateId}: no position for chute ${permit.chuteId}`);
  // Without an encoder the window is the whole circle, and only the time out ends the command.
  const window = permit.window ?? { fromCount: 0, untilCount: WHOLE_CIRCLE, homeAtCount: 0 };
  const one: NumberFormat = { ...format, bits: 16 };
  const values = [
    ...registersOf(o.sequence, format),
    ...registersOf(position, one),
    ...registersOf(window.fromCount, format),
    ...registersOf(window.untilCount, format),
    ...registersOf(window.homeAtCount, format),
    ...registersOf(Math.min(0xffff, Math.max(1, Math.ceil(permit.maxOutMs))), one),
  ];
  return { kind: "writeRegisters", address: drive.register, values };
}

/** Nothing up to this sequence may be carried out any more. */
export const voidRequest = (drive: MailboxDrive, upTo: number, format: NumberFormat): BusRequest => ({
  kind: "writeRegisters",
  address: drive.register + mailboxSpans(drive).command,
  values: registersOf(upTo, format),
});

export const voidReadBack = (drive: MailboxDrive): BusRequest => ({
  kind: "readHolding",
  address: drive.register + mailboxSpans(drive).command,
  count: mailboxSpans(drive).void,
});

export const statusRequest = (drive: MailboxDrive): BusRequest => ({
  kind: drive.statusFrom === "holdingRegisters" ? "readHolding" : "readRegisters",
  address: drive.status,
  count: mailboxSpans(drive).status,
});

/** `words[at]` is the first of the status registers. */
export function statusOf(words: ArrayLike<number>, at: number, format: NumberFormat): MailboxStatus {
  const after = at + registerCount(format);
  const one: NumberFormat = { ...format, bits: 16 };
  const bits = numberFrom(words, after + 1, one);
  return {
    judged: numberFrom(words, at, format),
    isAccepted: numberFrom(words, after, one) === ACCEPTED,
    position: positionOf({
      isHome: (bits & BIT.home) !== 0,
      isOut: (bits & BIT.out) !== 0,
      isFaulty: (bits & BIT.fault) !== 0,
    }),
    isArmed: (bits & BIT.armed) !== 0,
  };
}

/** Both switches at once is a broken switch, not a place. */
export function positionOf(seen: { isHome: boolean; isOut: boolean; isFaulty: boolean }): GatePosition {
  if (seen.isFaulty || (seen.isHome && seen.isOut)) return "unknown";
  if (seen.isHome) return "home";
  return seen.isOut ? "out" : "between";
}
