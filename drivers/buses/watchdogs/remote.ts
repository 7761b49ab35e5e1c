// The watchdog of remote I/O by its profile: recovered and armed in order, fed by what feeds it, never by a dead loop.
import type { DeviceImage } from "../../inputs/device-image.ts";
import type { Job, JobHost, JobOwner, ReplyTimes } from "../job.ts";
import { type BusRequest, exceptionText, isRead } from "../request.ts";
import type { RegisterWrite, WatchdogProfile } from "./profiles.ts";
import { aliveForNs, FEEDS_PER_TIMEOUT, type Watchdog, type WatchedRegisters } from "./watchdog.ts";

/** unarmed → arming (one write after the other) → armed; a trip, a refusal or a lost connection begins anew. */
type Step =
  | { name: "unarmed"; retryAtNs: number }
  | { name: "arming"; left: readonly RegisterWrite[] }
  | { name: "armed" };

/** After a refusal, so that a device that cannot be armed is asked now and then and not in a rush. */
const RETRY_NS = 500e6;

export class RemoteWatchdog implements Watchdog {
  readonly reads: WatchedRegisters;
  readonly #profile: WatchdogProfile;
  readonly #host: JobHost;
  readonly #timeoutNs: number;
  #step: Step = { name: "unarmed", retryAtNs: 0 };
  #aliveNs = Number.NEGATIVE_INFINITY;
  #fedNs = Number.NEGATIVE_INFINITY;
  #isFeeding = false;
  #feedValue = 0;
  /** Since it was armed, at most 2: the state that a poll shows may be older than the first. */
  #feedsTaken = 0;
  /** Count of trips as of the first poll after arming. */
  #trips: number | null = null;

  constructor(o: { profile: WatchdogProfile; host: JobHost }) {
    this.#profile = o.profile;
    this.#host = o.host;
    this.#timeoutNs = o.profile.timeoutMs * 1e6;
    const { state, tripsRegister } = o.profile;
    const trips = { from: "holdingRegisters" as const, span: { address: tripsRegister ?? 0, count: 1 } };
    this.reads = [
      ...(state === null ? [] : [{ from: state.from, span: { address: state.register, count: 1 } }]),
      ...(tripsRegister === null ? [] : [trips]),
    ];
  }

  alive(nowNs: number): void {
    this.#aliveNs = nowNs;
  }

  isStarving(nowNs: number): boolean {
    return this.#profile.fedBy === "requests" && this.#step.name === "armed" && !this.#isLoopAlive(nowNs);
  }

  isRunning(nowNs: number): boolean {
    // Half the timeout: the device must be known as disarmed before it is.
    return this.#step.name === "armed" && nowNs - this.#fedNs < this.#timeoutNs / 2;
  }

  get stopsAtNs(): number {
    return this.#step.name === "armed" ? this.#fedNs + this.#timeoutNs / 2 : Number.POSITIVE_INFINITY;
  }

  /** Before the first poll: some couplers answer nothing else after a trip. */
  opened(): void {
    this.#arm();
  }

  lost(): void {
    this.#step = { name: "unarmed", retryAtNs: 0 };
    this.#isFeeding = false;
    this.#trips = null;
  }

  tripped(): void {
    if (this.#step.name === "armed") this.#step = { name: "unarmed", retryAtNs: 0 };
  }

  answered(request: BusRequest, { sentNs }: ReplyTimes): void {
    const feeds = this.#profile.fedBy === "requests" || (this.#profile.fedBy === "writes" && !isRead(request));
    if (!feeds || this.#step.name !== "armed") return;
    this.#fedNs = Math.max(this.#fedNs, sentNs);
    this.#feedsTaken = 2;
  }

  sampled(image: DeviceImage, nowNs: number): void {
    this.#look(image);
    // A trip that is ended while the loop stands would let a late command through.
    if (this.#step.name === "unarmed" && nowNs >= this.#step.retryAtNs && this.#isLoopAlive(nowNs)) this.#arm();
    if (this.#step.name === "armed" && this.#isFeedDue(nowNs)) this.#feed();
  }

  #isLoopAlive(nowNs: number): boolean {
    return nowNs - this.#aliveNs <= aliveForNs(this.#timeoutNs);
  }

  #look(image: DeviceImage): void {
    if (this.#step.name !== "armed") return;
    const { state, tripsRegister } = this.#profile;
    if (state !== null) {
      const now = image.table(state.from)[state.register] ?? 0;
      const isWell = state.running.length === 0 || state.running.includes(now) || this.#feedsTaken < 2;
      if (state.expired.includes(now) || !isWell) this.#fell(`its watchdog's state is ${now}`);
    }
    if (tripsRegister === null) return;
    const trips = image.holding[tripsRegister] ?? 0;
    if (this.#trips !== null && trips !== this.#trips) this.#fell("its watchdog has tripped");
    this.#trips = trips;
  }

  #fell(why: string): void {
    this.#host.complain(why);
    this.#step = { name: "unarmed", retryAtNs: 0 };
  }

  #arm(): void {
    const { whyNever, recover, arm } = this.#profile;
    if (whyNever !== null) {
      this.#host.complain(`cannot be armed: ${whyNever}`);
      this.#step = { name: "unarmed", retryAtNs: Number.POSITIVE_INFINITY };
      return;
    }
    this.#fedNs = Number.NEGATIVE_INFINITY;
    this.#trips = null;
    this.#step = { name: "arming", left: [...recover, ...arm] };
    this.#armNext();
  }

  #armNext(): void {
    if (this.#step.name !== "arming") return;
    const [next, ...left] = this.#step.left;
    if (next === undefined) {
      this.#step = { name: "armed" };
      this.#feedsTaken = 0;
      return;
    }
    this.#step = { name: "arming", left };
    const giveUp = (nowNs: number, why: string): void => {
      if (this.#step.name !== "arming") return;
      this.#step = { name: "unarmed", retryAtNs: nowNs + RETRY_NS };
      this.#host.complain(`its watchdog cannot be armed: ${why}`);
    };
    this.#write(next, {
      answered: (reply, { nowNs }) => {
        if (reply.kind === "written") this.#armNext();
        else if (reply.kind === "exception")
          giveUp(nowNs, `register ${next.register} refused with ${exceptionText(reply)}`);
      },
      overdue: (nowNs) => giveUp(nowNs, "no reply in time"),
      probed: () => {},
      lost: () => {},
    });
  }

  #isFeedDue(nowNs: number): boolean {
    const { fedBy } = this.#profile;
    if (fedBy === "requests" || this.#isFeeding || !this.#isLoopAlive(nowNs)) return false;
    return nowNs - this.#fedNs >= this.#timeoutNs / FEEDS_PER_TIMEOUT;
  }

  #feed(): void {
    const { feedRegister } = this.#profile;
    if (feedRegister === null) return;
    const done = (): void => {
      this.#isFeeding = false;
    };
    this.#isFeeding = true;
    // Never 0, and never the value before: some start with the first value that is not 0.
    this.#feedValue = (this.#feedValue % 0xffff) + 1;
    const write = { register: feedRegister, value: this.#feedValue };
    this.#write(write, {
      answered: (reply, { sentNs }) => {
        done();
        if (reply.kind === "written") {
          this.#fedNs = sentNs;
          this.#feedsTaken = Math.min(2, this.#feedsTaken + 1);
        } else if (reply.kind === "exception") this.#fell(`its watchdog refused ${exceptionText(reply)}`);
      },
      overdue: done,
      probed: done,
      lost: done,
    });
  }

  #write({ register, value }: RegisterWrite, purpose: JobOwner): void {
    const request = { kind: "writeRegister" as const, address: register, value };
    const probe = { kind: "readHolding" as const, address: register, count: 1 };
    const job: Job = { purpose, request, probe };
    this.#host.add("readBack", job);
  }
}
