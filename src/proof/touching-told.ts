// Whether the eye before each outbound gate tells a parcel from two that touch, on a day on which every eye is asked in time.
import { mostUsualUm } from "../line/eye-error.ts";
import type { BeltLayout, EyeLayout, LineLayout } from "../line/layout.ts";
import { tailEye } from "../line/tail-eye.ts";
import { leadsOutbound } from "./demanded-gap.ts";
import { inMm, type ProofFinding } from "./facts.ts";

/** From here on (60 % of the shortest item by the plan alone) samples that are a little late open more than that item: seen in runs. */
const NEAR_SHARE = 0.75;

/**
 * Where it does not, what a hand has laid right behind a parcel may leave with it; where it only just does, a parcel stays on the belt
 * now and then. The site is started, and people are told.
 */
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
  if (openUm < NEAR_SHARE * belt.minItemUm) return null;
  const tells = openUm < belt.minItemUm;
  // Four edges, and the margin of a day on which nothing is slow.
  const edgeUm = (NEAR_SHARE * belt.minItemUm) / 5;
  return {
    ...{ severity: "warning", kind: "eye", id: eye.id },
    code: tells ? "CONFIG_EYE_HARDLY_TELLS_LENGTH" : "CONFIG_EYE_BLURS_LENGTH",
    key: eye.debounceNs > 0 ? "debounceMs" : "device",
    what: `the four edges at the induction and at eye "${eye.id}" leave up to ${inMm(openUm)} of a parcel's length open; the shortest item is ${inMm(belt.minItemUm)}`,
    right: `a shorter poll, or less debounce, at both: below ${inMm(edgeUm)} an edge`,
  };
}
