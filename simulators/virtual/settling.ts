// From when on each belt has to deliver again: some time after the last fault, and where it stood then, after it was let run.
import type { LineEntry } from "../../src/line/entry.ts";

/** By then everything that was on the belt has left it, and the belt was started again. */
const SETTLED_NS = 14e9;

/** @param endsNs of the faults */
export const settledNs = (endsNs: readonly number[]): number => Math.max(0, ...endsNs) + SETTLED_NS;

/**
 * People end what a fault has left behind (a gate in doubt is tested, a safe end is cleared), each in their own time, and the
 * belt stands until then: it has the same time to settle after that. A stop that comes when all should have settled is nobody's
 * excuse.
 */
export class Settling {
  readonly #settledNs: number;
  readonly #ofBelt = new Map<string, number>();
  /** Belts whose run permit fell in time, and has not come back. */
  readonly #standing = new Set<string>();

  /** @param settledNs after the last fault, and the time to settle, world's time */
  constructor(settledNs: number) {
    this.#settledNs = settledNs;
  }

  entry(entry: LineEntry, atNs: number): void {
    // The first word of a run is that every belt may run; what keeps one down is said after it.
    if (entry.kind === "run") for (const beltId of [...this.#standing]) this.#runs(beltId, atNs);
    if (entry.kind !== "linePermit" || entry.permit !== "run") return;
    if (entry.allowed) this.#runs(entry.beltId, atNs);
    else if (atNs < this.#settledNs) this.#standing.add(entry.beltId);
  }

  /** A parcel that is fed from then on has no excuse in any fault. */
  of(beltId: string): number {
    return this.#ofBelt.get(beltId) ?? this.#settledNs;
  }

  #runs(beltId: string, atNs: number): void {
    if (!this.#standing.delete(beltId)) return;
    this.#ofBelt.set(beltId, Math.max(this.of(beltId), atNs + SETTLED_NS));
  }
}
