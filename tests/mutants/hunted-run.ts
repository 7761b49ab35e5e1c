// Runs one seed of a hunt on the virtual line, and says which checker spoke first.
import { runScenario } from "../../simulators/virtual/scenario-run.ts";
import type { ScenarioRun } from "../../simulators/virtual/scenario-verdict.ts";
import type { HuntedSeed } from "./hunted-seeds.ts";
import { type HuntName, huntOf } from "./hunts.ts";

export function huntSeed(name: HuntName, seed: number): HuntedSeed {
  const { site, scenario, isSafetyOnly, mustCommission } = huntOf(name);
  const run = runScenario({ site, scenario, seed, sliceNs: SLICE_NS, mustCommission });
  const failures = isSafetyOnly ? [] : run.failures;
  return { seed, failures, ...(brokenLaw(run) ?? (isSafetyOnly ? null : missedDelivery(run)) ?? NOTHING) };
}

/** Short slices: what is found soon ends the run soon. Two of them still hold a parcel and the copy of its label. */
const SLICE_NS = 15e9;

type Found = Omit<HuntedSeed, "seed" | "failures">;

const NOTHING: Found = { checker: null, clause: 0, detail: "" };

/** The line's own word for a breach is no checker's: a mutant could have taken that away too. */
function brokenLaw({ violations }: ScenarioRun): Found | null {
  const violation = violations.find(({ finding }) => finding.rule !== "breach");
  if (violation === undefined) return null;
  const { rule, clause, detail } = violation.finding;
  return { checker: rule, clause, detail };
}

/** No clause is broken, but after the last fault the line does not sort as it should. */
function missedDelivery({ missedAfterwards: [missed] }: ScenarioRun): Found | null {
  return missed === undefined ? null : { checker: "recovered", clause: 0, detail: missed.finding.detail };
}
