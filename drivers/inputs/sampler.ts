// Turns the samples of one device into belt counts, eye edges between two samples, and signal changes.
import type { BeltStamp } from "../../src/line/step.ts";
import type { PlcEvent } from "../buses/job.ts";
import type { DeviceImage } from "./device-image.ts";
import type { EncoderWiring, EyeWiring, PlcWiring } from "./wiring.ts";

/** Times of the requests of one poll, ns: the device answered each at some moment between `sentNs` and `repliedNs`. */
export interface SampleTimes {
  /** The request that brought the discrete inputs. */
  inputs: { sentNs: number; repliedNs: number };
  /** The request that brought the counts; the same one where inputs are packed beside them. */
  counts: { sentNs: number; repliedNs: number };
}

export class InputSampler {
  readonly #wiring: PlcWiring;
  readonly #eyes: EyeSample[];
  /** Counts of this poll and of the one before, by encoder; null: none since the connection. */
  readonly #counts: Map<string, { now: number; before: number | null }> = new Map();
  readonly #signals = new Map<string, boolean>();

  constructor(wiring: PlcWiring) {
    this.#wiring = wiring;
    this.#eyes = wiring.eyes.map((eye) => ({ ...eye, isDark: null, seen: null }));
  }

  /** The connection ended: the next sample is a fresh start, no edge is made of it. */
  lost(): void {
    this.#counts.clear();
    this.#signals.clear();
    for (const eye of this.#eyes) {
      eye.isDark = null;
      eye.seen = null;
    }
  }

  /** Belts first: the eyes of the same sample stand on their counts. */
  sampled(image: DeviceImage, times: SampleTimes, emit: (event: PlcEvent) => void): void {
    for (const encoder of this.#wiring.encoders) {
      const count = countOf(image, encoder);
      this.#counts.set(encoder.id, { now: count, before: this.#counts.get(encoder.id)?.now ?? null });
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
    for (const eye of this.#eyes) this.#eye(eye, image.input(eye.input), times, emit);
    for (const { id, input } of this.#wiring.signals) {
      const value = image.input(input);
      if (this.#signals.get(id) === value) continue;
      this.#signals.set(id, value);
      emit({ kind: "signal", inputId: id, value });
    }
  }

  #eye(eye: EyeSample, isDark: boolean, times: SampleTimes, emit: (event: PlcEvent) => void): void {
    const counts = eye.encoderId === null ? undefined : this.#counts.get(eye.encoderId);
    const count = counts?.now ?? null;
    if (eye.isDark !== null && eye.isDark !== isDark && eye.seen !== null) {
      const upTo: BeltStamp = { atNs: Math.max(times.inputs.repliedNs, times.counts.repliedNs), count };
      emit({ kind: "eye", eyeId: eye.id, edge: isDark ? "dark" : "light", after: eye.seen, upTo });
    }
    eye.isDark = isDark;
    // Inputs read in a request of their own are older than the counts of their poll: only the counts of the poll
    // before are certainly not later than they are.
    const isOneSample = times.inputs.sentNs === times.counts.sentNs;
    const countBefore = isOneSample ? count : (counts?.before ?? null);
    eye.seen = { atNs: times.inputs.sentNs, count: countBefore };
    if (countBefore === null && eye.encoderId !== null) eye.seen = null;
  }
}

interface EyeSample extends EyeWiring {
  isDark: boolean | null;
  /** The last sample of its state: the earliest moment and count at which it can have been taken. */
  seen: BeltStamp | null;
}

const countOf = (image: DeviceImage, encoder: EncoderWiring): number =>
  encoder.bits === 32 ? image.register32(encoder.register) : (image.registers[encoder.register] ?? 0);
