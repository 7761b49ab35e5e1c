// What comes in on each belt of a demo: how many, how fast, and mostly parcels that the belt leads out.
import { mostPerHour } from "../../../simulators/wired/plan.ts";
import { ORDINARY_SHIFT, type TrafficPlan } from "../../../simulators/world/traffic.ts";
import type { Site } from "../../config/load.ts";

/** How many parcels that a belt leads out come for each that it does not. */
const OWN_TO_STRANGE = 9;
const DEFAULT_SECONDS = 50;
/** Where no encoder counts, gaps are measured in polls: a tenth more room, so that none is taken for one that is too small. */
const BY_CLOCK = 0.9;

export interface BeltTraffic {
  /** On each belt. */
  parcels: number;
  /** On each belt. */
  perHour: number;
  flowsOf: (beltId: string) => TrafficPlan["flows"];
}

/** @param asked null: as many as the belt that takes the fewest takes well, for 50 s */
export function beltTraffic(site: Site, asked: { parcels: number | null; perHour: number | null }): BeltTraffic {
  const rates = site.line.belts.map((belt) =>
    Math.floor(mostPerHour(belt) * (belt.encoder === undefined ? BY_CLOCK : 1)),
  );
  const perHour = asked.perHour ?? Math.min(...rates);
  const parcels = asked.parcels ?? Math.max(1, Math.floor((perHour * DEFAULT_SECONDS) / 3600));
  return { parcels, perHour, flowsOf: (beltId) => flowsOf(site, beltId) };
}

/** A belt without an outbound chute for a flow still gets some of it: they have to stay in. */
function flowsOf({ layout }: Site, beltId: string): TrafficPlan["flows"] {
  const { flows } = ORDINARY_SHIFT;
  const isOwn = ({ stream, direction }: (typeof flows)[number]): boolean =>
    layout.chutes.some(
      (chute) =>
        chute.beltId === beltId &&
        chute.zone.kind === "outbound" &&
        chute.zone.stream === stream &&
        chute.zone.direction === direction,
    );
  const weightOf = (all: TrafficPlan["flows"]): number => all.reduce((sum, { weight }) => sum + weight, 0);
  const [own, strange] = [weightOf(flows.filter(isOwn)), weightOf(flows.filter((flow) => !isOwn(flow)))];
  if (own === 0 || strange === 0) return flows;
  return flows.map((flow) =>
    isOwn(flow)
      ? { ...flow, weight: (flow.weight / own) * OWN_TO_STRANGE }
      : { ...flow, weight: flow.weight / strange },
  );
}
