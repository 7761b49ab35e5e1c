// What rode while nobody read the counter: it has moved by the counter's own word, until an eye says otherwise.
import { losePosition } from "./devices.ts";
import type { BeltLayout } from "./layout.ts";
import { beltState, type Turn } from "./turn.ts";

/**
 * An eye has seen somebody whom it did not expect, or has not seen whom it did. A counter that jumped by about the distance of
 * two parcels while nobody looked gives each the next one's place, and most eyes would agree with that: one that does not is
 * believed, and no position of the belt is known any more (law 8).
 * @param itemId the one that did not come; null: a stranger came
 */
export function contradictCarried(turn: Turn, belt: BeltLayout, itemId: number | null): void {
  const state = beltState(turn, belt.id);
  const oldest = state.itemIds[0];
  if (oldest === undefined || oldest > state.carriedItemId) return;
  if (itemId !== null && itemId > state.carriedItemId) return;
  losePosition(turn, belt, "disagreed with an eye");
}
