// Reduces the faults of a run to a few that still break it: whole faults first, then how long each lasts.
import type { PlannedFault } from "../scenarios/planned-fault.ts";

export interface Shrunk {
  faults: readonly PlannedFault[];
  /** Runs that it took. */
  runs: number;
}

/** Each fault is halved so often at most: a run more costs seconds, a shorter fault is only easier to read. */
const HALVINGS = 4;

/**
 * Delta debugging: no single fault of the result can be left out, unless the budget ended before that was sure.
 * @param breaks whether a run with these faults is still broken; the full list is known to be
 * @param o.mostRuns budget
 */
export function shrinkFaults(
  faults: readonly PlannedFault[],
  breaks: (faults: readonly PlannedFault[]) => boolean,
  o: { mostRuns: number },
): Shrunk {
  let runs = 0;
  const tried = (candidate: readonly PlannedFault[]): boolean => {
    if (runs >= o.mostRuns) return false;
    runs += 1;
    return breaks(candidate);
  };
  const shorter = shortened(fewer(faults, tried), tried);
  return { faults: shorter, runs };
}

function fewer(faults: readonly PlannedFault[], breaks: (faults: readonly PlannedFault[]) => boolean) {
  let kept = faults;
  let parts = 2;
  if (kept.length > 0 && breaks([])) return [];
  while (kept.length > 1) {
    const size = Math.ceil(kept.length / parts);
    const chunks = Array.from({ length: Math.ceil(kept.length / size) }, (_, i) =>
      kept.slice(i * size, (i + 1) * size),
    );
    const alone = chunks.find((chunk) => chunk.length < kept.length && breaks(chunk));
    const without = alone ?? restOf(kept, chunks).find((rest) => rest.length < kept.length && breaks(rest));
    if (without !== undefined) {
      kept = without;
      parts = alone === undefined ? Math.max(2, parts - 1) : 2;
    } else if (size === 1) break;
    else parts = Math.min(kept.length, parts * 2);
  }
  return kept;
}

const restOf = (all: readonly PlannedFault[], chunks: readonly (readonly PlannedFault[])[]) =>
  chunks.map((chunk) => all.filter((fault) => !chunk.includes(fault)));

function shortened(faults: readonly PlannedFault[], breaks: (faults: readonly PlannedFault[]) => boolean) {
  let kept = [...faults];
  for (let index = 0; index < kept.length; index += 1) {
    for (let times = 0; times < HALVINGS; times += 1) {
      const fault = kept[index];
      if (fault === undefined || !("forNs" in fault)) break;
      const half = { ...fault, forNs: Math.ceil(fault.forNs / 2) };
      const candidate = kept.with(index, half);
      if (!breaks(candidate)) break;
      kept = candidate;
    }
  }
  return kept;
}
