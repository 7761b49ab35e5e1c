// A parcel that was let go into a chute and that nobody has seen since: it may be in there, and customs may want it back.
import { noteMaybeIn } from "./filled-container.ts";
import { belongsElsewhere, lateHoldRiding } from "./late-hold.ts";
import { mayBeThere } from "./plc-tracked/destination.ts";
import { isRecalled } from "./recalled.ts";
import { parcelOf } from "./release.ts";
import type { Decision, Item, Permit } from "./state.ts";
import type { Turn } from "./turn.ts";

/**
 * Called before its end is written. Called back in time, or for a doubt, it was looked at no more while it rode: whatever
 * customs has said until now is heard here, or never.
 */
export function noteLost(turn: Turn, item: Item, permit: Permit): void {
  if (permit.state !== "fired" && permit.state !== "done") return;
  if (!mayHaveLeft(item, permit)) return;
  noteMaybeIn(turn, permit);
  if (permit.release === null || item.isLateHeld || permit.zone.kind !== "outbound") return;
  const isWanted = isRecalled(item, permit) && isCustoms(item.decision);
  if (isWanted || isWantedBack(turn, permit, permit.release)) lateHoldRiding(turn, item, permit.chuteId);
}

/** No eye behind its gate has seen it ride on, nor has a PLC that tracks taken back what it was told. */
const mayHaveLeft = (item: Item, permit: Permit): boolean =>
  permit.destination === undefined ? !item.seenPastGate : mayBeThere(item, permit);

/** A hold, or another stream than that of the container. */
const isCustoms = (decision: Decision | null): boolean =>
  decision?.disposition === "hold" ||
  decision?.disposition === "inspect" ||
  decision?.refusals.some(({ code }) => code === "LAW_HELD" || code === "LAW_STREAM") === true;

function isWantedBack(turn: Turn, permit: Permit, release: string): boolean {
  const { company, waybill } = parcelOf(release);
  const { record, holds } = turn.releases.look(company, waybill);
  return (
    holds.length > 0 || (record !== null && (record.status !== "released" || belongsElsewhere({ record }, permit)))
  );
}
