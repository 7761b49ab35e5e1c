// What rides before and behind an item: other items, and stretches that may hold anything.
import { errorUm, lengthUm } from "./item-position.ts";
import type { BeltLayout } from "./layout.ts";
import { indexOfId } from "./sorted-ids.ts";
import type { BeltState, Item } from "./state.ts";

export interface Neighbours {
  /** Clear belt to the next thing ahead and behind, µm; Infinity: nothing is there. Negative: they overlap. */
  gapAheadUm: number;
  gapBehindUm: number;
  /** Origin of the tail of what rides ahead, its error included; -Infinity: nothing does. */
  aheadTailOriginUm: number;
}

/**
 * Behind an item whose follower has not come in yet, the belt is proved clear only as far as the induction eye
 * (`eyeOriginUm`, the origin of a front that would be at that eye now).
 */
export function neighbours(
  item: Item,
  belt: BeltLayout,
  state: BeltState,
  items: ReadonlyMap<number, Item>,
  eyeOriginUm: number,
): Neighbours {
  const tailOriginUm = item.originUm + lengthUm(item, belt);
  const index = indexOfId(state.itemIds, item.id);
  const ahead = items.get(state.itemIds[index - 1] ?? -1);
  const behind = items.get(state.itemIds[index + 1] ?? -1);
  let aheadTail = ahead === undefined ? Number.NEGATIVE_INFINITY : ahead.originUm + lengthUm(ahead, belt);
  let aheadTailWithError =
    ahead === undefined ? Number.NEGATIVE_INFINITY : aheadTail + errorUm(ahead, belt, state.positionUm);
  let behindFront = behind === undefined ? Math.max(eyeOriginUm, tailOriginUm) : behind.originUm;
  for (const stretch of state.stretches) {
    if (stretch.frontOriginUm > tailOriginUm) behindFront = Math.min(behindFront, stretch.frontOriginUm);
    else if (stretch.tailOriginUm < item.originUm) {
      aheadTail = Math.max(aheadTail, stretch.tailOriginUm);
      aheadTailWithError = Math.max(aheadTailWithError, stretch.tailOriginUm);
    } else
      return {
        gapAheadUm: -1,
        gapBehindUm: -1,
        aheadTailOriginUm: Number.POSITIVE_INFINITY,
      };
  }
  return {
    gapAheadUm: item.originUm - aheadTail,
    gapBehindUm: behindFront - tailOriginUm,
    aheadTailOriginUm: aheadTailWithError,
  };
}
