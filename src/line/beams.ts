// The beams of track eyes: what covers one is the parcel that is known, as long as it was, or it is more than that parcel.
import { partsOf } from "./belt-parts.ts";
import { settlingNs } from "./debounce.ts";
import { LENGTH_CHANGED, spoil } from "./doubt.ts";
import type { EdgePlace } from "./edge-place.ts";
import { LENGTH_SLACK_UM, lengthBlurUm, mostUsualUm } from "./eye-error.ts";
import { lengthUm } from "./item-position.ts";
import type { BeltLayout, EyeLayout } from "./layout.ts";
import { doubtBeforeOdd } from "./neighbour-astray.ts";
import type { Beam } from "./sensing.ts";
import type { BeltState, Item } from "./state.ts";
import { beltState, count, journal, type Turn, touch } from "./turn.ts";
import { markUnknown } from "./unknown-stretch.ts";

/** A front has come to the eye. @param o.item its position set by the edge; null: nobody knows what it is */
export function enterBeam(
  turn: Turn,
  o: { belt: BeltLayout; eye: EyeLayout; edge: EdgePlace; item: Item | null },
): void {
  const { belt, eye, edge, item } = o;
  const state = beltState(turn, belt.id);
  clearBeam(state, eye.id);
  const longestUm = item === null ? belt.maxItemUm : lengthUm(item, belt);
  const blurUm = lengthBlurUm(item?.lengthErrorUm ?? 0, 2 * edge.errorUm);
  const dueUm = edge.positionUm + longestUm + blurUm + sampledUm(belt, eye);
  state.beams.push({ eyeId: eye.id, itemId: item?.id ?? null, dueUm, isBlocked: false });
}

/** What made it dark has been seen to do so. */
export const isBeamKnown = (turn: Turn, belt: BeltLayout, { id }: EyeLayout): boolean =>
  beltState(turn, belt.id).beams.some(({ eyeId }) => eyeId === id);

/**
 * The tail has left the beam. An item that is longer or shorter here than at its induction is not the one parcel that it
 * was: what touches it would have come with it into the chute. Returns the item whose tail it is; null: nobody knows.
 */
export function leaveBeam(turn: Turn, belt: BeltLayout, o: { eye: EyeLayout; edge: EdgePlace }): Item | null {
  const { eye, edge } = o;
  const state = beltState(turn, belt.id);
  const item =
    itemIn(
      turn,
      state.beams.find(({ eyeId }) => eyeId === eye.id),
    ) ?? null;
  clearBeam(state, eye.id);
  if (item === null) return null;
  const seenUm = Math.max(0, edge.positionUm - eye.atUm - item.originUm);
  const seenErrorUm = item.errorUm + edge.errorUm;
  const longerUm = seenUm - lengthUm(item, belt);
  const blurUm = lengthBlurUm(item.lengthErrorUm, seenErrorUm);
  if (item.lengthUm !== null && Math.abs(longerUm) <= blurUm) {
    item.mayHideUm = mayHideUm(item, belt, { eye, edge, longerUm });
    return item;
  }
  journal(turn, { kind: "length", itemId: item.id, lengthUm: seenUm });
  const isFirst = item.lengthUm === null;
  // The longer of the two is what its neighbours have to keep clear of.
  item.lengthUm = Math.max(item.lengthUm ?? 0, seenUm);
  if (isFirst) Object.assign(item, { lengthErrorUm: seenErrorUm, mayHideUm: seenErrorUm });
  touch(turn, item);
  if (isFirst) return item;
  isNotOne(turn, item);
  return null;
}

/**
 * How long a thing may be that touches the item, by its length there and at the induction: what the errors of the four edges leave
 * open. That a soft end shows shorter at just this eye is not reckoned. Where the shortest parcel is lost in the errors that these eyes
 * have on any day (`coline check` says so of the last one before a gate), only greater ones count, and what an eye before it has said.
 */
function mayHideUm(item: Item, belt: BeltLayout, o: { eye: EyeLayout; edge: EdgePlace; longerUm: number }): number {
  const usualUm = mostUsualUm(belt, o.eye);
  const errorsUm = item.lengthErrorUm + item.errorUm + o.edge.errorUm;
  if (usualUm >= belt.minItemUm && errorsUm <= usualUm) return item.mayHideUm;
  return o.longerUm + errorsUm;
}

/**
 * Beams whose light edge is overdue. First it is taken for something close behind the item that is known, which is then no
 * single parcel; still dark after the longest item again, the eye is blocked: what is upstream of it, up to the eye before,
 * may stand while the belt moves, and goes on being unknown until the beam is light.
 */
export function checkBeams(turn: Turn, belt: BeltLayout): void {
  const state = beltState(turn, belt.id);
  for (const beam of state.beams) {
    const eye = partsOf(belt).eyes.get(beam.eyeId);
    if (eye === undefined || state.positionUm <= beam.dueUm) continue;
    const item = itemIn(turn, beam);
    count(turn, beam.isBlocked ? "eyeBlocked" : "eyeCovered");
    const slackUm = LENGTH_SLACK_UM + sampledUm(belt, eye);
    const fromUm = beam.isBlocked ? eyeBeforeUm(belt, eye) : eye.atUm - belt.maxItemUm;
    markUnknown(state, {
      positionUm: state.positionUm,
      fromPlaceUm: fromUm - slackUm,
      toPlaceUm: eye.atUm + slackUm,
      why: "STRAY",
    });
    Object.assign(beam, { itemId: null, isBlocked: true, dueUm: state.positionUm + belt.maxItemUm });
    if (item !== undefined) isNotOne(turn, item);
  }
}

/** Two that touch may have come in its place, the one that it follows held up with it: then a stranger may have come in that one's. */
function isNotOne(turn: Turn, item: Item): void {
  spoil(turn, item, LENGTH_CHANGED);
  doubtBeforeOdd(turn, item.behindId);
}

function clearBeam(state: BeltState, eyeId: string): void {
  if (state.beams.length > 0) state.beams = state.beams.filter((beam) => beam.eyeId !== eyeId);
}

const itemIn = (turn: Turn, beam: Beam | undefined): Item | undefined => turn.state.items.get(beam?.itemId ?? -1);

const sampledUm = (belt: BeltLayout, eye: EyeLayout): number =>
  Math.round((belt.speedUmPerS * (eye.sampleNs + settlingNs(eye))) / 1e9);

/** Where the eye upstream of it sees: until there everything was seen to move. */
const eyeBeforeUm = (belt: BeltLayout, eye: EyeLayout): number =>
  Math.max(0, ...belt.eyes.flatMap(({ role, atUm }) => (role !== "chute" && atUm < eye.atUm ? [atUm] : [])));
