// Prints what the journal of each scenario and seed ends with, and what was judged: a change that nobody may see leaves
// every line as it was. `npm run soak:heads -- --seeds 1..3 > before.txt`
import { hash } from "node:crypto";
import { parseArgs } from "node:util";
import { loadScenario, scenarioNames } from "../../simulators/scenarios/load-scenario.ts";
import { journalHead } from "../../simulators/virtual/journal-head.ts";
import { runScenario } from "../../simulators/virtual/scenario-run.ts";
import { simulate } from "../../simulators/virtual/simulate.ts";
import { drawnFaults, exampleSite } from "../simulation/virtual-run.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1..2" },
    /** Of each scenario; left out: its own duration. */
    seconds: { type: "string" },
    only: { type: "string" },
  },
});
const [first = 1, last = first] = values.seeds.split("..").map(Number);
const seeds = Array.from({ length: last - first + 1 }, (_, index) => first + index);
const duration = values.seconds === undefined ? {} : { durationS: Number(values.seconds) };
const digest = (value: unknown): string => hash("sha256", JSON.stringify(value), "hex").slice(0, 16);
const wanted = (name: string): boolean => values.only === undefined || values.only.split(",").includes(name);
const say = (...words: readonly (string | number)[]): void => void process.stdout.write(`${words.join("  ")}\n`);

const site = exampleSite("common-line");
for (const name of scenarioNames().filter(wanted)) {
  const loaded = loadScenario(name, site, duration);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  for (const seed of seeds) {
    const run = runScenario({ site, scenario: loaded.scenario, seed });
    say(name, seed, run.journalHead ?? "none", digest(run));
  }
}
for (const name of ["common-line", "plain-coils"].filter(wanted)) {
  for (const seed of seeds) {
    const [own, faults] = [exampleSite(name), drawnFaults(seed, exampleSite(name))];
    const run = simulate({ site: own, seed, parcels: 60, faults, limitNs: 120e9 });
    say(name, seed, journalHead(run.disk), digest([run.truth, run.arrivals, run.snapshot]));
  }
}
