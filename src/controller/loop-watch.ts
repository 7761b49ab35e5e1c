// How far back the event loop is known to have looked at its ports: what it hands over now came after that.

export interface LoopWatch {
  /** The loop goes round: called by a timer of a few milliseconds. */
  turned(nowNs: number): void;
  /** Whatever a port hands over in this turn came in after this instant, monotonic ns; 0, the epoch of the run: not known yet. */
  heardAfterNs(): number;
}

/**
 * Each turn of the loop asks the kernel once which ports are readable, and runs the due timers after it. An event of
 * this turn was not there when the turn before asked. That turn may have been held up between asking and its timers, so
 * that only the timer call before the last one is certainly older than the asking.
 */
export function loopWatch(): LoopWatch {
  let lastNs = 0;
  let beforeNs = 0;
  return {
    turned(nowNs) {
      beforeNs = lastNs;
      lastNs = nowNs;
    },
    heardAfterNs: () => beforeNs,
  };
}
