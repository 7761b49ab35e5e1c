// A parcel that was given up and may be in the chute all the same: expected there as nobody's.
import type { Item, Permit } from "../state.ts";
import type { Turn } from "../turn.ts";
import { mayBeThere } from "./destination.ts";

/** @param o.untilUm until the belt is there, something that arrives is put down to it and is no breach */
export function giveUpItem(turn: Turn, o: { item: Item; permit: Permit | undefined; untilUm: number }): void {
  const { item, permit, untilUm } = o;
  if (permit === undefined || item.alsoIn !== null || !mayBeThere(item, permit)) return;
  const ghosts = turn.state.ghosts.get(permit.chuteId) ?? [];
  turn.state.ghosts.set(permit.chuteId, [...ghosts, { itemId: item.id, untilUm }]);
}
