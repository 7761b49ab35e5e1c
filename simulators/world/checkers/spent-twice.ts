// Law 3: no more parcels may leave on a release than it has pieces, however many bear its label.
import { type Evidence, type Finding, type InChute, inOutbound, isTest } from "./evidence.ts";
import { memoryOf } from "./memory.ts";

export function spentTwice(evidence: Evidence, { customs, sentOut } = memoryOf(evidence)): Finding[] {
  const { truth } = evidence;
  const left = new Map<string, InChute[]>();
  for (const parcel of inOutbound(truth)) {
    if (isTest(parcel)) continue;
    const key = `${parcel.company}/${parcel.waybill}`;
    left.set(key, [...(left.get(key) ?? []), parcel]);
  }
  return [...left].flatMap(([key, parcels]) => {
    const [first] = parcels;
    if (first === undefined) return [];
    const { pieces } = customs.standing(first, { holdsAtNs: truth.atNs, releasedAtNs: truth.atNs });
    const allowed = Math.max(1, pieces); // That there was no release at all is another checker's finding.
    const before = sentOut.get(key) ?? 0;
    sentOut.set(key, before + parcels.length);
    return parcels.slice(Math.max(0, allowed - before)).map(({ id }) => ({
      rule: "spent-twice",
      clause: 3,
      parcelId: id,
      detail: `${before + parcels.length} parcels left on ${key}, which has ${allowed} piece(s)`,
    }));
  });
}
