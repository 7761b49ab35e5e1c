// No clause: the line must not only be safe but sort. Which released, readable parcels missed the chute they were due in?
import type { ParcelTruth, Truth } from "../truth.ts";
import type { CustomsTimeline } from "./customs-timeline.ts";
import { type Evidence, type Finding, isReadable, isTest, zoneOf } from "./evidence.ts";
import { memoryOf } from "./memory.ts";

export interface Delivered {
  /** Parcels that were released before they were read, of which nothing else was ever said, and whose belt leads to a chute for them. */
  due: number;
  delivered: number;
  missed: readonly Finding[];
  /** Those that were due, in the order of their ends, and those of them that missed. */
  dueParcels: readonly ParcelTruth[];
  missedParcels: readonly ParcelTruth[];
}

/** Of a run that goes on, those of the slice before: a copy of one may be in this one. */
export function delivered(evidence: Evidence, memory = memoryOf(evidence)): Delivered {
  const { truth, goesOn = false } = evidence;
  const { customs } = memory;
  const copied = new Set([...memory.undecided, ...truth.parcels].flatMap(({ copyOf }) => copyOf ?? []));
  const judged = goesOn ? memory.undecided : [...memory.undecided, ...truth.parcels];
  memory.undecided = goesOn ? truth.parcels : [];
  const due = judged.filter((parcel) => isDue(parcel, { customs, truth }) && !copied.has(parcel.id));
  const missed = due.filter((parcel) => !isDelivered(parcel));
  return {
    due: due.length,
    delivered: due.length - missed.length,
    dueParcels: due,
    missedParcels: missed,
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
function isDue(parcel: ParcelTruth, { customs, truth }: { customs: CustomsTimeline; truth: Truth }): boolean {
  if (isTest(parcel) || parcel.copyOf !== null || parcel.end.kind !== "chute" || !isReadable(parcel)) return false;
  if (!hasItsChute(parcel, truth)) return false;
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

/** Of several belts each may lead to chutes of its own only: what comes in on another one rides to the safe end. */
const hasItsChute = ({ beltId, stream, direction }: ParcelTruth, { chutes }: Truth): boolean =>
  chutes.some(
    ({ zone, beltIds }) =>
      zone.kind === "outbound" &&
      zone.stream === stream &&
      zone.direction === direction &&
      (beltIds?.includes(beltId) ?? true),
  );
