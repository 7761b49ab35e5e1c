// Law 3: while more parcels ride under one label than its release has pieces, nobody knows which is the copy; none leaves.
import { type Evidence, type Finding, zoneOf } from "./evidence.ts";
import { memoryOf } from "./memory.ts";

/** By the line's own word of who rides: whether it could know of both, no truth from outside can say. */
export function labelTwice({ truth, journal }: Evidence, { customs } = memoryOf({ truth })): Finding[] {
  return journal.twins.flatMap(({ permit, chuteId, waybill, riders }) => {
    if (zoneOf(truth, chuteId).kind !== "outbound") return [];
    const pieces = customs.piecesOf(waybill);
    if (riders <= Math.max(1, pieces)) return [];
    const detail = `permit ${permit} let ${waybill} go to ${chuteId} while ${riders} rode under it, for ${pieces} piece(s)`;
    return [{ rule: "label-twice", clause: 3, parcelId: null, detail }];
  });
}
