// One timer for the core's wishes: the latest wish replaces the one before, a wish in the past comes at once.

export interface WakeTimer {
  at(atNs: number): void;
  stop(): void;
}

export function wakeTimer(nowNs: () => number, wake: () => void): WakeTimer {
  let timer: NodeJS.Timeout | null = null;
  let dueNs = Number.POSITIVE_INFINITY;
  const fire = (): void => {
    timer = null;
    dueNs = Number.POSITIVE_INFINITY;
    wake();
  };
  return {
    at(atNs) {
      // An earlier wake that finds nothing to do costs less than a new timer for each belt sample.
      if (timer !== null && dueNs <= atNs) return;
      if (timer !== null) clearTimeout(timer);
      dueNs = atNs;
      timer = setTimeout(fire, Math.max(0, (atNs - nowNs()) / 1e6));
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
