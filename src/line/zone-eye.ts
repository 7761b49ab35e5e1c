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
  const sampleUm = Math.ceil((belt.speedUmPerS * (eye.sampleNs + settlingNs(eye))) / 1e9);
  return eye.atUm + sampleUm - (eye.role === "end" ? belt.minItemUm : 0);
}
