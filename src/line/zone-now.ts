// Where a chute leads now: the zone of its layout, or the stream that a person has changed it to.
import type { ChuteLayout, Zone } from "./layout.ts";
import type { ChuteState } from "./state.ts";

export function zoneNow(zone: Zone, serves: ChuteState["serves"] | undefined): Zone {
  if (serves === null || serves === undefined) return zone;
  return zone.kind === "outbound" || zone.kind === "storage" ? { ...zone, ...serves } : zone;
}

/** The chute as it is asked about; the very same object while nobody has changed it. */
export function chuteNow(chute: ChuteLayout, state: ChuteState): ChuteLayout {
  return state.serves === null ? chute : { ...chute, zone: zoneNow(chute.zone, state.serves) };
}
