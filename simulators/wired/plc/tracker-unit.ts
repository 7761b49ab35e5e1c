// Fits the tracking of a PLC into its program: register map, cycles that matter, arrivals.
import type { PlcPlan, PlcTerminals, TrackerPlan } from "../terminals.ts";
import type { PlcArrival } from "./arrival.ts";
import { put } from "./read-span.ts";
import { DESTINATION, TELEGRAM_REGISTERS, Tracker } from "./tracker.ts";

export class TrackerUnit extends Tracker {
  readonly #map: TrackerPlan;
  readonly #counter: number;
  #shown = 0;

  constructor(o: {
    plan: TrackerPlan;
    terminals: PlcTerminals;
    counter: number;
    session: number;
    onArrival: (arrival: PlcArrival) => void;
  }) {
    super({ ...o, events: { accepted: (arrival) => o.onArrival({ ...arrival, verdict: DESTINATION.accepted }) } });
    this.#map = o.plan;
    this.#counter = o.counter;
  }

  /** It shows another picture than at the last `put`. */
  get isNews(): boolean {
    return this.board.version !== this.#shown;
  }

  isTelegram(address: number, values: readonly number[]): boolean {
    return address === this.#map.register && values.length === TELEGRAM_REGISTERS;
  }

  /** Puts its registers among those that were read from `address` on. */
  put(values: number[], o: { address: number; armed: boolean }): void {
    this.#shown = this.board.version;
    const place = (words: readonly number[], from: number): void => {
      words.forEach((word, i) => {
        put(values, from + i - o.address, word);
      });
    };
    place(this.board.status(o.armed), this.#map.status);
    place(this.board.reports(), this.#map.reports);
  }

  /** As of the program. */
  nextScanNs(
    nowNs: number,
    o: { scanNs: number; terminals: { stepsToCount(counter: number, counts: number): number } },
  ): number {
    const { awaits } = this;
    if (awaits === null) return Number.POSITIVE_INFINITY;
    const { untilNs, counts } = awaits;
    if (counts === Number.POSITIVE_INFINITY) return untilNs;
    return Math.min(untilNs, nowNs + o.terminals.stepsToCount(this.#counter, counts) * o.scanNs);
  }
}

/** null: the PLC tracks nothing. */
export function trackerUnit(o: {
  plan: PlcPlan;
  terminals: PlcTerminals;
  session: number;
  onArrival: (arrival: PlcArrival) => void;
}): TrackerUnit | null {
  const { tracker, encoders } = o.plan;
  if (tracker === undefined) return null;
  return new TrackerUnit({ ...o, plan: tracker, counter: encoders[tracker.encoder]?.counter ?? 0 });
}
