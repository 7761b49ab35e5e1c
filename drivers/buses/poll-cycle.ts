// One poll after the other: the reads that bring all inputs of a device, in order, and what they brought.
import { DeviceImage } from "../inputs/device-image.ts";
import { inputAreasOf } from "../inputs/input-area.ts";
import type { SampleTimes } from "../inputs/sampler.ts";
import type { PlcWiring } from "../inputs/wiring.ts";
import type { Job, JobHost, JobOwner } from "./job.ts";
import { type PollPlanDevice, type PollRead, planPoll, splitRead } from "./poll-plan.ts";
import { type BusReply, exceptionText, ILLEGAL_ADDRESS } from "./request.ts";
import type { MachineDevice } from "./schema.ts";
import type { WatchedRegisters } from "./watchdogs/watchdog.ts";

/** Outputs are read back this often at most; a gate's own command is confirmed apart from it. */
const OUTPUTS_EVERY_NS = 50e6;
/** So many polls refused in a row are no hiccup: what the device shows is too old to be used. */
const MAX_REFUSED = 3;
/** A poll may begin this much early: timers count whole milliseconds, and a late one would shift all that follow. */
const EARLY_NS = 0.5e6;

export interface Sample extends SampleTimes {
  outputsRead: boolean;
  /** First request to last reply of the whole poll. */
  sentNs: number;
  nowNs: number;
}

type CycleState = { name: "idle" } | { name: "reading"; next: number; hasBegun: boolean; sample: Sample };

export class PollCycle {
  readonly image: DeviceImage;
  readonly #plan: PollPlanDevice;
  readonly #periodNs: number;
  readonly #wiring: PlcWiring;
  readonly #host: JobHost;
  readonly #onSample: (sample: Sample) => void;
  #reads: PollRead[];
  readonly #jobs = new WeakMap<PollRead, Job>();
  #refusedInARow = 0;
  #state: CycleState = { name: "idle" };
  #dueNs = 0;
  #outputsReadNs = Number.NEGATIVE_INFINITY;

  constructor(o: {
    device: MachineDevice;
    wiring: PlcWiring;
    watched: WatchedRegisters;
    host: JobHost;
    onSample: (sample: Sample) => void;
  }) {
    const { device, wiring } = o;
    this.#periodNs = device.pollMs * 1e6;
    this.#wiring = wiring;
    this.#host = o.host;
    this.#onSample = o.onSample;
    this.#plan = { areas: inputAreasOf(device), watched: o.watched, readAcross: device.readAcross };
    this.image = new DeviceImage({ areas: this.#plan.areas, counting: countingOf(wiring, o.watched) });
    this.#reads = planPoll(this.#plan, wiring);
  }

  opened(nowNs: number): void {
    this.#state = { name: "idle" };
    this.#refusedInARow = 0;
    this.#dueNs = nowNs;
    this.#outputsReadNs = Number.NEGATIVE_INFINITY;
  }

  lost(): void {
    this.#state = { name: "idle" };
  }

  /** When the next poll is due; Infinity while one is under way. */
  get dueNs(): number {
    return this.#state.name === "idle" ? this.#dueNs : Number.POSITIVE_INFINITY;
  }

  /** Begins a poll when one is due. */
  step(nowNs: number): void {
    if (this.#state.name !== "idle" || nowNs < this.#dueNs - EARLY_NS || !this.#host.isOpen()) return;
    this.#dueNs = Math.max(this.#dueNs + this.#periodNs, nowNs + EARLY_NS);
    const outputsRead = nowNs - this.#outputsReadNs >= OUTPUTS_EVERY_NS;
    if (outputsRead) this.#outputsReadNs = nowNs;
    const never = { sentNs: 0, repliedNs: 0 };
    const sample: Sample = { inputs: never, counts: never, outputsRead, sentNs: nowNs, nowNs };
    this.#state = { name: "reading", next: 0, hasBegun: false, sample };
    this.#readNext();
  }

  #readNext(): void {
    if (this.#state.name !== "reading") return;
    const { sample } = this.#state;
    let read = this.#reads[this.#state.next];
    while (read !== undefined && !read.isEveryPoll && !sample.outputsRead) {
      this.#state.next += 1;
      read = this.#reads[this.#state.next];
    }
    if (read === undefined) {
      this.#state = { name: "idle" };
      this.#refusedInARow = 0;
      return this.#onSample(sample);
    }
    let job = this.#jobs.get(read);
    if (job === undefined) {
      const request = { kind: read.kind, address: read.span.address, count: read.span.count };
      job = { purpose: this.#owner(read), request, probe: request };
      this.#jobs.set(read, job);
    }
    this.#host.add("poll", job);
  }

  #owner(read: PollRead): JobOwner {
    const giveUp = (): void => {
      this.#state = { name: "idle" };
    };
    return {
      answered: (reply, { sentNs, nowNs, wasOverdue }) => {
        if (wasOverdue || this.#state.name !== "reading") return;
        if (reply.kind === "values") this.#store(read, reply.values, { sentNs, repliedNs: nowNs });
        else this.#refused(read, reply);
        this.#readNext();
      },
      // What it would bring is no longer of the same instant as the rest; the next poll begins anew.
      overdue: giveUp,
      probed: () => {},
      lost: giveUp,
    };
  }

  #store(read: PollRead, values: readonly number[], times: { sentNs: number; repliedNs: number }): void {
    if (this.#state.name !== "reading") return;
    const { address, count } = read.span;
    const { sample } = this.#state;
    // What was written between two reads of this poll is younger than the first of them.
    if (!this.#state.hasBegun) sample.sentNs = times.sentNs;
    this.#state.hasBegun = true;
    if (read.kind === "readCoils") this.image.setCoils(address, values, count);
    else if (read.kind === "readInputs") this.image.setInputs(address, values, count);
    else this.image.setRegisters(address, values, read.kind === "readHolding" ? "holdingRegisters" : "inputRegisters");
    if (read.hasInputs) sample.inputs = earliest(sample.inputs, times);
    // The span with the counts is read last; where none are, the last registers do.
    if (read.hasCounts || read.kind === "readRegisters") sample.counts = times;
    sample.nowNs = times.repliedNs;
    this.#state.next += 1;
  }

  #refused(read: PollRead, reply: BusReply): void {
    this.#state = { name: "idle" };
    if (reply.kind !== "exception") return;
    const { address, count } = read.span;
    const what = `${read.kind} ${address}..${address + count - 1} refused with ${exceptionText(reply)}`;
    this.#host.complain(what);
    // The device lacks an address between two that are used: that read is made in two from now on.
    const split = reply.code === ILLEGAL_ADDRESS ? splitRead(read, this.#plan, this.#wiring) : null;
    if (split === null) {
      this.#refusedInARow += 1;
      if (this.#refusedInARow >= MAX_REFUSED) this.#host.giveUp(what);
      return;
    }
    const at = this.#reads.indexOf(read);
    if (at >= 0) this.#reads.splice(at, 1, ...split);
    this.#outputsReadNs = Number.NEGATIVE_INFINITY;
  }
}

/** Registers that differ with every poll: belt counts, and what a watchdog counts. */
function countingOf(wiring: PlcWiring, watched: WatchedRegisters) {
  const counting = { inputRegisters: [] as number[], holdingRegisters: [] as number[] };
  for (const { register, bits, from } of wiring.encoders)
    for (let i = 0; i < bits / 16; i += 1) counting[from ?? "inputRegisters"].push(register + i);
  for (const { from, span } of watched) counting[from].push(span.address);
  return counting;
}

type Times = SampleTimes["inputs"];
const earliest = (a: Times, b: Times): Times => (a.sentNs === 0 ? b : { sentNs: a.sentNs, repliedNs: b.repliedNs });
