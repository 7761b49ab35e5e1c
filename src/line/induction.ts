// The induction eye: its dark edge makes an item, its light edge gives the length.
import { raise } from "./alarms.ts";
import { partsOf } from "./belt-parts.ts";
import { CAPS } from "./caps.ts";
import { settlingNs } from "./debounce.ts";
import { decide } from "./decide.ts";
import { spoil } from "./doubt.ts";
import type { EdgePlace } from "./edge-place.ts";
import { LENGTH_SLACK_UM } from "./eye-error.ts";
import { isTooShort, lengthUm, tailUm } from "./item-position.ts";
import type { BeltLayout, EyeLayout } from "./layout.ts";
import { passEye } from "./passages.ts";
import type { Item } from "./state.ts";
import { activeLayout, beltState, count, itemById, journal, type Turn, touch } from "./turn.ts";
import { markUnknown } from "./unknown-stretch.ts";

/** @param edge with the PLC's number of the parcel where the PLC tracks, whose own eyes are ahead then */
export function inductionDark(
  turn: Turn,
  belt: BeltLayout,
  eye: EyeLayout,
  edge: EdgePlace & { trackingId?: number },
): void {
  const state = beltState(turn, belt.id);
  if (state.itemIds.length >= CAPS.itemsPerBelt) {
    markUnknown(state, {
      positionUm: edge.positionUm,
      fromPlaceUm: eye.atUm - belt.maxItemUm,
      toPlaceUm: eye.atUm,
      why: "ITEM_CAP",
    });
    passEye(turn, belt, { eye, item: null });
    return raise(turn, { code: "LINE_ITEM_CAP", source: belt.id });
  }
  const item: Item = {
    id: turn.state.nextItem++,
    beltId: belt.id,
    ...trackedAs(edge),
    layoutHash: activeLayout(turn).hash,
    originUm: edge.positionUm - eye.atUm,
    lengthUm: null,
    lengthErrorUm: 0,
    errorUm: edge.errorUm,
    syncedAtUm: edge.positionUm,
    doubt: state.rampUntilUm !== null || !state.moving ? "ITEM_BELT_UNKNOWN" : null,
    eyesAhead: edge.trackingId === undefined ? [...partsOf(belt).eyesInOrder] : [],
    behindId: null,
    leftEyeUm: -1,
    mayHideUm: 0,
    unless: null,
    codes: [],
    scannersHeard: [],
    namesLate: 0,
    identity: null,
    decision: null,
    decisions: 0,
    permitId: null,
    withheldFrom: [],
    atGateNs: null,
    passedGateNs: null,
    missedGate: false,
    seenPastGate: false,
    alsoIn: null,
    leftBelt: false,
    isLateHeld: false,
  };
  turn.state.items.set(item.id, item);
  state.itemIds.push(item.id);
  passEye(turn, belt, { eye, item });
  touch(turn, item);
  state.openItemId = item.id;
  count(turn, "items");
  journal(turn, {
    kind: "item",
    itemId: item.id,
    beltId: belt.id,
    eyeId: eye.id,
    beltUm: edge.positionUm,
    errorUm: edge.errorUm,
    ...trackedAs(edge),
  });
  checkGapAhead(turn, belt, item);
}

const trackedAs = ({ trackingId }: { trackingId?: number }) => (trackingId === undefined ? {} : { trackingId });

/** Closer than `check` has proved, no gate could part them safely: neither is taken (law 8). */
function checkGapAhead(turn: Turn, belt: BeltLayout, item: Item): void {
  const { itemIds } = beltState(turn, belt.id);
  const ahead = turn.state.items.get(itemIds[itemIds.length - 2] ?? -1);
  if (ahead === undefined || item.originUm - ahead.originUm - lengthUm(ahead, belt) >= belt.provedGapUm) return;
  spoil(turn, ahead, "ITEM_TOO_CLOSE");
  spoil(turn, item, "ITEM_TOO_CLOSE");
}

export function inductionLight(turn: Turn, belt: BeltLayout, eye: EyeLayout, edge: EdgePlace): void {
  const state = beltState(turn, belt.id);
  if (state.openItemId === null) {
    // Something was in the beam before this run could see its front.
    markUnknown(state, {
      positionUm: edge.positionUm,
      fromPlaceUm: eye.atUm,
      toPlaceUm: eye.atUm + belt.maxItemUm,
      why: "TAIL_WITHOUT_FRONT",
    });
    return;
  }
  const item = itemById(turn, state.openItemId);
  state.openItemId = null;
  item.lengthUm = Math.max(0, edge.positionUm - eye.atUm - item.originUm);
  item.lengthErrorUm = item.errorUm + edge.errorUm;
  touch(turn, item);
  journal(turn, { kind: "length", itemId: item.id, lengthUm: item.lengthUm });
  if (item.lengthUm > belt.maxItemUm + LENGTH_SLACK_UM + item.lengthErrorUm) spoil(turn, item, "ITEM_TOO_LONG");
  else if (isTooShort(item, belt)) spoil(turn, item, "ITEM_TOO_SHORT");
  // It was taken for two while nobody knew how short it is.
  if (item.identity?.kind === "code" && item.identity.besides !== undefined) decide(turn, item);
}

/** An item longer than any item: its tail should have left the beam by now; it is not one parcel, or the eye is blocked. */
export function checkOpenItem(turn: Turn, belt: BeltLayout, eye: EyeLayout): void {
  const state = beltState(turn, belt.id);
  if (state.openItemId === null) return;
  const item = itemById(turn, state.openItemId);
  const pastUm = tailUm(item, belt, state.positionUm) - eye.atUm;
  const settlingUm = Math.ceil((belt.speedUmPerS * settlingNs(eye)) / 1e9);
  if (pastUm > LENGTH_SLACK_UM + item.errorUm + settlingUm && item.doubt === null) spoil(turn, item, "ITEM_TOO_LONG");
}
