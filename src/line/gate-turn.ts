// Where a gate is, and when it is free for another move: a way to another chute begins at home, and what has to rest there has rested.
import type { GateLayout } from "./layout.ts";
import type { GateState } from "./state.ts";

/** It is out, or somewhere on the way. Where no home is seen, whatever is not out may be home. */
export const isOffHome = (gate: GateLayout, { position }: GateState): boolean =>
  position === "out" || (position === "between" && gate.hasHomeFeedback);

/**
 * Belt position from which the gate may be moved for `chuteId`; -Infinity: at once. Towards the chute that it served last
 * it may turn round on its way home, unless it has to rest: the planned travel from home is then never shorter than true.
 * One that goes home by a withdrawal may move again once that is confirmed, by its home where that is seen.
 * @param o.speedUmPerS the fastest that the belt may be
 */
export function gateFreeUm(
  gate: GateLayout,
  { lastMove }: GateState,
  o: { chuteId: string; speedUmPerS: number },
): number {
  if (lastMove === null) return Number.NEGATIVE_INFINITY;
  const turnsRound = lastMove.chuteId === o.chuteId && gate.restNs === 0;
  const homeNs = turnsRound ? null : gate.travelNs + gate.restNs;
  const confirmedNs = gate.lateCommand === "bounded" ? gate.busNs + (gate.hasHomeFeedback ? gate.travelNs : 0) : null;
  if (homeNs === null && confirmedNs === null) return Number.NEGATIVE_INFINITY;
  return lastMove.homeAtUm + Math.ceil((o.speedUmPerS * Math.max(homeNs ?? 0, confirmedNs ?? 0)) / 1e9);
}

/**
 * Belt position at which a poll has shown the gate at home for certain, where only that confirms a withdrawal; -Infinity: it is
 * confirmed otherwise. Most often it is seen sooner.
 * @param speedUmPerS the fastest that the belt may be
 */
export function homeSeenUm(gate: GateLayout, { lastMove }: GateState, speedUmPerS: number): number {
  if (lastMove === null || gate.homeSeenNs === undefined) return Number.NEGATIVE_INFINITY;
  return lastMove.homeAtUm + Math.ceil((speedUmPerS * (gate.busNs + gate.travelNs + gate.homeSeenNs)) / 1e9);
}
