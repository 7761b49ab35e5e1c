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
  const slip = travelledUm * rider.slipUmPerM + rider.slipRest;
  rider.slipRest = slip % 1_000_000;
  rider.frontUm += travelledUm + (slip - rider.slipRest) / 1_000_000;
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
