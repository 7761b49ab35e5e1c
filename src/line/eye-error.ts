// How far an eye's word may be wrong, and how that grows over the belt's travel since (law 8); line core and proof say the same.
import type { BeltLayout, EyeLayout } from "./layout.ts";

/**
 * Half of what the belt travels between two samples, or in the cycle of a device that keeps the edge; one count of the
 * encoder, and what it travels in the debounce.
 */
export const eyeErrorUm = (belt: Pick<BeltLayout, "speedUmPerS" | "encoder">, eye: EyeLayout): number =>
  Math.ceil(travelUm(belt, eye.latchNs ?? eye.sampleNs) / 2) +
  (belt.encoder?.umPerCount ?? 0) +
  travelUm(belt, eye.debounceNs);

export const driftUm = (belt: Pick<BeltLayout, "driftUmPerM">, distanceUm: number): number =>
  Math.ceil((Math.max(0, distanceUm) / 1_000_000) * belt.driftUmPerM);

/** Two measurements of one length differ by the errors of their four edges; a soft or rounded end by a little more. */
export const LENGTH_SLACK_UM = 20_000;

/** By so much at most. Each error is that of a measurement: of its dark and of its light edge, together. */
export const lengthBlurUm = (firstErrorUm: number, nowErrorUm: number): number =>
  LENGTH_SLACK_UM + firstErrorUm + nowErrorUm;

/** Polls that come a little late now and then, in the time that they take at most by the plan. */
const USUAL_MARGIN = 1.25;

/**
 * How much the errors of the four edges that say how long a parcel is, at the induction and at that eye, come to at most on a day on
 * which nothing is slow.
 */
export function mostUsualUm(belt: BeltLayout, eye: EyeLayout): number {
  const first = belt.eyes.find(({ role }) => role === "induction") ?? eye;
  return Math.round(USUAL_MARGIN * 2 * (eyeErrorUm(belt, first) + eyeErrorUm(belt, eye)));
}

const travelUm = ({ speedUmPerS }: Pick<BeltLayout, "speedUmPerS">, ns: number): number =>
  Math.ceil((speedUmPerS * ns) / 1e9);
