// Runs a scenario on the virtual line and judges it: the law while faults come, then whether the line sorts again.
import type { Site } from "../../src/config/load.ts";
import type { LineEntry } from "../../src/line/entry.ts";
import { drawFaults } from "../scenarios/draw-faults.ts";
import { endsNs, type PlannedFault } from "../scenarios/planned-fault.ts";
import type { Scenario } from "../scenarios/scenario-schema.ts";
import { scenarioPlan, staffOf } from "../wired/scenario-plan.ts";
import { commissioningDeeds } from "./commissioning-deeds.ts";
import { withFullSensors } from "./full-sensors.ts";
import { journalHead } from "./journal-head.ts";
import { RunWatch } from "./run-watch.ts";
import { judgedRun, type ScenarioRun } from "./scenario-verdict.ts";
import { settledNs } from "./settling.ts";
import { simulate } from "./simulate.ts";

const S = 1e9;
/** A slice is judged when its parcels have been over for so long: the journal has said all there is to say of them. */
const SLICE_NS = 30 * S;
const SLICE_SETTLED_NS = 30 * S;

/** From when the belts run; one parcel is under way for some ten seconds. */
const COMMISSIONING = { fromNs: 6 * S, everyNs: 12 * S, isCareless: true };

/**
 * @param o.faults instead of those that the seed draws
 * @param o.sliceNs how much of the run is judged at a time
 * @param o.delays other delays of bus, disk and feed than the seed's
 * @param o.mustCommission the line has to be proved, and a person goes from chute to chute with test parcels
 * @param o.onEntry each entry as it is appended
 */
export function runScenario(o: {
  site: Site;
  scenario: Scenario;
  seed: number;
  faults?: readonly PlannedFault[];
  sliceNs?: number;
  delays?: number;
  mustCommission?: boolean;
  onEntry?: (entry: LineEntry, atNs: number) => void;
}): ScenarioRun {
  const { scenario, seed } = o;
  const faults = o.faults ?? drawFaults(scenario, seed, o.site).flatMap(({ planned }) => planned);
  const site = withFullSensors(o.site, Object.keys(scenario.plant.containers));
  const { mustCommission = false } = o;
  const watch = new RunWatch({
    settledNs: settledNs(faults.map(endsNs)),
    feedMaxAgeNs: site.layout.freshnessMaxAgeNs,
    mustCommission,
  });
  const run = simulate({
    site,
    seed,
    faults,
    parcels: null,
    ...(o.delays === undefined ? {} : { delays: o.delays }),
    ...(mustCommission ? { mustCommission, ...commissioningDeeds(site.layout, COMMISSIONING) } : {}),
    keepsNothing: true,
    limitNs: (2 * scenario.durationS + 120) * S,
    plan: scenarioPlan(scenario),
    staff: staffOf(scenario),
    onEntry(entry, atNs) {
      watch.entry(entry, atNs);
      o.onEntry?.(entry, atNs);
    },
    onDurable: (n, atNs) => watch.durable(n, atNs),
    onArrival: (arrival) => watch.arrival(arrival),
    onFeed: (isSilent, atNs) => watch.feed(isSilent, atNs),
    slices: { everyNs: o.sliceNs ?? SLICE_NS, settledNs: SLICE_SETTLED_NS, take: (truth) => watch.slice(truth) },
    isOver: () => watch.isBroken,
  });
  const judged = judgedRun({
    ...{ scenario, seed, faults },
    watched: watch.finish(run.truth, run.finished),
    injected: run.injected,
    finished: run.finished,
    simulatedS: run.endedNs / S,
  });
  return { ...judged, journalHead: journalHead(run.disk) };
}
