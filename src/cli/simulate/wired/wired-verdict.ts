// What a wired run comes to: the judge of the virtual runs over the rig's truth and the journal that the controller left.

import type { FaultSpan, Heard, Stood } from "../../../../simulators/scenarios/compare-reasons.ts";
import type { PlannedFault } from "../../../../simulators/scenarios/planned-fault.ts";
import { RunWatch, type Violation, type Watched } from "../../../../simulators/virtual/run-watch.ts";
import { judgedRun, type ScenarioRun } from "../../../../simulators/virtual/scenario-verdict.ts";
import { settledNs } from "../../../../simulators/virtual/settling.ts";
import type { RigStatus } from "../../../../simulators/wired/rig-messages.ts";
import { worldTimeAt } from "../../../../simulators/wired/world-clock.ts";
import { reportRun } from "../../../../simulators/world/checkers/report.ts";
import type { RunEvidence } from "../../demo/evidence.ts";
import { lateParcels } from "../../demo/figures.ts";
import { reasonsByParcel } from "../../demo/reasons-of-parcels.ts";
import type { FaultClock } from "./fault-clock.ts";
import { codeListener } from "./virtual-twins.ts";

export interface WiredRun extends ScenarioRun {
  /** Released parcels that missed their chute because a command was too late for them. */
  late: number;
  /** Released parcels after the last fault that missed their chute for a reason that a busy machine brings about: no failure. */
  heldUpAfterwards: number;
  heard: readonly Heard[];
  stood: readonly Stood[];
  spans: readonly FaultSpan[];
  /** Moments in which the machine held up the simulated line itself, and the worst. */
  simulator: { stalls: number; worstStallMs: number };
}

export function judgeWired(o: {
  seed: number;
  evidence: RunEvidence;
  status: RigStatus;
  /** CLOCK_MONOTONIC at the world's time 0, ns. */
  epochNs: bigint;
  planned: readonly PlannedFault[];
  faults: Pick<FaultClock, "played" | "counts">;
  /** CLOCK_MONOTONIC when the run was over, before anybody stopped the controller, ns. */
  overNs: bigint;
  finished: boolean;
  exitCode: number;
  /** Codes that a busy machine brings about by itself. */
  heldUp: ReadonlySet<string>;
}): WiredRun {
  const { evidence, status } = o;
  const { entries, worldNs, records, truth } = evidence;
  const inWorldNs = (realNs: bigint): number => worldTimeAt(records.pauses, Number(realNs - o.epochNs));
  const spans = o.faults.played.map(({ kind, atNs, forNs }) => {
    const fromNs = inWorldNs(atNs);
    return { kind, fromNs, untilNs: fromNs + forNs };
  });
  const watch = new RunWatch({ settledNs: settledNs(spans.map(({ untilNs }) => untilNs)) });
  const startsNs = entries.flatMap((entry) => (entry.kind === "run" ? [worldNs(entry)] : []));
  const listener = codeListener();
  const overNs = inWorldNs(o.overNs);
  for (const entry of entries) {
    const atNs = worldNs(entry);
    watch.entry(entry, atNs);
    if (atNs <= overNs) listener.hear(entry, atNs);
  }
  for (const arrival of records.arrivals) watch.arrival(arrival);
  const watched = watch.finish(truth, evidence.isComplete);
  const late = lateParcels(evidence);
  const lateDrops = reportRun(evidence).missed.filter(({ parcelId }) => parcelId !== null && late.has(parcelId)).length;
  const missed = missedFor(watched, evidence, o.heldUp);
  const run = judgedRun({
    // What a whole scenario expects of reasons and shares is asked of the comparison: a part of it may not come to that.
    scenario: { expect: { deliveredShare: 0, reasons: [] } },
    seed: o.seed,
    faults: o.planned,
    watched: {
      ...watched,
      missedAfterwards: missed.otherwise,
    },
    injected: { ...o.faults.counts, ...records.befallen },
    finished: o.finished,
    simulatedS: status.atNs / 1e9,
  });
  const failures = [
    ...run.failures,
    ...(o.finished && !evidence.isComplete
      ? ["the last parcel has left, and the journal has items without an end"]
      : []),
    ...(o.exitCode === 0 ? [] : [`controller and gateway ended with exit code ${o.exitCode}`]),
    ...(records.lost === 0 ? [] : [`the rig has forgotten ${records.lost} records`]),
  ];
  return {
    ...run,
    failures,
    passed: run.violations.length === 0 && failures.length === 0,
    late: lateDrops,
    heldUpAfterwards: missed.heldUp.length,
    heard: listener.heard,
    stood: listener.stood,
    spans: spans.map((span) => untilRestart(span, startsNs)),
    simulator: { stalls: status.stalls, worstStallMs: status.worstStallMs },
  };
}

/** A controller that is gone brings its reasons about from its next start on, which takes longer here than in virtual time. */
function untilRestart(span: FaultSpan, startsNs: readonly number[]): FaultSpan {
  if (span.kind !== "kill" && span.kind !== "powerLoss") return span;
  return { ...span, untilNs: startsNs.find((atNs) => atNs > span.fromNs) ?? span.untilNs };
}

/** A line that has not recovered has no excuse in a busy machine: most of its parcels must have been delivered. */
function missedFor(
  { missedAfterwards, dueAfterwards }: Watched,
  evidence: RunEvidence,
  heldUp: ReadonlySet<string>,
): { heldUp: readonly Violation[]; otherwise: readonly Violation[] } {
  const reasonsOf = reasonsByParcel(evidence);
  const isOfMachine = ({ finding }: Violation): boolean => {
    const reasons = reasonsOf(finding.parcelId ?? "");
    return reasons.length > 0 && reasons.every((reason) => heldUp.has(reason));
  };
  const excused = missedAfterwards.filter(isOfMachine);
  if (excused.length > dueAfterwards / 2) return { heldUp: [], otherwise: missedAfterwards };
  return { heldUp: excused, otherwise: missedAfterwards.filter((missed) => !isOfMachine(missed)) };
}
