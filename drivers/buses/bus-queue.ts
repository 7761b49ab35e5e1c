// What waits for a bus: withdrawals, permits with their times, read-backs and polls, and which of them is next. Pure.
import { Channels } from "./channels.ts";
import { type BusRequest, isRead } from "./request.ts";

/** `P` says what the job is for; the bus only carries it. */
export interface BusJob<P> {
  purpose: P;
  request: BusRequest;
  /**
   * What is asked when the reply stays out: a read that shows what became of it. Servers answer in order, so that its
   * reply on the same connection tells the state after the request, whether that was carried out or not.
   */
  probe: BusRequest;
  /** One output at one address, which may be written together with its neighbours. */
  isMergeable?: boolean;
}

/** Written only while the bus is free between `fromNs` and `untilNs`, and only after a last look. */
export interface PermitJob<P> extends BusJob<P> {
  id: number;
  gateId: string;
  /** What only one command at a time may use: the gate itself, or the registers that several gates share. */
  channel?: string;
  fromNs: number;
  untilNs: number;
  /** Registers that have to be written before, and that move nothing by themselves. */
  preparation?: BusRequest | null;
}

export type JobClass = "withdrawal" | "readBack" | "poll";

/** In the order in which a bus serves them; the smaller goes first. */
export const RANK = { withdrawal: 0, permit: 1, readBack: 2, poll: 3 } as const;
export type Rank = (typeof RANK)[keyof typeof RANK];

/** Permits beyond this many are refused; the other queues hold one job of each gate, relay, watchdog and poll. */
export const MAX_WAITING_PERMITS = 64;

const channelOf = <P>(job: PermitJob<P>): string => job.channel ?? job.gateId;

export class BusQueue<P> {
  readonly #waiting: Record<JobClass, BusJob<P>[]> = { withdrawal: [], readBack: [], poll: [] };
  #permits: PermitJob<P>[] = [];
  readonly channels = new Channels();
  /** By channel, the permit whose registers stand written. */
  readonly #prepared = new Map<string, PermitJob<P>>();

  clear(): void {
    this.channels.clear();
    this.#prepared.clear();
    for (const queue of Object.values(this.#waiting)) queue.length = 0;
  }

  add(jobClass: JobClass, job: BusJob<P>): void {
    this.#waiting[jobClass].push(job);
  }

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

  takePermits(which: (job: PermitJob<P>) => boolean): PermitJob<P>[] {
    const taken = this.#permits.filter(which);
    for (const job of taken) this.remove(job);
    return taken;
  }

  remove(job: PermitJob<P>): void {
    const at = this.#permits.indexOf(job);
    if (at >= 0) this.#permits.splice(at, 1);
    if (this.#prepared.get(channelOf(job)) === job) this.#prepared.delete(channelOf(job));
  }

  prepared(job: PermitJob<P>): void {
    if (this.#permits.includes(job)) this.#prepared.set(channelOf(job), job);
  }

  expired(nowNs: number): PermitJob<P> | null {
    if (this.#permits.length === 0) return null;
    for (const job of this.#permits) {
      if (nowNs <= job.untilNs) continue;
      this.remove(job);
      return job;
    }
    return null;
  }

  /** @param o.leadNs how long the registers before a command take */
  rank(nowNs: number, { leadNs, isResting }: { leadNs: number; isResting: boolean }): Rank | null {
    if (this.#waiting.withdrawal.length > 0) return RANK.withdrawal;
    if (this.duePermit(nowNs, leadNs) !== null) return RANK.permit;
    if (this.next("readBack", { isResting }) !== undefined) return RANK.readBack;
    return this.next("poll", { isResting }) === undefined ? null : RANK.poll;
  }

  /** The first permit whose command, or whose preparation, may go out now. */
  duePermit(nowNs: number, leadNs: number): PermitJob<P> | null {
    if (this.#permits.length === 0) return null;
    for (const job of this.#permits) if (this.#startsNs(job, leadNs) <= nowNs) return job;
    return null;
  }

  /** The permit's registers have still to be written. */
  needsPreparation(job: PermitJob<P>): boolean {
    return (job.preparation ?? null) !== null && this.#prepared.get(channelOf(job)) !== job;
  }

  /** Permits whose command may go out now. */
  ready(nowNs: number): PermitJob<P>[] {
    return this.#permits.filter((job) => !this.needsPreparation(job) && this.#startsNs(job, 0) <= nowNs);
  }

  /** The earliest time at which a permit may be written that nothing but time keeps back; Infinity: none waits. */
  nextDueNs(leadNs: number): number {
    if (this.#permits.length === 0) return Number.POSITIVE_INFINITY;
    let atNs = Number.POSITIVE_INFINITY;
    for (const job of this.#permits) atNs = Math.min(atNs, this.#startsNs(job, leadNs));
    return atNs;
  }

  /** When the next permit is over. */
  nextExpiryNs(): number {
    if (this.#permits.length === 0) return Number.POSITIVE_INFINITY;
    let atNs = Number.POSITIVE_INFINITY;
    for (const job of this.#permits) atNs = Math.min(atNs, job.untilNs + 1);
    return atNs;
  }

  waiting(jobClass: JobClass): readonly BusJob<P>[] {
    return this.#waiting[jobClass];
  }

  /**
   * Read-backs and polls: the first of them. While a unit of a serial line rests only writes go out, since a reply there
   * names no address: one that comes late would pass for that of the next read as long.
   */
  next(jobClass: JobClass, { isResting }: { isResting: boolean }): BusJob<P> | undefined {
    const jobs = this.#waiting[jobClass];
    return isResting ? jobs.find(({ request }) => !isRead(request)) : jobs[0];
  }

  takeFirst(jobClass: JobClass): BusJob<P> | undefined {
    return this.#waiting[jobClass].shift();
  }

  #startsNs(job: PermitJob<P>, leadNs: number): number {
    const channel = channelOf(job);
    if (this.channels.isHeld(channel)) return Number.POSITIVE_INFINITY;
    if ((job.preparation ?? null) === null) return job.fromNs;
    const prepared = this.#prepared.get(channel);
    if (prepared === job) return job.fromNs;
    return prepared === undefined ? job.fromNs - leadNs : Number.POSITIVE_INFINITY;
  }
}
