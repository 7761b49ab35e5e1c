// Where an item is on its belt, and how far that may be wrong.
import { LENGTH_SLACK_UM } from "./eye-error.ts";
import type { BeltLayout } from "./layout.ts";
import type { Item } from "./state.ts";

/** Place of the item's front along the belt when the belt is at `positionUm`. */
export const frontUm = (item: Item, positionUm: number): number => positionUm - item.originUm;

/** The longest that the item can be: its measured length, or the belt's longest while its tail is in the eye. */
export const lengthUm = (item: Item, belt: BeltLayout): number => item.lengthUm ?? belt.maxItemUm;

export const tailUm = (item: Item, belt: BeltLayout, positionUm: number): number =>
  frontUm(item, positionUm) - lengthUm(item, belt);

/** Position error: what the last sensor left, grown by the drift over the belt's travel since (law 8). */
export const errorUm = (item: Item, belt: BeltLayout, positionUm: number): number =>
  item.errorUm + Math.ceil((Math.max(0, positionUm - item.syncedAtUm) / 1_000_000) * belt.driftUmPerM);

/** Belt position at which the item's front is at `placeUm`. */
export const positionWhenFrontAt = (item: Item, placeUm: number): number => item.originUm + placeUm;

/** Belt position at which the item's tail is at `placeUm`. */
export const positionWhenTailAt = (item: Item, belt: BeltLayout, placeUm: number): number =>
  item.originUm + lengthUm(item, belt) + placeUm;

/** By more than its length may be wrong it is shorter than any parcel: a flap or a glitch at the eye, of which no scanner speaks. */
export const isTooShort = (item: Item, belt: BeltLayout): boolean =>
  item.lengthUm !== null && item.lengthUm < belt.minItemUm - LENGTH_SLACK_UM - item.lengthErrorUm;
