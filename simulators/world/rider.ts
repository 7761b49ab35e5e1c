// A parcel on a belt, how the belt takes it along, and when its front was where.
import type { GateMotion } from "./gate-motion.ts";
import type { ParcelPlan } from "./parcel.ts";

/** A parcel on the belt; its tail is at `frontUm - plan.lengthUm`. */
export interface Rider {
  plan: ParcelPlan;
  frontUm: number;
  /** `caughtUm`: how far beyond the gate's place its front was when the gate took it. */
  taken: { gate: GateMotion; chuteId: string; frontNs: number; caughtUm: number } | null;
  slipUmPerM: number;
  /** Slip below one µm, in µm × 1e-6. */
  slipRest: number;
  /** Nothing happens to it before its front is there, unless a gate or an incident changes. */
  nextUm: number;
}

/** How a rider's front moved in one step. */
export interface Move {
  fromUm: number;
  toUm: number;
  /** When the front was at a place: interpolated, and within the step for places that it had passed before. */
  crossedNs(atUm: number): number;
}

/** The belt takes it along; slip below one µm is kept for the next time, so that many steps at once give the same. */
export function carry(rider: Rider, travelledUm: number): void {
  if (rider.slipUmPerM === 0) {
    rider.frontUm += travelledUm;
    return;
  }
  const slip = travelledUm * rider.slipUmPerM + rider.slipRest;
  rider.slipRest = slip % 1_000_000;
  rider.frontUm += travelledUm + (slip - rider.slipRest) / 1_000_000;
}

/** Steps in which none of them comes to its next place, the belt going on by at most `stepUm` in each. */
export function stepsToNext(riders: readonly Rider[], stepUm: number): number {
  let steps = Number.POSITIVE_INFINITY;
  let aheadUm = Number.POSITIVE_INFINITY;
  for (const { slipUmPerM, nextUm, frontUm } of riders) {
    if (slipUmPerM === 0) {
      aheadUm = Math.min(aheadUm, nextUm - frontUm);
      continue;
    }
    // With slip of its own it may be faster than the belt.
    const mostUm = stepUm + Math.ceil((stepUm * Math.abs(slipUmPerM)) / 1e6) + 1;
    steps = Math.min(steps, Math.ceil((nextUm - frontUm) / mostUm) - 1);
  }
  return Math.min(steps, Math.ceil(aheadUm / stepUm) - 1);
}

export function moveOf(o: { fromUm: number; toUm: number; fromNs: number; stepNs: number }): Move {
  const { fromUm, toUm } = o;
  return {
    fromUm,
    toUm,
    crossedNs: (atUm) => {
      if (atUm <= fromUm || toUm === fromUm) return o.fromNs;
      if (atUm >= toUm) return o.fromNs + o.stepNs;
      return o.fromNs + Math.floor(((atUm - fromUm) * o.stepNs) / (toUm - fromUm));
    },
  };
}
