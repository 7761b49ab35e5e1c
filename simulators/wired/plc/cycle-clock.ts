// How many cycles a simulated PLC has had: a real one has a processor for itself, this one waits for its machine's.

/**
 * What the machine took from its process is made up in cycles, as the world has waited for it (see `WiredDevice`). A stop
 * that was ordered is made up by nobody: it had no cycles.
 */
export class CycleClock {
  readonly #scanNs: number;
  readonly #stops: () => number;
  #countedNs: number;
  #stopsSeen: number;

  /** @param o.stops another number than before: it was stopped on somebody's order meanwhile, see `markStop` */
  constructor(o: { scanMs: number; nowNs: number; stops: () => number }) {
    this.#scanNs = o.scanMs * 1e6;
    this.#stops = o.stops;
    this.#countedNs = o.nowNs;
    this.#stopsSeen = o.stops();
  }

  /** Whole cycles since the last call, 0 or more; over a stop, one, and for how long it stood at most. */
  due(nowNs: number): { cycles: number; stoodNs: number } {
    const passedNs = nowNs - this.#countedNs;
    const cycles = Math.floor(passedNs / this.#scanNs);
    if (cycles > 1 && this.#hasStopped()) {
      this.#countedNs = nowNs;
      return { cycles: 1, stoodNs: passedNs };
    }
    this.#countedNs += cycles * this.#scanNs;
    return { cycles, stoodNs: 0 };
  }

  #hasStopped(): boolean {
    const stops = this.#stops();
    const isAnother = stops !== this.#stopsSeen;
    this.#stopsSeen = stops;
    return isAnother;
  }
}
