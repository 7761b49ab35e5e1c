// A second eye beside the induction eye: what begins or ends there and not at the induction eye is a second parcel.
import { raise } from "./alarms.ts";
import { partsOf } from "./belt-parts.ts";
import { spoil } from "./doubt.ts";
import type { EdgePlace } from "./edge-place.ts";
import type { BeltLayout, EyeLayout } from "./layout.ts";
import { passEye } from "./passages.ts";
import type { Item } from "./state.ts";
import { beltState, count, itemById, type Turn } from "./turn.ts";
import { markUnknown } from "./unknown-stretch.ts";

/** A parcel that lies a little crooked comes to one of the two eyes later; more than this and it may be two. */
const CROOKED_UM = 40_000;

export function widthChanged(
  turn: Turn,
  belt: BeltLayout,
  o: { eye: EyeLayout; isDark: boolean; edge: EdgePlace },
): void {
  const state = beltState(turn, belt.id);
  const originUm = o.edge.positionUm - o.eye.atUm;
  if (o.isDark) {
    state.beside = { frontOriginUm: originUm, tailOriginUm: null, errorUm: o.edge.errorUm };
    compareBeside(turn, belt);
    return;
  }
  // It was dark before anybody watched it.
  if (state.beside === null) return;
  state.beside.tailOriginUm = originUm;
  const item = compareBeside(turn, belt);
  if (item === null) besideNobody(turn, belt, o.eye);
}

/** Compares what lies in the two beams; each edge of either asks anew. Returns the item that it lies beside, if any. */
export function compareBeside(turn: Turn, belt: BeltLayout): Item | null {
  const { beside, itemIds, openItemId } = beltState(turn, belt.id);
  const id = itemIds[itemIds.length - 1];
  if (beside === null || id === undefined) return null;
  const item = itemById(turn, id);
  const isOpen = openItemId === id;
  const itemTailUm = isOpen || item.lengthUm === null ? null : item.originUm + item.lengthUm;
  if (itemTailUm !== null && beside.frontOriginUm > itemTailUm) return null;
  if (beside.tailOriginUm !== null && beside.tailOriginUm < item.originUm) return null;
  const allowedUm = CROOKED_UM + item.errorUm + beside.errorUm;
  const isOff = (aUm: number, bUm: number): boolean => Math.abs(aUm - bUm) > allowedUm;
  const tailsDiffer = itemTailUm !== null && beside.tailOriginUm !== null && isOff(itemTailUm, beside.tailOriginUm);
  if (isOff(beside.frontOriginUm, item.originUm) || tailsDiffer) spoil(turn, item, "ITEM_NOT_ONE");
  return item;
}

/** Something passed beside the induction eye, which has not seen it: it is no item, and nobody is diverted out of it. */
function besideNobody(turn: Turn, belt: BeltLayout, eye: EyeLayout): void {
  const state = beltState(turn, belt.id);
  const { beside } = state;
  if (beside === null) return;
  const { induction } = partsOf(belt);
  if (induction !== undefined) passEye(turn, belt, { eye: induction, item: null });
  count(turn, "besideNobody");
  raise(turn, { code: "EYE_UNEXPECTED_ITEM", source: eye.id });
  markUnknown(state, {
    positionUm: state.positionUm,
    fromPlaceUm: state.positionUm - (beside.tailOriginUm ?? beside.frontOriginUm) - beside.errorUm,
    toPlaceUm: state.positionUm - beside.frontOriginUm + beside.errorUm,
    why: "STRAY",
  });
}
