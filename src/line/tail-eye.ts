// The eye before a gate that shows in time for the command whether something touches the parcel from behind, or follows too closely.
import { driveBlurUm } from "./belt-position.ts";
import { driftUm, eyeErrorUm } from "./eye-error.ts";
import type { BeltLayout, EyeLayout, GateLayout } from "./layout.ts";
import { plannedLeadNs } from "./planned-lead.ts";
import { frontShownUm, shownUm } from "./zone-eye.ts";

/** What the errors of positions may take, at least, of the way from that eye to the place of the last look. */
const MARGIN_UM = 30_000;

/**
 * The last track eye that the tail of the longest parcel has left, and has shown so, before a command is due that nothing
 * delays. Undefined: there is none, and what a hand lays behind a parcel after its induction is seen by nothing in time.
 */
export function tailEye(belt: BeltLayout, gate: GateLayout): EyeLayout | undefined {
  const dueUm = frontWhenDueUm(belt, gate);
  return belt.eyes
    .filter((eye) => eye.role === "track" && shownUm(belt, eye) + belt.maxItemUm + MARGIN_UM <= dueUm)
    .toSorted((a, b) => b.atUm - a.atUm)[0];
}

/**
 * The same eye, where it shows the belt behind the longest parcel in time as well: as far as something would lie whose front
 * comes to the gate before that has let the parcel's tail pass and is home again. Undefined: such a follower is known too late,
 * and the gate is withdrawn before it.
 */
export function followerEye(belt: BeltLayout, gate: GateLayout): EyeLayout | undefined {
  const eye = tailEye(belt, gate);
  if (eye === undefined) return undefined;
  const errorUm = eyeErrorUm(belt, eye) + driftUm(belt, gate.atUm - eye.atUm) + driveBlurUm(belt);
  const travelUm = Math.ceil((belt.speedUmPerS * (eye.sampleNs + gate.travelNs)) / 1e9);
  const behindUm = frontShownUm(belt, eye) + belt.maxItemUm + gate.sweptUm + travelUm;
  return behindUm + Math.max(MARGIN_UM, 2 * errorUm) <= frontWhenDueUm(belt, gate) ? eye : undefined;
}

/** Where a parcel's front is when its command is due, if nothing delays it. */
const frontWhenDueUm = ({ speedUmPerS }: BeltLayout, gate: GateLayout): number =>
  gate.atUm - Math.ceil((speedUmPerS * (gate.travelNs + plannedLeadNs(gate))) / 1e9);
