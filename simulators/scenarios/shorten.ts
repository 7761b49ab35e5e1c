// Shortens a scenario for a line in real time: the same traffic and faults in fewer minutes (docs/reference/simulator.md).
import type { ScenarioFault } from "./fault-schema.ts";
import type { Scenario } from "./scenario-schema.ts";
import { highest } from "./scenario-values.ts";

/** So long after a fault the line is judged as recovered at the earliest, s. */
const SETTLES_S = 14;
/** Parcels come after that for so long, and so many of them where they come seldom. */
const JUDGED_S = 4;
const JUDGED_PARCELS = 6;
const CALM_SHARE = 1 / 3;
/** Before that the line has hardly begun, s. */
const EARLIEST_S = 4;
/** At least, s. */
const FAULTY_S = 2;
/** What lasts no longer keeps its time: longer than every time-out of a line but that of its feed, s. */
const KEPT_S = 5;

/** The shortest run that leaves room for a fault, its settling and parcels that are judged after it, s. */
export const SHORTEST_S = EARLIEST_S + FAULTY_S + SETTLES_S + JUDGED_S;

/**
 * When a fault comes, and the points of the rate's curve, are moved up in proportion; how often it comes an hour is kept;
 * how long it lasts is kept up to 5 s, and beyond that shortened in proportion to no less than 5 s.
 * @param runS whole time of the run, at least `SHORTEST_S`; a scenario that is no longer is left as it is
 * @throws RangeError for a shorter time
 */
export function shortened(scenario: Scenario, runS: number): Scenario {
  if (runS < SHORTEST_S) throw new RangeError(`a run of ${runS} s is too short, at least ${SHORTEST_S} s are needed`);
  if (scenario.durationS <= runS) return scenario;
  const judgedS = Math.max(JUDGED_S, Math.ceil(JUDGED_PARCELS * pitchS(scenario)));
  const wantedS = Math.max(SETTLES_S + judgedS, Math.round(runS * CALM_SHARE));
  const calmS = Math.min(scenario.calmS, wantedS, runS - EARLIEST_S - FAULTY_S);
  const spanS = runS - calmS;
  const factor = spanS / (scenario.durationS - scenario.calmS);
  const { perHour } = scenario.traffic;
  return {
    ...scenario,
    ...{ durationS: runS, calmS },
    traffic: {
      ...scenario.traffic,
      ...(typeof perHour === "object" ? { perHour: curve(perHour, runS / scenario.durationS) } : {}),
    },
    faults: scenario.faults.map((fault) => shortenedFault(fault, { factor, spanS })),
  };
}

/** From front to front where the fewest parcels come, s; 0: as many as fit. */
export function pitchS({ traffic: { perHour } }: Scenario): number {
  if (perHour === undefined) return 0;
  return 3600 / (typeof perHour === "number" ? perHour : Math.min(...perHour.map((point) => point.perHour)));
}

const curve = (points: readonly { atS: number; perHour: number }[], factor: number) =>
  points.map(({ atS, perHour }) => ({ atS: rounded(atS * factor), perHour }));

function shortenedFault(fault: ScenarioFault, o: { factor: number; spanS: number }): ScenarioFault {
  const { factor, spanS } = o;
  const moved = (atS: number): number => rounded(Math.max(EARLIEST_S, atS * factor));
  const when = {
    ...(fault.fromS === undefined ? {} : { fromS: moved(fault.fromS) }),
    ...(fault.untilS === undefined ? {} : { untilS: moved(fault.untilS) }),
  };
  if (!("forS" in fault))
    return { ...fault, ...when, ...(fault.atS === undefined ? {} : { atS: apart([fault.atS].flat().map(moved), 0) }) };
  const firstS = fault.atS === undefined ? (when.fromS ?? EARLIEST_S) : Math.min(...[fault.atS].flat().map(moved));
  const mostS = spanS - firstS - 0.1;
  const forS = lasting(fault.forS, { factor, mostS });
  if (fault.atS === undefined) return { ...fault, ...when, forS };
  const lastS = spanS - highest(forS);
  const inTime = [fault.atS]
    .flat()
    .map(moved)
    .filter((atS, index) => index === 0 || atS < lastS);
  return { ...fault, ...when, forS, atS: apart(inTime, highest(forS)) };
}

/** Of several instants those that leave the line time to settle in between, as it has in the whole scenario. */
function apart(instantsS: readonly number[], forS: number): number[] {
  const kept: number[] = [];
  for (const atS of instantsS) if (kept.length === 0 || atS >= (kept.at(-1) ?? 0) + forS + SETTLES_S) kept.push(atS);
  return kept;
}

function lasting(forS: number | [number, number], o: { factor: number; mostS: number }): number | [number, number] {
  const shorter = (s: number): number =>
    rounded(Math.max(0.001, Math.min(s <= KEPT_S ? s : Math.max(KEPT_S, s * o.factor), o.mostS)));
  return typeof forS === "number" ? shorter(forS) : [shorter(forS[0]), shorter(forS[1])];
}

/** To the millisecond: these are numbers that people read. */
const rounded = (s: number): number => Math.round(s * 1000) / 1000;
