// Whether a belt stands, and whether it is known to carry nothing although people are at it.
import type { BeltLayout } from "./layout.ts";
import type { BeltState } from "./state.ts";

/** Without an encoder and a drive's contact nobody sees the belt stand; then the fallen run permit has to do. */
export const stands = (belt: BeltLayout, state: BeltState): boolean =>
  belt.encoder !== null ? !state.moving && state.speedUmPerS === 0 : !state.moving || !state.runPermit;

/**
 * Every parcel was seen to leave it, nothing unknown rides on it, and each beam is light. Where a chute has no eye, nobody
 * could have seen the parcel arrive.
 * @param isSeen the chute has an eye
 */
export const isEmpty = (state: BeltState, isSeen: (chuteId: string) => boolean): boolean =>
  state.unseenEnds.every(({ chuteId }) => chuteId !== null && !isSeen(chuteId)) &&
  state.itemIds.length === 0 &&
  state.openItemId === null &&
  state.stretches.length === 0 &&
  state.waiting.length === 0 &&
  state.heldEdges.length === 0 &&
  state.beams.length === 0 &&
  state.endDarkSinceUm === null &&
  state.blindSinceUm === null;

/**
 * When people took over, all of it was seen to be empty; since then no beam was dark, no eye unread, and it has not gone
 * further than it coasts. What somebody lays between two eyes nobody sees: whoever commands looks, and says so by commanding.
 */
export const isStillEmpty = (belt: BeltLayout, state: BeltState): boolean =>
  state.emptyAtUm !== null &&
  state.positionUm - state.emptyAtUm <= belt.coastUm &&
  state.itemIds.length === 0 &&
  state.heldEdges.length === 0 &&
  state.beams.length === 0 &&
  state.endDarkSinceUm === null &&
  state.blindSinceUm === null;
