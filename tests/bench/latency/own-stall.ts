// How late a process of the benchmark comes itself, by its own ticks.
export const TICK_MS = 1;

export interface Stall {
  ms: number;
  /** When it ended, ns of CLOCK_MONOTONIC. */
  atNs: number;
}

export class OwnStall {
  #longest: Stall = { ms: 0, atNs: 0 };
  #lastNs: number;

  constructor(nowNs: number) {
    this.#lastNs = nowNs;
  }

  /** The longest since `begin`. */
  get longest(): Stall {
    return this.#longest;
  }

  begin(): void {
    this.#longest = { ms: 0, atNs: 0 };
  }

  /** Every `TICK_MS`, if all is well. */
  tick(nowNs: number): void {
    const ms = (nowNs - this.#lastNs) / 1e6 - TICK_MS;
    if (ms > this.#longest.ms) this.#longest = { ms, atNs: nowNs };
    this.#lastNs = nowNs;
  }
}
