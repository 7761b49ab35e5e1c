// What the wired and the virtual runs of one scenario come to together: the same verdict, the same reasons for each fault.
import {
  codesByKind,
  compareReasons,
  isEqual,
  type KindComparison,
  stoodByKind,
} from "../../../../simulators/scenarios/compare-reasons.ts";
import { percent } from "../../../../simulators/virtual/scenario-verdict.ts";
import type { VirtualTwins } from "./virtual-twins.ts";
import type { WiredRun } from "./wired-verdict.ts";

export interface WiredOutcome {
  wired: WiredRun;
  twins: VirtualTwins;
  comparison: readonly KindComparison[];
  /** In words; of the wired run, and of the comparison. */
  failures: readonly string[];
  passed: boolean;
}

/**
 * A machine without power has no gateway either: until its feed is heard again every release is stale. The virtual line has
 * no gateway that could be gone.
 */
const ON_WIRES = { powerLoss: ["RELEASE_STALE", "LAW_UNRELEASED", "MODE_DEGRADED"] };

/** Of the least that a virtual run delivered, the wired one delivers at least this share: a restart takes longer there. */
const SHARE_OF_VIRTUAL = 0.5;

export function outcomeOf(wired: WiredRun, twins: VirtualTwins): WiredOutcome {
  const comparison = compareReasons({
    wired: codesByKind(wired.heard, wired.spans),
    stood: stoodByKind(wired.stood, wired.spans),
    virtual: twins.codes,
    withoutFaults: twins.withoutFaults,
    heldUp: twins.heldUp,
    onWires: ON_WIRES,
  });
  const failures = [...wired.failures, ...differences(wired, twins), ...comparison.flatMap(differenceIn)];
  return {
    ...{ wired, twins, comparison, failures },
    passed: wired.violations.length === 0 && failures.length === 0,
  };
}

/** Of a run: the law, then everything else. */
export function verdictWords({ violations, failures }: Pick<WiredRun, "violations" | "failures">): string {
  if (violations.length > 0) return "law broken";
  return failures.length > 0 ? "kept, failed" : "kept";
}

function differences(wired: WiredRun, { run, leastShare }: VirtualTwins): string[] {
  const found: string[] = [];
  const [there, here] = [verdictWords(run), verdictWords(wired)];
  if (there !== here) found.push(`the verdict is "${there}" on the virtual line, "${here}" on the wired one`);
  const share = wired.deliveredShare ?? 0;
  if (leastShare !== null && share < leastShare * SHARE_OF_VIRTUAL)
    found.push(`${percent(share)} of the released parcels were delivered, ${percent(leastShare)} on the virtual line`);
  return found;
}

function differenceIn(of: KindComparison): string[] {
  if (isEqual(of)) return [];
  const { kind, missing, extra } = of;
  return [
    ...(extra.length === 0 ? [] : [`${kind}: only on the wired line ${extra.join(", ")}`]),
    ...(missing.length === 0 ? [] : [`${kind}: only on the virtual line ${missing.join(", ")}`]),
  ];
}
