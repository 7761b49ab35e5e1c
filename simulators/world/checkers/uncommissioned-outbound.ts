// Law 10: before a test parcel has truly come to each chute, no parcel of customs' leaves.
import { type Evidence, type Finding, inChutes, inOutbound, isTest } from "./evidence.ts";
import { memoryOf } from "./memory.ts";

export function uncommissionedOutbound(evidence: Evidence, { testedNs } = memoryOf(evidence)): Finding[] {
  const { truth, mustCommission = false } = evidence;
  if (!mustCommission) return [];
  for (const { end } of inChutes(truth).filter(isTest)) {
    const firstNs = Math.min(testedNs.get(end.chuteId) ?? Number.POSITIVE_INFINITY, end.passedNs);
    testedNs.set(end.chuteId, firstNs);
  }
  const provedNs = Math.max(...truth.chutes.map(({ id }) => testedNs.get(id) ?? Number.POSITIVE_INFINITY));
  return inOutbound(truth).flatMap((parcel) => {
    if (isTest(parcel) || parcel.end.passedNs >= provedNs) return [];
    const detail = `in ${parcel.end.chuteId}, before each chute had seen a test parcel`;
    return [{ rule: "uncommissioned-outbound", clause: 10, parcelId: parcel.id, detail }];
  });
}
