// The time that a scanner driver lives by, handed in so that tests and the controller own it.

export interface ScannerClock {
  /** Monotonic ns since the run's epoch. */
  nowNs(): number;
  /**
   * Bytes that a port hands over now came after this instant: the event loop has looked at every port since. A few
   * milliseconds ago while it goes round, and before the hold-up when it was held up. Monotonic ns.
   */
  heardAfterNs(): number;
  /** Calls `run` once after `delayMs`; the result cancels it. */
  setTimer(delayMs: number, run: () => void): () => void;
}

/**
 * A timer for a deadline that moves later all the time: it is not set anew with every byte, but looks when it fires
 * whether the deadline has moved, and sleeps on if so.
 */
export class DeadlineTimer {
  readonly #clock: ScannerClock;
  readonly #deadlineNs: () => number | null;
  readonly #onDue: (nowNs: number) => void;
  #cancel: (() => void) | null = null;

  /** `deadlineNs`: null for none. `onDue` is called when it has passed, and again by the next `arm`. */
  constructor(clock: ScannerClock, deadlineNs: () => number | null, onDue: (nowNs: number) => void) {
    this.#clock = clock;
    this.#deadlineNs = deadlineNs;
    this.#onDue = onDue;
  }

  /** To be called when there may be a deadline where there was none. Costs nothing while the timer runs. */
  arm(): void {
    if (this.#cancel !== null) return;
    const deadlineNs = this.#deadlineNs();
    if (deadlineNs === null) return;
    const delayMs = Math.max(1, Math.ceil((deadlineNs - this.#clock.nowNs()) / 1e6));
    this.#cancel = this.#clock.setTimer(delayMs, () => this.#fire());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #fire(): void {
    this.#cancel = null;
    const deadlineNs = this.#deadlineNs();
    const nowNs = this.#clock.nowNs();
    if (deadlineNs !== null && nowNs > deadlineNs) this.#onDue(nowNs);
    this.arm();
  }
}
