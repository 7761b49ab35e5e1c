// Which events the store takes at all: a permissive word with an impossible time is refused, a restrictive one never.
import type { ReleaseEvent } from "./event.ts";

/** How far an authority's clock may run ahead of ours. */
export const maxAheadMs = 10 * 60 * 1000;
/**
 * What is older than this may have been forgotten, its revoke with it: a release of that age is not believed.
 * Longer than twice the life of a waybill number.
 */
export const horizonMs = 400 * 24 * 3600 * 1000;

export interface AdmissionRefusal {
  code: "RELEASE_EVENT_AHEAD" | "RELEASE_EVENT_TOO_OLD";
  message: string;
}

/**
 * A release or lift from the future would stand against every revoke and hold that follows until that time comes.
 * Holds, and statuses other than released, are taken whatever their time: refusing them could let a parcel leave.
 */
export function refusal(event: ReleaseEvent, nowMs: number): AdmissionRefusal | null {
  const isPermissive = event.kind === "lift" || (event.kind === "release" && event.status === "released");
  if (!isPermissive) return null;
  const at = new Date(event.eventAtMs).toISOString();
  if (event.eventAtMs > nowMs + maxAheadMs) {
    const message = `eventAt ${at} is in the future by more than ${maxAheadMs / 60_000} min: set the sender's clock`;
    return { code: "RELEASE_EVENT_AHEAD", message };
  }
  if (event.kind === "release" && event.eventAtMs < nowMs - horizonMs) {
    const days = horizonMs / 86_400_000;
    return { code: "RELEASE_EVENT_TOO_OLD", message: `eventAt ${at} is more than ${days} days ago: declare it again` };
  }
  return null;
}
