// Reads a PLC's reports of its parcels out of their slots, each once and in order, and says when some were missed.
import type { PlcEvent } from "../buses/job.ts";
import { newestReport, reportAt, type Tracker } from "../gates/destination.ts";

export class TrackerReports {
  readonly #tracker: Tracker;
  readonly #emit: (event: PlcEvent) => void;
  /** Number of the last report that was read; null: none yet, and what stands there is of a time before. */
  #read: number | null = null;
  #session = 0;

  constructor(tracker: Tracker, emit: (event: PlcEvent) => void) {
    this.#tracker = tracker;
    this.#emit = emit;
  }

  /** A lost connection is no reason to forget: what stands in the slots when it is back was reported meanwhile. */
  sampled(registers: ArrayLike<number>, session: number): void {
    const newest = newestReport(registers, this.#tracker);
    if (this.#read === null) {
      this.#read = newest;
      this.#session = session;
    }
    if (session !== this.#session) {
      this.#session = session;
      this.#read = 0;
      this.#forgot("restarted");
    }
    const behind = (newest - this.#read) >>> 0;
    if (behind === 0) return;
    const { slots, beltId } = this.#tracker;
    if (behind > slots) this.#forgot("missed");
    // Report 0 never was, whatever a PLC counts backwards.
    for (let n = newest - Math.min(behind, slots, newest) + 1; n <= newest; n += 1) {
      const report = reportAt(registers, this.#tracker, n);
      if (report !== null) this.#emit({ kind: "report", beltId, report });
    }
    this.#read = newest;
  }

  #forgot(why: "restarted" | "missed"): void {
    this.#emit({ kind: "report", beltId: this.#tracker.beltId, report: { kind: "forgot", why } });
  }
}
