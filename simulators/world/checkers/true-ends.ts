// Law 9: an end that the journal claims as seen must be where the parcel physically is.
import type { ParcelTruth } from "../truth.ts";
import type { EndFact, Evidence, Finding } from "./evidence.ts";
import { memoryOf, type Waiting } from "./memory.ts";

/** A parcel and its end may stand in neighbouring slices, hardly further apart. */
const WAITS_SLICES = 20;

/** Only waybills that are on one parcel and on one end are compared: for others the journal does not say which is which. */
export function trueEnds(evidence: Evidence, { unmatched, slice } = memoryOf(evidence)): Finding[] {
  const { truth, journal, goesOn = false } = evidence;
  for (const parcel of truth.parcels) wait(unmatched.parcels, parcel.waybill, { only: parcel, since: slice });
  for (const end of journal.ends)
    if (end.waybill !== null) wait(unmatched.ends, end.waybill, { only: end, since: slice });
  const findings: Finding[] = [];
  for (const [waybill, parcel] of unmatched.parcels) {
    const end = unmatched.ends.get(waybill);
    const isOld = slice - parcel.since > WAITS_SLICES;
    // A second parcel with this label may come with the next slice.
    const isDue = end !== undefined && Math.max(parcel.since, end.since) < slice;
    if (goesOn && !isDue && !isOld) continue;
    const wrong = parcel.only === null || end?.only == null ? null : whyNot(end.only, parcel.only);
    if (wrong !== null && parcel.only !== null)
      findings.push({ rule: "true-ends", clause: 9, parcelId: parcel.only.id, detail: wrong });
    unmatched.parcels.delete(waybill);
    unmatched.ends.delete(waybill);
  }
  for (const [waybill, end] of unmatched.ends) if (slice - end.since > WAITS_SLICES) unmatched.ends.delete(waybill);
  return findings;
}

function whyNot(claim: EndFact, { end }: ParcelTruth): string | null {
  const claimsSight = claim.end === "arrived" || claim.end === "misdiverted";
  const seenIn = claimsSight ? claim.chuteId : null;
  if (seenIn === null) return null;
  if (end.kind !== "chute") return `the journal says ${claim.end} in ${seenIn}, it is ${end.kind}`;
  return end.chuteId === seenIn ? null : `the journal says ${claim.end} in ${seenIn}, it is in ${end.chuteId}`;
}

function wait<T>(waiting: Map<string, Waiting<T>>, waybill: string, one: Waiting<T>): void {
  waiting.set(waybill, waiting.has(waybill) ? { only: null, since: one.since } : one);
}
