// When a unit that does not answer may be tried: seldom while that holds others up, soon while nobody on the line answers. Pure.

/** A try of a dead unit costs one timeout; one in so many timeouts keeps them below 1 %. */
const APART_BESIDE_OTHERS = 101;
/** Between two tries of one unit, at least: telegrams carry no number, and a reply to the first must pass as noise. */
const APART = 10;

interface Try {
  atNs: number;
  timeoutNs: number;
}

export class ProbeSlots<U> {
  readonly #waiting: U[] = [];
  /** By unit, its last try since the line opened. */
  readonly #tries = new Map<U, Try>();
  readonly #answering = new Set<U>();
  /** Those whose next try waits for no other's. */
  readonly #free = new Set<U>();
  #last: Try = { atNs: Number.NEGATIVE_INFINITY, timeoutNs: 0 };

  /** The line is there again: each unit may be tried at once. */
  opened(): void {
    this.#tries.clear();
    this.#free.clear();
  }

  ask(unit: U): void {
    if (!this.#waiting.includes(unit)) this.#waiting.push(unit);
  }

  /** It waits and answers no more. @returns whether nobody answers any more, so that all may be tried sooner */
  drop(unit: U): boolean {
    const at = this.#waiting.indexOf(unit);
    if (at >= 0) this.#waiting.splice(at, 1);
    return this.#answering.delete(unit) && this.#answering.size === 0;
  }

  /** @returns whether it is the first to answer: the cable is there again, and each of the others has a try for that */
  answered(unit: U): boolean {
    const isFirst = this.#answering.size === 0;
    this.#answering.add(unit);
    if (isFirst) for (const other of this.#tries.keys()) this.#free.add(other);
    this.#free.delete(unit);
    return isFirst;
  }

  /** The unit that may be tried now, taken from the queue; null: none yet. */
  take(nowNs: number, timeoutNs: (unit: U) => number): U | null {
    const unit = this.#waiting.find((each) => this.#dueNs(each) <= nowNs);
    if (unit === undefined) return null;
    this.#waiting.splice(this.#waiting.indexOf(unit), 1);
    this.#free.delete(unit);
    const made = { atNs: nowNs, timeoutNs: timeoutNs(unit) };
    if (this.#tries.has(unit)) this.#last = made;
    this.#tries.set(unit, made);
    return unit;
  }

  /** When to ask again; Infinity: nobody waits. */
  get dueNs(): number {
    let atNs = Number.POSITIVE_INFINITY;
    for (const unit of this.#waiting) atNs = Math.min(atNs, this.#dueNs(unit));
    return atNs;
  }

  #dueNs(unit: U): number {
    const before = this.#tries.get(unit);
    if (before === undefined) return Number.NEGATIVE_INFINITY;
    const restedNs = before.atNs + APART * before.timeoutNs;
    if (this.#free.has(unit)) return restedNs;
    const apart = this.#answering.size > 0 ? APART_BESIDE_OTHERS : APART;
    return Math.max(restedNs, this.#last.atNs + apart * this.#last.timeoutNs);
  }
}
