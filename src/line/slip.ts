// Slip: an item came to an eye further off than the belt's drift explains, so nothing on the belt is known as well as said.
import { raise } from "./alarms.ts";
import type { EyeLayout } from "./layout.ts";
import type { BeltState, Item } from "./state.ts";
import { beltState, itemById, type Turn, touch } from "./turn.ts";

/**
 * What one item was off beyond its error, any other may be that rides with it: all of them are given as much more. An eye
 * takes it away again, from each item that it sees.
 * @param o.item just seen, its position set by the edge
 */
export function noteSlip(turn: Turn, o: { item: Item; eye: EyeLayout; beyondUm: number }): void {
  const { item, eye, beyondUm } = o;
  if (beyondUm <= 0) return;
  const state: BeltState = beltState(turn, item.beltId);
  for (const id of state.itemIds) {
    const rider = itemById(turn, id);
    rider.errorUm += beyondUm;
    touch(turn, rider);
  }
  raise(turn, {
    code: "BELT_SLIPS",
    source: item.beltId,
    detail: `item ${item.id} came to eye ${eye.id} ${Math.ceil(beyondUm / 1000)} mm beyond its error`,
  });
}
