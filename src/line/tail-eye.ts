// The eye before a gate that shows whether something touches the parcel from behind, in time for the command.
import type { BeltLayout, EyeLayout, GateLayout } from "./layout.ts";
import { plannedLeadNs } from "./planned-lead.ts";
import { shownUm } from "./zone-eye.ts";

/** What the errors of positions may take of the way from that eye to the place of the last look. */
const MARGIN_UM = 30_000;

/**
 * The last track eye that the tail of the longest parcel has left, and has shown so, before a command is due that nothing
 * delays. Undefined: there is none, and what a hand lays behind a parcel after its induction is seen by nothing in time.
 */
export function tailEye(
  belt: Pick<BeltLayout, "eyes" | "maxItemUm" | "minItemUm" | "speedUmPerS">,
  gate: GateLayout,
): EyeLayout | undefined {
  const leadUm = Math.ceil((belt.speedUmPerS * (gate.travelNs + plannedLeadNs(gate))) / 1e9);
  return belt.eyes
    .filter((eye) => eye.role === "track" && shownUm(belt, eye) + belt.maxItemUm + MARGIN_UM <= gate.atUm - leadUm)
    .toSorted((a, b) => b.atUm - a.atUm)[0];
}
