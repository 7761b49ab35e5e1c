// A virtual run judged by the world's checkers, and faults drawn from a seed.
import { fileURLToPath } from "node:url";
import type { PlannedFault } from "../../simulators/scenarios/planned-fault.ts";
import type { Staff } from "../../simulators/scenarios/staff.ts";
import { simulate } from "../../simulators/virtual/simulate.ts";
import type { Simulated, SimulationOptions } from "../../simulators/virtual/simulation.ts";
import type { Finding } from "../../simulators/world/checkers/evidence.ts";
import { viewJournal } from "../../simulators/world/checkers/journal-view.ts";
import { type RunReport, reportRun } from "../../simulators/world/checkers/report.ts";
import { createRandom, type Random } from "../../simulators/world/random.ts";
import type { Truth } from "../../simulators/world/truth.ts";
import { loadSite, type Site } from "../../src/config/load.ts";

/** The simulated parcels bear the labels of the common line's carriers; every other site is taught to read them. */
export function exampleSite(name: string): Site {
  const site = loaded(name);
  const { patterns } = loaded("common-line").layout;
  return { ...site, layout: { ...site.layout, patterns } };
}

function loaded(name: string): Site {
  const result = loadSite(fileURLToPath(new URL(`../../config/sites/${name}`, import.meta.url)));
  if (!result.ok) throw new Error(`example site ${name}: ${JSON.stringify(result.problems)}`);
  return result.site;
}

export interface JudgedRun {
  run: Simulated;
  report: RunReport;
  /** Nothing in this plant puts a parcel into a chute but our own gates: a breach is one, or is seen where none is. */
  breaches: number;
  /** Released parcels that came in well after the last fault had gone, and were not sorted all the same. */
  missedAfterwards: readonly Finding[];
}

const LIMIT_NS = 120e9;
/** Everything that was on the belt has left it, and the belt was started again. */
const SETTLED_NS = 14e9;

export function judgedRun(o: {
  site: Site;
  seed: number;
  parcels: number;
  plan?: NonNullable<SimulationOptions["plan"]>;
  faults?: readonly PlannedFault[];
  trackerTrouble?: NonNullable<SimulationOptions["trackerTrouble"]>;
  journalLimits?: NonNullable<SimulationOptions["journalLimits"]>;
  staff?: Staff;
  core?: NonNullable<SimulationOptions["core"]>;
  carriedFrom?: number;
  mustCommission?: boolean;
  inputs?: NonNullable<SimulationOptions["inputs"]>;
  incidents?: NonNullable<SimulationOptions["incidents"]>;
}): JudgedRun {
  const run = simulate({ limitNs: LIMIT_NS, ...o });
  // A number that a power loss took back is given anew: what the journal keeps is the last entry of that number.
  const kept = new Map(run.entries.map(({ entry }) => [entry.n, entry]));
  // Copies of a telegram have a look each: that of the one that came is the last one before it was written.
  const lookNs = (sequence: number, sentNs: number): number | null =>
    run.entries.findLast(
      ({ entry, virtualNs }) =>
        entry.kind === "lastLook" && entry.go && entry.permit === sequence && virtualNs <= sentNs,
    )?.virtualNs ?? null;
  const commands = run.arrivals
    .filter(({ verdict }) => verdict === 1)
    .map(({ gateId, atNs, sequence, deviceId, sentNs }) =>
      sequence === null
        ? { gateId, atNs, sequence, lookNs: null }
        : { gateId, atNs, sequence, deviceId, sentNs, lookNs: lookNs(sequence, sentNs) },
    );
  const journal = viewJournal(kept.values(), (n) => run.durableNs.get(n) ?? null);
  const { mustCommission = false } = o;
  const report = reportRun({ truth: run.truth, commands, journal, isComplete: run.finished, mustCommission });
  const breaches = run.entries.filter(({ entry }) => entry.kind === "breach").length;
  return { run, report, breaches, missedAfterwards: missedAfter(o.faults ?? [], run, report) };
}

function missedAfter(faults: readonly PlannedFault[], run: Simulated, report: RunReport): Finding[] {
  const ends = faults.map((fault) => fault.atNs + ("forNs" in fault ? fault.forNs : 0) + SETTLED_NS);
  const settledNs = Math.max(0, ...ends);
  // A late hold locks its chute until its container has been fetched.
  const locked = new Set(run.snapshot.chutes.filter((chute) => chute.locked).map(({ id }) => id));
  const isLockedOut = ({ stream, direction }: Truth["parcels"][number]): boolean =>
    run.truth.chutes.some(
      ({ id, zone }) =>
        locked.has(id) && zone.kind === "outbound" && zone.stream === stream && zone.direction === direction,
    );
  return report.missed.filter(({ parcelId }) => {
    const parcel = run.truth.parcels.find(({ id }) => id === parcelId);
    return parcel !== undefined && parcel.fedNs >= settledNs && !isLockedOut(parcel);
  });
}

/** One to five faults between 4 and 22 s of virtual time, each over after at most 2.5 s. */
export function drawnFaults(seed: number, site: Site): PlannedFault[] {
  const random = createRandom(seed).fork("chaos");
  return Array.from({ length: random.integer(1, 5) }, () => drawnFault(random, site));
}

function drawnFault(random: Random, { layout, line }: Site): PlannedFault {
  const atNs = random.integer(4e9, 22e9);
  const forNs = random.integer(20e6, 2.5e9);
  // Upstream of the last eye of the shortest belt: what it has seen has arrived, whatever a hand does then.
  const lastUm = Math.min(
    12_000_000,
    ...layout.belts.flatMap(({ eyes }) => eyes.filter(isEnd).map(({ atUm }) => atUm)),
  );
  const atUm = random.integer(1500, Math.floor(lastUm / 1000) - 1) * 1000;
  const gateDevices = [...new Set(layout.belts.flatMap(({ gates }) => gates.map(({ deviceId }) => deviceId)))];
  const permits = line.belts[0]?.runPermit.device ?? "";
  const deviceId = random.chance(0.8) ? oneOf(random, gateDevices) : permits;
  const beltId = oneOf(random, layout.belts).id;
  const scannerId = oneOf(random, line.scanners).id;
  const faults: PlannedFault[] = [
    { atNs, kind: "kill" },
    { atNs, kind: "powerLoss" },
    { atNs, kind: "freeze", deviceId, forNs },
    { atNs, kind: "cut", deviceId, forNs },
    { atNs, kind: "slowPlc", deviceId: oneOf(random, gateDevices), extraNs: random.integer(1e6, 80e6), forNs },
    { atNs, kind: "slowDisk", syncNs: random.integer(10e6, 400e6), forNs },
    { atNs, kind: "fullDisk", forNs },
    { atNs, kind: "silentFeed", forNs },
    { atNs, kind: "takeOff", beltId, atUm },
    { atNs, kind: "holdRiding", beltId, atUm },
    { atNs, kind: "copyLabel", beltId },
    { atNs, kind: "noRead", scannerId },
    { atNs, kind: "secondCode", scannerId },
    ...(layout.belts.some(({ tracker }) => tracker !== undefined) ? trackerFaults({ atNs, deviceId, forNs }) : []),
  ];
  return faults[random.integer(0, faults.length - 1)] as PlannedFault;
}

const trackerFaults = ({
  atNs,
  deviceId,
  forNs,
}: {
  atNs: number;
  deviceId: string;
  forNs: number;
}): PlannedFault[] => [
  { atNs, kind: "muteTracker", deviceId, forNs },
  { atNs, kind: "deafTracker", deviceId, forNs },
  { atNs, kind: "forgetfulTracker", deviceId },
  { atNs, kind: "reboot", deviceId, forNs },
];

const isEnd = ({ role }: { role: string }): boolean => role === "end";

/** One choice alone takes nothing from the random numbers. */
const oneOf = <T>(random: Random, choices: readonly T[]): T =>
  choices[choices.length === 1 ? 0 : random.integer(0, choices.length - 1)] as T;
