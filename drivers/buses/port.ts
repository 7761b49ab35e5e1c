// What the controller asks of a PLC (or remote I/O) and what it hears from it: gates, inputs and line permits of one bus.
// A driver keeps reconnection, back-off, staleness, arming and the watchdog to itself; a caller never sees a dead handle.
import type {
  BeltStamp,
  BeltWindow,
  CommandOutcome,
  GatePosition,
  PlcReport,
  WithdrawalOutcome,
} from "../../src/line/step.ts";

export interface GatePermit {
  /** Number of the durable entry behind it, 1..2^32-1, growing; the sequence that a judging PLC compares. */
  id: number;
  gateId: string;
  chuteId: string;
  /** Monotonic ns of the run: not written before, dropped (notSent) past `untilNs`. */
  fromNs: number;
  untilNs: number;
  window: BeltWindow | null;
  maxOutMs: number;
  /** A destination for this parcel of a PLC that tracks; absent: an order to the gate. */
  trackingId?: number;
}

export interface DeviceHealth {
  deviceId: string;
  /** It may be read. */
  connected: boolean;
  /** It may move: outputs known, watchdog running, map matches. */
  armed: boolean;
  reconnects: number;
  timeouts: number;
  /** Writes whose effect is not known yet. */
  inDoubt: number;
  requests: number;
  /** Bytes on its wire that were part of no reply that was waited for: noise, late replies, other talkers. */
  strayBytes: number;
  lastError: string | null;
}

/** Called on the main loop, never re-entrantly from within a call into the driver, except `lastLook`. */
export interface PlcEvents {
  /**
   * The bus is free for this permit now. True: the driver writes it in this same turn, at most once. False: it is
   * dropped without an outcome.
   */
  lastLook(id: number): boolean;
  /** Exactly one for each `permit` call for which `lastLook` was true or which was never asked (notSent). */
  command(id: number, outcome: CommandOutcome): void;
  withdrawal(id: number, outcome: WithdrawalOutcome): void;
  /** Of a device that tracks, each once and in order; after the belt's count of the same sample. */
  report(beltId: string, report: PlcReport): void;
  belt(encoderId: string, stamp: BeltStamp, errorNs: number): void;
  /** Two samples of the device's eyes lay further apart than its polls promise; told before the edges of the second. */
  unsampled(deviceId: string, fromNs: number, toNs: number): void;
  /** The device's program may have stood for so long, and its counters with it; told before the counts of the next sample. */
  stood(deviceId: string, forNs: number): void;
  /** With every sample, for a belt without encoder: whether its drive ran at some moment after `atNs`. */
  drive(beltId: string, running: boolean, atNs: number): void;
  /** The beam changed between the two samples. A lost connection makes the next sample a fresh start: no edge is made. */
  eye(eyeId: string, edge: "dark" | "light", after: BeltStamp, upTo: BeltStamp): void;
  gate(gateId: string, position: GatePosition): void;
  signal(inputId: string, value: boolean): void;
  device(deviceId: string, connected: boolean, armed: boolean): void;
}

export interface PlcPort {
  readonly deviceId: string;
  /** Starts connecting; returns at once. */
  open(events: PlcEvents): void;
  /**
   * Queued before every poll; nothing is written before `fromNs`, nothing after `untilNs`. A destination (`trackingId`)
   * may come again with the same id once its outcome was told.
   */
  permit(permit: GatePermit): void;
  /** A permit not yet written is dropped (outcome notSent); one already written is not touched. */
  cancel(id: number): void;
  /** Before everything else that waits; kept until confirmed, over reconnections. */
  withdraw(withdrawal: { id: number; gateId: string; voidUpTo: number; trackingId?: number }): void;
  /** Run and infeed permit: the wanted state, written at once and again after every reconnection. */
  linePermit(coilId: string, allowed: boolean): void;
  /**
   * A person has tested the gate at standstill. The only end of a doubt about a plain coil whose connection broke before
   * the read-back was answered (law 6); a judging gate's doubt ends by its sequence.
   */
  tested(gateId: string): void;
  /** The loop lives: feeds the watchdog. Called at least every few ms by the controller's own loop, from nothing else. */
  alive(): void;
  health(): DeviceHealth;
  /** Withdraws every gate, drops the line permits, ends the socket by reset. Settles within `withinMs`. */
  close(withinMs: number): Promise<void>;
}
