// The clocks that the release cache judges by: wall time for validity, monotonic time of this boot for freshness.
import { readFileSync } from "node:fs";

export interface ReleaseClock {
  /** Wall time, ms since 1970. */
  wallMs(): number;
  /** Monotonic time, ns since boot: CLOCK_MONOTONIC, which all processes of one boot share. */
  monotonicNs(): number;
  /** Monotonic times of another boot mean nothing. */
  readonly bootId: string;
}

/** The machine's clocks. The boot id is Linux's; elsewhere nothing is ever fresh, and nothing is released. */
export function systemClock(): ReleaseClock {
  return {
    wallMs: () => Date.now(),
    // A double is exact to the nanosecond for 104 days of uptime and to 2 ns for as long again: ages are in seconds.
    monotonicNs: () => Number(process.hrtime.bigint()),
    bootId: readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
  };
}
