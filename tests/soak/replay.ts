// Simulates a day of parcels, then plays its journal again: every entry must come out as it was written.
// `npm run soak:replay -- --parcels 100000 --site common-line --seed 1 [--faults]`
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fileFolder } from "../../src/journal/file-disk.ts";
import { replayJournal } from "../../src/replay/replay.ts";
import { simulatedJournal } from "../simulation/simulated-journal.ts";
import { drawnFaults, exampleSite } from "../simulation/virtual-run.ts";

const { values } = parseArgs({
  options: {
    parcels: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    site: { type: "string", default: "common-line" },
    /** Within the first half minute, crashes among them. */
    faults: { type: "boolean", default: false },
    /** The journal's folder is made in this one, and removed at the end. */
    in: { type: "string", default: tmpdir() },
  },
});
const site = exampleSite(values.site);
const parcels = Number(values.parcels);
const seed = Number(values.seed);
const folder = mkdtempSync(join(values.in, "coline-soak-"));
try {
  const faults = values.faults ? drawnFaults(seed, site) : [];
  const began = process.cpuUsage();
  const { simulatedNs, parcelsPerHour, finished } = simulatedJournal({ site, seed, parcels, faults, folder });
  const simulationCpuS = cpuS(began);
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  const again = process.cpuUsage();
  const replayed = replayJournal({ folder: fileFolder(folder), fromRun: null });
  const replayCpuS = cpuS(again);
  const { difference, checkpoints, ...counts } = replayed;
  const figures = {
    ...{ site: values.site, seed, parcels, faults: faults.map(({ kind }) => kind), finished, parcelsPerHour },
    simulatedHours: round(simulatedNs / 3600e9),
    journalMb: round(bytes / 1e6),
    ...{ simulationCpuS, replayCpuS },
    inputsPerS: Math.round(counts.inputs / replayCpuS),
    timesRealTime: Math.round(simulatedNs / 1e9 / replayCpuS),
    ...counts,
    checkpoints,
    difference,
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  // A full disk among the faults takes inputs away until the next segment.
  const isWhole = values.faults || counts.passedOver.length === 0;
  const isSame = difference === null && checkpoints.different === 0 && isWhole;
  if (!finished || !isSame || counts.decisions < parcels / 2) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

function cpuS(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return round((user + system) / 1e6);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
