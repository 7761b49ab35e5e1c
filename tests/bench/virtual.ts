// Measures how fast the virtual line runs: parcels, simulated and wall seconds, and how many times real time that is.
// `npm run bench:virtual -- --parcels 2000 --seed 1 --faults`
import { parseArgs } from "node:util";
import { simulate } from "../../simulators/virtual/simulate.ts";
import { drawnFaults, exampleSite } from "../simulation/virtual-run.ts";

const { values } = parseArgs({
  options: {
    parcels: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    site: { type: "string", default: "common-line" },
    /** Faults are drawn from the seed, as in the soak. */
    faults: { type: "boolean", default: false },
  },
});
const site = exampleSite(values.site);
const parcels = Number(values.parcels);
const seed = Number(values.seed);
let entries = 0;
let breaches = 0;
const begin = process.hrtime.bigint();
const cpuBegin = process.cpuUsage();
const run = simulate({
  site,
  seed,
  parcels,
  faults: values.faults ? drawnFaults(seed, site) : [],
  limitNs: 48 * 3600e9,
  keepsNothing: true,
  onEntry: (entry) => {
    entries += 1;
    if (entry.kind === "breach") breaches += 1;
  },
});
const wallS = Number(process.hrtime.bigint() - begin) / 1e9;
const cpu = process.cpuUsage(cpuBegin);
const simulatedS = run.endedNs / 1e9;
const figures = {
  site: values.site,
  seed,
  faults: values.faults,
  finished: run.finished,
  parcels,
  simulatedS: round(simulatedS),
  wallS: round(wallS),
  cpuS: round((cpu.user + cpu.system) / 1e6),
  timesRealTime: round(simulatedS / wallS),
  /** As if the machine had nothing else to do; more than one thread of the engine counts too. */
  timesRealTimeOfCpu: round((simulatedS * 1e6) / (cpu.user + cpu.system)),
  parcelsPerS: round(parcels / wallS),
  entries,
  breaches,
  peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
if (!run.finished || breaches > 0) process.exitCode = 1;

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
