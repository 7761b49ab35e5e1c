// Who came past an eye behind whom: nobody is overtaken on a belt, so whoever was seen to leave has left the way free.
import { partsOf } from "./belt-parts.ts";
import { seenPositionUm } from "./belt-position.ts";
import { CAPS } from "./caps.ts";
import type { FireWindow } from "./fire-window.ts";
import type { BeltLayout, ChuteLayout, EyeLayout, GateLayout } from "./layout.ts";
import { indexOfId } from "./sorted-ids.ts";
import type { BeltState, Item } from "./state.ts";
import { beltState, itemById, type Turn } from "./turn.ts";
import { nearestUm } from "./zone-eye.ts";
import { isSameZone } from "./zone-now.ts";

/** As `behindId`: nothing at all is ahead of it on its way. */
export const NOBODY = 0;

/** Something may have come past any eye of the belt, and nobody has seen it. */
export function unwatch(belt: BeltState, { eyes }: BeltLayout): void {
  unwatchAt(belt, eyes);
  belt.missingAt = {};
}

/** As long as a parcel takes nobody has looked at these eyes. Where a stranger was the last, it still may stand behind them. */
export function unwatchAt(belt: BeltState, eyes: readonly EyeLayout[]): void {
  for (const { id } of eyes) if (belt.lastAt[id] !== null) delete belt.lastAt[id];
}

/** A front came to the eye. @param o.item null: nobody knows what it is, or which of several */
export function passEye(turn: Turn, belt: BeltLayout, o: { eye: EyeLayout; item: Item | null }): void {
  const { eye, item } = o;
  const state = beltState(turn, belt.id);
  const before = state.lastAt[eye.id];
  if (item !== null) {
    item.behindId = before === undefined ? byOrder(turn, item) : before;
    const missingIds = state.missingAt[eye.id];
    if (missingIds !== undefined) item.unless = { missingIds, tailLeftUm: eye.atUm };
  }
  state.lastAt[eye.id] = item?.id ?? null;
  delete state.missingAt[eye.id];
}

/**
 * It should have come by now, and nothing has: it is in its chute, it was taken off, or it comes later, and then in the place
 * of another one that touches it. Until it is seen to arrive, what comes next has to show its own tail.
 * @param item its id `NOBODY`: nobody knows what it is
 */
export function missEye(turn: Turn, item: Pick<Item, "id" | "beltId">, eye: EyeLayout): void {
  const state = beltState(turn, item.beltId);
  const before = (state.missingAt[eye.id] ?? []).filter((id) => isMissing(turn, item.beltId, id));
  const ids = [...before, item.id];
  state.missingAt[eye.id] = ids.length > CAPS.missingAtEye ? [NOBODY, ...ids.slice(1 - CAPS.missingAtEye)] : ids;
}

/**
 * What came to the eye was taken for this item, and may have been anything: whoever came there right behind it came behind
 * something that nobody knows.
 */
export function doubtPassage(turn: Turn, item: Item, eyeId: string): void {
  const state = beltState(turn, item.beltId);
  if (state.lastAt[eyeId] === item.id) state.lastAt[eyeId] = null;
  for (const id of state.itemIds) {
    const follower = itemById(turn, id);
    if (follower.behindId === item.id && !follower.eyesAhead.includes(eyeId)) follower.behindId = null;
  }
}

/**
 * The eye has not been watched all the time. Who was known at an eye before to have only known ones ahead has them ahead
 * still: as they came onto the belt, but for those that were seen to leave it.
 */
function byOrder(turn: Turn, item: Item): number | null {
  if (item.behindId === null) return null;
  const { itemIds, unseenEnds } = beltState(turn, item.beltId);
  const ahead = itemIds[indexOfId(itemIds, item.id) - 1] ?? NOBODY;
  return unseenEnds.some(({ itemId }) => itemId > ahead && itemId < item.id) ? null : ahead;
}

/**
 * The item has its end, and nobody saw where it went: it may be on the belt still.
 * @param sentTo the chute that its gate was out for, if nothing speaks against its being there; null: none, or one whose eye
 * should have seen it by now
 */
export function leftUnseen(turn: Turn, item: Item, sentTo: string | null): void {
  const state = beltState(turn, item.beltId);
  const isItself = sentTo !== null && item.doubt === null && item.alsoIn === null && !item.missedGate;
  state.unseenEnds.push({ itemId: item.id, chuteId: sentTo, leftEyeUm: isItself ? item.leftEyeUm : -1 });
  if (state.unseenEnds.length > CAPS.unseenEnds) state.unseenEnds.shift();
}

/**
 * What may stand in the way between the last eye that saw the item and the end of the gate's swept zone, where no eye sees
 * a parcel that stands while the belt moves; null: nothing. Only being seen counts: the tail of what came before it has
 * left the eye behind the zone, or it has arrived in a chute; its own tail has left the last eye that shows it in time, so
 * that nothing touches it which a hand has laid there since its induction; and that eye has shown the belt behind it, as far
 * as something would lie that comes to the gate before that is home by itself. Another one that was let go into the same
 * chute is not in the way: whichever of the two the gate takes is in the chute of its own permit.
 */
export function inTheWay(
  turn: Turn,
  item: Item,
  {
    belt,
    gate,
    chute,
    window,
  }: {
    belt: BeltLayout;
    gate: GateLayout;
    chute: Pick<ChuteLayout, "id" | "zone">;
    window: Pick<FireWindow, "homeAtUm">;
  },
): string | null {
  const { behindId } = item;
  const { tailEyes, followerEyes } = partsOf(belt);
  const before = tailEyes.get(gate.id);
  if (before !== undefined && item.leftEyeUm < before.atUm) return `its own end was not seen to leave ${before.id}`;
  if (before !== undefined && item.mayHideUm >= belt.minItemUm)
    return `${before.id} was asked too seldom to tell it from one that touches it`;
  const follower = followerEyes.get(gate.id);
  const askedUm = seenPositionUm(beltState(turn, belt.id), belt, turn.nowNs);
  if (follower !== undefined && askedUm < window.homeAtUm + nearestUm(belt, gate, follower))
    return `${follower.id} has not shown yet how close the next one is`;
  const other = mayBe(turn, item);
  if (other !== undefined) return `it may be item ${other}, which is missing`;
  if (behindId === NOBODY) return null;
  if (behindId === null) return "nobody knows what came before it";
  const ahead = turn.state.items.get(behindId);
  const eye = partsOf(belt).zoneEyes.get(gate.id);
  if (ahead === undefined) {
    const unseen = unseenEnd(turn, item.beltId, behindId);
    if (unseen === undefined || unseen.chuteId === chute.id) return null;
    return eye !== undefined && unseen.leftEyeUm >= eye.atUm ? null : `item ${behindId} was never seen to leave it`;
  }
  if (wasLetInto(turn, ahead, chute)) return null;
  if (eye !== undefined && ahead.leftEyeUm >= eye.atUm) return null;
  return eye === undefined ? "no eye sees its end" : `item ${behindId} was not seen to leave it`;
}

/** Its gate is out for it, and nothing has been said against it since. */
function wasLetInto(turn: Turn, item: Item, { id, zone }: Pick<ChuteLayout, "id" | "zone">): boolean {
  const permit = item.permitId === null ? undefined : turn.state.permits.get(item.permitId);
  return (
    permit?.state === "done" &&
    permit.chuteId === id &&
    item.decision?.chuteId === id &&
    isSameZone(permit.zone, zone) &&
    item.doubt === null &&
    !item.missedGate &&
    !item.isLateHeld
  );
}

/** The missing one that came to the eye in its place perhaps, as long as its own tail has not shown that it is itself. */
function mayBe(turn: Turn, { beltId, leftEyeUm, unless }: Item): number | undefined {
  if (unless === null || leftEyeUm >= unless.tailLeftUm) return undefined;
  return unless.missingIds.find((id) => isMissing(turn, beltId, id));
}

/** It has not been seen to arrive. */
const isMissing = (turn: Turn, beltId: string, id: number): boolean =>
  id === NOBODY || turn.state.items.has(id) || unseenEnd(turn, beltId, id) !== undefined;

const unseenEnd = (turn: Turn, beltId: string, id: number) =>
  beltState(turn, beltId).unseenEnds.find(({ itemId }) => itemId === id);

/** Customs wants it back, or its chute serves others now: it is not to come into that chute any more. */
export function callBack(turn: Turn, o: { itemId: number } | { chuteId: string }): void {
  for (const { unseenEnds } of turn.state.belts.values())
    for (const end of unseenEnds)
      if ("itemId" in o ? end.itemId === o.itemId : end.chuteId === o.chuteId) end.chuteId = null;
}
