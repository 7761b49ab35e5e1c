// Stretches of the belt that may hold anything: after a start, a blind time, a stray; nobody is diverted out of one.
import { partsOf } from "./belt-parts.ts";
import type { BeltLayout } from "./layout.ts";
import type { BeltState, Stretch } from "./state.ts";

/** More stretches than this are merged into one over all of them. */
const MAX_STRETCHES = 32;

/** Marks what lies now between two places (upstream, downstream) of the belt as unknown. */
export function markUnknown(
  belt: BeltState,
  stretch: {
    positionUm: number;
    fromPlaceUm: number;
    toPlaceUm: number;
    why: string;
  },
): void {
  belt.emptyAtUm = null;
  belt.stretches.push({
    frontOriginUm: stretch.positionUm - stretch.toPlaceUm,
    tailOriginUm: stretch.positionUm - stretch.fromPlaceUm,
    why: stretch.why,
  });
  if (belt.stretches.length > MAX_STRETCHES) belt.stretches = [union(belt.stretches)];
}

/**
 * Whether something whose front is at a place now comes out of a stretch. Only its front need lie in there: the stretch grows
 * over all that it may reach, so that no gate moves into the rest of it.
 */
export function frontInStretch(
  belt: BeltState,
  o: { positionUm: number; atUm: number; slackUm: number; fromPlaceUm: number; toPlaceUm: number },
): boolean {
  const placeOf = (originUm: number): number => o.positionUm - originUm;
  const index = belt.stretches.findIndex(
    (s) => placeOf(s.frontOriginUm) + o.slackUm >= o.atUm && placeOf(s.tailOriginUm) - o.slackUm <= o.atUm,
  );
  const stretch = belt.stretches[index];
  if (stretch === undefined) return false;
  belt.stretches[index] = {
    frontOriginUm: Math.min(stretch.frontOriginUm, o.positionUm - o.toPlaceUm),
    tailOriginUm: Math.max(stretch.tailOriginUm, o.positionUm - o.fromPlaceUm),
    why: stretch.why,
  };
  return true;
}

/** All of the belt downstream of the induction eye, and the eye's own surroundings. */
export function markAllUnknown(belt: BeltState, layout: BeltLayout, why: string): void {
  const eye = partsOf(layout).induction;
  belt.stretches = [];
  markUnknown(belt, {
    positionUm: belt.positionUm,
    fromPlaceUm: (eye?.atUm ?? 0) - (eye === undefined ? 0 : layout.maxItemUm),
    toPlaceUm: layout.lengthUm,
    why,
  });
}

/** Drops the stretches whose upstream end has left the belt. */
export function dropPassedStretches(belt: BeltState, layout: BeltLayout): void {
  if (belt.stretches.length === 0) return;
  belt.stretches = belt.stretches.filter((s) => belt.positionUm - s.tailOriginUm <= layout.lengthUm + layout.maxItemUm);
}

function union(stretches: readonly Stretch[]): Stretch {
  return {
    frontOriginUm: Math.min(...stretches.map((s) => s.frontOriginUm)),
    tailOriginUm: Math.max(...stretches.map((s) => s.tailOriginUm)),
    why: "several",
  };
}
