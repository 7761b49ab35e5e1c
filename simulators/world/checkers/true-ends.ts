// Law 9: an end that the journal claims as seen must be where the parcel physically is.

import type { ParcelTruth } from "../truth.ts";
import type { EndFact, Evidence, Finding } from "./evidence.ts";

/** Only waybills that are on one parcel and on one end are compared: for others the journal does not say which is which. */
export function trueEnds({ truth, journal }: Evidence): Finding[] {
  const parcels = onlyOnes(truth.parcels, ({ waybill }) => waybill);
  const ends = onlyOnes(journal.ends, ({ waybill }) => waybill);
  return [...ends].flatMap(([waybill, end]) => {
    const parcel = parcels.get(waybill);
    if (parcel === undefined) return [];
    const wrong = whyNot(end, parcel);
    return wrong === null ? [] : [{ rule: "true-ends", clause: 9, parcelId: parcel.id, detail: wrong }];
  });
}

function whyNot(claim: EndFact, { end }: ParcelTruth): string | null {
  const claimsSight = claim.end === "arrived" || claim.end === "misdiverted";
  const seenIn = claimsSight ? claim.chuteId : null;
  if (seenIn === null) return null;
  if (end.kind !== "chute") return `the journal says ${claim.end} in ${seenIn}, it is ${end.kind}`;
  return end.chuteId === seenIn ? null : `the journal says ${claim.end} in ${seenIn}, it is in ${end.chuteId}`;
}

function onlyOnes<T>(all: readonly T[], keyOf: (one: T) => string | null): Map<string, T> {
  const only = new Map<string, T>();
  const twice = new Set<string>();
  for (const one of all) {
    const key = keyOf(one);
    if (key === null) continue;
    if (only.has(key)) twice.add(key);
    only.set(key, one);
  }
  for (const key of twice) only.delete(key);
  return only;
}
