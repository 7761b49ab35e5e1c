// The eye behind a gate that sees whether its swept zone is free again; line core and proof look for the same one.
import { settlingNs } from "./debounce.ts";
import type { BeltLayout, EyeLayout, GateLayout } from "./layout.ts";

/**
 * The first eye by which a tail that has left it has left the zone too. Whoever comes to the end eye has its end with its
 * front: that counts where the longest parcel is clear of the zone then. Undefined: there is none.
 */
export function zoneEye(belt: Pick<BeltLayout, "eyes" | "maxItemUm">, gate: GateLayout): EyeLayout | undefined {
  const fromUm = gate.atUm + gate.sweptUm;
  return belt.eyes
    .filter(
      ({ role, atUm }) => (role === "track" && atUm >= fromUm) || (role === "end" && atUm - belt.maxItemUm >= fromUm),
    )
    .toSorted((a, b) => a.atUm - b.atUm)[0];
}

/** Place of a tail at which that eye has shown it, at the latest. */
export function shownUm(belt: Pick<BeltLayout, "speedUmPerS" | "minItemUm">, eye: EyeLayout): number {
  return eye.atUm + travelUm(belt, eye.sampleNs + settlingNs(eye)) - (eye.role === "end" ? belt.minItemUm : 0);
}

/**
 * Place beyond which nothing is that the eye has not shown, as of the belt's last sample: an edge may be held back, or its
 * device silent for a while.
 */
export const frontShownUm = (belt: Pick<BeltLayout, "speedUmPerS">, eye: EyeLayout): number =>
  eye.atUm + travelUm(belt, settlingNs(eye) + eye.silenceNs);

/**
 * From where its gate begins to go home to where the eye has to be asked: whatever that has not shown by then comes to the gate
 * when it is home. Below 0, where the eye is far enough upstream.
 */
export const nearestUm = (belt: Pick<BeltLayout, "speedUmPerS">, gate: GateLayout, eye: EyeLayout): number =>
  travelUm(belt, gate.travelNs) - gate.atUm + frontShownUm(belt, eye);

const travelUm = ({ speedUmPerS }: Pick<BeltLayout, "speedUmPerS">, ns: number): number =>
  Math.ceil((speedUmPerS * ns) / 1e9);
