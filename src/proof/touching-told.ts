// Whether the eye before each outbound gate tells a parcel from two that touch, on a day on which every eye is asked in time.
import { mostUsualUm } from "../line/eye-error.ts";
import type { BeltLayout, EyeLayout, LineLayout } from "../line/layout.ts";
import { tailEye } from "../line/tail-eye.ts";
import { leadsOutbound } from "./demanded-gap.ts";
import { inMm, type ProofFinding } from "./facts.ts";

/** Where it does not, what a hand has laid right behind a parcel may leave with it: the site is started, and people are told. */
export const touchingFindings = (layout: LineLayout): ProofFinding[] =>
  layout.belts.flatMap((belt) => {
    // A PLC that tracks moves its gates by its own eyes.
    if (belt.tracker !== undefined) return [];
    const gates = belt.gates.filter((gate) => leadsOutbound(layout, gate));
    const eyes = new Set(gates.flatMap((gate) => tailEye(belt, gate) ?? []));
    return [...eyes].flatMap((eye) => findingOf(belt, eye) ?? []);
  });

function findingOf(belt: BeltLayout, eye: EyeLayout): ProofFinding | null {
  const openUm = mostUsualUm(belt, eye);
  if (openUm < belt.minItemUm) return null;
  return {
    ...{ severity: "warning", code: "CONFIG_EYE_BLURS_LENGTH", kind: "eye", id: eye.id },
    key: eye.debounceNs > 0 ? "debounceMs" : "device",
    what: `the four edges at the induction and at eye "${eye.id}" leave up to ${inMm(openUm)} of a parcel's length open; the shortest item is ${inMm(belt.minItemUm)}`,
    right: `a shorter poll, or less debounce, at both: below ${inMm(belt.minItemUm / 5)} an edge`,
  };
}
