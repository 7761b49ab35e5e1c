// Decides which request a bus carries next, when one is overdue, and when the connection has to be given up. Pure.

import { ReplyTime } from "./reply-time.ts";
import type { BusReply, BusRequest } from "./request.ts";

/** `P` says what the job is for; the scheduler only carries it. */
export interface BusJob<P> {
  purpose: P;
  request: BusRequest;
  /**
   * What is asked when the reply stays out: a read that shows what became of it. Servers answer in order, so that its
   * reply on the same connection tells the state after the request, whether that was carried out or not.
   */
  probe: BusRequest;
}

/** Written only while the bus is free between `fromNs` and `untilNs`, and only after a last look. */
export interface PermitJob<P> extends BusJob<P> {
  id: number;
  gateId: string;
  fromNs: number;
  untilNs: number;
}

/** In the order in which the bus serves them, permits standing between the first two. */
export type JobClass = "withdrawal" | "readBack" | "poll";

/** A request that went out. `isProbe`: it asks after the overdue `job`. */
interface Sent<P> {
  tag: number;
  job: BusJob<P>;
  isProbe: boolean;
  sentNs: number;
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

export type BusAction<P> =
  | { kind: "send"; tag: number; request: BusRequest }
  /** Exactly one for each request that went out, unless `overdue` or `lost` was its end. */
  | { kind: "answered"; job: BusJob<P>; reply: BusReply; sentNs: number; isProbe: boolean; wasOverdue: boolean }
  /** No reply in time. A write is in doubt from now on. */
  | { kind: "overdue"; job: BusJob<P> }
  /** The window is over, and it was never written. */
  | { kind: "expired"; job: PermitJob<P> }
  /** The last look said no; no outcome is due. */
  | { kind: "withheld"; job: PermitJob<P> }
  /** The probe stayed silent too: the connection is to be reset. `down()` follows. */
  | { kind: "silent" };

/** Permits beyond this many are refused; the other queues hold one job of each gate, relay, watchdog and poll. */
export const MAX_WAITING_PERMITS = 64;

export interface SchedulerOptions {
  timeoutNs: number;
  /** The least reply time that is reckoned with. */
  replyFloorNs: number;
  /** The bus is free for this permit now: may it be written in this same turn? */
  lastLook: (id: number) => boolean;
}

export class BusScheduler<P> {
  readonly #options: SchedulerOptions;
  readonly #replyTime: ReplyTime;
  readonly #waiting: Record<JobClass, BusJob<P>[]> = { withdrawal: [], readBack: [], poll: [] };
  #permits: PermitJob<P>[] = [];
  readonly #heldGates = new Set<string>();
  #state: BusState<P> = { name: "down" };
  #lastTag = 0;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#replyTime = new ReplyTime({ floorNs: options.replyFloorNs, ceilingNs: options.timeoutNs });
  }

  get state(): BusState<P>["name"] {
    return this.#state.name;
  }

  get worstReplyNs(): number {
    return this.#replyTime.worstNs;
  }

  up(): void {
    this.#state = { name: "free" };
  }

  /** The connection is gone, and with it all that waited: the jobs that were out, and the permits never written. */
  down(): { out: BusJob<P>[]; permits: PermitJob<P>[] } {
    const state = this.#state;
    // An overdue job has had its end; only what was still within its deadline is news.
    const out = state.name === "busy" || state.name === "probing" ? [state.sent] : [];
    this.#state = { name: "down" };
    this.#heldGates.clear();
    for (const queue of Object.values(this.#waiting)) queue.length = 0;
    return { out: out.filter((sent) => !sent.isProbe).map((sent) => sent.job), permits: this.takePermits(() => true) };
  }

  add(jobClass: JobClass, job: BusJob<P>): void {
    this.#waiting[jobClass].push(job);
  }

  /** Takes a job back that has not gone out. */
  drop(job: BusJob<P>): void {
    for (const queue of Object.values(this.#waiting)) {
      const at = queue.indexOf(job);
      if (at >= 0) queue.splice(at, 1);
    }
  }

  /** False: too many are waiting. */
  addPermit(job: PermitJob<P>): boolean {
    if (this.#permits.length >= MAX_WAITING_PERMITS) return false;
    this.#permits.push(job);
    this.#permits.sort((a, b) => a.fromNs - b.fromNs);
    return true;
  }

  /** Takes permits that were never written out of the queue. */
  takePermits(which: (job: PermitJob<P>) => boolean): PermitJob<P>[] {
    const taken = this.#permits.filter(which);
    if (taken.length > 0) this.#permits = this.#permits.filter((job) => !taken.includes(job));
    return taken;
  }

  /** While held, no permit of this gate is written: the device has not said what became of the one before. */
  hold(gateId: string): void {
    this.#heldGates.add(gateId);
  }

  release(gateId: string): void {
    this.#heldGates.delete(gateId);
  }

  /** A reply arrived. Null: nobody waits for it (too late, after the probe had settled it). */
  answer(tag: number, reply: BusReply, nowNs: number): BusAction<P> | null {
    const state = this.#state;
    if (state.name === "busy" && state.sent.tag === tag) {
      this.#replyTime.measured(nowNs - state.sent.sentNs);
      this.#state = { name: "free" };
      return answered(state.sent, reply, false);
    }
    if (state.name === "overdue" && state.late.tag === tag) {
      this.#state = { name: "free" };
      return answered(state.late, reply, true);
    }
    if (state.name !== "probing") return null;
    if (state.late.tag === tag) {
      this.#state = { name: "busy", sent: state.sent };
      return answered(state.late, reply, true);
    }
    if (state.sent.tag !== tag) return null;
    this.#state = { name: "free" };
    return answered(state.sent, reply, false);
  }

  /**
   * One step at this time; called until it returns null. Between two steps the owner may add jobs, so that what it
   * concludes from an `overdue` stands in the queue before the next request is chosen.
   */
  step(nowNs: number): BusAction<P> | null {
    const expired = this.#permits.findIndex((job) => nowNs > job.untilNs);
    if (expired >= 0) return { kind: "expired", job: this.#permits.splice(expired, 1)[0] as PermitJob<P> };
    const state = this.#state;
    switch (state.name) {
      case "down":
        return null;
      case "free":
        return this.#serveNext(nowNs);
      case "busy":
        if (nowNs < state.sent.sentNs + this.#options.timeoutNs) return null;
        this.#state = { name: "overdue", late: state.sent };
        // A probe that outlived its job's late reply has nobody left to tell.
        return state.sent.isProbe ? this.#probe(state.sent, nowNs) : { kind: "overdue", job: state.sent.job };
      case "overdue":
        return this.#probe(state.late, nowNs);
      case "probing":
        return nowNs < state.sent.sentNs + this.#options.timeoutNs ? null : { kind: "silent" };
    }
  }

  /** When `step` may have something to do although nothing happens before; Infinity: never. */
  wakeAtNs(): number {
    const state = this.#state;
    let atNs = Number.POSITIVE_INFINITY;
    for (const job of this.#permits) atNs = Math.min(atNs, job.untilNs + 1);
    if (state.name === "busy" || state.name === "probing") {
      atNs = Math.min(atNs, state.sent.sentNs + this.#options.timeoutNs);
    } else if (state.name === "free") {
      atNs = Math.min(atNs, this.#nextDueNs());
    }
    return atNs;
  }

  #serveNext(nowNs: number): BusAction<P> | null {
    const withdrawal = this.#waiting.withdrawal.shift();
    if (withdrawal !== undefined) return this.#send(withdrawal, nowNs);
    const due = this.#permits.findIndex((job) => job.fromNs <= nowNs && !this.#heldGates.has(job.gateId));
    if (due >= 0) {
      const job = this.#permits.splice(due, 1)[0] as PermitJob<P>;
      // Nothing comes between this answer and the write: both are of one turn (law 7).
      return this.#options.lastLook(job.id) ? this.#send(job, nowNs) : { kind: "withheld", job };
    }
    if (nowNs + this.#replyTime.worstNs > this.#nextDueNs()) return null;
    const other = this.#waiting.readBack.shift() ?? this.#waiting.poll.shift();
    return other === undefined ? null : this.#send(other, nowNs);
  }

  /** The earliest time at which a permit may be written that nothing but time keeps back. */
  #nextDueNs(): number {
    for (const job of this.#permits) if (!this.#heldGates.has(job.gateId)) return job.fromNs;
    return Number.POSITIVE_INFINITY;
  }

  #send(job: BusJob<P>, nowNs: number): BusAction<P> {
    const sent = { tag: this.#nextTag(), job, isProbe: false, sentNs: nowNs };
    this.#state = { name: "busy", sent };
    return { kind: "send", tag: sent.tag, request: job.request };
  }

  #probe(late: Sent<P>, nowNs: number): BusAction<P> {
    const withdrawal = this.#waiting.withdrawal.shift();
    const sent = {
      tag: this.#nextTag(),
      job: withdrawal ?? late.job,
      isProbe: withdrawal === undefined,
      sentNs: nowNs,
    };
    this.#state = { name: "probing", late, sent };
    return { kind: "send", tag: sent.tag, request: sent.isProbe ? late.job.probe : sent.job.request };
  }

  #nextTag(): number {
    this.#lastTag += 1;
    return this.#lastTag;
  }
}

const answered = <P>(sent: Sent<P>, reply: BusReply, wasOverdue: boolean): BusAction<P> => ({
  kind: "answered",
  job: sent.job,
  reply,
  sentNs: sent.sentNs,
  isProbe: sent.isProbe,
  wasOverdue,
});
