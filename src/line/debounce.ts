// Debounce: a beam's change counts once it has lasted; what goes back before is a flicker and no edge.
import type { EdgePlace } from "./edge-place.ts";
import type { BeltLayout, EyeLayout } from "./layout.ts";
import type { HeldEdge } from "./sensing.ts";
import { beltState, count, type Turn } from "./turn.ts";

/** The belt travels so far while an edge is held. */
export const debounceUm = (belt: Pick<BeltLayout, "speedUmPerS">, eye: EyeLayout): number =>
  Math.ceil((belt.speedUmPerS * eye.debounceNs) / 1e9);

/** How long after the sample that shows it an edge counts, at the latest. */
export const settlingNs = (eye: EyeLayout): number => (eye.debounceNs === 0 ? 0 : eye.debounceNs + eye.sampleNs);

/**
 * Holds an edge back. The one before, which it takes back, is a flicker with it, or has lasted and is returned.
 * @param o.afterNs the last sample that still showed the old state
 */
export function holdEdge(
  turn: Turn,
  belt: BeltLayout,
  o: { eye: EyeLayout; edge: "dark" | "light"; place: EdgePlace; afterNs: number; upToNs: number },
): HeldEdge | null {
  const state = beltState(turn, belt.id);
  const before = state.heldEdges.find(({ eyeId }) => eyeId === o.eye.id) ?? null;
  state.heldEdges = state.heldEdges.filter((held) => held !== before);
  if (before !== null && o.afterNs - before.sinceNs < o.eye.debounceNs) {
    count(turn, "flickers");
    return null;
  }
  state.heldEdges.push({
    eyeId: o.eye.id,
    edge: o.edge,
    place: { positionUm: o.place.positionUm, errorUm: o.place.errorUm + debounceUm(belt, o.eye) },
    sinceNs: o.upToNs,
    dueNs: o.upToNs + settlingNs(o.eye),
  });
  return before;
}

/** Takes out what has lasted, in the order in which it came. */
export function settledEdges(turn: Turn, beltId: string): HeldEdge[] {
  const state = beltState(turn, beltId);
  if (state.heldEdges.length === 0) return [];
  const settled = state.heldEdges.filter(({ dueNs }) => dueNs <= turn.nowNs);
  if (settled.length > 0) state.heldEdges = state.heldEdges.filter(({ dueNs }) => dueNs > turn.nowNs);
  return settled;
}
