// Law 3: no more parcels may leave on a release than it has pieces, however many bear its label.
import { CustomsTimeline } from "./customs-timeline.ts";
import { type Evidence, type Finding, type InChute, inOutbound } from "./evidence.ts";

export function spentTwice({ truth }: Evidence): Finding[] {
  const customs = new CustomsTimeline(truth);
  const left = new Map<string, InChute[]>();
  for (const parcel of inOutbound(truth)) {
    const key = `${parcel.company}/${parcel.waybill}`;
    left.set(key, [...(left.get(key) ?? []), parcel]);
  }
  return [...left].flatMap(([key, parcels]) => {
    const [first] = parcels;
    if (first === undefined) return [];
    const { pieces } = customs.standing(first, { holdsAtNs: truth.atNs, releasedAtNs: truth.atNs });
    const allowed = Math.max(1, pieces); // That there was no release at all is another checker's finding.
    return parcels.slice(allowed).map(({ id }) => ({
      rule: "spent-twice",
      clause: 3,
      parcelId: id,
      detail: `${parcels.length} parcels left on ${key}, which has ${allowed} piece(s)`,
    }));
  });
}
