// Preloaded into the controller of a benchmark: notes each pause of the collector of garbage, and writes them down at its end.
import { writeFileSync } from "node:fs";
import { PerformanceObserver, performance } from "node:perf_hooks";
import { GC_FILE, type GcPause } from "./gc-pauses.ts";

/** The oldest is lost beyond this many. */
const MAX_PAUSES = 500_000;

const file = process.env[GC_FILE];
if (file !== undefined) watch(file);

function watch(into: string): void {
  /** CLOCK_MONOTONIC at the performance clock's 0, ns. */
  const originNs = Number(process.hrtime.bigint()) - performance.now() * 1e6;
  const pauses: GcPause[] = [];
  const note = (entries: readonly { startTime: number; duration: number; detail?: unknown }[]): void => {
    for (const { startTime, duration, detail } of entries) {
      const { kind = 0 } = (detail ?? {}) as { kind?: number };
      pauses.push({ atNs: originNs + startTime * 1e6, ns: duration * 1e6, kind });
      if (pauses.length > MAX_PAUSES) pauses.shift();
    }
  };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ entryTypes: ["gc"] });
  process.on("exit", () => {
    note(observer.takeRecords());
    writeFileSync(into, JSON.stringify(pauses));
  });
}
