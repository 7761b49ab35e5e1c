// How far a position may be wrong at a place of the belt: the last eye's own error, and the drift since it (law 8).
import { driftUm, eyeErrorUm } from "../line/eye-error.ts";
import type { BeltLayout, EyeLayout, GateLayout } from "../line/layout.ts";
import { travelUm } from "./facts.ts";

/** Eyes on the belt itself that correct positions, upstream first. */
export const beltEyes = (belt: BeltLayout): EyeLayout[] =>
  belt.eyes.filter((eye) => eye.role !== "chute" && eye.role !== "width").toSorted((a, b) => a.atUm - b.atUm);

/** The last eye that has seen an item whose front is at `atUm`; undefined: none has. */
export const lastEyeBefore = (belt: BeltLayout, atUm: number): EyeLayout | undefined =>
  beltEyes(belt).findLast((eye) => eye.atUm <= atUm);

/**
 * Error of an item whose front is at `atUm` when the last correction was made before `seenBeforeUm`. Upstream of the
 * first eye it counts as that eye's: the proof refuses gates there for another reason.
 */
export function positionErrorUm(belt: BeltLayout, o: { atUm: number; seenBeforeUm: number }): number {
  const eye = lastEyeBefore(belt, o.seenBeforeUm) ?? beltEyes(belt)[0];
  return eye === undefined ? 0 : eyeErrorUm(belt, eye) + driftUm(belt, o.atUm - eye.atUm);
}

/** Error at a gate: an eye counts only if it has seen the item before the command is planned. */
export const gateErrorUm = (belt: BeltLayout, gate: GateLayout): number =>
  positionErrorUm(belt, {
    atUm: gate.atUm,
    seenBeforeUm: gate.atUm - travelUm(belt.speedUmPerS, gate.travelNs + gate.busNs),
  });
