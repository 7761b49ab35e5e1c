// What a bus does and in which states it may be: one request out, one overdue, one that asks after it.
import type { BusJob, PermitJob } from "./bus-queue.ts";
import type { BusSeat } from "./bus-seat.ts";
import type { BusReply, BusRequest } from "./request.ts";

/** A request that went out. A probe asks after the overdue job; a preparation moves nothing by itself. */
export interface Sent<P> {
  tag: number;
  job: BusJob<P>;
  role: "job" | "probe" | "preparation";
  isPoll: boolean;
  sentNs: number;
  deadlineNs: number;
}

export type BusState<P> =
  /** No connection. */
  | { name: "down" }
  | { name: "free" }
  /** One request is out, within its deadline. */
  | { name: "busy"; sent: Sent<P> }
  /** It did not answer in time: only a withdrawal or the probe may follow it, and nothing may move. */
  | { name: "overdue"; late: Sent<P> }
  /** That one is out too: an answer to either settles; silence gives the connection up. */
  | { name: "probing"; late: Sent<P>; sent: Sent<P> };

/** What is out and within its deadline still; null: nothing is. */
export const outOf = <P>(state: BusState<P>): Sent<P> | null =>
  state.name === "busy" || state.name === "probing" ? state.sent : null;

export type BusAction<P> =
  | { kind: "send"; tag: number; request: BusRequest }
  /** Exactly one for each request that went out, unless `overdue` or `lost` was its end. */
  | { kind: "answered"; job: BusJob<P>; reply: BusReply; sentNs: number; isProbe: boolean; wasOverdue: boolean }
  /** No reply in time. A write is in doubt from now on. */
  | { kind: "overdue"; job: BusJob<P> }
  /** The window is over, and it was never written. */
  | { kind: "expired"; job: PermitJob<P> }
  /** What has to stand in the registers before was not taken: the command was never written. */
  | { kind: "unprepared"; job: PermitJob<P>; reply: BusReply | null }
  /** The last look said no; no outcome is due. */
  | { kind: "withheld"; job: PermitJob<P> }
  /** The probe stayed silent too: the connection is to be reset. `down()` follows. */
  | { kind: "silent" };

export interface SchedulerOptions<P> {
  timeoutNs: number;
  /** The least reply time that is reckoned with. */
  replyFloorNs: number;
  /** The bus is free for this permit now: may it be written in this same turn? */
  lastLook: (id: number) => boolean;
  /** Joins neighbours into one job; left out: each is written on its own. */
  merge?: (jobs: readonly BusJob<P>[]) => BusJob<P>;
  /** Any request would feed a watchdog that must not be fed now: only withdrawals go out. */
  isStarving?: (nowNs: number) => boolean;
  /** A serial line that others use too. Left out: a connection of its own. */
  line?: { seat: BusSeat; wireNs: (request: BusRequest) => number };
}

export const answered = <P>(sent: Sent<P>, reply: BusReply, wasOverdue: boolean): BusAction<P> => ({
  kind: "answered",
  job: sent.job,
  reply,
  sentNs: sent.sentNs,
  isProbe: sent.role === "probe",
  wasOverdue,
});

/** A preparation that is answered late changes nothing: its permit is gone. */
export const lateAnswer = <P>(late: Sent<P>, reply: BusReply): BusAction<P> | null =>
  late.role === "preparation" ? null : answered(late, reply, true);
