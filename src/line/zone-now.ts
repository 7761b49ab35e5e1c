// Where a chute leads now: the zone of its layout, or the stream that a person has changed it to.
import { type ChuteLayout, isOwned, type Zone } from "./layout.ts";
import type { ChuteState } from "./state.ts";

export function zoneNow(zone: Zone, serves: ChuteState["serves"] | undefined): Zone {
  if (serves === null || serves === undefined) return zone;
  return isOwned(zone) ? { ...zone, ...serves } : zone;
}

/** For the same kind of parcels, of the same stream and direction. */
export const isSameZone = (a: Zone, b: Zone): boolean =>
  a.kind === b.kind && (!isOwned(a) || !isOwned(b) || (a.stream === b.stream && a.direction === b.direction));

/** The chute as it is asked about; the very same object while nobody has changed it. */
export function chuteNow(chute: ChuteLayout, state: ChuteState): ChuteLayout {
  return state.serves === null ? chute : { ...chute, zone: zoneNow(chute.zone, state.serves) };
}
