// Doubt about an item: its position, its oneness or its number is not proved; whatever it is, it rides to the safe end.
import { decide } from "./decide.ts";
import type { Item } from "./state.ts";
import { count, type Turn } from "./turn.ts";

/** An eye saw it longer or shorter than it came on: it touches something, was turned, or another one came in its place. */
export const LENGTH_CHANGED = "ITEM_LENGTH_CHANGED";

/** It was not followed all the way, or was read in another one's place: what an eye took for it later may be another parcel. */
const NOT_FOLLOWED = new Set<string | null>([
  LENGTH_CHANGED,
  "ITEM_NOT_SEEN",
  "ITEM_NEIGHBOUR_ASTRAY",
  "ITEM_NAME_IN_DOUBT",
  "ITEM_AMBIGUOUS_EDGE",
  "ITEM_BELT_UNKNOWN",
  "ITEM_PURGED",
]);

export const mayBeAnother = ({ doubt }: Pick<Item, "doubt">): boolean => NOT_FOLLOWED.has(doubt);

/** `why` is a reason of the fault table. The first doubt stays the reason. */
export function spoil(turn: Turn, item: Item, why: string): void {
  if (item.doubt !== null) return;
  item.doubt = why;
  count(turn, `doubt.${why}`);
  if (item.identity !== null || item.permitId !== null) decide(turn, item);
}
