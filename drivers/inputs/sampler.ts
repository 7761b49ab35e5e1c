// Turns the samples of one device into belt counts, eye edges between two samples, and signal changes.
import type { BeltStamp } from "../../src/line/step.ts";
import type { PlcEvent } from "../buses/job.ts";
import { type NumberFormat, numberFrom, PLAIN_32 } from "../buses/number-format.ts";
import { ProgramClock } from "../buses/program-clock.ts";
import type { MachineDevice } from "../buses/schema.ts";
import type { DeviceImage } from "./device-image.ts";
import { edgesSince, type Latch, readLatch } from "./latch.ts";
import type { EncoderWiring, EyeWiring, PlcWiring } from "./wiring.ts";

/** Times of the requests of one poll, ns: the device answered each at some moment between `sentNs` and `repliedNs`. */
export interface SampleTimes {
  /** The request that brought the discrete inputs. */
  inputs: { sentNs: number; repliedNs: number };
  /** The request that brought the counts; the same one where inputs are packed beside them. */
  counts: { sentNs: number; repliedNs: number };
}

export interface SampledDevice {
  id: string;
  pollNs: number;
  /** Register of its own count of cycles; null: it has none. */
  cycles: number | null;
}

export const sampledDevice = ({ id, pollMs, watchdog }: MachineDevice): SampledDevice => ({
  id,
  pollNs: pollMs * 1e6,
  cycles: watchdog?.kind === "echo" ? watchdog.counterRegister : null,
});

/** Samples further apart than this many polls are told; whether that hides a parcel, the line core knows. */
const POLLS_APART = 2;

export class InputSampler {
  readonly #wiring: PlcWiring;
  readonly #eyes: EyeSample[];
  /** What the eyes of one encoder, or of none, share; the belts' counts with it. */
  readonly #groups = new Map<string | null, EyeGroup>();
  readonly #signals = new Map<string, boolean>();
  /** The image as of the last sample; null: none since the connection. */
  #seenVersion: number | null = null;

  /** When the last sample was asked for; null: none since the connection. */
  #askedNs: number | null = null;
  /** It came so late that the device itself may have stood still meanwhile. */
  #isLate = false;
  readonly #device: SampledDevice;
  readonly #program: ProgramClock;
  readonly #formats: readonly NumberFormat[];

  /** @param format order of words and bytes of the device's counts; left out: as the protocol writes its numbers */
  constructor(wiring: PlcWiring, device: SampledDevice, format: NumberFormat = PLAIN_32) {
    this.#program = new ProgramClock({ hasCounter: device.cycles !== null, pollNs: device.pollNs });
    this.#wiring = wiring;
    this.#device = device;
    this.#formats = wiring.encoders.map(({ bits }) => ({ ...format, bits }));
    for (const { id } of wiring.encoders) this.#groupOf(id);
    this.#eyes = wiring.eyes.map((eye): EyeSample => {
      const bits = wiring.encoders.find(({ id }) => id === eye.encoderId)?.bits ?? 32;
      return {
        ...eye,
        isDark: null,
        seenEdges: null,
        group: this.#groupOf(eye.encoderId),
        format: { ...format, bits },
      };
    });
  }

  /** The connection ended: the next sample is a fresh start, no edge is made of it. */
  lost(): void {
    this.#seenVersion = null;
    this.#askedNs = null;
    this.#signals.clear();
    for (const group of this.#groups.values()) {
      group.count = null;
      group.seen = null;
    }
    for (const eye of this.#eyes) {
      eye.isDark = null;
      eye.seenEdges = null;
    }
  }

  /** Belts first: the eyes of the same sample stand on their counts. */
  sampled(image: DeviceImage, times: SampleTimes, emit: (event: PlcEvent) => void): void {
    this.#tellOfGap(times.inputs, emit);
    this.#tellOfStanding(image, times.counts, emit);
    // Inputs read in a request of their own are older than the counts of their poll: only the counts of the poll
    // before are certainly not later than they are.
    const isOneSample = times.inputs.sentNs === times.counts.sentNs;
    for (const group of this.#groups.values()) group.next = isOneSample ? null : group.count;
    for (let i = 0; i < this.#wiring.encoders.length; i += 1) {
      const encoder = this.#wiring.encoders[i] as EncoderWiring;
      const count = countOf(image, encoder, this.#formats[i] as NumberFormat);
      const group = this.#groupOf(encoder.id);
      group.count = count;
      if (isOneSample) group.next = count;
      // The count was true at some moment between request and reply; the middle halves the worst error.
      const { sentNs, repliedNs } = times.counts;
      const atNs = Math.round((sentNs + repliedNs) / 2);
      emit({
        kind: "belt",
        encoderId: encoder.id,
        stamp: { atNs, count },
        errorNs: Math.ceil((repliedNs - sentNs) / 2),
      });
    }
    for (const { beltId, input } of this.#wiring.drives)
      emit({ kind: "drive", beltId, running: image.input(input), atNs: times.inputs.sentNs });
    // Most samples show what the one before has shown: nothing but counts is news then.
    if (image.version !== this.#seenVersion) this.#levels(image, times, emit);
    this.#seenVersion = image.version;
    for (const [encoderId, group] of this.#groups) {
      const isKnown = group.next !== null || encoderId === null;
      group.seen = isKnown ? { atNs: times.inputs.sentNs, count: group.next } : null;
    }
  }

  /** As they are, apart from all eyes. */
  signals(image: DeviceImage, emit: (event: PlcEvent) => void): void {
    for (const { id, input } of this.#wiring.signals) {
      const value = image.input(input);
      if (this.#signals.get(id) === value) continue;
      this.#signals.set(id, value);
      emit({ kind: "signal", inputId: id, value });
    }
  }

  /** The beams may have changed and changed back meanwhile, and no edge tells of it. */
  #tellOfGap({ sentNs, repliedNs }: SampleTimes["inputs"], emit: (event: PlcEvent) => void): void {
    const fromNs = this.#askedNs;
    this.#askedNs = sentNs;
    this.#isLate = fromNs !== null && repliedNs - fromNs > POLLS_APART * this.#device.pollNs;
    if (fromNs === null || this.#eyes.length === 0 || !this.#isLate) return;
    emit({ kind: "unsampled", deviceId: this.#device.id, fromNs, toNs: repliedNs });
  }

  /** Of a device that counts no belt nobody asks. */
  #tellOfStanding({ registers }: DeviceImage, within: SampleTimes["counts"], emit: (event: PlcEvent) => void): void {
    if (this.#wiring.encoders.length === 0) return;
    const forNs = this.#program.read(registers[this.#device.cycles ?? 0] ?? 0, within);
    if (forNs > 0) emit({ kind: "stood", deviceId: this.#device.id, forNs });
  }

  #levels(image: DeviceImage, times: SampleTimes, emit: (event: PlcEvent) => void): void {
    const upToNs = Math.max(times.inputs.repliedNs, times.counts.repliedNs);
    const found: FoundEdge[] = [];
    for (const eye of this.#eyes) {
      if (eye.latch !== undefined) {
        this.#keptEdges(eye, readLatch(image, eye.latch, eye.format), { found, upToNs, emit });
        continue;
      }
      const isDark = image.input(eye.input);
      const { seen, count } = eye.group;
      if (eye.isDark !== null && eye.isDark !== isDark && seen !== null)
        found.push({ eye, edge: isDark ? "dark" : "light", after: seen, upTo: { atNs: upToNs, count } });
      else if (eye.isDark === null && eye.isMouth === true && !isDark) found.push(lightSince(eye, times, upToNs));
      eye.isDark = isDark;
    }
    if (found.length > 1) found.sort((a, b) => behind(b) - behind(a));
    for (const { eye, edge, after, upTo } of found) emit({ kind: "eye", eyeId: eye.id, edge, after, upTo });
    this.signals(image, emit);
  }

  /**
   * Each has the count that the device has kept; one that was overwritten lies between the last sample and the next edge.
   * A device that stood still counts an edge when it goes on: then the edge lies anywhere since the last sample.
   */
  #keptEdges(
    eye: EyeSample,
    latch: Latch,
    o: { found: FoundEdge[]; upToNs: number; emit: (event: PlcEvent) => void },
  ): void {
    const { seenEdges, group } = eye;
    eye.seenEdges = latch.edges;
    if (seenEdges === null || seenEdges === latch.edges || group.seen === null) return;
    const { edges, isCut } = edgesSince(seenEdges, latch);
    if (isCut && !this.#isLate)
      o.emit({ kind: "unsampled", deviceId: this.#device.id, fromNs: group.seen.atNs, toNs: o.upToNs });
    const firstKept = edges.find(({ count }) => count !== null)?.count ?? group.count;
    for (const { edge, count } of edges) {
      const after: BeltStamp = {
        atNs: group.seen.atNs,
        count: this.#isLate ? group.seen.count : (count ?? group.seen.count),
      };
      o.found.push({ eye, edge, after, upTo: { atNs: o.upToNs, count: count ?? firstKept } });
    }
  }

  #groupOf(encoderId: string | null): EyeGroup {
    let group = this.#groups.get(encoderId);
    if (group === undefined) {
      group = { count: null, next: null, seen: null };
      this.#groups.set(encoderId, group);
    }
    return group;
  }
}

interface EyeGroup {
  /** Count of this poll; null: none since the connection. */
  count: number | null;
  /** The count that the coming `seen` stands on. */
  next: number | null;
  /** The last sample: the earliest moment and count at which it can have been taken. */
  seen: BeltStamp | null;
}

interface EyeSample extends EyeWiring {
  /** Polled: its level at the last sample; null: none since the connection. */
  isDark: boolean | null;
  /** Kept by the device: how many edges there had been at the last sample; null: as above. */
  seenEdges: number | null;
  group: EyeGroup;
  /** Of the counts that are kept with the edges. */
  format: NumberFormat;
}

interface FoundEdge {
  eye: EyeSample;
  edge: "dark" | "light";
  after: BeltStamp;
  upTo: BeltStamp;
}

/** When a mouth became light again nobody has seen; that it is light ends a block which nothing else would ever end. */
const lightSince = (eye: EyeSample, { inputs }: SampleTimes, upToNs: number): FoundEdge => ({
  ...{ eye, edge: "light", after: { atNs: inputs.sentNs, count: null }, upTo: { atNs: upToNs, count: null } },
});

/** Counts that the belt has gone on since then; 0: not before this sample. */
function behind({ eye, upTo }: FoundEdge): number {
  const { count } = eye.group;
  if (count === null || upTo.count === null) return 0;
  return (count - upTo.count) & (eye.format.bits === 16 ? 0x7fff : 0x7fff_ffff);
}

const countOf = (image: DeviceImage, { register, from }: EncoderWiring, format: NumberFormat): number =>
  numberFrom(image.table(from ?? "inputRegisters"), register, format);
