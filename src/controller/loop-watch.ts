// How far back the loop, and the kernel, are known to have looked at the ports: what is handed over now came after that.

export interface LoopWatch {
  /** The loop goes round: called by a timer of a few milliseconds. */
  turned(nowNs: number): void;
  /** Whatever a port hands over in this turn came in after this instant, monotonic ns; 0, the epoch of the run: not known yet. */
  heardAfterNs(): number;
}

/** Comes back once the kernel has handed over whatever had come in before it was sent. */
export interface Probe {
  send(): void;
  isBack(): boolean;
  /** The one under way counts as lost: whatever comes back of it counts no more. */
  renew(): void;
}

/** So long no kernel has been seen to take (0.5 s at most): what has not come back by then never will, ns. */
const LOST_AFTER_NS = 2_000_000_000;

/** Of a system on which there is none. */
export const NO_PROBE: Probe = { send: () => undefined, isBack: () => true, renew: () => undefined };

/**
 * Each turn of the loop asks the kernel once which ports are readable, and runs the due timers after it. An event of
 * this turn was not there when the turn before asked. That turn may have been held up between asking and its timers, so
 * that only the timer call before the last one is certainly older than the asking.
 *
 * Not there means: not handed over by then. What had come in before a probe was sent that was back at that timer call was
 * handed over, so that this came later than that probe.
 */
export function loopWatch(probe: Probe): LoopWatch {
  let sentNs = 0;
  /** When the newest probe was sent that is back: as of the last call, and as of the one before. */
  let provedNs = 0;
  let provedBeforeNs = 0;
  return {
    turned(nowNs) {
      provedBeforeNs = provedNs;
      if (probe.isBack()) provedNs = sentNs;
      else if (nowNs - sentNs > LOST_AFTER_NS) probe.renew();
      else return;
      sentNs = nowNs;
      probe.send();
    },
    heardAfterNs: () => provedBeforeNs,
  };
}
