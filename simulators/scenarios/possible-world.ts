// Decides whether a belt can carry a scenario's parcels at all: their lengths, their pitch, and the cycle of its gates.
import type { BeltConfig } from "../../src/config/line-schema.ts";
import type { Path } from "../../src/config/problem.ts";
import { trackerIn } from "../../src/config/wiring.ts";
import type { PlantSite } from "./plant-site.ts";
import type { Scenario } from "./scenario-schema.ts";

export interface Impossible {
  path: Path;
  what: string;
  right: string;
}

/** What traffic has unless the scenario says otherwise, as the rig has it. */
const USUAL_LENGTHS_MM = [150, 270] as const;

export function impossible(scenario: Scenario, site: PlantSite): Impossible[] {
  const ofBelts = site.line.belts.flatMap((belt) => [
    ...wrongLengths(scenario, belt),
    ...wrongRates(scenario, belt),
    ...slowGates(scenario, belt),
    ...unseenByTracker(scenario, belt),
  ]);
  return [...ofBelts, ...troubleOfNoTracker(scenario, site)];
}

/** A fault in the tracking of a PLC that does not track. */
function troubleOfNoTracker({ faults }: Scenario, { line }: PlantSite): Impossible[] {
  const tracking = line.devices.filter((each) => trackerIn(each) !== undefined).map(({ id }) => id);
  return faults.flatMap((fault, index): Impossible[] => {
    if (fault.kind !== "muteTracker" && fault.kind !== "deafTracker" && fault.kind !== "forgetfulTracker") return [];
    if (fault.device === undefined ? tracking.length > 0 : tracking.includes(fault.device)) return [];
    const what =
      fault.device === undefined
        ? `${fault.kind}, but no device of the site tracks`
        : `${fault.kind} of "${fault.device}", which does not track`;
    const right = tracking.length === 0 ? "a site with tracking: plc" : tracking.join(", ");
    return [{ path: ["faults", index, "kind"], what, right }];
  });
}

/** What a PLC that tracks by its counter alone, as the simulated one does, cannot know. */
export const UNSEEN_BY_TRACKER: readonly string[] = ["jam", "addByHand", "encoderSlip", "encoderJump"];

function unseenByTracker({ faults }: Scenario, { id, tracking }: BeltConfig): Impossible[] {
  if (tracking !== "plc") return [];
  return faults.flatMap((fault, index): Impossible[] => {
    const isHere = !("belt" in fault) || fault.belt === undefined || fault.belt === id;
    if (!UNSEEN_BY_TRACKER.includes(fault.kind) || !isHere) return [];
    const what = `${fault.kind} on belt ${id}, whose simulated PLC tracks by its counter alone and would not notice`;
    return [{ path: ["faults", index, "kind"], what, right: "a belt that Coline tracks" }];
  });
}

/** The parcels of this belt, mm. */
export function lengthsMm({ traffic }: Scenario, { items }: BeltConfig): { min: number; max: number } {
  const [min, max] = traffic.lengthsMm ?? [
    Math.max(USUAL_LENGTHS_MM[0], items.minLengthMm),
    Math.min(USUAL_LENGTHS_MM[1], items.maxLengthMm),
  ];
  return { min, max };
}

export const gapMm = ({ traffic }: Scenario, { items }: BeltConfig): number => traffic.gapMm ?? items.gapMm;

function wrongLengths({ traffic }: Scenario, { id, items }: BeltConfig): Impossible[] {
  const asked = traffic.lengthsMm;
  if (asked === undefined) return [];
  const [min, max] = asked;
  const right = `${items.minLengthMm} to ${items.maxLengthMm}, the shorter one first`;
  const path = ["traffic", "lengthsMm"];
  if (min > max) return [{ path, what: `parcels of ${min} to ${max} mm`, right }];
  if (min >= items.minLengthMm && max <= items.maxLengthMm) return [];
  return [{ path, what: `belt ${id} is not built for parcels of ${min} to ${max} mm`, right }];
}

/** From front to front there must be room for the longest parcel and the gap behind it. */
function wrongRates(scenario: Scenario, belt: BeltConfig): Impossible[] {
  const { perHour } = scenario.traffic;
  const needMm = lengthsMm(scenario, belt).max + gapMm(scenario, belt);
  const most = Math.floor((belt.speedMmPerS * 3600) / needMm);
  const points =
    typeof perHour === "object"
      ? perHour.map((point, index) => ({ path: ["traffic", "perHour", index, "perHour"] as Path, rate: point.perHour }))
      : [{ path: ["traffic", "perHour"] as Path, rate: perHour ?? 1 }];
  const wrong = points.flatMap(({ path, rate }): Impossible[] => {
    if (rate <= most) return [];
    const pitchMm = ((belt.speedMmPerS * 3600) / rate).toFixed(0);
    const what = `${rate} parcels an hour have a pitch of ${pitchMm} mm, the longest and its gap take ${needMm} mm`;
    return [{ path, what, right: `at most ${most} on belt ${belt.id} at ${belt.speedMmPerS} mm/s` }];
  });
  return typeof perHour === "object" ? [...wrong, ...outOfOrder(perHour)] : wrong;
}

function outOfOrder(points: readonly { atS: number }[]): Impossible[] {
  return points.flatMap(({ atS }, index): Impossible[] => {
    const before = points[index - 1]?.atS ?? -1;
    if (atS > before) return [];
    return [
      { path: ["traffic", "perHour", index, "atS"], what: `${atS} s comes after ${before} s`, right: "in order" },
    ];
  });
}

/** A gate swings out and home again between two parcels, or it takes the second with the first. */
function slowGates(scenario: Scenario, belt: BeltConfig): Impossible[] {
  const gap = gapMm(scenario, belt);
  return belt.gates.flatMap(({ id, sweptMm, travelMs }): Impossible[] => {
    const needMm = sweptMm + (belt.speedMmPerS * 2 * travelMs) / 1000;
    if (gap >= needMm) return [];
    const what = `gate ${id} sweeps ${sweptMm} mm and takes ${travelMs} ms each way, the gap is ${gap} mm`;
    return [{ path: ["traffic", "gapMm"], what, right: `a gap of at least ${Math.ceil(needMm)} mm` }];
  });
}
