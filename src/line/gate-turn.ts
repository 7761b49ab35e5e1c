// When a gate is free for another move: a way to another chute begins at home, and what has to rest there has rested.
import type { GateLayout } from "./layout.ts";
import type { GateState } from "./state.ts";

/**
 * Belt position from which the gate may be moved for `chuteId`; -Infinity: at once. Towards the chute that it served last
 * it may turn round on its way home, unless it has to rest: the planned travel from home is then never shorter than true.
 * @param o.speedUmPerS the fastest that the belt may be
 */
export function gateFreeUm(
  gate: GateLayout,
  { lastMove }: GateState,
  o: { chuteId: string; speedUmPerS: number },
): number {
  if (lastMove === null || (lastMove.chuteId === o.chuteId && gate.restNs === 0)) return Number.NEGATIVE_INFINITY;
  return lastMove.homeAtUm + Math.ceil((o.speedUmPerS * (gate.travelNs + gate.restNs)) / 1e9);
}
