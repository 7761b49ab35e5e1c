// Pauses of the collector of garbage in a benchmark's controller: how they are handed over, and what they come to.
import { constants } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

/** For Node: what watches them. */
export const GC_WATCH = `--import=${fileURLToPath(new URL("./gc-watch.ts", import.meta.url))}`;

/** Environment: the file into which a watched process writes its pauses at its end. */
export const GC_FILE = "COLINE_BENCH_GC";

export interface GcPause {
  /** CLOCK_MONOTONIC, ns. */
  atNs: number;
  ns: number;
  /** As `perf_hooks` numbers them. */
  kind: number;
}

export interface GcFigures {
  pauses: number;
  /** Of the old generation, which take longest. */
  major: number;
  /** Of the time, 0..1. */
  share: number;
  /** ms. */
  p50: number;
  p99: number;
  max: number;
}

/** @param o.spans the times that are measured, ns of CLOCK_MONOTONIC */
export function gcFigures(o: {
  pauses: readonly GcPause[];
  spans: readonly { fromNs: number; untilNs: number }[];
}): GcFigures {
  const within = o.pauses.filter(({ atNs }) => o.spans.some(({ fromNs, untilNs }) => atNs >= fromNs && atNs < untilNs));
  const sorted = within.map(({ ns }) => ns).sort((a, b) => a - b);
  const at = (share: number): number => (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0) / 1e6;
  const measuredNs = o.spans.reduce((sum, { fromNs, untilNs }) => sum + untilNs - fromNs, 0);
  return {
    pauses: within.length,
    major: within.filter(({ kind }) => kind === constants.NODE_PERFORMANCE_GC_MAJOR).length,
    share: sorted.reduce((sum, ns) => sum + ns, 0) / Math.max(1, measuredNs),
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}

export const gcText = ({ pauses, major, share, p50, p99, max }: GcFigures): string =>
  `collector: ${pauses} pauses, ${major} of them major, p50 ${p50.toFixed(2)}, p99 ${p99.toFixed(2)}, max ${max.toFixed(2)} ms, ` +
  `${(share * 100).toFixed(2)} % of the time`;
