// Law 8: a gate takes only what a permit names; a parcel in a gate's chute without a permit of its own was misdiverted.
import { type Evidence, type Finding, groupedBy, type InChute, inChutes, type PermitFact, zoneOf } from "./evidence.ts";
import { memoryOf } from "./memory.ts";

export function wrongChute(evidence: Evidence, { takenUp } = memoryOf(evidence)): Finding[] {
  const { truth, journal } = evidence;
  const notTakenUp = [...journal.permits.values()].filter(({ n }) => !takenUp.has(n));
  const free = groupedBy(notTakenUp, ({ chuteId }) => chuteId);
  /** One that the line has taken back stands behind nothing that was carried out after that. */
  const stood = ({ takenBackNs }: PermitFact, { end }: InChute): boolean =>
    takenBackNs === null || takenBackNs > end.passedNs;
  const taken = inChutes(truth)
    .filter(({ end }) => end.gateId !== null)
    .sort((a, b) => a.end.passedNs - b.end.passedNs);
  return taken.flatMap((parcel) => {
    const own = free.get(parcel.end.chuteId) ?? [];
    const index = own.findIndex(
      (permit) => stood(permit, parcel) && isFor(permit, parcel, journal.items.get(permit.itemId)),
    );
    // A permit is for one parcel: the copy of a label finds it used.
    if (index !== -1) {
      for (const { n } of own.splice(index, 1)) takenUp.add(n);
      return [];
    }
    const isOutbound = zoneOf(truth, parcel.end.chuteId).kind === "outbound";
    const detail = `in ${parcel.end.chuteId} of gate ${parcel.end.gateId} without a permit of its own`;
    return [{ rule: "wrong-chute", clause: isOutbound ? 7 : 8, parcelId: parcel.id, detail }];
  });
}

function isFor(
  permit: { gateId: string; chuteId: string },
  { waybill, end }: InChute,
  waybills: ReadonlySet<string> | undefined,
): boolean {
  return permit.gateId === end.gateId && permit.chuteId === end.chuteId && (waybills?.has(waybill) ?? false);
}
