// The words of a judging gate's mailbox: commands and withdrawals out, verdict and position in. Pure.

import type { GatePosition } from "../../src/line/step.ts";
import type { GatePermit } from "../buses/port.ts";
import type { BusRequest } from "../buses/request.ts";
import { fromWords, wordsOf } from "../buses/serial-number.ts";
import type { MailboxDrive } from "./schema.ts";

export const STATUS_REGISTERS = 4;
const VOID_OFFSET = 10;
const ACCEPTED = 1;
const BIT = { home: 1, out: 2, fault: 4, armed: 8 } as const;

export interface MailboxStatus {
  /** The sequence that was judged last. */
  judged: number;
  isAccepted: boolean;
  position: GatePosition;
  /** The device carries out commands: its watchdog is fed. */
  isArmed: boolean;
}

/**
 * Registers 0..9 in one write, so that no half command is ever judged.
 * @throws for a chute that the drive has no position for: the configuration's proof excludes it
 */
export function commandRequest(drive: MailboxDrive, permit: GatePermit): BusRequest {
  const position = drive.positions[permit.chuteId];
  if (position === undefined) throw new Error(`gate ${permit.gateId}: no position for chute ${permit.chuteId}`);
  // Without an encoder the window is the whole circle, and only the time out ends the command.
  const window = permit.window ?? { fromCount: 0, untilCount: 0xffff_ffff, homeAtCount: 0 };
  const values = [
    ...wordsOf(permit.id),
    position,
    ...wordsOf(window.fromCount),
    ...wordsOf(window.untilCount),
    ...wordsOf(window.homeAtCount),
    Math.min(0xffff, Math.max(1, Math.ceil(permit.maxOutMs))),
  ];
  return { kind: "writeRegisters", address: drive.register, values };
}

/** Nothing up to this sequence may be carried out any more. */
export const voidRequest = (drive: MailboxDrive, upTo: number): BusRequest => ({
  kind: "writeRegisters",
  address: drive.register + VOID_OFFSET,
  values: wordsOf(upTo),
});

export const voidReadBack = (drive: MailboxDrive): BusRequest => ({
  kind: "readHolding",
  address: drive.register + VOID_OFFSET,
  count: 2,
});

export const statusRequest = (drive: MailboxDrive): BusRequest => ({
  kind: "readRegisters",
  address: drive.status,
  count: STATUS_REGISTERS,
});

/** `words`: the status registers, in order. */
export function statusOf(words: ArrayLike<number>): MailboxStatus {
  const bits = words[3] ?? 0;
  return {
    judged: fromWords(words[0] ?? 0, words[1] ?? 0),
    isAccepted: words[2] === ACCEPTED,
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
