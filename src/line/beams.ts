// The light edge at a track eye: an item that is longer or shorter there than at its induction is not the one parcel it was.
import { partsOf } from "./belt-parts.ts";
import { settlingNs } from "./debounce.ts";
import { spoil } from "./doubt.ts";
import type { EdgePlace } from "./edge-place.ts";
import { lengthUm, tailUm } from "./item-position.ts";
import type { BeltLayout, EyeLayout } from "./layout.ts";
import type { Item } from "./state.ts";
import { beltState, journal, type Turn, touch } from "./turn.ts";

/** Two measurements of one length differ by the errors of their four edges; a soft or rounded end by a little more. */
export const LENGTH_SLACK_UM = 20_000;

/** The item's front has come to the eye, and it lies in the beam from now on. */
export function enterBeam(turn: Turn, eye: EyeLayout, item: Item): void {
  beltState(turn, item.beltId).beams[eye.id] = item.id;
}

/** Its tail has left the beam: what touches it would have come with it into the chute. */
export function leaveBeam(turn: Turn, belt: BeltLayout, o: { eye: EyeLayout; edge: EdgePlace }): void {
  const item = itemInBeam(turn, belt, o.eye);
  delete beltState(turn, belt.id).beams[o.eye.id];
  if (item === null) return;
  const seenUm = Math.max(0, o.edge.positionUm - o.eye.atUm - item.originUm);
  const offUm = Math.abs(seenUm - lengthUm(item, belt));
  if (item.lengthUm !== null && offUm <= allowedUm(item, o.edge.errorUm)) return;
  journal(turn, { kind: "length", itemId: item.id, lengthUm: seenUm });
  const isFirst = item.lengthUm === null;
  // The longer of the two is what its neighbours have to keep clear of.
  item.lengthUm = Math.max(item.lengthUm ?? 0, seenUm);
  touch(turn, item);
  if (!isFirst) spoil(turn, item, "ITEM_LENGTH_CHANGED");
}

/** An item whose tail should have left a beam by now: something rides close behind it. */
export function checkBeams(turn: Turn, belt: BeltLayout): void {
  const state = beltState(turn, belt.id);
  for (const eyeId of Object.keys(state.beams)) {
    const eye = partsOf(belt).eyes.get(eyeId);
    const item = eye === undefined ? null : itemInBeam(turn, belt, eye);
    if (eye === undefined || item === null || item.doubt !== null) continue;
    const sampleUm = Math.round((belt.speedUmPerS * (eye.sampleNs + settlingNs(eye))) / 1e9);
    const pastUm = tailUm(item, belt, state.positionUm) - eye.atUm;
    if (pastUm > allowedUm(item, item.errorUm) + sampleUm) spoil(turn, item, "ITEM_LENGTH_CHANGED");
  }
}

function itemInBeam(turn: Turn, belt: BeltLayout, eye: EyeLayout): Item | null {
  return turn.state.items.get(beltState(turn, belt.id).beams[eye.id] ?? -1) ?? null;
}

/** Its own error is that of the dark edge here; the induction's two edges are reckoned like these. */
const allowedUm = (item: Item, lightErrorUm: number): number => LENGTH_SLACK_UM + 2 * (item.errorUm + lightErrorUm);
