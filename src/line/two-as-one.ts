// Signs at the scanner that two parcels which touch ride as one item: one front came to the eye, and the scanner speaks twice.
import { itemsNear } from "./due.ts";
import { errorUm, lengthUm } from "./item-position.ts";
import type { BeltLayout } from "./layout.ts";
import type { Item } from "./state.ts";
import type { Telegram } from "./telegram.ts";
import { beltState, type Turn } from "./turn.ts";

/**
 * It speaks again of an item, and bears none of the codes that the item is known by, or no longer any: of two labels no rank says
 * which parcel is whose. What repeats one of them is the same label read once more.
 */
export function isOfASecond(item: Item, belt: BeltLayout, { codes }: Telegram): boolean {
  if (!mayBeTwo(item, belt)) return false;
  const isKnown = codes.some(({ text }) => item.codes.some((known) => known.text === text));
  return codes.length === 0 ? item.codes.length > 0 : !isKnown;
}

/**
 * Nobody's front can have been in the window, and a second parcel that lies under an item may have been there: at least one
 * parcel behind the item's front, and one before its tail.
 */
export function itemsOverWindow(
  turn: Turn,
  belt: BeltLayout,
  o: { lowUm: number; highUm: number; scannerId: string; telegram: Telegram },
): Item[] {
  const { lowUm, highUm, scannerId, telegram } = o;
  const { positionUm } = beltState(turn, belt.id);
  const near = itemsNear(turn, belt.id, { lowUm, highUm, fromPlaceUm: 0, toPlaceUm: belt.maxItemUm });
  return near.filter((item) => {
    const error = errorUm(item, belt, positionUm);
    const farthestUm = highUm - item.originUm + error;
    const nearestUm = lowUm - item.originUm - error;
    const isUnder = farthestUm >= belt.minItemUm && nearestUm <= lengthUm(item, belt) + error - belt.minItemUm;
    return isUnder && item.scannersHeard.includes(scannerId) && isOfASecond(item, belt, telegram);
  });
}

/** Long enough for two of the shortest that touch; with a length that is not known yet it is. */
export const mayBeTwo = (item: Item, belt: BeltLayout): boolean =>
  lengthUm(item, belt) + errorUm(item, belt, item.syncedAtUm) >= 2 * belt.minItemUm;
