// The run's clock: monotonic whole nanoseconds since the run's epoch, and the wall time that belongs to it.

export interface RunClock {
  nowNs(): number;
  /** CLOCK_MONOTONIC at the epoch, ns: comparable between processes of one boot. */
  readonly epochMonotonicNs: bigint;
  /** Wall time at the epoch, RFC 3339 with offset. */
  readonly startedAt: string;
  /** Wall time now, RFC 3339 with offset. */
  wallTime(): string;
}

export function runClock(): RunClock {
  const epochMs = performance.now();
  const epochMonotonicNs = process.hrtime.bigint();
  const startedAt = rfc3339(new Date());
  return {
    // performance.now() is the monotonic clock as a double: no allocation, and far below 1 µs of rounding.
    nowNs: () => Math.round((performance.now() - epochMs) * 1e6),
    epochMonotonicNs,
    startedAt,
    wallTime: () => rfc3339(new Date()),
  };
}

/** Local time with its offset, as in 2026-01-31T08:00:00.000+08:00. */
export function rfc3339(date: Date): string {
  const offsetMin = -date.getTimezoneOffset();
  const two = (value: number) => String(Math.floor(Math.abs(value))).padStart(2, "0");
  const local = new Date(date.getTime() + offsetMin * 60_000).toISOString().slice(0, -1);
  return `${local}${offsetMin < 0 ? "-" : "+"}${two(offsetMin / 60)}:${two(offsetMin % 60)}`;
}
