// No clause: the line must not only be safe but sort. Which released, readable parcels missed the chute they were due in?
import type { ParcelTruth } from "../truth.ts";
import { CustomsTimeline } from "./customs-timeline.ts";
import { type Evidence, type Finding, isReadable, zoneOf } from "./evidence.ts";

export interface Delivered {
  /** Parcels that were released before they were read, and of which nothing else was ever said. */
  due: number;
  delivered: number;
  missed: readonly Finding[];
}

export function delivered({ truth }: Evidence): Delivered {
  const customs = new CustomsTimeline(truth);
  const copied = new Set(truth.parcels.flatMap(({ copyOf }) => copyOf ?? []));
  const due = truth.parcels.filter((parcel) => isDue(parcel, customs) && !copied.has(parcel.id));
  const missed = due.filter((parcel) => !isDelivered(parcel));
  return {
    due: due.length,
    delivered: due.length - missed.length,
    missed: missed.map(({ id, end }) => ({
      rule: "delivered",
      clause: 0,
      parcelId: id,
      detail: `released and readable, but ${end.kind === "chute" ? `in ${end.chuteId}` : end.kind}`,
    })),
  };

  function isDelivered({ end, stream, direction }: ParcelTruth): boolean {
    if (end.kind !== "chute") return false;
    const zone = zoneOf(truth, end.chuteId);
    return zone.kind === "outbound" && zone.stream === stream && zone.direction === direction;
  }
}

/** A parcel that still rides, or that a person took off, is nobody's miss. */
function isDue(parcel: ParcelTruth, customs: CustomsTimeline): boolean {
  if (parcel.copyOf !== null || parcel.end.kind !== "chute" || !isReadable(parcel)) return false;
  const readNs = Math.min(...parcel.reads.map(({ atNs }) => atNs));
  const statements = customs.of(parcel);
  return (
    statements.length > 0 &&
    statements.every(
      ({ says, acknowledgedNs }) =>
        says.kind === "release" && says.status === "released" && acknowledgedNs !== null && acknowledgedNs <= readNs,
    )
  );
}
