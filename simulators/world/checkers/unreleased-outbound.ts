// Law 1 and 2: what left must have been released, readable and not held at the last look before its gate moved.
import type { CustomsTimeline } from "./customs-timeline.ts";
import {
  commandBehind,
  type Evidence,
  type Finding,
  type InChute,
  inOutbound,
  isReadable,
  isTest,
  LOOK_AHEAD_NS,
} from "./evidence.ts";
import { memoryOf } from "./memory.ts";

export function unreleasedOutbound(evidence: Evidence, { customs } = memoryOf(evidence)): Finding[] {
  return inOutbound(evidence.truth).flatMap((parcel) => {
    const wrong = whyNot(evidence, customs, parcel);
    if (wrong === null) return [];
    const { clause, detail } = wrong;
    return [
      { rule: "unreleased-outbound", clause, parcelId: parcel.id, detail: `${detail}, in ${parcel.end.chuteId}` },
    ];
  });
}

/** Parcels that were held only after the last look, and had left when the hold was acknowledged or soon after. */
export function lateHolds(evidence: Evidence, { customs } = memoryOf(evidence)): string[] {
  const atEnd = { holdsAtNs: evidence.truth.atNs, releasedAtNs: evidence.truth.atNs };
  return inOutbound(evidence.truth)
    .filter((parcel) => whyNot(evidence, customs, parcel) === null && customs.standing(parcel, atEnd).holds.length > 0)
    .map(({ id }) => id);
}

/** How long customs had said nothing at all by an instant. */
function silentForNs({ feed }: Evidence, atNs: number): number {
  const silence = feed?.silences.find(
    ({ fromNs, untilNs }) => fromNs <= atNs && (untilNs ?? Number.POSITIVE_INFINITY) > atNs,
  );
  return silence === undefined ? 0 : atNs - silence.fromNs;
}

function whyNot(
  evidence: Evidence,
  customs: CustomsTimeline,
  parcel: InChute,
): { clause: number; detail: string } | null {
  // Another checker's matter: it has no release, and asks for a person.
  if (isTest(parcel)) return null;
  if (!isReadable(parcel)) return { clause: 1, detail: "no scanner could tell what it is" };
  const command = commandBehind(evidence, parcel);
  // Without a command nobody looked: then the state at the passage itself counts.
  const releasedAtNs = command?.atNs ?? parcel.end.passedNs;
  const holdsAtNs = command === null ? releasedAtNs : (command.lookNs ?? command.atNs - LOOK_AHEAD_NS);
  const { holds, isReleased } = customs.standing(parcel, { holdsAtNs, releasedAtNs });
  if (holds.length > 0) return { clause: 2, detail: `held (${holds.join(", ")}) before the last look` };
  if (!isReleased) return { clause: 1, detail: `not released at the last look (${parcel.fate})` };
  const silentNs = silentForNs(evidence, holdsAtNs);
  const maxAgeNs = evidence.feed?.maxAgeNs ?? Number.POSITIVE_INFINITY;
  if (silentNs > maxAgeNs) return { clause: 1, detail: `customs had been silent for ${silentNs} ns at the last look` };
  return null;
}
