// Whether an eye sees each swept zone free before the next parcel's command: where a parcel can stand, reckoning is none.
import { driveBlurUm } from "../line/belt-position.ts";
import { settlingNs } from "../line/debounce.ts";
import type { BeltLayout, GateLayout, LineLayout } from "../line/layout.ts";
import { zoneEye } from "../line/zone-eye.ts";
import { leadsOutbound } from "./demanded-gap.ts";
import { type BeltFacts, inMm, type ProofFinding, travelUm } from "./facts.ts";
import { gateErrorUm } from "./position-error.ts";

/** The place behind a gate at which its eye has to stand: from the end of the swept zone on, and no further than this. */
export function zoneEyePlace(
  belt: BeltLayout,
  gate: GateLayout,
  o: { guaranteedGapUm: number; sampleNs: number },
): { fromUm: number; toUm: number } {
  const leadUm =
    travelUm(belt.speedUmPerS, gate.travelNs + gate.busNs) + 2 * (gateErrorUm(belt, gate) + driveBlurUm(belt));
  // Where the tail of what is ahead is when the bus must have the command, and so much before that its eye shows it.
  const toUm = gate.atUm - leadUm + o.guaranteedGapUm - travelUm(belt.speedUmPerS, o.sampleNs);
  return { fromUm: gate.atUm + gate.sweptUm, toUm };
}

/** Where it is not so, the last look refuses what follows too close: safe everywhere, and no way to run an outbound gate. */
export const zoneFindings = (layout: LineLayout, belts: readonly BeltFacts[]): ProofFinding[] =>
  layout.belts.flatMap((belt) => {
    // A PLC that tracks moves its gates by its own eyes.
    if (belt.tracker !== undefined) return [];
    const guaranteedGapUm = belts.find(({ beltId }) => beltId === belt.id)?.guaranteedGapUm ?? 0;
    return belt.gates.flatMap((gate) => findingsOf(layout, { belt, gate, guaranteedGapUm }));
  });

function findingsOf(
  layout: LineLayout,
  o: { belt: BeltLayout; gate: GateLayout; guaranteedGapUm: number },
): ProofFinding[] {
  const { belt, gate, guaranteedGapUm } = o;
  const eye = zoneEye(belt, gate);
  const slowest = belt.eyes.filter(({ role }) => role === "track").map((each) => each.sampleNs + settlingNs(each));
  const sampleNs = eye === undefined ? Math.max(0, ...slowest) : eye.sampleNs + settlingNs(eye);
  const { fromUm, toUm } = zoneEyePlace(belt, gate, { guaranteedGapUm, sampleNs });
  // To the end eye a parcel has come with its front.
  const seenUm = eye === undefined ? Number.POSITIVE_INFINITY : eye.atUm - (eye.role === "end" ? belt.minItemUm : 0);
  if (seenUm <= toUm) return [];
  const behind =
    eye === undefined ? "no eye stands behind it" : `the next eye, "${eye.id}", stands at ${inMm(eye.atUm)}`;
  return [
    {
      severity: leadsOutbound(layout, gate) ? "error" : "warning",
      code: "CONFIG_GATE_ZONE_UNSEEN",
      kind: "gate",
      id: gate.id,
      key: "atMm",
      what: `a parcel may stand in the zone of gate "${gate.id}" unseen when the next one's command is due: ${behind}`,
      right:
        toUm < fromUm
          ? `items.gapMm of ${Math.ceil((guaranteedGapUm + fromUm - toUm) / 1000)}, and a track eye right behind the zone, at ${inMm(fromUm)}`
          : `a track eye at ${Math.ceil(fromUm / 1000)} to ${Math.floor(toUm / 1000)} mm`,
    },
  ];
}
