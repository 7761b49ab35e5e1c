// Runs a scenario on the virtual line and judges it: the law while faults come, then whether the line sorts again.
import type { Site } from "../../src/config/load.ts";
import { drawFaults } from "../scenarios/draw-faults.ts";
import { endsNs, type PlannedFault } from "../scenarios/planned-fault.ts";
import { gapMm, lengthsMm } from "../scenarios/possible-world.ts";
import type { Scenario } from "../scenarios/scenario-schema.ts";
import type { Fate } from "../world/parcel.ts";
import { withFullSensors } from "./full-sensors.ts";
import { journalHead } from "./journal-head.ts";
import { RunWatch, type Watched } from "./run-watch.ts";
import { type SimulationOptions, simulate } from "./simulate.ts";

const S = 1e9;
/** After the last fault everything that was on the belt has left it, and the belt was started again. */
const SETTLED_NS = 14 * S;
/** A slice is judged when its parcels have been over for so long: the journal has said all there is to say of them. */
const SLICE_NS = 30 * S;
const SLICE_SETTLED_NS = 30 * S;

export interface ScenarioRun extends Watched {
  seed: number;
  injected: Readonly<Record<string, number>>;
  /** Everything came in and left again. */
  finished: boolean;
  simulatedS: number;
  /** Seals its whole journal: the same seed, and the same code, give the same. */
  journalHead: string;
  /** Of the released and readable parcels; null: there were none. */
  deliveredShare: number | null;
  /** What was expected of the scenario and did not come; in words. */
  failures: readonly string[];
  passed: boolean;
}

/**
 * @param o.faults instead of those that the seed draws
 * @param o.sliceNs how much of the run is judged at a time
 */
export function runScenario(o: {
  site: Site;
  scenario: Scenario;
  seed: number;
  faults?: readonly PlannedFault[];
  sliceNs?: number;
}): ScenarioRun {
  const { scenario, seed } = o;
  const faults = o.faults ?? drawFaults(scenario, seed, o.site).flatMap(({ planned }) => planned);
  const site = withFullSensors(o.site, Object.keys(scenario.plant.containers));
  const watch = new RunWatch({ settledNs: Math.max(0, ...faults.map(endsNs)) + SETTLED_NS });
  const run = simulate({
    site,
    seed,
    faults,
    parcels: null,
    keepsNothing: true,
    limitNs: (2 * scenario.durationS + 120) * S,
    plan: planOf(scenario, site),
    containers: scenario.plant.containers,
    staff: {
      unlocksAfterNs: scenario.plant.fetchesLateHoldAfterS * S,
      changesAfterNs: scenario.plant.changesContainerAfterS * S,
      clearsAfterNs: scenario.plant.clearsSafeEndAfterS * S,
    },
    onEntry: (entry, atNs) => watch.entry(entry, atNs),
    onDurable: (n, atNs) => watch.durable(n, atNs),
    onArrival: (arrival) => watch.arrival(arrival),
    slices: { everyNs: o.sliceNs ?? SLICE_NS, settledNs: SLICE_SETTLED_NS, take: (truth) => watch.slice(truth) },
    isOver: () => watch.isBroken,
  });
  const watched = watch.finish(run.truth, run.finished);
  const deliveredShare = watched.due === 0 ? null : watched.delivered / watched.due;
  const judged = { scenario, faults, watched, deliveredShare, injected: run.injected, finished: run.finished };
  const failures = watched.violations.length > 0 ? [] : failuresOf(judged);
  return {
    ...watched,
    seed,
    injected: run.injected,
    finished: run.finished,
    simulatedS: run.endedNs / S,
    journalHead: journalHead(run.disk),
    deliveredShare,
    failures,
    passed: watched.violations.length === 0 && failures.length === 0,
  };
}

function failuresOf(o: {
  scenario: Scenario;
  faults: readonly PlannedFault[];
  watched: Watched;
  deliveredShare: number | null;
  injected: Readonly<Record<string, number>>;
  finished: boolean;
}): string[] {
  const { expect } = o.scenario;
  const { watched, deliveredShare } = o;
  const failures: string[] = [];
  if (!o.finished)
    failures.push(`the line stood still: ${watched.parcels} parcels came in, and the end was not reached`);
  if (deliveredShare === null) failures.push("no released and readable parcel came in: nothing was tried");
  else if (deliveredShare < expect.deliveredShare)
    failures.push(
      `${percent(deliveredShare)} of the released parcels were delivered, ${percent(expect.deliveredShare)} expected`,
    );
  for (const kind of new Set(o.faults.map((fault) => fault.kind)))
    if ((o.injected[kind] ?? 0) === 0) failures.push(`the fault "${kind}" was never injected`);
  for (const code of expect.reasons)
    if (watched.reasons[code] === undefined) failures.push(`the reason ${code} never occurred`);
  if (watched.dueAfterwards === 0 && o.finished)
    failures.push("after the last fault no released parcel came in any more");
  if (watched.missedAfterwards.length > 0)
    failures.push(
      `no recovery: ${watched.missedAfterwards.length} released parcels missed their chute after the last fault`,
    );
  return failures;
}

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function planOf(scenario: Scenario, site: Site): NonNullable<SimulationOptions["plan"]> {
  const { traffic, customs, durationS } = scenario;
  const [belt] = site.line.belts;
  const { perHour, streams } = traffic;
  return {
    perHour: typeof perHour === "number" ? perHour : null,
    ...(belt === undefined ? {} : { lengthsMm: lengthsMm(scenario, belt) }),
    ...(customs.releaseAfterMs === undefined ? {} : { releasesAfterMs: customs.releaseAfterMs }),
    traffic: {
      noReadShare: traffic.noReadShare,
      secondCodeShare: traffic.secondCodeShare,
      pitchSpread: traffic.pitchSpread,
      untilNs: durationS * S,
      ...(typeof perHour === "object"
        ? { rates: perHour.map((point) => ({ atNs: point.atS * S, perHour: point.perHour })) }
        : {}),
      ...(belt === undefined ? {} : { minGapUm: Math.round(gapMm(scenario, belt) * 1000) }),
      flows: [
        { weight: streams.expressImport, stream: "express", direction: "import" },
        { weight: streams.expressExport, stream: "express", direction: "export" },
        { weight: streams.cbecImport, stream: "cbec", direction: "import" },
        { weight: streams.cbecExport, stream: "cbec", direction: "export" },
      ],
      fates: fatesOf(scenario),
    },
  };
}

function fatesOf({ customs }: Scenario): { weight: number; fate: Fate }[] {
  const others = Object.entries(customs.shares) as [Exclude<Fate, "released">, number][];
  const rest = 1 - others.reduce((sum, [, weight]) => sum + weight, 0);
  return [{ weight: Math.max(0, rest), fate: "released" }, ...others.map(([fate, weight]) => ({ weight, fate }))];
}
