// What a run of a scenario comes to: what was expected of it and did not come, on the virtual line as on the wired one.
import type { PlannedFault } from "../scenarios/planned-fault.ts";
import type { Scenario } from "../scenarios/scenario-schema.ts";
import type { Watched } from "./run-watch.ts";

export interface ScenarioRun extends Watched {
  seed: number;
  injected: Readonly<Record<string, number>>;
  /** Everything came in and left again. */
  finished: boolean;
  simulatedS: number;
  /** Seals the whole journal of a virtual run: the same seed, and the same code, give the same. Absent of a wired one. */
  journalHead?: string;
  /** Of the released and readable parcels; null: there were none. */
  deliveredShare: number | null;
  /** What was expected of the scenario and did not come; in words. */
  failures: readonly string[];
  passed: boolean;
}

export function judgedRun(o: {
  scenario: Pick<Scenario, "expect">;
  seed: number;
  faults: readonly Pick<PlannedFault, "kind">[];
  watched: Watched;
  injected: Readonly<Record<string, number>>;
  finished: boolean;
  simulatedS: number;
}): ScenarioRun {
  const { watched, seed, injected, finished, simulatedS } = o;
  const deliveredShare = watched.due === 0 ? null : watched.delivered / watched.due;
  const failures = watched.violations.length > 0 ? [] : failuresOf({ ...o, deliveredShare });
  const passed = watched.violations.length === 0 && failures.length === 0;
  return { ...watched, seed, injected, finished, simulatedS, deliveredShare, failures, passed };
}

function failuresOf(o: {
  scenario: Pick<Scenario, "expect">;
  faults: readonly Pick<PlannedFault, "kind">[];
  watched: Watched;
  deliveredShare: number | null;
  injected: Readonly<Record<string, number>>;
  finished: boolean;
}): string[] {
  const { expect } = o.scenario;
  const { watched, deliveredShare } = o;
  const failures: string[] = [];
  if (!o.finished)
    failures.push(`the line stood still: ${watched.parcels} parcels came in, and the end was not reached`);
  if (deliveredShare === null) failures.push("no released and readable parcel came in: nothing was tried");
  else if (deliveredShare < expect.deliveredShare)
    failures.push(
      `${percent(deliveredShare)} of the released parcels were delivered, ${percent(expect.deliveredShare)} expected`,
    );
  for (const kind of new Set(o.faults.map((fault) => fault.kind)))
    if ((o.injected[kind] ?? 0) === 0) failures.push(`the fault "${kind}" was never injected`);
  for (const code of expect.reasons)
    if (watched.reasons[code] === undefined) failures.push(`the reason ${code} never occurred`);
  if (watched.dueAfterwards === 0 && o.finished)
    failures.push("after the last fault no released parcel came in any more");
  if (watched.missedAfterwards.length > 0)
    failures.push(
      `no recovery: ${watched.missedAfterwards.length} released parcels missed their chute after the last fault`,
    );
  return failures;
}

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
