// When a unit that does not answer may be tried: seldom enough that all such tries take less than 1 % of the line's time. Pure.

/** A try of a dead unit costs one timeout; one in so many timeouts keeps them below 1 %. */
const TIMEOUTS_APART = 101;

export class ProbeSlots<U> {
  readonly #waiting: U[] = [];
  readonly #known = new Set<U>();
  #nextNs = Number.NEGATIVE_INFINITY;

  /** The line is there again: each unit has one try that costs nothing of the budget. */
  opened(): void {
    this.#known.clear();
  }

  ask(unit: U): void {
    if (!this.#waiting.includes(unit)) this.#waiting.push(unit);
  }

  drop(unit: U): void {
    const at = this.#waiting.indexOf(unit);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  /** The unit that may be tried now, taken from the queue; null: none yet. */
  take(nowNs: number, timeoutNs: (unit: U) => number): U | null {
    const unit = this.#waiting.find((each) => !this.#known.has(each)) ?? this.#waiting[0];
    if (unit === undefined || (this.#known.has(unit) && nowNs < this.#nextNs)) return null;
    this.drop(unit);
    if (this.#known.has(unit)) this.#nextNs = nowNs + TIMEOUTS_APART * timeoutNs(unit);
    this.#known.add(unit);
    return unit;
  }

  /** When to ask again; Infinity: nobody waits. */
  get dueNs(): number {
    if (this.#waiting.length === 0) return Number.POSITIVE_INFINITY;
    return this.#waiting.some((unit) => !this.#known.has(unit)) ? Number.NEGATIVE_INFINITY : this.#nextNs;
  }
}
