// Who came past an eye behind whom: nobody is overtaken on a belt, so whoever was seen to leave has left the way free.
import { partsOf } from "./belt-parts.ts";
import { CAPS } from "./caps.ts";
import type { BeltLayout, ChuteLayout, EyeLayout, GateLayout, Zone } from "./layout.ts";
import { indexOfId } from "./sorted-ids.ts";
import type { BeltState, Item } from "./state.ts";
import { beltState, type Turn } from "./turn.ts";

/** As `behindId`: nothing at all is ahead of it on its way. */
export const NOBODY = 0;

/** Something may have come past any eye of the belt, and nobody has seen it. */
export function unwatch(belt: BeltState): void {
  belt.lastAt = {};
  belt.missingAt = {};
}

/** A front came to the eye. @param o.item null: nobody knows what it is, or which of several */
export function passEye(turn: Turn, belt: BeltLayout, o: { eye: EyeLayout; item: Item | null }): void {
  const { eye, item } = o;
  const state = beltState(turn, belt.id);
  const before = state.lastAt[eye.id];
  if (item !== null) {
    item.behindId = before === undefined ? byOrder(turn, item) : before;
    const missingId = state.missingAt[eye.id];
    if (missingId !== undefined) item.unless = { missingId, tailLeftUm: eye.atUm };
  }
  state.lastAt[eye.id] = item?.id ?? null;
  delete state.missingAt[eye.id];
}

/**
 * It should have come by now, and nothing has: it is in its chute, it was taken off, or it comes later, and then in the place
 * of another one that touches it. Until it is seen to arrive, what comes next has to show its own tail.
 */
export function missEye(turn: Turn, item: Item, eye: EyeLayout): void {
  beltState(turn, item.beltId).missingAt[eye.id] = item.id;
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
 * @param sentTo the chute that its gate was out for; null: none was
 */
export function leftUnseen(turn: Turn, item: Item, sentTo: string | null): void {
  const state = beltState(turn, item.beltId);
  state.unseenEnds.push({ itemId: item.id, chuteId: sentTo });
  if (state.unseenEnds.length > CAPS.unseenEnds) state.unseenEnds.shift();
}

/**
 * What may stand in the way between the last eye that saw the item and the end of the gate's swept zone, where no eye sees
 * a parcel that stands while the belt moves; null: nothing. Only being seen counts: the tail of what came before it has
 * left the eye behind the zone, or it has arrived in a chute. Another one that was let go into the same chute is not in
 * the way: whichever of the two the gate takes is in the chute of its own permit.
 */
export function inTheWay(
  turn: Turn,
  item: Item,
  { belt, gate, chute }: { belt: BeltLayout; gate: GateLayout; chute: Pick<ChuteLayout, "id" | "zone"> },
): string | null {
  const { behindId } = item;
  if (mayBeAnother(turn, item)) return `it may be item ${item.unless?.missingId}, which is missing`;
  if (behindId === NOBODY) return null;
  if (behindId === null) return "nobody knows what came before it";
  const ahead = turn.state.items.get(behindId);
  if (ahead === undefined) {
    const unseen = unseenEnd(turn, item.beltId, behindId);
    return unseen === undefined || unseen.chuteId === chute.id ? null : `item ${behindId} was never seen to leave it`;
  }
  if (wasLetInto(turn, ahead, chute)) return null;
  const eye = partsOf(belt).zoneEyes.get(gate.id);
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

const isSameZone = (a: Zone, b: Zone): boolean =>
  a.kind === b.kind && (!("stream" in a) || !("stream" in b) || (a.stream === b.stream && a.direction === b.direction));

/** What came to the eye in its place may be the one that should have come before, as long as its tail has not shown it. */
function mayBeAnother(turn: Turn, { beltId, leftEyeUm, unless }: Item): boolean {
  if (unless === null || leftEyeUm >= unless.tailLeftUm) return false;
  const { missingId } = unless;
  return turn.state.items.has(missingId) || unseenEnd(turn, beltId, missingId) !== undefined;
}

const unseenEnd = (turn: Turn, beltId: string, id: number) =>
  beltState(turn, beltId).unseenEnds.find(({ itemId }) => itemId === id);

/** Customs wants it back, or its chute serves others now: it is not to come into that chute any more. */
export function callBack(turn: Turn, o: { itemId: number } | { chuteId: string }): void {
  for (const { unseenEnds } of turn.state.belts.values())
    for (const end of unseenEnds)
      if ("itemId" in o ? end.itemId === o.itemId : end.chuteId === o.chuteId) end.chuteId = null;
}
