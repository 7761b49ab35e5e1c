// Law 8: known position or none; the swept zone free, the gaps as proved.
import { type Clause, refuse } from "./question.ts";

export const knownPositionOrNone: Clause = (q) => {
  if (!q.gateOnItsBelt) return refuse(q, 8, "LAW_OTHER_BELT");
  if (q.doubt !== null) return refuse(q, 8, "LAW_ITEM_IN_DOUBT", q.doubt);
  if (!q.beltKnown) return refuse(q, 8, "LAW_BELT_UNKNOWN");
  if (!q.beltFastEnough) return q.phase === "lastLook" ? refuse(q, 8, "LAW_BELT_SLOW") : null;
  // A plan made far from the gate is judged by the position that the eyes on the way will leave, at the last look.
  if (q.phase === "plan" && q.isSeenAgain && q.gapAheadUm >= 0 && q.gapBehindUm >= 0) return null;
  if (q.fromUm > q.untilUm) return refuse(q, 8, "LAW_SWEPT_ZONE", `free ${q.fromUm - q.untilUm} µm too late`);
  if (q.errorUm * 2 >= q.gapAheadUm) return refuse(q, 8, "LAW_GAP_AHEAD", `${q.gapAheadUm} µm, error ${q.errorUm} µm`);
  // What comes behind may not be on the belt yet when the way is planned; at the last look it is measured.
  if (q.phase === "plan" && q.gapBehindUm >= 0) return null;
  if (q.gapBehindUm < q.provedGapUm || q.errorUm * 2 >= q.gapBehindUm) {
    return refuse(q, 8, "LAW_GAP_BEHIND", `${q.gapBehindUm} µm, proved for ${q.provedGapUm} µm`);
  }
  if (q.inTheWay !== null) return refuse(q, 8, "LAW_ZONE_UNSEEN", q.inTheWay);
  return q.phase === "lastLook" && q.positionUm < q.fromUm
    ? refuse(q, 8, "LAW_SWEPT_ZONE", `${q.fromUm - q.positionUm} µm too early`)
    : null;
};
