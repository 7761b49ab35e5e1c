// Decides which request a bus carries next, when one is overdue, and when the connection has to be given up. Pure.
import { type BusJob, BusQueue, type JobClass, type PermitJob, RANK, type Rank } from "./bus-queue.ts";
import { type BusSeat, canWait, type LineMember, OWN_BUS } from "./bus-seat.ts";
import type { BusAction, BusState, SchedulerOptions, Sent } from "./bus-steps.ts";
import { answered, lateAnswer, outOf } from "./bus-steps.ts";
import type { Channels } from "./channels.ts";
import { LineMisses } from "./line-misses.ts";
import { neighboursOf } from "./merged-write.ts";
import { BusTimes } from "./reply-time.ts";
import { type BusReply, type BusRequest, isRead } from "./request.ts";

export class BusScheduler<P> implements LineMember {
  readonly #options: SchedulerOptions<P>;
  readonly #seat: BusSeat;
  readonly #queue = new BusQueue<P>();
  readonly #times: BusTimes;
  readonly #misses: LineMisses;
  #state: BusState<P> = { name: "down" };
  #lastTag = 0;
  #isMerging: boolean;

  constructor(options: SchedulerOptions<P>) {
    this.#options = options;
    this.#seat = options.line?.seat ?? OWN_BUS;
    this.#isMerging = options.merge !== undefined;
    this.#misses = new LineMisses(options.timeoutNs);
    this.#times = new BusTimes({ floorNs: options.replyFloorNs, ceilingNs: options.timeoutNs });
  }

  get state(): BusState<P>["name"] {
    return this.#state.name;
  }

  /** Until when a reply may come to what is out; Infinity: nothing is. */
  get replyDueNs(): number {
    return outOf(this.#state)?.deadlineNs ?? Number.POSITIVE_INFINITY;
  }

  /** A line that is shared waits for a reply even if nobody wants it any more: what is sent before it comes would meet it. */
  get holdsLine(): boolean {
    return this.#options.line !== undefined && outOf(this.#state) !== null;
  }

  get worstReplyNs(): number {
    return this.#times.worstNs;
  }

  up(): void {
    this.#state = { name: "free" };
    this.#misses.opened();
  }

  /** The connection is gone, and with it all that waited: the jobs that were out, and the permits never written. */
  down(nowNs: number): { out: BusJob<P>[]; permits: PermitJob<P>[] } {
    // An overdue job has had its end; only what was still within its deadline is news.
    const sent = outOf(this.#state);
    if (sent !== null) this.#seat.ended(nowNs);
    this.#state = { name: "down" };
    this.#queue.clear();
    return { out: sent?.role === "job" ? [sent.job] : [], permits: this.takePermits(() => true) };
  }

  add(jobClass: JobClass, job: BusJob<P>): void {
    this.#queue.add(jobClass, job);
  }

  /** Takes a job back that has not gone out. */
  drop(job: BusJob<P>): void {
    this.#queue.drop(job);
  }

  /** False: too many are waiting. */
  addPermit(job: PermitJob<P>): boolean {
    return this.#queue.addPermit(job);
  }

  /** Takes permits that were never written out of the queue. */
  takePermits(which: (job: PermitJob<P>) => boolean): PermitJob<P>[] {
    return this.#queue.takePermits(which);
  }

  /** A permit over a held one waits: the device has not said what became of the command before. */
  get channels(): Channels {
    return this.#queue.channels;
  }

  /** From now on each output is written on its own. */
  stopMerging(): void {
    this.#isMerging = false;
  }

  /** The best that could go out now; null: nothing, or it is out already. */
  rank(nowNs: number): Rank | null {
    const { name } = this.#state;
    if (name === "overdue") return this.#queue.waiting("withdrawal").length > 0 ? RANK.withdrawal : RANK.readBack;
    if (name !== "free") return null;
    const isResting = this.#misses.isResting(nowNs);
    const rank = this.#queue.rank(nowNs, { leadNs: this.#times.shortNs, isResting });
    return rank !== null && rank !== RANK.withdrawal && this.#options.isStarving?.(nowNs) === true ? null : rank;
  }

  nextDueNs(): number {
    return this.#state.name === "down" ? Number.POSITIVE_INFINITY : this.#queue.nextDueNs(this.#times.shortNs);
  }

  /** A reply arrived. Null: nobody waits for it (too late, after the probe had settled it). */
  answer(tag: number, reply: BusReply, nowNs: number): BusAction<P> | null {
    const state = this.#state;
    if (state.name === "busy" && state.sent.tag === tag) {
      const { sent } = state;
      this.#times.measured(nowNs - sent.sentNs, sent);
      this.#freed(nowNs);
      return sent.role === "preparation" ? this.#preparationAnswered(sent, reply) : answered(sent, reply, false);
    }
    if (state.name === "overdue" && state.late.tag === tag) {
      this.#state = { name: "free" };
      return lateAnswer(state.late, reply);
    }
    if (state.name !== "probing") return null;
    if (state.late.tag === tag) {
      this.#state = { name: "busy", sent: state.sent };
      return lateAnswer(state.late, reply);
    }
    if (state.sent.tag !== tag) return null;
    this.#freed(nowNs);
    return answered(state.sent, reply, false);
  }

  /** The transport knows that no reply will come: what came was damaged beyond reading. */
  missed(tag: number): void {
    const sent = outOf(this.#state);
    if (sent?.tag === tag) sent.deadlineNs = Number.NEGATIVE_INFINITY;
  }

  /**
   * One step at this time; called until it returns null. Between two steps the owner may add jobs, so that what it
   * concludes from an `overdue` stands in the queue before the next request is chosen.
   */
  step(nowNs: number): BusAction<P> | null {
    const expired = this.#queue.expired(nowNs);
    if (expired !== null) return { kind: "expired", job: expired };
    const state = this.#state;
    switch (state.name) {
      case "down":
        return null;
      case "free":
        return this.#serveNext(nowNs);
      case "busy":
        return nowNs < state.sent.deadlineNs ? null : this.#tooLate(state.sent, nowNs);
      case "overdue":
        return this.#afterOverdue(state.late, nowNs);
      case "probing":
        return nowNs < state.sent.deadlineNs ? null : this.#unanswered(state, nowNs);
    }
  }

  /** When `step` may have something to do although nothing happens before; Infinity: never. */
  wakeAtNs(nowNs = Number.POSITIVE_INFINITY): number {
    const state = this.#state;
    const atNs = this.#queue.nextExpiryNs();
    if (outOf(state) !== null) return Math.min(atNs, this.replyDueNs);
    if (state.name === "free" && this.#options.line === undefined)
      return Math.min(atNs, this.#queue.nextDueNs(this.#times.shortNs));
    if (state.name === "overdue") return Math.min(atNs, this.#seat.retryAtNs(nowNs));
    if (state.name !== "free") return atNs;
    const retryNs = this.rank(nowNs) === null ? Number.POSITIVE_INFINITY : this.#seat.retryAtNs(nowNs);
    const restNs = this.#misses.isResting(nowNs) ? this.#misses.restUntilNs : Number.POSITIVE_INFINITY;
    return Math.min(atNs, this.#queue.nextDueNs(this.#times.shortNs), retryNs, restNs);
  }

  #serveNext(nowNs: number): BusAction<P> | null {
    const rank = this.rank(nowNs);
    if (rank === null || !this.#seat.mayStart(rank, nowNs)) return null;
    if (rank === RANK.withdrawal) return this.#withdraw(nowNs);
    if (rank === RANK.permit) return this.#permit(nowNs);
    const jobClass = rank === RANK.readBack ? "readBack" : "poll";
    const next = this.#queue.next(jobClass, { isResting: this.#misses.isResting(nowNs) });
    const dueNs = this.#seat.nextDueNs(this.#queue.nextDueNs(this.#times.shortNs));
    if (next === undefined || (canWait(rank) && nowNs + this.#takesNs(next, jobClass) > dueNs)) return null;
    this.#queue.drop(next);
    return this.#send(next, { role: "job", isPoll: jobClass === "poll", nowNs });
  }

  #withdraw(nowNs: number): BusAction<P> | null {
    const first = this.#queue.takeFirst("withdrawal");
    if (first === undefined) return null;
    const { merge } = this.#options;
    if (!this.#isMerging || merge === undefined) return this.#send(first, { role: "job", isPoll: false, nowNs });
    const run = neighboursOf(first, this.#queue.waiting("withdrawal"));
    for (const job of run) this.#queue.drop(job);
    return this.#send(merge(run), { role: "job", isPoll: false, nowNs });
  }

  #permit(nowNs: number): BusAction<P> | null {
    const job = this.#queue.duePermit(nowNs, this.#times.shortNs);
    if (job === null) return null;
    if (this.#queue.needsPreparation(job)) {
      const request = job.preparation as BusRequest;
      return this.#send(job, { role: "preparation", isPoll: false, nowNs, request });
    }
    this.#queue.remove(job);
    // Nothing comes between this answer and the write: both are of one turn (law 7).
    if (!this.#options.lastLook(job.id)) return { kind: "withheld", job };
    const { merge } = this.#options;
    if (!this.#isMerging || merge === undefined) return this.#send(job, { role: "job", isPoll: false, nowNs });
    const run = neighboursOf<PermitJob<P>>(job, this.#queue.ready(nowNs), (other) => {
      this.#queue.remove(other);
      return this.#options.lastLook(other.id);
    });
    return this.#send(merge(run), { role: "job", isPoll: false, nowNs });
  }

  /** The permit stands in the queue still; it may have been taken back meanwhile. */
  #preparationAnswered(sent: Sent<P>, reply: BusReply): BusAction<P> | null {
    const job = sent.job as PermitJob<P>;
    if (reply.kind === "written") {
      this.#queue.prepared(job);
      return null;
    }
    return this.#unprepared(job, reply);
  }

  #unprepared(job: PermitJob<P>, reply: BusReply | null): BusAction<P> | null {
    return this.takePermits((each) => each === job).length > 0 ? { kind: "unprepared", job, reply } : null;
  }

  #tooLate(sent: Sent<P>, nowNs: number): BusAction<P> | null {
    if (this.#options.line !== undefined) this.#seat.ended(nowNs);
    this.#state = { name: "overdue", late: sent };
    if (sent.role === "preparation") return this.#unprepared(sent.job as PermitJob<P>, null) ?? this.step(nowNs);
    // A probe that outlived its job's late reply has nobody left to tell.
    return sent.role === "probe" ? this.#afterOverdue(sent, nowNs) : { kind: "overdue", job: sent.job };
  }

  #afterOverdue(late: Sent<P>, nowNs: number): BusAction<P> | null {
    if (this.#options.line === undefined) return this.#probe(late, nowNs);
    // On a line nothing can come any more of what was asked, and each question costs all others its time.
    if (!this.#misses.isHeard) return this.#silent(nowNs);
    if (isRead(late.job.request)) {
      const isDamaged = late.deadlineNs === Number.NEGATIVE_INFINITY;
      if (this.#misses.readMissed(nowNs, { isDamaged })) return this.#silent(nowNs);
      this.#state = { name: "free" };
      return this.#serveNext(nowNs);
    }
    return this.#seat.mayStart(this.rank(nowNs) ?? RANK.readBack, nowNs) ? this.#probe(late, nowNs) : null;
  }

  #unanswered(state: { late: Sent<P>; sent: Sent<P> }, nowNs: number): BusAction<P> | null {
    const isProbe = this.#options.line !== undefined && state.sent.role === "probe";
    if (!isProbe || !this.#misses.mayProbeAgain()) return this.#silent(nowNs);
    this.#seat.ended(nowNs);
    this.#state = { name: "overdue", late: state.late };
    return null;
  }

  #silent(nowNs: number): BusAction<P> {
    this.#seat.ended(nowNs);
    return { kind: "silent" };
  }

  #freed(nowNs: number): void {
    this.#state = { name: "free" };
    this.#misses.heard();
    this.#seat.ended(nowNs);
  }

  #takesNs(job: BusJob<P>, jobClass: JobClass): number {
    const { line } = this.#options;
    if (line === undefined) return this.worstReplyNs;
    return Math.max(jobClass === "poll" ? this.worstReplyNs : this.#times.shortNs, line.wireNs(job.request));
  }

  #send(
    job: BusJob<P>,
    o: { role: Sent<P>["role"]; isPoll: boolean; nowNs: number; request?: BusRequest },
  ): BusAction<P> {
    const sent = this.#sent(job, o);
    this.#state = { name: "busy", sent };
    return { kind: "send", tag: sent.tag, request: o.request ?? job.request };
  }

  #probe(late: Sent<P>, nowNs: number): BusAction<P> {
    const withdrawal = this.#queue.takeFirst("withdrawal");
    const role = withdrawal === undefined ? "probe" : "job";
    const sent = this.#sent(withdrawal ?? late.job, { role, isPoll: false, nowNs });
    this.#state = { name: "probing", late, sent };
    return { kind: "send", tag: sent.tag, request: role === "probe" ? late.job.probe : sent.job.request };
  }

  #sent(job: BusJob<P>, o: { role: Sent<P>["role"]; isPoll: boolean; nowNs: number }): Sent<P> {
    this.#lastTag += 1;
    this.#seat.started();
    const { role, isPoll, nowNs } = o;
    return { tag: this.#lastTag, job, role, isPoll, sentNs: nowNs, deadlineNs: nowNs + this.#options.timeoutNs };
  }
}
