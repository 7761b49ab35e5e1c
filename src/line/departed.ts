// Parcels that may have left outbound: for each release, where its pieces went, so that a late hold finds them.
import { CAPS } from "./caps.ts";
import type { Departed } from "./departed-parcels.ts";
import { lateHold } from "./late-hold.ts";
import type { LineState } from "./state.ts";
import type { Turn } from "./turn.ts";

/** @param o.release as in the permit, see `releaseKey`; a new record of the same parcel is still the same parcel */
export function remember(state: LineState, o: Departed & { release: string }): void {
  const parcel = o.release.slice(0, o.release.lastIndexOf("/"));
  const { departed } = state;
  const pieces = departed.get(parcel) ?? [];
  departed.put(parcel, [...pieces.slice(1 - CAPS.departedPieces), { itemId: o.itemId, chuteId: o.chuteId }]);
  if (departed.size > CAPS.departed) departed.removeOldest();
}

/** A parcel that has left is looked at only for holds: its own spending is no news. */
export function checkDeparted(turn: Turn, hint: { company: string; waybill: string }): void {
  const parcel = `${hint.company}/${hint.waybill}`;
  const pieces = turn.state.departed.get(parcel);
  if (pieces === undefined) return;
  const look = turn.releases.look(hint.company, hint.waybill);
  const isRevoked = look.record !== null && look.record.status !== "released";
  if (look.holds.length === 0 && !isRevoked) return;
  turn.state.departed.remove(parcel);
  for (const piece of pieces) lateHold(turn, { ...piece, waybill: hint.waybill });
}

/** What a late hold was journalled for is not asked for again; its other pieces have late holds of their own. */
export function forgetDeparted(state: LineState, itemId: number): void {
  const { departed } = state;
  for (const parcel of [...departed.of(itemId)]) {
    const others = (departed.get(parcel) ?? []).filter((piece) => piece.itemId !== itemId);
    if (others.length === 0) departed.remove(parcel);
    else departed.put(parcel, others);
  }
}
