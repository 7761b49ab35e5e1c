// What a part of a driver (gate, relay, watchdog, poll) hands to the bus, and how it hears what became of it.
import type { BeltStamp, CommandOutcome, GatePosition, PlcReport, WithdrawalOutcome } from "../../src/line/step.ts";
import type { BusJob, JobClass } from "./bus-queue.ts";
import type { Channels } from "./channels.ts";
import type { BusReply } from "./request.ts";

/** `sentNs` to `nowNs`: the device answered at some moment between. */
export interface ReplyTimes {
  sentNs: number;
  nowNs: number;
}

/** Exactly one of `answered` and `lost` for each job that went out; `overdue` may come before either. */
export interface JobOwner {
  answered(reply: BusReply, times: ReplyTimes & { wasOverdue: boolean }): void;
  /** No reply in time; the probe goes out next. */
  overdue(nowNs: number): void;
  /** The reply to the job's probe: the state after the job, whether it was carried out or not. */
  probed(reply: BusReply, times: ReplyTimes): void;
  /** The connection ended before a reply (not called again for a job that was overdue). */
  lost(nowNs: number): void;
}

export type Job = BusJob<JobOwner>;

/** What a driver says to its caller, as data; one to one with `PlcEvents`. */
export type PlcEvent =
  | { kind: "command"; id: number; outcome: CommandOutcome }
  | { kind: "withdrawal"; id: number; outcome: WithdrawalOutcome }
  | { kind: "report"; beltId: string; report: PlcReport }
  | { kind: "unsampled"; deviceId: string; fromNs: number; toNs: number }
  | { kind: "stood"; deviceId: string; forNs: number }
  | { kind: "drive"; beltId: string; running: boolean; atNs: number }
  | { kind: "belt"; encoderId: string; stamp: BeltStamp; errorNs: number }
  | { kind: "eye"; eyeId: string; edge: "dark" | "light"; after: BeltStamp; upTo: BeltStamp }
  | { kind: "gate"; gateId: string; position: GatePosition }
  | { kind: "signal"; inputId: string; value: boolean }
  | { kind: "device"; deviceId: string; connected: boolean; armed: boolean };

/** What the parts may ask of the machine that holds them. */
export interface JobHost {
  readonly timeoutNs: number;
  /** A read's reply tells the state after everything that was asked before it on the connection. */
  readonly answersInOrder: boolean;
  /** A connection exists; nothing may be added without one. */
  isOpen(): boolean;
  add(jobClass: JobClass, job: Job): void;
  /** Takes a job back that has not gone out. */
  drop(job: Job): void;
  readonly channels: Channels;
  emit(event: PlcEvent): void;
  /** The connection is of no use any more: reset it. */
  giveUp(why: string): void;
  /** The device refused with exception 04 or shows that its watchdog has tripped. */
  tripped(): void;
  /** Something went wrong that a person should be able to read. */
  complain(detail: string): void;
}
