// The controller's event loop on the virtual clock: it may stand still, and what comes meanwhile waits for it in order.
import type { VirtualClock } from "./clock.ts";

export interface VirtualLoop {
  /** Runs it now, or when the loop goes on. */
  whenAwake(action: () => void): void;
  /** Since when it stands; null: it does not. */
  standsSinceNs(): number | null;
  stall(forNs: number): void;
  /** Another process: it stands no more, and what waited for the one before comes to nobody. */
  restart(): void;
}

export function virtualLoop(clock: VirtualClock): VirtualLoop {
  let sinceNs = 0;
  let untilNs = 0;
  const stands = (): boolean => clock.nowNs() < untilNs;
  const whenAwake = (action: () => void): void => {
    if (stands()) clock.at(untilNs, () => whenAwake(action));
    else action();
  };
  return {
    whenAwake,
    standsSinceNs: () => (stands() ? sinceNs : null),
    stall(forNs) {
      if (!stands()) sinceNs = clock.nowNs();
      untilNs = Math.max(untilNs, clock.nowNs() + forNs);
    },
    restart() {
      untilNs = 0;
    },
  };
}
