// One poll after the other: the reads that bring all inputs of a device, in order, and what they brought.
import { reportRegisters, TRACKER_STATUS_REGISTERS } from "../gates/destination.ts";
import { STATUS_REGISTERS } from "../gates/mailbox.ts";
import { DeviceImage } from "../inputs/device-image.ts";
import { LATCH_REGISTERS } from "../inputs/latch.ts";
import type { SampleTimes } from "../inputs/sampler.ts";
import type { PlcWiring } from "../inputs/wiring.ts";
import type { Job, JobHost, JobOwner } from "./job.ts";
import { MAX_REGISTERS, planBitReads, planExactBitReads, planReads, type Span } from "./poll-plan.ts";
import { type BusReply, ILLEGAL_ADDRESS } from "./request.ts";
import type { ModbusTcpDevice } from "./schema.ts";

/** Registers that nobody asked for may lie between, up to this many, for the sake of one request. */
const MAX_GAP_REGISTERS = 16;
/** Outputs are read back this often at most; a gate's own command is confirmed apart from it. */
const COILS_EVERY_NS = 50e6;
/** So many polls refused in a row are no hiccup: what the device shows is too old to be used. */
const MAX_REFUSED = 3;
/** A poll may begin this much early: timers count whole milliseconds, and a late one would shift all that follow. */
const EARLY_NS = 0.5e6;

export interface Sample extends SampleTimes {
  coilsRead: boolean;
  /** First request to last reply of the whole poll. */
  sentNs: number;
  nowNs: number;
}

interface Read {
  kind: "readCoils" | "readInputs" | "readRegisters";
  span: Span;
}

type CycleState = { name: "idle" } | { name: "reading"; reads: readonly Read[]; next: number; sample: Sample };

export class PollCycle {
  readonly image: DeviceImage;
  readonly #device: ModbusTcpDevice;
  readonly #wiring: PlcWiring;
  readonly #host: JobHost;
  readonly #onSample: (sample: Sample) => void;
  #reads: Read[];
  readonly #jobs = new WeakMap<Read, Job>();
  #isExact = false;
  #refusedInARow = 0;
  #state: CycleState = { name: "idle" };
  #dueNs = 0;
  #coilsReadNs = Number.NEGATIVE_INFINITY;

  constructor(o: {
    device: ModbusTcpDevice;
    wiring: PlcWiring;
    host: JobHost;
    onSample: (sample: Sample) => void;
  }) {
    this.#device = o.device;
    this.#wiring = o.wiring;
    this.#host = o.host;
    this.#onSample = o.onSample;
    const counting = o.wiring.encoders.flatMap(({ register, bits }) =>
      bits === 32 ? [register, register + 1] : [register],
    );
    if (o.device.watchdog !== undefined) counting.push(o.device.watchdog.counterRegister);
    this.image = new DeviceImage({ packedFrom: o.device.packedInputs?.register ?? null, counting });
    this.#reads = planCycle(o.device, o.wiring, { isExact: false });
  }

  opened(nowNs: number): void {
    this.#state = { name: "idle" };
    this.#refusedInARow = 0;
    this.#dueNs = nowNs;
    this.#coilsReadNs = Number.NEGATIVE_INFINITY;
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
    const periodNs = this.#device.pollMs * 1e6;
    this.#dueNs = Math.max(this.#dueNs + periodNs, nowNs + EARLY_NS);
    const coilsRead = nowNs - this.#coilsReadNs >= COILS_EVERY_NS;
    const reads = coilsRead ? this.#reads : this.#reads.filter((read) => read.kind !== "readCoils");
    if (coilsRead) this.#coilsReadNs = nowNs;
    const never = { sentNs: 0, repliedNs: 0 };
    const sample: Sample = { inputs: never, counts: never, coilsRead, sentNs: nowNs, nowNs };
    this.#state = { name: "reading", reads, next: 0, sample };
    this.#readNext();
  }

  #readNext(): void {
    if (this.#state.name !== "reading") return;
    const { reads, next, sample } = this.#state;
    const read = reads[next];
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

  #owner(read: Read): JobOwner {
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

  #store(read: Read, values: readonly number[], times: { sentNs: number; repliedNs: number }): void {
    if (this.#state.name !== "reading") return;
    const { sample, next } = this.#state;
    const { address } = read.span;
    // What was written between two reads of this poll is younger than the first of them.
    if (next === 0) sample.sentNs = times.sentNs;
    if (read.kind === "readCoils") this.image.setCoils(address, values);
    else if (read.kind === "readInputs") this.image.setInputs(address, values);
    else this.image.setRegisters(address, values);
    if (read.kind !== "readCoils" && this.#bringsInputs(read)) sample.inputs = earliest(sample.inputs, times);
    if (read.kind === "readRegisters") sample.counts = latest(sample.counts, times);
    sample.nowNs = times.repliedNs;
    this.#state.next += 1;
  }

  #bringsInputs(read: Read): boolean {
    const packed = this.#device.packedInputs;
    if (packed === undefined) return read.kind === "readInputs";
    const { address, count } = read.span;
    return (
      read.kind === "readRegisters" && packed.register < address + count && address < packed.register + packed.words
    );
  }

  #refused(read: Read, reply: BusReply): void {
    this.#state = { name: "idle" };
    if (reply.kind !== "exception") return;
    const { address, count } = read.span;
    const what = `${read.kind} ${address}..${address + count - 1} refused with exception ${reply.code}`;
    this.#host.complain(what);
    this.#refusedInARow += 1;
    if (this.#refusedInARow >= MAX_REFUSED) this.#host.giveUp(what);
    if (reply.code !== ILLEGAL_ADDRESS || this.#isExact) return;
    // The device lacks an address between two that are used: read only what is used, in more requests.
    this.#isExact = true;
    this.#reads = planCycle(this.#device, this.#wiring, { isExact: true });
    this.#coilsReadNs = Number.NEGATIVE_INFINITY;
  }
}

/** Coils first, then inputs, then registers: counts are not older than the inputs that are judged by them. */
function planCycle(device: ModbusTcpDevice, wiring: PlcWiring, o: { isExact: boolean }): Read[] {
  const maxGap = o.isExact ? 0 : MAX_GAP_REGISTERS;
  const planBits = o.isExact ? planExactBitReads : planBitReads;
  const registers = planReads(registerSpans(device, wiring), { maxGap, maxCount: MAX_REGISTERS });
  const countedAt = wiring.encoders[0]?.register ?? 0;
  const hasCount = (span: Span): boolean => countedAt >= span.address && countedAt < span.address + span.count;
  registers.sort((a, b) => Number(hasCount(a)) - Number(hasCount(b)));
  return [
    ...planBits(coilsOf(wiring)).map((span) => ({ kind: "readCoils" as const, span })),
    ...(device.packedInputs === undefined ? planBits(inputsOf(wiring)) : []).map((span) => ({
      kind: "readInputs" as const,
      span,
    })),
    ...registers.map((span) => ({ kind: "readRegisters" as const, span })),
  ];
}

function registerSpans(device: ModbusTcpDevice, wiring: PlcWiring): Span[] {
  const spans: Span[] = wiring.encoders.map(({ register, bits }) => ({ address: register, count: bits / 16 }));
  if (device.watchdog !== undefined) spans.push({ address: device.watchdog.counterRegister, count: 1 });
  if (device.packedInputs !== undefined)
    spans.push({ address: device.packedInputs.register, count: device.packedInputs.words });
  for (const { latch } of wiring.eyes) if (latch !== undefined) spans.push({ address: latch, count: LATCH_REGISTERS });
  for (const { drive } of wiring.gates)
    if (drive.kind === "mailbox") spans.push({ address: drive.status, count: STATUS_REGISTERS });
  if (wiring.tracker !== undefined) {
    const { status, reports, slots } = wiring.tracker;
    spans.push({ address: status, count: TRACKER_STATUS_REGISTERS });
    spans.push({ address: reports, count: reportRegisters(slots) });
  }
  return spans;
}

const coilsOf = (wiring: PlcWiring): number[] => [
  ...wiring.gates.flatMap(({ drive }) => (drive.kind === "coil" ? [drive.coil] : [])),
  ...wiring.linePermits.map(({ coil }) => coil),
];

const inputsOf = (wiring: PlcWiring): number[] => [
  ...wiring.eyes.map(({ input }) => input),
  ...wiring.signals.map(({ input }) => input),
  ...wiring.drives.map(({ input }) => input),
  ...wiring.gates.flatMap(({ drive }) =>
    drive.kind === "coil" ? [drive.homeInput, drive.outInput].filter((input) => input !== undefined) : [],
  ),
];

type Times = SampleTimes["inputs"];
const earliest = (a: Times, b: Times): Times => (a.sentNs === 0 ? b : { sentNs: a.sentNs, repliedNs: b.repliedNs });
/** The span with the counts is read last. */
const latest = (_: Times, b: Times): Times => b;
