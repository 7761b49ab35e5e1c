// A track eye that stays dark for longer than its item: something lies close behind it, or parcels pile up there.
import { settlingNs } from "./debounce.ts";
import { spoil } from "./doubt.ts";
import type { EdgePlace } from "./edge-place.ts";
import { errorUm, lengthUm } from "./item-position.ts";
import type { BeltLayout, EyeLayout } from "./layout.ts";
import type { BeltState, Item } from "./state.ts";
import { beltState, count, type Turn } from "./turn.ts";
import { markUnknown } from "./unknown-stretch.ts";

/** Both edges of the length and both of the passage are samples; a little more is still one parcel. */
export const COVER_SLACK_UM = 30_000;

/** @param item null: nobody knows what it is */
export function coverEye(
  turn: Turn,
  o: { belt: BeltLayout; eye: EyeLayout; edge: EdgePlace; item: Item | null },
): void {
  const { belt, eye, edge, item } = o;
  const state = beltState(turn, belt.id);
  uncoverEye(state, eye.id);
  const longestUm = item === null ? belt.maxItemUm : lengthUm(item, belt) + errorUm(item, belt, edge.positionUm);
  const dueUm = edge.positionUm + edge.errorUm + longestUm + COVER_SLACK_UM + sampledUm(belt, eye);
  state.covered.push({ eyeId: eye.id, itemId: item?.id ?? null, dueUm, isBlocked: false });
}

export function uncoverEye(state: BeltState, eyeId: string): void {
  if (state.covered.length > 0) state.covered = state.covered.filter((each) => each.eyeId !== eyeId);
}

/**
 * The light edge is overdue. First it is taken for a parcel close behind the one that is known, which is then no single
 * parcel; still dark after the longest item again, the eye is blocked: what is upstream of it, up to the eye before, may
 * stand while the belt moves, and goes on being unknown until the beam is light.
 */
export function checkCovered(turn: Turn, belt: BeltLayout): void {
  const state = beltState(turn, belt.id);
  for (const cover of state.covered) {
    const eye = belt.eyes.find(({ id }) => id === cover.eyeId);
    if (eye === undefined || state.positionUm < cover.dueUm) continue;
    const { isBlocked, itemId } = cover;
    count(turn, isBlocked ? "eyeBlocked" : "eyeCovered");
    const slackUm = COVER_SLACK_UM + sampledUm(belt, eye);
    const fromUm = isBlocked ? eyeBeforeUm(belt, eye) : eye.atUm - belt.maxItemUm;
    markUnknown(state, {
      positionUm: state.positionUm,
      fromPlaceUm: fromUm - slackUm,
      toPlaceUm: eye.atUm + slackUm,
      why: "STRAY",
    });
    Object.assign(cover, { itemId: null, isBlocked: true, dueUm: state.positionUm + belt.maxItemUm });
    const item = itemId === null ? undefined : turn.state.items.get(itemId);
    if (item !== undefined) spoil(turn, item, "ITEM_TOO_LONG");
  }
}

/** Where the eye upstream of it sees: until there everything was seen to move. */
const eyeBeforeUm = (belt: BeltLayout, eye: EyeLayout): number =>
  Math.max(0, ...belt.eyes.flatMap(({ role, atUm }) => (role !== "chute" && atUm < eye.atUm ? [atUm] : [])));

/** The edge of this very poll comes after its belt sample, and may be one sample late. */
const sampledUm = (belt: BeltLayout, eye: EyeLayout): number =>
  Math.round((belt.speedUmPerS * (eye.sampleNs * 2 + settlingNs(eye))) / 1e9);
