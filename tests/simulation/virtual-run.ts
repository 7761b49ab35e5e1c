// A virtual run judged by the world's checkers, and faults drawn from a seed.
import { fileURLToPath } from "node:url";
import { type Simulated, simulate, type VirtualFault } from "../../simulators/virtual/simulate.ts";
import { viewJournal } from "../../simulators/world/checkers/journal-view.ts";
import { type RunReport, reportRun } from "../../simulators/world/checkers/report.ts";
import { createRandom, type Random } from "../../simulators/world/random.ts";
import { loadSite, type Site } from "../../src/config/load.ts";

export function exampleSite(name: string): Site {
  const loaded = loadSite(fileURLToPath(new URL(`../../config/sites/${name}`, import.meta.url)));
  if (!loaded.ok) throw new Error(`example site ${name}: ${JSON.stringify(loaded.problems)}`);
  return loaded.site;
}

export interface JudgedRun {
  run: Simulated;
  report: RunReport;
  breaches: number;
}

const LIMIT_NS = 120e9;

export function judgedRun(o: {
  site: Site;
  seed: number;
  parcels: number;
  faults?: readonly VirtualFault[];
}): JudgedRun {
  const run = simulate({ limitNs: LIMIT_NS, ...o });
  // A number that a power loss took back is given anew: what the journal keeps is the last entry of that number.
  const kept = new Map(run.entries.map(({ entry }) => [entry.n, entry]));
  const lookNs = new Map(
    run.entries.flatMap(({ entry, virtualNs }) =>
      entry.kind === "lastLook" && entry.go ? [[entry.permit, virtualNs] as const] : [],
    ),
  );
  const commands = run.arrivals
    .filter(({ verdict }) => verdict === 1)
    .map(({ gateId, atNs, sequence }) => ({
      gateId,
      atNs,
      sequence,
      lookNs: sequence === null ? null : (lookNs.get(sequence) ?? null),
    }));
  const journal = viewJournal(kept.values(), (n) => run.durableNs.get(n) ?? null);
  const report = reportRun({ truth: run.truth, commands, journal, isComplete: run.finished });
  return { run, report, breaches: run.entries.filter(({ entry }) => entry.kind === "breach").length };
}

/** One to five faults between 4 and 22 s of virtual time, each over after at most 2.5 s. */
export function drawnFaults(seed: number): VirtualFault[] {
  const random = createRandom(seed).fork("chaos");
  return Array.from({ length: random.integer(1, 5) }, () => drawnFault(random));
}

function drawnFault(random: Random): VirtualFault {
  const atNs = random.integer(4e9, 22e9);
  const forNs = random.integer(20e6, 2.5e9);
  const atUm = random.integer(1500, 12_000) * 1000;
  const deviceId = random.chance(0.8) ? "plc1" : "permits";
  const beltId = "belt1";
  const scannerId = "scan1";
  const faults: VirtualFault[] = [
    { atNs, kind: "kill" },
    { atNs, kind: "powerLoss" },
    { atNs, kind: "freeze", deviceId, forNs },
    { atNs, kind: "cut", deviceId, forNs },
    { atNs, kind: "slowPlc", deviceId: "plc1", extraNs: random.integer(1e6, 80e6), forNs },
    { atNs, kind: "slowDisk", syncNs: random.integer(10e6, 400e6), forNs },
    { atNs, kind: "fullDisk", forNs },
    { atNs, kind: "silentFeed", forNs },
    { atNs, kind: "takeOff", beltId, atUm },
    { atNs, kind: "holdRiding", beltId, atUm },
    { atNs, kind: "copyLabel", beltId },
    { atNs, kind: "noRead", scannerId },
    { atNs, kind: "secondCode", scannerId },
  ];
  return faults[random.integer(0, faults.length - 1)] as VirtualFault;
}
