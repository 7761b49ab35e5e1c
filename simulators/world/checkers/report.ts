// The report of a run: what the truth says, what the journal says, and where the two or the law disagree.
import type { ParcelTruth } from "../truth.ts";
import { armedInDoubt } from "./armed-in-doubt.ts";
import { delivered } from "./delivered.ts";
import type { Evidence, Finding } from "./evidence.ts";
import { labelTwice } from "./label-twice.ts";
import { lateCommand } from "./late-command.ts";
import { type CheckerMemory, learn, newMemory } from "./memory.ts";
import { mixedStreams } from "./mixed-streams.ts";
import { oneEnd } from "./one-end.ts";
import { spentTwice } from "./spent-twice.ts";
import { staleLook } from "./stale-look.ts";
import { touched } from "./touched.ts";
import { trueEnds } from "./true-ends.ts";
import { unaskedSwing } from "./unasked-swing.ts";
import { uncommissionedOutbound } from "./uncommissioned-outbound.ts";
import { unguardedTest } from "./unguarded-test.ts";
import { lateHolds, unreleasedOutbound } from "./unreleased-outbound.ts";
import { unsentCarriedOut } from "./unsent-carried-out.ts";
import { untoldLateHold } from "./untold-late-hold.ts";
import { withdrawnCarriedOut } from "./withdrawn-carried-out.ts";
import { writtenBeforeMoved } from "./written-before-moved.ts";
import { wrongChute } from "./wrong-chute.ts";

export interface RunReport {
  /** Parcels fed, by the truth. */
  parcels: number;
  perChute: Readonly<Record<string, number>>;
  removed: number;
  onBelt: number;
  /** Ends by reason, and by kind, as the journal has them. */
  reasons: Readonly<Record<string, number>>;
  ends: Readonly<Record<string, number>>;
  /** The breach that must never be. */
  unreleasedOutbound: number;
  /** Held only after the last look: no breach, but to be fetched back. */
  lateHolds: number;
  /** Parcels in a gate's chute without a permit of their own. */
  misdiverted: number;
  released: { due: number; delivered: number };
  /** Everything that breaks a clause. */
  findings: readonly Finding[];
  /** Released parcels that missed their chute; no clause is broken. */
  missed: readonly Finding[];
}

/** For whoever judges further: the parcels behind `released`. */
export interface SliceReport extends RunReport {
  dueParcels: readonly ParcelTruth[];
  missedParcels: readonly ParcelTruth[];
}

/** Every one names its clause; `docs/reference/simulator.md` says which checker stands for which. */
export const LAW = [
  unreleasedOutbound,
  unguardedTest,
  uncommissionedOutbound,
  untoldLateHold,
  spentTwice,
  labelTwice,
  mixedStreams,
  unaskedSwing,
  writtenBeforeMoved,
  staleLook,
  withdrawnCarriedOut,
  unsentCarriedOut,
  armedInDoubt,
  lateCommand,
  wrongChute,
  touched,
  oneEnd,
  trueEnds,
];

export function reportRun(evidence: Evidence): RunReport {
  const { dueParcels: _due, missedParcels: _missed, ...report } = reportSlice(evidence, newMemory());
  return report;
}

/** @param memory of the slices before */
export function reportSlice(evidence: Evidence, memory: CheckerMemory): SliceReport {
  const { truth, journal } = evidence;
  learn(memory, truth);
  const findings = LAW.flatMap((check) => check(evidence, memory));
  const { due, delivered: arrived, missed, dueParcels, missedParcels } = delivered(evidence, memory);
  const count = (rule: string): number => findings.filter((finding) => finding.rule === rule).length;
  return {
    parcels: truth.parcels.length,
    perChute: tally(truth.parcels.flatMap(({ end }) => (end.kind === "chute" ? end.chuteId : []))),
    removed: truth.parcels.filter(({ end }) => end.kind === "removed").length,
    onBelt: truth.parcels.filter(({ end }) => end.kind === "onBelt").length,
    reasons: tally(journal.ends.map(({ reason }) => reason)),
    ends: tally(journal.ends.map(({ end }) => end)),
    unreleasedOutbound: count("unreleased-outbound"),
    lateHolds: lateHolds(evidence, memory).length,
    misdiverted: count("wrong-chute"),
    released: { due, delivered: arrived },
    findings,
    missed,
    dueParcels,
    missedParcels,
  };
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
