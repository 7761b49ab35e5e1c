// A parcel that was given up and may be in the chute all the same: expected there as nobody's, and named when it was held.
import { lateHoldRiding } from "../late-hold.ts";
import { isRecalled } from "../recalled.ts";
import type { Decision, Item, Permit } from "../state.ts";
import type { Turn } from "../turn.ts";
import { mayBeThere } from "./destination.ts";

/** @param o.untilUm until the belt is there, something that arrives is put down to it and is no breach */
export function giveUpItem(turn: Turn, o: { item: Item; permit: Permit | undefined; untilUm: number }): void {
  const { item, permit, untilUm } = o;
  if (permit === undefined || item.alsoIn !== null || !mayBeThere(item, permit)) return;
  const ghosts = turn.state.ghosts.get(permit.chuteId) ?? [];
  turn.state.ghosts.set(permit.chuteId, [...ghosts, { itemId: item.id, untilUm }]);
  // Called back by customs, and nobody has said whether the PLC heard it.
  if (isRecalled(item, permit) && isCustoms(item.decision) && permit.zone.kind === "outbound" && !item.isLateHeld)
    lateHoldRiding(turn, item, permit.chuteId);
}

/** A hold, or another stream than that of the container. */
const isCustoms = (decision: Decision | null): boolean =>
  decision?.disposition === "hold" ||
  decision?.disposition === "inspect" ||
  decision?.refusals.some(({ code }) => code === "LAW_HELD" || code === "LAW_STREAM") === true;
