// Measures the timing path at 25 ns a value: per stage and device a histogram since start and one since the last reset.
import { createHistogram, monitorEventLoopDelay, type RecordableHistogram } from "node:perf_hooks";
import { type SchedulingClass, schedulingClass } from "./scheduling-class.ts";

/** One stage of the way of a parcel at one device, e.g. reaction at gate g1. All calls are safe on the timing path. */
export interface Stage {
  /** @param ns a duration; below 1 ns counts as 1 ns, above 60 s as 60 s */
  record(ns: number): void;
  /** It was done, but outside its bound. */
  miss(): void;
  /** It was not done because it would have been late. */
  drop(): void;
}

export interface StageFigures {
  count: number;
  lastNs: number;
  meanNs: number;
  p50Ns: number;
  p99Ns: number;
  p999Ns: number;
  maxNs: number;
  misses: number;
  drops: number;
}

/** What goes over the live socket; plain JSON. */
export interface MetricsSnapshot {
  stages: readonly {
    stage: string;
    /** Empty where the stage belongs to no device. */
    device: string;
    sinceStart: StageFigures;
    sinceReset: StageFigures;
  }[];
  /** Extra wait of the event loop beyond its timer, since the last reset; `maxEverNs` since start. */
  eventLoop: {
    meanNs: number;
    p99Ns: number;
    maxNs: number;
    maxEverNs: number;
  };
  scheduling: SchedulingClass;
  /** Monotonic age of the process and of the last reset, ms. */
  uptimeMs: number;
  sinceResetMs: number;
  /** Further counters by name, e.g. discarded frames. Growing since start. */
  counters: Readonly<Record<string, number>>;
}

export interface Metrics {
  /** The same object for the same names; at most 256 of them, further ones share the stage "other". */
  stage(name: string, device?: string): Stage;
  /** Adds to a counter; at most 256 names, further ones share "other". */
  count(name: string, by?: number): void;
  /** Starts the since-reset figures afresh. */
  reset(): void;
  snapshot(): MetricsSnapshot;
  close(): void;
}

const STAGES_MAX = 256;
const HIGHEST_NS = 60e9;
/** The monitor's timer; what it measures includes it. */
const LOOP_RESOLUTION_MS = 10;

export function createMetrics(): Metrics {
  const stages = new Map<string, StageRecord>();
  const counters = new Map<string, number>();
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  loop.enable();
  const startedMs = performance.now();
  const scheduling = schedulingClass();
  let resetMs = startedMs;
  let maxEverNs = 0;
  const delayNs = (ns: number): number => (loop.count === 0 ? 0 : Math.max(0, ns - LOOP_RESOLUTION_MS * 1e6));

  const stage = (name: string, device = ""): Stage => {
    const key = `${name}\0${device}`;
    const known = stages.get(key);
    if (known !== undefined) return known;
    if (stages.size >= STAGES_MAX && name !== "other") return stage("other");
    const made = new StageRecord(name, device);
    stages.set(key, made);
    return made;
  };
  return {
    stage,
    count(name, by = 1) {
      const key = counters.has(name) || counters.size < STAGES_MAX ? name : "other";
      counters.set(key, (counters.get(key) ?? 0) + by);
    },
    reset() {
      maxEverNs = Math.max(maxEverNs, delayNs(loop.max));
      loop.reset();
      for (const each of stages.values()) each.reset();
      resetMs = performance.now();
    },
    snapshot() {
      maxEverNs = Math.max(maxEverNs, delayNs(loop.max));
      const now = performance.now();
      return {
        stages: [...stages.values()].map((each) => each.figures()),
        eventLoop: {
          meanNs: Math.round(delayNs(loop.mean)),
          p99Ns: delayNs(loop.percentile(99)),
          maxNs: delayNs(loop.max),
          maxEverNs,
        },
        scheduling,
        uptimeMs: Math.round(now - startedMs),
        sinceResetMs: Math.round(now - resetMs),
        counters: Object.fromEntries(counters),
      };
    },
    close: () => void loop.disable(),
  };
}

class StageRecord implements Stage {
  readonly #name: string;
  readonly #device: string;
  readonly #start = new Tally();
  readonly #reset = new Tally();

  constructor(name: string, device: string) {
    this.#name = name;
    this.#device = device;
  }

  record(ns: number): void {
    this.#start.record(ns);
    this.#reset.record(ns);
  }

  miss(): void {
    this.#start.misses += 1;
    this.#reset.misses += 1;
  }

  drop(): void {
    this.#start.drops += 1;
    this.#reset.drops += 1;
  }

  reset(): void {
    this.#reset.clear();
  }

  figures(): MetricsSnapshot["stages"][number] {
    return {
      stage: this.#name,
      device: this.#device,
      sinceStart: this.#start.figures(),
      sinceReset: this.#reset.figures(),
    };
  }
}

class Tally {
  misses = 0;
  drops = 0;
  #lastNs = 0;
  readonly #histogram: RecordableHistogram = createHistogram({
    lowest: 1,
    highest: HIGHEST_NS,
    figures: 3,
  });

  record(ns: number): void {
    // The histogram throws at anything but whole numbers from 1 on: a clock that stood still must not end the line.
    const whole = ns >= 1 ? Math.min(Math.trunc(ns), HIGHEST_NS) : 1;
    this.#lastNs = whole;
    this.#histogram.record(whole);
  }

  clear(): void {
    this.misses = 0;
    this.drops = 0;
    this.#lastNs = 0;
    this.#histogram.reset();
  }

  figures(): StageFigures {
    const h = this.#histogram;
    const empty = h.count === 0;
    return {
      count: h.count,
      lastNs: this.#lastNs,
      meanNs: empty ? 0 : Math.round(h.mean),
      p50Ns: empty ? 0 : h.percentile(50),
      p99Ns: empty ? 0 : h.percentile(99),
      p999Ns: empty ? 0 : h.percentile(99.9),
      maxNs: empty ? 0 : h.max,
      misses: this.misses,
      drops: this.drops,
    };
  }
}
